"""Libraries of functional programs: files, calls, and compression that changes no program."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.compressing import compress
from abduce.symbolic.synthesis.functional.examples import FunctionalExample
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram
from abduce.symbolic.synthesis.functional.library import (
    FunctionLibrary,
    library_text,
    read_function_library,
)
from abduce.symbolic.synthesis.functional.lists import LISTS
from abduce.symbolic.synthesis.functional.primitives import Undefined
from abduce.symbolic.synthesis.functional.synthesise import FunctionFound, synthesise_function
from abduce.symbolic.synthesis.functional.types import read_signature

X, A = ("argument", 0), ("bound", 0)
LIST_TYPE = read_signature("[int] -> [int]")


def number(n: int) -> tuple:
    return ("constant", "int", n)


def multiple(k: int, of: tuple = A) -> tuple:
    return ("equal", number(0), ("remainder", of, number(k)))


def kept(k: int) -> tuple:
    return ("filter", ("lambda", 1, multiple(k)), X)


def part(first: int, count: int) -> tuple:
    return ("take", number(count), ("drop", number(first), X))


CORPUS = [
    *[FunctionalProgram(kept(k), LIST_TYPE, LISTS) for k in (2, 3, 5, 7)],
    *[FunctionalProgram(part(k, n), LIST_TYPE, LISTS) for k, n in ((1, 2), (2, 3), (4, 1))],
    FunctionalProgram(
        ("map", ("lambda", 1, ("if", multiple(4), number(1), A)), X), LIST_TYPE, LISTS
    ),
]


def value(program: FunctionalProgram, xs: tuple[int, ...]) -> object:
    try:
        return program.run(xs)
    except Undefined:
        return None


def test_compression_finds_what_programs_share() -> None:
    found = compress(CORPUS, FunctionLibrary(LISTS))
    assert found.after < found.before
    shared = {str(each.program) for each in found.library.definitions}
    assert "equal(0, remainder(x, y))" in shared
    for old, new in zip(CORPUS, found.programs, strict=True):
        assert found.library.expanded(new.term) == old.term


def test_a_branch_that_is_not_taken_is_not_evaluated_by_a_call() -> None:
    def first(default: int) -> tuple:
        return ("add", number(1), ("if", ("is_empty", X), number(default), ("head", X)))

    type = read_signature("[int] -> int")
    corpus = [FunctionalProgram(first(n), type, LISTS) for n in (4, 5, 6, 7, 8)]
    for old, new in zip(corpus, compress(corpus, FunctionLibrary(LISTS)).programs, strict=True):
        assert [new.run(xs) for xs in ((), (3,))] == [old.run(xs) for xs in ((), (3,))]


COMPRESSED = compress(CORPUS, FunctionLibrary(LISTS))


@given(st.lists(st.integers(-30, 30), max_size=8).map(tuple))
def test_a_rewritten_program_does_what_it_did(xs: tuple[int, ...]) -> None:
    for old, new in zip(CORPUS, COMPRESSED.programs, strict=True):
        assert value(old, xs) == value(new, xs)


def test_a_library_is_read_back_from_its_file() -> None:
    text = library_text(COMPRESSED.library)
    again = read_function_library(text, None, LISTS)
    assert library_text(again) == text
    assert [str(each) for each in again.definitions] == [
        str(each) for each in COMPRESSED.library.definitions
    ]


def test_a_search_calls_the_library() -> None:
    library = FunctionLibrary(LISTS).added(
        "is_multiple", (*multiple(1, X)[:2], ("remainder", X, ("argument", 1))),
        read_signature("int int -> bool"),
    )  # fmt: skip
    lists = [(4, 9, 6, 3), (), (12, 5), (1, 2), (8, 15, 21)]
    examples = [FunctionalExample((xs,), tuple([x for x in xs if x % 3 == 0])) for xs in lists]
    budget = FunctionalBudget(programs=60_000, patience=0)
    found = synthesise_function(examples, table=library.table, budget=budget)
    assert isinstance(found, FunctionFound)
    assert "is_multiple(a, 3)" in str(found.program)
    assert "remainder" in str(library.expanded(found.program.term))


def test_expanding_moves_parameters_below_lambdas() -> None:
    """An argument of a call that is a parameter keeps its meaning within the body's lambdas."""
    count = ("count", ("lambda", 1, ("equal", A, ("argument", 1))), X)
    library = FunctionLibrary(LISTS).added("times", count, read_signature("[int] int -> int"))
    term = ("map", ("lambda", 1, ("times", X, A)), X)
    program = FunctionalProgram(term, LIST_TYPE, library.table)
    expanded = FunctionalProgram(library.expanded(term), LIST_TYPE, LISTS)
    assert program.run((5, 6, 5)) == expanded.run((5, 6, 5)) == (2, 1, 2)


GOOD = {"name": "one", "type": "int -> int", "term": ["add", ["argument", 0], ["argument", 0]]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"format": "abduce-function-library 2", "programs": []}, "library 2"),
        ({"format": "abduce-library 1", "programs": []}, "abduce-library 1"),
        ([], "None"),
        ({"format": "abduce-function-library 1"}, "keys"),
        ([GOOD, {"name": "two"}], "program 2"),
        ([{**GOOD, "name": "add"}], "taken"),
        ([GOOD, GOOD], "taken"),
        ([{**GOOD, "name": "Not a name"}], "name"),
        ([{**GOOD, "type": "[int] -> int"}], "program 1"),
        ([{**GOOD, "term": ["unknown", ["argument", 0]]}], "unknown"),
        ([{**GOOD, "term": ["argument", 7]}], "program 1"),
        ([{**GOOD, "term": 3}], "3 as a term"),
        ([{**GOOD, "type": "int int int int -> int"}], "4 arguments"),
    ],
)
def test_bad_libraries_are_refused(content: object, message: str) -> None:
    if isinstance(content, list) and content:
        content = {"format": "abduce-function-library 1", "programs": content}
    with pytest.raises(InputError, match=message):
        read_function_library(json.dumps(content), "known.json", LISTS)
