"""What types has a value of its sort; what does not is refused with the place and both sorts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, Sort
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.terms import Term, variable
from abduce.symbolic.programs.typed.typing import ANY, Signature
from tests.strategies import programs

SORTS = (LIST, INTEGER)
SORT = st.sampled_from(SORTS)
ARGUMENTS = st.lists(SORT, max_size=3)


@given(st.data(), SORT, ARGUMENTS)
def test_a_program_takes_the_sorts_it_was_made_for(
    data: st.DataObject, sort: Sort, arguments: list[Sort]
) -> None:
    term = data.draw(programs(sort, arguments))
    assert Program(term, len(arguments)).signature.applied(arguments) == sort


@given(st.data(), SORT, ARGUMENTS)
def test_a_part_of_the_other_sort_is_refused(
    data: st.DataObject, sort: Sort, arguments: list[Sort]
) -> None:
    other = LIST if sort == INTEGER else INTEGER
    part = data.draw(programs(sort, (), size=3))
    whole: Term = ("head", part) if other == LIST else ("increment", part)
    with pytest.raises(InputError) as caught:
        Program(whole, 0)
    assert "a list" in str(caught.value)
    assert "a number" in str(caught.value)


@pytest.mark.parametrize(
    "term",
    [
        ("append", variable(0), ("decrement", variable(0))),
        ("if_zero", variable(0), variable(0), ("nil",)),
        ("iterate", ("number", 3), ("zero",), ("nil",)),
        ("iterate", ("state", 0), ("state", 0), ("nil",)),
        ("variable", 1),
        ("state", 0),
        ("frobnicate",),
        ("head",),
        ("number", -1),
        ("token", 7),
        "head",
    ],
)
def test_what_is_no_program_cannot_be_built(term: Term) -> None:
    with pytest.raises(InputError, match=r"found .* expected"):
        Program(term, 1)


@given(ARGUMENTS, SORT)
def test_unknown_sorts_fit_everywhere(arguments: list[Sort], sort: Sort) -> None:
    assert Signature(tuple(arguments), sort).applied([ANY] * len(arguments)) == sort


@pytest.mark.parametrize("given_", [[LIST, LIST], [INTEGER, INTEGER], [ANY, LIST], [LIST, ANY]])
def test_a_variable_is_one_sort(given_: list[Sort]) -> None:
    alike = Signature(("a", "a"), "a")
    assert alike.applied(given_) == (given_[0] or given_[1])
    assert alike.applied([LIST, INTEGER]) is None
