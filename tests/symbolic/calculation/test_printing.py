"""Answers as text: a negative term has a minus, and the text says the value of the terms."""

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from abduce.grammars.calculation.reader import read
from abduce.symbolic.calculation.algebra import value
from abduce.symbolic.calculation.operations.series import series
from abduce.symbolic.calculation.printing import joined

x = sp.Symbol("x")


@given(st.lists(st.sampled_from((x, -x, -(x**2) / 2, x**3, 1 - x, -1 - x)), min_size=1, max_size=5))
def test_joined_terms_are_their_sum_without_two_signs_in_a_row(terms: list[sp.Expr]) -> None:
    text = joined(terms)
    assert "+ -" not in text
    assert "- -" not in text
    assert sp.expand(value(read(text)) - sum(terms)) == 0


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (sp.log(1 + x), "x - x^2/2 + x^3/3 - ..."),
        (sp.exp(x), "1 + x + x^2/2 + ..."),
        (1 / (1 + x), "1 - x + x^2 - ..."),
        (x**2 - 1, "-1 + x^2"),
    ],
)
def test_a_series_shows_the_sign_of_its_next_term(function: sp.Expr, text: str) -> None:
    assert series(function, x, sp.Integer(0), sp.Integer(3)) == text
