"""Cases and the points that violate them."""

from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from abduce.verify.specifications.specification import (
    Case,
    Specification,
    violated,
    violated_exactly,
)


def case(bound: float = 1.0, strict: bool = False) -> Case:
    """x in [0, 1]^2 and ``x_0 - y_0 <= bound``."""
    return Case(
        np.zeros(2),
        np.ones(2),
        np.array([[1.0, 0.0]]),
        np.array([[-1.0]]),
        np.array([bound]),
        np.array([strict]),
    )


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([1, 0], [0], True),
        ([1, 0], [-0.5], False),
        ([1, 1.5], [3], False),
        ([-0.5, 1], [3], False),
        ([np.nan, 0], [0], False),
        ([0, 0], [np.nan], False),
        ([0, 0], [np.inf], True),
        ([0, 0], [-np.inf], False),
    ],
)
def test_a_point_violates_in_the_box_and_below_every_bound(
    x: list[float], y: list[float], expected: bool
) -> None:
    assert violated(case(), np.array(x), np.array(y)) is expected


def test_strict_inequalities_exclude_their_bound() -> None:
    at_bound = np.array([1.0, 0.0]), np.array([0.0])
    exactly = [Fraction(1), Fraction(0)], [Fraction(0)]
    assert violated(case(), *at_bound)
    assert not violated(case(strict=True), *at_bound)
    assert violated_exactly(case(), *exactly)
    assert not violated_exactly(case(strict=True), *exactly)


def test_a_tolerance_widens_box_and_bounds() -> None:
    x, y = np.array([1.0 + 1e-7, -1e-7]), np.array([-1e-7])
    assert not violated(case(), x, y)
    assert violated(case(), x, y, tolerance=1e-6)
    assert not violated(case(), x, y, tolerance=1.5e-7)


def test_arrays_of_any_shape_are_flattened() -> None:
    assert violated(case(), np.zeros((1, 2, 1)), np.zeros((1, 1)))


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="1 inputs and 1 outputs, where there are 2 and 1"):
        violated(case(), np.zeros(1), np.zeros(1))
    with pytest.raises(ValueError, match="2 inputs and 2 outputs"):
        violated_exactly(case(), [Fraction(0)] * 2, [Fraction(0)] * 2)


def test_exact_arithmetic_sees_what_floats_round_away() -> None:
    tiny = Fraction(1, 2**60)
    assert violated(case(), np.array([1.0, 0.0]), np.array([-float(tiny)]))
    assert not violated_exactly(case(), [Fraction(1), Fraction(0)], [-tiny])


quarters = st.integers(-6, 6).map(lambda k: Fraction(k, 4))


@given(st.lists(quarters, min_size=3, max_size=3), quarters, st.booleans())
def test_both_arithmetics_agree_where_nothing_is_rounded(
    point: list[Fraction], bound: Fraction, strict: bool
) -> None:
    of = case(float(bound), strict)
    exactly = violated_exactly(of, point[:2], point[2:])
    assert exactly == violated(of, np.array(point[:2], float), np.array(point[2:], float))
    inside = all(0 <= value <= 1 for value in point[:2])
    left = point[0] - point[2]
    assert exactly == (inside and (left < bound or (left == bound and not strict)))


def test_the_first_violated_case_is_named() -> None:
    specification = Specification(2, 1, (case(-5.0), case(), case()))
    assert specification.violated_by(np.zeros(2), np.zeros(1)) == 1
    assert specification.violated_by(np.full(2, 2.0), np.zeros(1)) is None
    assert Specification(2, 1, ()).violated_by(np.zeros(2), np.zeros(1)) is None
