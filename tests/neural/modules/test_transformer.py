"""The baseline: padding changes nothing, no test term is shown, and a training goes on."""

from dataclasses import asdict
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch

from abduce.neural.kernels.terms.pairs import steps_of
from abduce.neural.modules.config import TransformerConfig
from abduce.neural.modules.transformer.tokens import NUMBERS, OTHER, PAD, encoded
from abduce.neural.modules.transformer.transformer import StepTransformer
from abduce.neural.modules.transformer.transformer_task import EXPERIMENT, TRANSFORMER
from abduce.neural.training.experiment import Experiment
from abduce.neural.training.loop import measured, train
from abduce.symbolic.lambda_calculus import from_tokens, parse, steps
from abduce.symbolic.lambda_calculus.terms.sampling import FAMILIES, Family
from abduce.symbolic.lambda_calculus.terms.splits import split_of

(TASK,) = TRANSFORMER
TINY = TransformerConfig(width=16, heads=2, inner=16, layers=1)
NAMES = {number: word for word, number in NUMBERS.items()}


def tiny(updates: int, batch: int = 3) -> Experiment:
    schedule = {"steps": updates, "batch": batch, "rate": 1e-2, "warm_up": 2}
    return EXPERIMENT.with_config(schedule, asdict(TINY))


def drawn(seed: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    batch = EXPERIMENT.batch(TINY, np.random.default_rng(seed), count, 0.0)
    return torch.from_numpy(batch["before"]), torch.from_numpy(batch["after"])


def wider(tokens: torch.Tensor, columns: int) -> torch.Tensor:
    return torch.nn.functional.pad(tokens, (0, columns), value=PAD)


def test_padding_and_company_change_no_score() -> None:
    model = StepTransformer(TINY, 3).eval()
    before, after = drawn(5, 6)
    alone = model(wider(before, 7), wider(after, 4))[:, : after.shape[1]]
    together = model(before, after)
    for row in range(6):
        read, written = (int((side[row] != PAD).sum()) for side in (before, after))
        own = model(before[row : row + 1, :read], after[row : row + 1, :written])
        torch.testing.assert_close(together[row, :written], own[0], rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(alone[row, :written], own[0], rtol=1e-4, atol=1e-5)
    padded = model.loss(wider(before, 7), wider(after, 4))
    torch.testing.assert_close(padded, model.loss(before, after), rtol=1e-5, atol=1e-6)


def test_the_loss_is_the_mean_over_all_tokens_however_the_batch_is_divided() -> None:
    model = StepTransformer(TINY, 3).eval()
    before, after = drawn(6, 20)
    chosen = model(before, after).log_softmax(-1).gather(2, after[:, :, None])[:, :, 0]
    torch.testing.assert_close(model.loss(before, after), -chosen[after != PAD].mean())


def test_what_is_written_later_changes_nothing_before() -> None:
    model = StepTransformer(TINY, 3).eval()
    before, after = drawn(7, 2)
    other = after.clone()
    other[:, 3:] = NUMBERS["@"]
    real = wider(torch.full_like(after[:, :4], OTHER), after.shape[1] - 4)  # padding stays
    other = torch.where((after == PAD) & (real == PAD), after, other)
    torch.testing.assert_close(model(before, after)[:, :4], model(before, other)[:, :4])


def test_a_run_that_goes_on_is_the_run_that_was_not_interrupted(tmp_path: Path) -> None:
    experiment, path = tiny(5), tmp_path / "checkpoint"
    whole = train(experiment, seed=4)
    asked = iter((False, False, True))
    train(experiment, seed=4, checkpoint=path, stop=lambda: next(asked))
    rest = train(experiment, seed=4, checkpoint=path, resume=True)
    assert rest.steps == 5
    found, expected = rest.module.state_dict(), whole.module.state_dict()
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], expected[name]) for name in found)


def test_a_short_training_lowers_the_loss() -> None:
    before, after = drawn(99, 30)
    first = StepTransformer(TINY, 0)
    trained: Any = train(tiny(30, 8), seed=0).module
    with torch.no_grad():
        assert trained.loss(before, after) < 0.8 * first.loss(before, after)


def test_no_test_term_is_shown_in_training() -> None:
    before, _ = drawn(11, 120)
    for row in before.tolist():
        term = from_tokens([NAMES[number] for number in row if number > OTHER])
        assert split_of(term) == "train"
        assert term.size <= TASK.trained_on[1]


@pytest.mark.parametrize("family", FAMILIES)
def test_pairs_are_steps(family: Family) -> None:
    for term, after in islice(steps_of(family, "test", 26, 50, Random(0)), 10):
        assert 26 <= term.size <= 50
        assert split_of(term) == "test"
        assert next(steps(term)).after == after


@pytest.mark.parametrize("size", [25, 100])
def test_scores_are_by_family_of_different_terms(size: int) -> None:
    model = StepTransformer(TINY, 0).eval()
    found = measured(TASK, {EXPERIMENT.name: model}, size, 7)
    families = ["general"] if size == 25 else list(FAMILIES)
    assert list(found["families"]) == families
    assert sum(one["inputs"] for one in found["families"].values()) == found["inputs"] == 7


def test_the_model_has_at_most_five_million_weights() -> None:
    model = EXPERIMENT.made(0)
    assert sum(weights.numel() for weights in model.parameters()) <= 5_000_000


def test_first_weights_come_from_the_seed_alone() -> None:
    before = torch.random.get_rng_state()
    one = StepTransformer(TINY, 1).state_dict()
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.rand(1)
    other = StepTransformer(TINY, 1).state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_tokens_are_padded_and_ended() -> None:
    found = encoded([parse("\\x. x"), parse("a b"), parse("unknown")])
    assert found.shape == (3, 4)
    assert (found == 1).sum() == 3
    assert found[2, 0] == OTHER
