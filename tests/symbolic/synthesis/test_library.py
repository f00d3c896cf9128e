"""Libraries: calls are what they stand for, and files hold all of a library."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import PRIMITIVES
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis import Library, ProgramPrices
from abduce.symbolic.synthesis.files import library_text, read_library, read_task, read_type
from tests.symbolic.synthesis.number_programs import NAMED, X, library, terms

KNOWN = library("divide")


@settings(max_examples=40)
@given(terms(("plus", "minus", "times"), depth=2), st.integers(0, 5), st.integers(0, 5))
def test_a_program_without_calls_is_the_program_with_calls(term: Term, x: int, y: int) -> None:
    program = Program(term, 2, KNOWN.table)
    expanded = KNOWN.expanded(program)
    assert not set(NAMED) & set(str(expanded).replace("(", " ").split())
    Program(expanded.term, 2, PRIMITIVES)
    try:
        expected = compiled(expanded, KNOWN.alphabet)(x, y)
    except TooLargeError:
        return
    assert compiled(program, KNOWN.alphabet)(x, y) == expected


def test_what_is_in_the_library_is_cheaper_next_time() -> None:
    program = Program(("plus", X, X), 1, KNOWN.table)
    prices = ProgramPrices()
    assert program.bits(prices) < KNOWN.expanded(program).bits(prices)


def test_prices_are_those_of_the_learner() -> None:
    from abduce.symbolic.nsr.priors import PRIORS

    for name in ProgramPrices.__slots__:  # type: ignore[attr-defined]
        assert getattr(ProgramPrices(), name) == getattr(PRIORS, name)


def test_a_library_is_read_as_it_was_written() -> None:
    text = library_text(KNOWN)
    again = read_library(text, "library.json")
    assert library_text(again) == text
    assert [entry.program for entry in again] == [entry.program for entry in KNOWN]
    assert again.entries[3].function(17, 5) == 4
    assert all(entry.proof is None and entry.columns is None for entry in again)


@pytest.mark.parametrize("name", ["plus", "iterate", "variable", "a b", "", "3"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="the name"):
        KNOWN.added(name, Program(X, 1))


def test_a_program_of_several_types_needs_one() -> None:
    with pytest.raises(InputError, match="several types"):
        Library().added("same", Program(X, 1))


def program(**changed: Any) -> dict[str, Any]:
    one = {"name": "f", "arguments": ["integer"], "result": "integer", "term": ["variable", 0]}
    return one | changed


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "a library"),
        ({"format": "abduce-library 0", "programs": []}, "a library"),
        ({"programs": []}, "a library"),
        (program(term=["variable", 1]), "out of range"),
        (program(term=["plus", ["zero"], ["zero"]]), "plus"),
        (program(term=["nil"]), "the type that is stated"),
        (program(result="text"), "integer or list"),
        (program(arguments=["integer"] * 7), "at most 6"),
        (program(name=3), "a name"),
        (program(name="zero"), "the name 'zero'"),
        (program(term=["self"], result="list"), "self"),
        ({"name": "f"}, "an object with"),
    ],
)
def test_a_library_that_is_none_is_refused_by_name(data: Any, said: str) -> None:
    whole = isinstance(data, list) or "programs" in data
    text = json.dumps(data if whole else {"format": "abduce-library 1", "programs": [data]})
    with pytest.raises(InputError, match=said) as caught:
        read_library(text, "library.json")
    assert "library.json" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ('{"examples": [[[1], 2]', "no JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "an object"),
        ("{}", "an array with an example"),
        ('{"examples": []}', "an array with an example"),
        ('{"examples": [[1, 2]]}', "arguments, value"),
        ('{"examples": [[[1], 2]], "kind": 1}', "kind"),
        ('{"examples": [[[true], 2]]}', "a natural number"),
        ('{"examples": [[[1.5], 2]]}', "a natural number"),
        ('{"examples": [[[1], -2]]}', "from 0 to"),
        ('{"examples": [[[1], 5000000000]]}', "from 0 to"),
        ('{"examples": [[[1], 2], [[1, 2], 3]]}', r"2 argument\(s\) in example 2"),
        ('{"examples": [[[1], 2], [[["a"]], 3]]}', "example 2"),
        ('{"examples": [[[1], 2, 0]]}', "weight"),
        ('{"examples": [[[1], 2, "a"]]}', "weight"),
        ('{"examples": [[[["", "b"]], 2]]}', "tokens"),
        ('{"examples": [[[1], 2]], "type": "integer"}', "type"),
        ('{"examples": [[[1], 2]], "type": "integer -> text"}', "integer or list"),
        ('{"examples": [[[1], 2]], "type": "integer -> list"}', "a list"),
    ],
)
def test_examples_that_are_none_are_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_task(text, "examples.json", Alphabet())
    assert "examples.json" in str(caught.value)


def test_a_type_is_read_with_and_without_commas() -> None:
    assert read_type("list, integer -> list") == read_type("list integer->list")
    assert read_type("-> integer").arguments == ()
