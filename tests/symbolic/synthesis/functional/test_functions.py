"""Functional programs: types, primitives as functions and as columns, and how programs run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.enumerating.columns import Columns
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram
from abduce.symbolic.synthesis.functional.numbers import HOLE, NUMBERS
from abduce.symbolic.synthesis.functional.primitives import UNDEFINED, Primitive, Undefined
from abduce.symbolic.synthesis.functional.strings import STRINGS
from abduce.symbolic.synthesis.functional.types import (
    BOOL,
    LARGEST,
    belongs,
    common,
    read_signature,
)

VECTORISED = [p for p in NUMBERS if p.columns is not None]
INTEGERS = st.one_of(st.integers(-9, 9), st.integers(-LARGEST, LARGEST))


@pytest.mark.parametrize("text", ["[int] -> int", "(int a -> b) [a] -> [b]", "-> [[bool]]"])
def test_a_signature_is_read_back_from_its_text(text: str) -> None:
    assert str(read_signature(text)) == text


@pytest.mark.parametrize("text", ["", "int", "[int -> int", "number -> int", "int -> int int"])
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="type"):
        read_signature(text)


@pytest.mark.parametrize("primitive", VECTORISED, ids=lambda p: p.name)
@given(data=st.data())
def test_columns_and_functions_agree(primitive: Primitive, data: st.DataObject) -> None:
    strategies = {"int": INTEGERS, BOOL: st.booleans()}
    types = primitive.type.arguments
    rows = data.draw(st.lists(st.tuples(*[strategies[str(t)] for t in types]), min_size=1))
    columns = Columns()
    parts = [columns.column(t, [row[i] for row in rows]) for i, t in enumerate(types)]
    found = columns.apply(primitive, types, primitive.type.result, parts)
    for row, number in zip(rows, found.tolist(), strict=True):
        try:
            value = primitive.value(*row)
        except UNDEFINED:
            value = None
        assert number == (HOLE if value is None else int(value))


def test_a_value_is_undefined_where_an_argument_is() -> None:
    columns = Columns()
    at = STRINGS["at"]
    lists = columns.column(read_signature("-> [int]").result, [(4, 5), (6,), (7, 8)])
    places = np.array([1, 1, HOLE])
    types = read_signature("int [int] -> int")
    found = columns.apply(at, types.arguments, types.result, [places, lists])
    assert found.tolist() == [5, HOLE, HOLE]


def test_a_conditional_looks_at_one_branch_only() -> None:
    term = ("if", ("is_empty", ("argument", 0)), ("constant", "int", -1), ("head", ("argument", 0)))
    program = FunctionalProgram(term, read_signature("[int] -> int"), STRINGS)
    assert (program.run(()), program.run((7, 8))) == (-1, 7)


@pytest.mark.parametrize(
    ("term", "argument"),
    [
        (("head", ("argument", 0)), ()),
        (("singleton", ("quotient", ("sum", ("argument", 0)), ("constant", "int", 0))), (1,)),
        (("take", ("constant", "int", -1), ("argument", 0)), (1, 2)),
    ],
    ids=["head", "quotient", "take"],
)
def test_what_has_no_value_is_undefined(term: tuple, argument: tuple) -> None:
    result = "int" if term[0] == "head" else "[int]"
    program = FunctionalProgram(term, read_signature(f"[int] -> {result}"), STRINGS)
    with pytest.raises(Undefined):
        program.run(argument)


@pytest.mark.parametrize(
    "term",
    [
        ("argument", 0),
        ("length", ("length", ("argument", 0))),
        ("fold", ("lambda", 1, ("bound", 0)), ("constant", "int", 0), ("argument", 0)),
        ("nothing", ("argument", 0)),
        ("length",),
        ("bound", 0),
    ],
    ids=str,
)
def test_terms_that_do_not_type_are_refused(term: tuple) -> None:
    with pytest.raises(InputError):
        FunctionalProgram(term, read_signature("[int] -> int"), STRINGS)


def test_booleans_are_not_integers() -> None:
    assert not belongs(True, "int")
    assert not belongs(1, "bool")
    assert common([1, True]) is None
    assert common([(1,), (True,)]) is None
