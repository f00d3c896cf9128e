"""The parts of a nonlinearity say the same, for each that there is and for one made here."""

import pkgutil
from fractions import Fraction
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.float32 import UNIT32
from abduce.verify.bounds.functions.relaxations import lines, values
from abduce.verify.networks import functions
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.nonlinearity import (
    FUNCTION_UNITS,
    RELATIVE,
    Nonlinearity,
    nowhere,
)
from abduce.verify.networks.functions.rationals import Rational
from abduce.verify.networks.network import Dense
from abduce.verify.strategy import Strategy
from abduce.verify.verdict import Proved, Refuted
from abduce.verify.verification import Budget, verify
from tests.networks import NONLINEARITIES, Builder, specification

SIGNED_SQUARE = Nonlinearity(
    name="signed_square",
    value=lambda x: x * np.abs(x),
    derivative=lambda x: 2 * np.abs(x),
    rounding=RELATIVE,
    exact=lambda x: Rational(x.over * np.abs(x.over), x.under * x.under),
    where=lambda k, low, high: (k / 2, -k / 2),
    corners=(0.0,),
)
"""One that the package does not have."""


EVERY = {
    f"{name} {i}": function
    for name, some in [*NONLINEARITIES.items(), ("signed_square", (SIGNED_SQUARE,))]
    for i, function in enumerate(some)
}
each = pytest.mark.parametrize("function", EVERY.values(), ids=EVERY.keys())
few = settings(max_examples=25)
numbers = st.floats(-4, 4) | st.floats(-60, 60) | st.floats(-1e-6, 1e-6) | st.integers(-4, 4)


def modules() -> list[ModuleType]:
    """The files of nonlinearities."""
    prefix = functions.__name__ + "."
    found = pkgutil.walk_packages(functions.__path__, prefix)
    return [import_module(info.name) for info in found if not info.ispkg]


def defined(function: Nonlinearity, x: np.ndarray) -> np.ndarray:
    """Points of its domain."""
    return np.abs(x) if function.domain[0] == 0.0 else x


def test_the_table_of_these_tests_has_every_nonlinearity() -> None:
    table = {function for some in NONLINEARITIES.values() for function in some}
    names = {function.name for function in table}
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, Nonlinearity):
                assert value in table, name
            made_here = getattr(value, "__module__", None) == module.__name__
            if made_here and hasattr(value, "cache_info"):
                assert name in names


@each
@few
@given(numbers, numbers)
def test_lines_and_bounds_contain_the_value(function: Nonlinearity, a: float, b: float) -> None:
    low, high = np.sort(defined(function, np.array([[[float(a)]], [[float(b)]]])), 0)
    least, most = values(function, low, high)
    found = lines(function, low, high)
    lower = 0.0 if found.lower is None else found.lower
    x = np.unique(np.append(low + np.linspace(0, 1, 30) * (high - low), high))
    x = x[(x >= low[0, 0]) & (x <= high[0, 0])]
    with np.errstate(all="ignore"):
        for y in (function.value(x), function.at(x)):
            told = np.isfinite(y)
            y, z = y[told], x[told]
            for slope, start, sign in (
                (found.lower_slope, lower, 1),
                (found.upper_slope, found.upper, -1),
                (0.0, least, 1),
                (0.0, most, -1),
            ):
                room = 1e-12 * (1 + np.abs(y) + np.abs(slope * z))
                assert not (sign * (y - slope * z - start) < -room).any()


@each
@few
@given(numbers)
def test_derivatives_are_quotients_of_small_differences(function: Nonlinearity, x: float) -> None:
    at = defined(function, np.array([float(np.clip(x, -8, 8))]))
    h = 1e-6 * (1 + np.abs(at))
    special = np.array([*function.corners, function.pole, *function.domain])
    if (np.abs(at - special[np.isfinite(special)]) < 0.1).any():
        return
    if function.is_step and function.value(at - h) != function.value(at + h):
        return
    quotient = (function.value(at + h) - function.value(at - h)) / (2 * h)
    slope = function.derivative(at)
    assert np.abs(quotient - slope) <= 1e-4 * (1 + np.abs(slope))
    assert function.pulled(at, np.array([3.0])) == 3.0 * slope


