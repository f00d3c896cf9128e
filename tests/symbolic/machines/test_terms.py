"""The machine does what its tables say, on terms of any length and depth."""

from functools import cache
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce import clock
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.symbolic.lambda_calculus import Step, Term, normal_form, parse, steps
from abduce.symbolic.lambda_calculus.reduction.outcomes import NormalForm
from abduce.symbolic.machines.jobs import RunContext
from abduce.symbolic.machines.terms.indices import KERNELS, Indices
from abduce.symbolic.machines.terms.job import LAMBDA_JOB, ReductionOptions
from abduce.symbolic.machines.terms.machine import STEP, LambdaReducer
from tests.lambda_terms import reduce_naively, terms


@cache
def machine() -> LambdaReducer:
    return LambdaReducer(compiled_kernels((*KERNELS, STEP)))


@cache
def indices() -> Indices:
    return Indices.of(compiled_kernels(KERNELS))


@given(terms())
def test_steps_are_those_of_normal_order_with_their_names(term: Term) -> None:
    expected = next(steps(term), None)
    found = machine().step(term)
    assert found == (expected and expected.after)
    if found is not None and expected is not None:
        assert found.binders == expected.after.binders


@given(terms())
def test_normal_forms_and_step_counts_are_those_of_a_naive_reducer(term: Term) -> None:
    expected = reduce_naively(term, "normal")
    if expected is not None:
        found = machine()(term)
        assert (found.term, found.steps, found.stopped) == (*expected, None)


def test_steps_are_told_with_their_places() -> None:
    told: list[Step] = []
    term = parse("(\\x. x x) ((\\y. y) z)")
    machine()(term, note=told.append)
    assert told == list(steps(term))


@pytest.mark.parametrize("text", ["10 2", "(\\m n f. m (n f)) 12 13", "2 3 2"])
def test_numerals_agree_with_the_engine(text: str) -> None:
    term = parse(text)
    found, expected = machine()(term), normal_form(term)
    assert isinstance(expected, NormalForm)
    assert found.stopped is None
    assert found.term == expected.term


def test_terms_of_thirty_thousand_levels() -> None:
    n = 30_000
    nested = Term.of([0, 1, 2] * n + [-1], ["y"])  # (\x. x) ((\x. x) ...)
    assert machine()(nested, fuel=3).steps == 3
    spine = Term.of([0] * n + [1, 2] + [-1] * n, ["y"])
    assert machine()(spine).steps == 1
    under = Term.of([1] * n + [0, 1, 2 + n, 2], ["y"])  # the redex needs large indices
    found = machine()(under)
    assert found.term.codes[-1] == 2 + n - 1
    shifted = Term.of([1] * n + [0] + [1] * n + [2 + n - 1, 2 + n - 1], ["y"])
    assert machine().step(shifted) == next(steps(shifted)).after


def test_a_reduction_stops_when_something_is_used_up() -> None:
    omega = parse("(\\x. x x) (\\x. x x)")
    found = machine()(omega, fuel=1000)
    assert (found.term, found.steps, found.stopped) == (omega, 1000, "fuel")
    growing = parse("(\\x. x x x) (\\x. x x x)")
    assert machine()(growing, nodes=500).stopped == "size"
    assert machine()(growing, nodes=500).term.size <= 500
    assert machine()(omega, deadline=clock.wall_s() - 1).stopped == "time"
    identity = parse("(\\x. x) y")
    assert machine()(identity, fuel=0).stopped == "fuel"
    assert machine()(identity, fuel=1).stopped is None


@given(st.integers(0, 2**70), st.integers(0, 2**70))
def test_indices_are_arithmetic(a: int, b: int) -> None:
    found = indices()
    assert found.order(a, b) == (a > b) - (a < b) + 1
    assert found.add(a, b) == a + b
    assert found.increment(a) == a + 1
    assert found.decrement(a + 1) == a


@pytest.mark.parametrize("text", ["20000", "(\\x. x 20000) y", "(\\x. 20000) y"])
def test_the_deadline_holds_from_reading_to_writing(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the time is up, one look at the clock later the machine gives up."""
    for module in ("machines.terms.machine", "lambda_calculus.terms.deadline"):
        monkeypatch.setattr(f"abduce.symbolic.{module}.STRETCH", 1000)
    outcomes: set[str] = set()
    for last in (*range(1, 20), 1000):
        looks = count()
        monkeypatch.setattr(
            clock, "wall_s", lambda looks=looks, last=last: float(next(looks) > last)
        )
        kernels = compiled_kernels((*KERNELS, STEP))
        options, context = ReductionOptions(timeout_s=0.5), RunContext(path="t")
        answer = LAMBDA_JOB.run(text, kernels, options, context)
        outcomes.add(answer.value["outcome"])
        assert (answer.gave_up is None) == (answer.value["outcome"] == "normal form")
    assert outcomes == {"normal form", "out of time"}
