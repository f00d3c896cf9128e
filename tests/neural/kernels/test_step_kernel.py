"""The soft machine says what the exact one does; trained on pairs alone, it is proved."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.kernel import soft_part, train
from abduce.neural.kernels.terms.alignments import alignments
from abduce.neural.kernels.terms.batches import batch_of
from abduce.neural.kernels.terms.pairs import Pair, pairs
from abduce.neural.kernels.terms.step_kernel import StepKernel
from abduce.symbolic.lambda_calculus import Term, parse
from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.symbolic.programs.step_tables import ABSTRACTION, APPLICATION, SHAPES, StepTables
from abduce.verify.verdict import Proved
from tests.lambda_terms import terms

STEP = TASKS["lambda-step"]


def certain(tables: StepTables) -> StepKernel:
    """A kernel that draws what the tables say, nearly always."""
    kernel = StepKernel(CONFIG.step, 0)
    with torch.no_grad():
        for name in ("order", "look", "count"):
            getattr(kernel, name).copy_(torch.from_numpy(40.0 * getattr(tables, name) - 20))
        for name in ("act", "pasted"):
            logits = getattr(kernel, name)
            values = torch.from_numpy(getattr(tables, name))
            logits.copy_(40 * torch.nn.functional.one_hot(values, logits.shape[-1]))
    return kernel


def likelihood(kernel: StepKernel, before: list[int], after: list[int]) -> float:
    found = alignments(Pair(tuple(before), tuple(after)))
    if not found.rows:
        return 0.0
    with torch.no_grad():
        return float(kernel(batch_of([found])).exp()[0])


@st.composite
def fillings(draw: st.DrawFn) -> StepTables:
    """Tables near those of beta reduction: some entries are others, all can be carried out."""
    tables = compiled(BETA)
    assert isinstance(tables, StepTables)
    possible = StepKernel(CONFIG.step, 0).possible == 0
    for name in draw(st.lists(st.sampled_from(list(SHAPES)), max_size=4)):
        place = tuple(draw(st.integers(0, size - 1)) for size in SHAPES[name])
        values = [0, 1]
        if name == "act":
            values = possible[place].nonzero()[:, 0].tolist()
        elif name == "pasted":
            values = [0, 2, 3]
        tables = tables.changed((name, place), draw(st.sampled_from(values)))
    return tables


@given(fillings(), terms(size=10))
@settings(max_examples=60)
def test_a_kernel_that_is_sure_gives_all_probability_to_what_its_tables_make(
    tables: StepTables, term: Term
) -> None:
    try:
        after = tables(term.codes)
    except ValueError:
        return
    if after:
        kernel = certain(tables)
        assert likelihood(kernel, term.codes, after) == pytest.approx(1, abs=1e-3)
        assert likelihood(kernel, term.codes, [*after, -1]) < 1e-3


def test_without_an_argument_nothing_can_be_pasted() -> None:
    tables = compiled(BETA)
    assert isinstance(tables, StepTables)
    binders = tables.changed(("look", (ABSTRACTION, APPLICATION)), 1)
    with pytest.raises(ValueError, match="nothing can be pasted there"):
        binders(parse(r"\x. x x").codes)


def test_examples_are_short_terms_and_their_steps() -> None:
    found = pairs(replace(CONFIG.step, general=60, boolean=5), np.random.default_rng(1))
    assert len(found) == 70
    exact = compiled(BETA)
    assert isinstance(exact, StepTables)
    for pair in found:
        assert len(pair.before) <= CONFIG.step.longest
        assert exact(pair.before) == list(pair.after)


@pytest.mark.slow
def test_a_step_is_learned_from_pairs_and_proved() -> None:
    fewer = replace(CONFIG, step=replace(CONFIG.step, general=250, boolean=10))
    learned = train(STEP, seed=0, config=fewer)
    assert isinstance(learned.verdict, Proved)
    assert learned.examples == 270
    assert learned.parameters < 10_000
    assert isinstance(soft_part(STEP, learned).prove(BETA), Proved)


def test_what_was_not_trained_is_not_proved() -> None:
    assert not isinstance(StepKernel(CONFIG.step, 1).prove(BETA), Proved)