@each
@few
@given(st.floats(-4, 4))
def test_derivatives_have_their_values_where_is_said(function: Nonlinearity, x: float) -> None:
    at = defined(function, np.array([x]))
    near = np.abs(at - np.array([0.0, *function.corners])) < 1e-3
    if function.where is nowhere or near.any():
        return
    with np.errstate(all="ignore"):
        slope = function.derivative(at)
        points = function.where(slope, at - 9, at + 9)
        off = [np.abs(function.derivative(point) - slope) for point in points]
    assert not points or np.nanmin(off) <= 1e-6 * (1 + np.abs(slope))


@each
@few
@given(numbers)
def test_exact_values_are_those_in_floating_point(function: Nonlinearity, x: float) -> None:
    if function.exact is None:
        return
    number = Fraction(x)
    over = np.empty(1, object)
    over[:] = [number.numerator]
    result = function.exact(Rational(over, number.denominator))
    if result is None:
        return
    exact, computed = (
        Fraction(result.over.item(), result.under),
        function.value(np.array([x * 1.0])),
    )
    assert abs(exact - Fraction(computed.item())) <= Fraction(1, 10**12) * (1 + abs(exact))
    assert function.at(np.array([float(x)])) == computed


class Sums:
    """Sums of relus in rational arithmetic."""

    def relu(self, x: Fraction) -> Fraction:
        return max(x, Fraction(0))

    def scale(self, factor: float, x: Fraction) -> Fraction:
        return Fraction(factor) * x

    def shifted(self, x: Fraction, by: float) -> Fraction:
        return x + Fraction(by)

    def added(self, a: Fraction, b: Fraction) -> Fraction:
        return a + b

    def shared(self, x: Fraction) -> Fraction:
        return x


@each
@few
@given(numbers)
def test_sums_of_relus_are_exactly_the_function(function: Nonlinearity, x: float) -> None:
    if function.relus is None:
        return
    assert function.exact is not None
    number = Fraction(x)
    over = np.empty(1, object)
    over[:] = [number.numerator]
    exact = function.exact(Rational(over, number.denominator))
    assert exact is not None
    assert function.relus(Sums(), number) == Fraction(exact.over.item(), exact.under)


@each
@few
@given(numbers)
def test_values_in_float32_are_as_near_as_is_promised(function: Nonlinearity, x: float) -> None:
    single = defined(function, np.array([[x]])).astype(np.float32)
    wide = single.astype(float)
    with np.errstate(all="ignore"):
        computed, right = function.at(single), function.value(wide)
    least, most = values(function, wide, wide)
    if not (most - least <= 1e-6 * (1 + np.abs(right)) and 1e-30 < np.abs(right) < 1e30):
        return
    assert computed.dtype == np.float32
    rounding = function.rounding
    size = np.abs(wide if rounding.of_operand else right)
    room = (rounding.relative * size + rounding.absolute * FUNCTION_UNITS) * UNIT32
    assert np.abs(computed - right) <= room


@pytest.mark.parametrize("semantics", ["real", "float32"])
@pytest.mark.parametrize("split", ["inputs", "activations"])
def test_a_network_with_a_nonlinearity_of_ones_own_is_verified(split: Any, semantics: Any) -> None:
    rng = np.random.default_rng(3)
    builder = Builder((2,))
    for n, m in ((2, 4), (4, 3)):
        weight, bias = rng.integers(-8, 9, (n, m)) / 4, rng.integers(-4, 5, m) / 4
        builder.add(Dense(weight, bias), (m,))
        builder.add(SIGNED_SQUARE)
    builder.add(Dense(np.array([[1.0], [-2.0], [1.5]]), np.zeros(1)), (1,))
    network = builder.network()
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 60)] * 2), -1).reshape(-1, 2)
    most = float(evaluate(network, grid).max())
    for room, expected in ((0.05, Proved), (-0.05, Refuted)):
        asked = specification([-1, -1], [1, 1], [([0, 0], [-1], -(most + room), False)])
        verdict = verify(
            network, asked, Budget(timeout_s=60.0), Strategy(split=split), semantics=semantics
        )
        assert isinstance(verdict, expected)
