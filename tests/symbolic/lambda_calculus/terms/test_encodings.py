"""Python values survive being terms."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus import NormalForm, decode, encode, normal_form, parse, readings
from abduce.symbolic.lambda_calculus.terms.sugar import Encoding

ENCODINGS: tuple[Encoding, ...] = ("church", "scott")
ENCODED = st.sampled_from(ENCODINGS)


def kinds(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values | st.lists(values, max_size=3) | st.tuples(values, values)


@given(st.integers(0, 300) | st.booleans(), ENCODED)
def test_numbers_and_booleans_come_back(value: int | bool, encoding: Encoding) -> None:
    term = encode(value, encoding)
    assert decode(term, encoding, type(value)) == value
    assert parse(str(term)) == term
    assert normal_form(term) == NormalForm(term, 0, 0, "plain")


@given(kinds(kinds(st.integers(0, 5))), ENCODED)
def test_lists_and_pairs_come_back_as_values_with_the_same_code(
    value: Any, encoding: Encoding
) -> None:
    term = encode(value, encoding)
    assert encode(decode(term, encoding, type(value)), encoding) == term


@given(st.lists(st.integers(1, 5) | st.booleans(), max_size=4), ENCODED)
def test_lists_of_one_kind_come_back(value: list[int], encoding: Encoding) -> None:
    of_one_kind = [isinstance(part, bool) for part in value]
    if len(set(of_one_kind)) == 1 and (any(value) or not of_one_kind[0]):
        assert decode(encode(value, encoding), encoding, list) == value


def test_one_term_has_several_readings() -> None:
    assert readings(parse("\\a b. b")) == {"int": 0, "bool": False, "list": []}
    assert readings(parse("\\c n. c (\\t f. t) (c (\\t f. f) n)")) == {"list": [True, False]}
    assert readings(parse("\\c n. c (\\t f. t) (\\c n. n)"), "scott") == {"list": [True]}
    assert readings(parse("\\s. s 1 2")) == {"tuple": (1, 2)}
    assert readings(parse("x")) == readings(parse("\\x. x")) == readings(parse("\\x. x x")) == {}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_computed_is_decoded(encoding: Encoding) -> None:
    successor = {"church": "\\n f x. f (n f x)", "scott": "\\n s z. s n"}[encoding]
    found = normal_form(parse(f"s = {successor}\ns (s 3)", encoding=encoding))
    assert isinstance(found, NormalForm)
    assert decode(found.term, encoding) == 5


def test_what_has_no_code_is_refused() -> None:
    for value in (-1, 1.5, "a", (1,), 10**9, None):
        with pytest.raises(InputError, match="expected one of a bool"):
            encode(value)
    with pytest.raises(InputError, match="expected a int in the encoding of Church"):
        decode(parse("\\x. x x"), kind=int)
    with pytest.raises(InputError, match="expected a value in the encoding of Scott"):
        decode(parse("\\f x. f (f x)"), "scott")
