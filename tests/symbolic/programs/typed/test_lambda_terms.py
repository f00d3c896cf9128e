"""A program and its lambda term have the same value at the same arguments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus import (
    NormalForm,
    application,
    decode,
    encode,
    normal_form,
    parse,
    principal_type,
)
from abduce.symbolic.lambda_calculus.types.inference import Typing
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.lambda_terms import LAMBDA, to_lambda
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, PRIMITIVES, Primitive, Sort
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import compiled
from tests.strategies import OWN_WORD, TOKENS, programs

SORTS = (LIST, INTEGER)
ARGUMENTS = st.tuples(st.lists(st.sampled_from(TOKENS), max_size=3), st.integers(0, 3))
LIMIT = 300
"""Values beyond this are not reduced: numbers are unary there."""


@settings(max_examples=60)
@given(st.data(), st.sampled_from(SORTS), ARGUMENTS)
def test_reduction_gives_the_value_of_the_program(
    data: st.DataObject, sort: Sort, arguments: tuple[list[str], int]
) -> None:
    program = Program(data.draw(programs(sort, SORTS, size=3)), 2)
    alphabet = Alphabet()
    words, number = arguments
    value = compiled(program, alphabet, OWN_WORD)(alphabet.encode(words), number)
    if (len(value) if isinstance(value, str) else value) > LIMIT:
        return
    term = to_lambda(program, alphabet, OWN_WORD)
    given_ = (encode([alphabet.number(word) for word in words]), encode(number))
    found = normal_form(application(term, *given_))
    assert isinstance(found, NormalForm)
    if isinstance(value, str):
        assert decode(found.term, kind=list) == list(map(alphabet.number, alphabet.decode(value)))
    else:
        assert decode(found.term, kind=int) == value


@pytest.mark.parametrize("name", LAMBDA)
def test_every_primitive_has_a_simple_type(name: str) -> None:
    assert isinstance(principal_type(parse(LAMBDA[name])), Typing)


def test_every_primitive_of_lists_and_numbers_is_there() -> None:
    assert LAMBDA.keys() == PRIMITIVES.keys() - {"self"}


def test_a_primitive_without_a_lambda_term_is_named() -> None:
    table = {**PRIMITIVES, "first": Primitive((LIST,), LIST, "head", "{0}[:1]")}
    with pytest.raises(InputError, match="'first'"):
        to_lambda(Program(("first", ("nil",)), 0, table), Alphabet())
