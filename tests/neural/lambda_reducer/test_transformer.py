"""The baseline is trained, kept, and trained further; what it is not told it is refused."""

from itertools import islice
from pathlib import Path
from random import Random

import pytest
import torch

from abduce.errors import InputError
from abduce.neural.lambda_reducer.pairs import LONGEST, endless
from abduce.neural.lambda_reducer.transformer import (
    OTHER,
    Baseline,
    TransformerConfig,
    encoded,
    kept_or_new,
)
from abduce.symbolic.lambda_calculus import parse, steps

TINY = TransformerConfig(width=16, heads=2, inner=32, layers=1, steps=4, batch=4)


@pytest.mark.slow
def test_a_baseline_is_trained_kept_and_read_again(tmp_path: Path) -> None:
    baseline = kept_or_new(TINY, tmp_path, resume=True)
    baseline.train(tmp_path, deadline=0.0)
    assert baseline.step == 0
    again = kept_or_new(TINY, tmp_path, resume=True)
    again.train(tmp_path)
    assert again.step == TINY.steps
    last = Baseline.load(tmp_path)
    assert last.as_json() == again.as_json()
    for one, other in zip(last.model.parameters(), again.model.parameters(), strict=True):
        assert torch.equal(one, other)
    terms, after = zip(*islice(endless(Random(0)), 3), strict=True)
    assert last.right(terms, after) == again.right(terms, after)
    with pytest.raises(InputError, match="another folder"):
        kept_or_new(TransformerConfig(seed=1), tmp_path, resume=True)
    (tmp_path / "lambda-transformer.safetensors").write_bytes(b"")
    with pytest.raises(InputError, match="--method transformer"):
        Baseline.load(tmp_path)


def test_its_examples_are_steps_of_short_terms() -> None:
    for term, after in islice(endless(Random(1)), 30):
        assert term.size <= LONGEST
        assert next(steps(term)).after == after


def test_tokens_are_padded_and_ended() -> None:
    found = encoded([parse("\\x. x"), parse("a b"), parse("unknown")])
    assert found.shape == (3, 4)
    assert (found == 1).sum() == 3
    assert int(found[2, 0]) == OTHER
