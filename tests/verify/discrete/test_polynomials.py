"""Polynomials: an identity is proved, anything else is refuted by a point."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.symbolic.programs.definitions.geometry import IN_CIRCLE, ORIENTATION
from abduce.symbolic.programs.polynomials import (
    Polynomial,
    PolynomialSpecification,
    compiled_polynomial,
)
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown

SPECIFICATIONS = {"orientation": ORIENTATION, "in-circle": IN_CIRCLE}
RIGHT = {name: compiled_polynomial(told) for name, told in SPECIFICATIONS.items()}
either = pytest.mark.parametrize("name", SPECIFICATIONS)
coordinates = st.fractions(-5, 5, max_denominator=7)


@either
def test_a_positive_multiple_is_proved_and_a_negative_one_refuted(name: str) -> None:
    right, told = RIGHT[name], SPECIFICATIONS[name]
    verdict = prove(replace(right, coefficients=5 * right.coefficients), told)
    assert isinstance(verdict, Proved)
    assert verdict.certificate is not None
    assert verdict.certificate.method == "identity of polynomials, factor 5"
    assert isinstance(prove(replace(right, coefficients=-right.coefficients), told), Refuted)


@either
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_any_other_polynomial_is_refuted_by_a_point(name: str, data: st.DataObject) -> None:
    right, told = RIGHT[name], SPECIFICATIONS[name]
    coefficients = right.coefficients.copy()
    term = data.draw(st.integers(0, len(coefficients) - 1))
    coefficients[term] += data.draw(st.sampled_from([-2, -1, 1, 2, 3]))
    wrong = Polynomial(right.exponents, coefficients)
    verdict = prove(wrong, told)
    assert isinstance(verdict, Refuted)
    assert verdict.expected is not None
    point = verdict.x.tolist()
    assert np.sign(wrong(*point)) == verdict.y[0] != verdict.expected[0]
    assert np.sign(right(*point)) == verdict.expected[0]


@either
def test_a_constant_more_is_refuted_by_points_on_a_line_or_circle(name: str) -> None:
    right = RIGHT[name]
    exponents = np.vstack([right.exponents, 0 * right.exponents[:1]])
    more = Polynomial(exponents, np.append(100 * right.coefficients, 1))
    verdict = prove(more, SPECIFICATIONS[name])
    assert isinstance(verdict, Refuted)
    assert verdict.expected is not None
    assert verdict.expected[0] == 0


def test_a_factor_that_is_never_negative_is_not_called_proved() -> None:
    told = PolynomialSpecification("the sign of x", ("x", "y"), lambda x, y: x, sign=True)
    squares = Polynomial(np.array([[3, 0], [1, 2], [1, 0]]), np.array([1, 1, 1]))
    verdict = prove(squares, told)
    assert isinstance(verdict, Unknown)
    assert "no difference at 1,000 points" in verdict.reason


def test_without_signs_the_factor_has_to_be_1() -> None:
    told = PolynomialSpecification("a difference", ("x", "y"), lambda x, y: x - y)
    right = compiled_polynomial(told)
    assert isinstance(prove(right, told), Proved)
    assert isinstance(prove(replace(right, coefficients=2 * right.coefficients), told), Refuted)


def test_what_cannot_be_judged_is_unknown() -> None:
    right = RIGHT["orientation"]
    assert isinstance(prove(right, IN_CIRCLE), Unknown)
    assert isinstance(prove(right, ORIENTATION, deadline=clock.wall_s() - 1), Unknown)
    with pytest.raises(ValueError, match="negative"):
        Polynomial(np.array([[-1]]), np.array([1]))
    with pytest.raises(ValueError, match="terms"):
        Polynomial(np.array([[1]]), np.array([1, 2]))
    with pytest.raises(ValueError, match="whole"):
        Polynomial(np.array([[1]]), np.array([1.5]))


@settings(deadline=None, max_examples=40)
@given(st.lists(coordinates, min_size=8, max_size=8))
def test_values_are_those_of_the_determinants(numbers: list[Fraction]) -> None:
    ax, ay, bx, by, cx, cy, dx, dy = numbers
    turn = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    assert RIGHT["orientation"](*numbers[:6]) == turn
    rows = [(x - dx, y - dy) for x, y in ((ax, ay), (bx, by), (cx, cy))]
    (a, b), (c, d), (e, f) = rows
    inside = (a * a + b * b) * (c * f - d * e) - (c * c + d * d) * (a * f - b * e)
    assert RIGHT["in-circle"](*numbers) == inside + (e * e + f * f) * (a * d - b * c)
    moved = [value - numbers[6 + k % 2] for k, value in enumerate(numbers[:6])]
    assert RIGHT["in-circle"].without(range(6, 8))(*moved) == RIGHT["in-circle"](*numbers)
