"""Distinguishing inputs, and questions about them until one program is left."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.asking import synthesise_asking
from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.distinguish import (
    AlikeWithin,
    Different,
    Inputs,
    distinguish,
    distinguish_functions,
)
from abduce.symbolic.synthesis.functional.examples import FunctionalExample
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram
from abduce.symbolic.synthesis.functional.lists import LISTS
from abduce.symbolic.synthesis.functional.synthesise import FunctionFound
from abduce.symbolic.synthesis.functional.types import ListOf, read_signature

X = ("argument", 0)
TERMS = (X, ("reverse", X), ("tail", X), ("sort", X), ("unique", X), ("drop", ("length", X), X))
NUMBERS = ListOf("int")


def program(term: tuple) -> FunctionalProgram:
    return FunctionalProgram(term, read_signature("[int] -> [int]"), LISTS)


def size(xs: tuple[int, ...]) -> int:
    return 1 + sum([1 + abs(x).bit_length() for x in xs])


@pytest.mark.parametrize(("first", "second"), list(product(TERMS, TERMS)))
def test_no_smaller_input_makes_a_difference(first: tuple, second: tuple) -> None:
    runs = (program(first), program(second))
    found = distinguish(*runs, within=6)
    limit = found.size if isinstance(found, Different) else 7
    if first == second:
        assert isinstance(found, AlikeWithin)
    if isinstance(found, Different):
        assert size(found.arguments[0]) == found.size
    for length in range(4):
        for xs in product(range(-3, 4), repeat=length):
            if size(xs) < limit and xs:
                assert runs[0].run(xs) == runs[1].run(xs)


def test_the_number_of_inputs_is_that_of_all_up_to_a_size() -> None:
    found = distinguish(program(X), program(X), within=5)
    every = [xs for n in range(5) for xs in product(range(-8, 9), repeat=n) if size(xs) <= 5]
    assert found == AlikeWithin(5, len(every))


@given(st.integers(0, 40), st.integers(0, 40))
def test_functions_in_python_are_told_apart_too(a: int, b: int) -> None:
    inputs = Inputs(negative=False)
    found = distinguish_functions(lambda x: x > a, lambda x: x > b, ("int",), 7, inputs)
    if a == b:
        assert isinstance(found, AlikeWithin)
    else:
        assert isinstance(found, Different)
        assert found.arguments == (min(a, b) + 1,)


def test_an_undefined_value_is_a_difference_unless_it_does_not_count() -> None:
    pair = (program(("tail", X)), program(("drop", ("constant", "int", 1), X)))
    found = distinguish(*pair, within=6)
    assert found == Different(((),), (None, ()), 1)
    assert isinstance(distinguish(*pair, 6, Inputs(defined=True)), AlikeWithin)


def test_programs_of_different_types_are_refused() -> None:
    other = FunctionalProgram(X, read_signature("int -> int"), LISTS)
    with pytest.raises(InputError, match="types"):
        distinguish(program(X), other)


def test_questions_settle_what_examples_leave_open() -> None:
    asked: list[tuple[int, ...]] = []

    def meant(xs: tuple[int, ...]) -> tuple[int, ...]:
        asked.append(xs)
        return tuple(sorted(xs))

    first = [FunctionalExample(((1, 2, 4),), (1, 2, 4))]
    answer = synthesise_asking(
        first,
        read_signature("[int] -> [int]"),
        meant,
        LISTS,
        FunctionalBudget(programs=60_000),
    )
    assert isinstance(answer.found, FunctionFound)
    assert [question.arguments[0] for question in answer.questions] == asked
    assert asked
    assert answer.found.program.run((9, 3, 5)) == (3, 5, 9)


def test_an_answer_of_another_type_is_refused() -> None:
    first = [FunctionalExample(((1, 2, 4),), (1, 2, 4))]
    with pytest.raises(InputError, match="answer"):
        synthesise_asking(
            first,
            read_signature("[int] -> [int]"),
            lambda xs: 3,
            LISTS,
            FunctionalBudget(programs=60_000),
        )
