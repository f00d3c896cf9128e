"""Holes over integers: what is solved is the only value that gives the target, by brute force."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr.abduction.integer_holes import solve_integer_hole
from abduce.symbolic.nsr.config import IntegerConfig
from abduce.symbolic.nsr.deduction.syntax import Step, evaluate
from abduce.symbolic.nsr.numbers import Numbers
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.running import TooLargeError
from tests.symbolic.number_tasks import MINUS, PLUS, TIMES

CONFIG = IntegerConfig(largest=60)
NUMBERS = Numbers(Alphabet())
FUNCTIONS = [NUMBERS.function(term, 2) for term in (PLUS, MINUS, TIMES)]


@st.composite
def holed(draw: st.DrawFn, depth: int = 3) -> tuple[list[Step], int]:
    """The code of a derivation, and the step of it that is the hole."""

    def code(depth: int) -> list[Step]:
        if depth == 0 or draw(st.integers(0, 3)) == 0:
            return [(0, draw(st.integers(0, 7)), 0)]
        return [*code(depth - 1), *code(depth - 1), (2, draw(st.sampled_from(FUNCTIONS)), 0)]

    steps = code(depth)
    return steps, draw(st.integers(0, len(steps) - 1))


def first_of(steps: list[Step], at: int) -> int:
    """Where the phrase of a step begins."""
    wanted, place = steps[at][0], at
    while wanted:
        place -= 1
        wanted += steps[place][0] - 1
    return place


@settings(max_examples=150)
@given(holed(), st.integers(0, 40))
def test_the_value_found_is_the_only_one_that_gives_the_target(
    found: tuple[list[Step], int], meant: int
) -> None:
    steps, at = found
    begin = first_of(steps, at)

    def given_value(value: int) -> int:
        result = evaluate([*steps[:begin], (0, value, 0), *steps[at + 1 :]])
        assert isinstance(result, int)
        return result

    target = given_value(meant)
    arguments, value = solve_integer_hole(steps, at, target, CONFIG, NUMBERS.columns)
    if begin < at:
        assert len(arguments) == steps[at][0]
        assert steps[at][1](*arguments) == evaluate(steps[begin : at + 1])  # type: ignore[operator]
    else:
        assert arguments == ()
    values = [v for v in range(CONFIG.largest + 1) if given_value(v) == target]
    assert value == (meant if values == [meant] or at == len(steps) - 1 else None)
    assert meant in values


@given(holed(), st.integers(0, 40))
def test_without_ancestors_only_a_whole_sentence_is_solved(
    found: tuple[list[Step], int], target: int
) -> None:
    steps, at = found
    alone = replace(CONFIG, ancestors=False)
    _, value = solve_integer_hole(steps, at, target, alone, NUMBERS.columns)
    assert value == (target if at == len(steps) - 1 else None)


def test_an_argument_that_is_too_large_is_no_evidence() -> None:
    times = FUNCTIONS[2]
    steps: list[Step] = [(0, 10**9, 0), (0, 10**9, 0), (2, times, 0), (0, 1, 0), (2, times, 0)]
    with pytest.raises(TooLargeError):
        solve_integer_hole(steps, 3, 7, CONFIG, NUMBERS.columns)
