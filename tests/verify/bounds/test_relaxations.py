"""Lines and values of functions hold at every point of an interval."""

from collections.abc import Callable
from decimal import ROUND_FLOOR, Context, Decimal, Overflow, localcontext
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.functions.products import EntrywiseProduct
from abduce.verify.bounds.functions.relaxations import lines, values
from abduce.verify.networks.functions.gates.gelu import gelu
from abduce.verify.networks.functions.gates.gelu_tanh import gelu_tanh
from abduce.verify.networks.functions.gates.hard_swish import HARD_SWISH
from abduce.verify.networks.functions.gates.silu import silu
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.floor import FLOOR
from abduce.verify.networks.functions.pieces.identity import IDENTITY
from abduce.verify.networks.functions.pieces.leaky_relu import leaky_relu
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.pieces.sign import SIGN
from abduce.verify.networks.functions.smooth.cosine import COS
from abduce.verify.networks.functions.smooth.elu import elu
from abduce.verify.networks.functions.smooth.erf import ERF
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.reciprocal import RECIPROCAL
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.sine import SIN
from abduce.verify.networks.functions.smooth.softplus import SOFTPLUS
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.rounding import TINY

PI = Decimal(
    "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862"
)
UNDERFLOW = Fraction(1, 10**295)
"""What bounds of layers add for underflows is more."""

ends = st.one_of(
    st.floats(-4, 4),
    st.floats(-60, 60),
    st.floats(-1e-6, 1e-6),
    st.floats(-1e9, 1e9),
    st.sampled_from([0.0, -1.0, 1.0, 1e-300, -1e-300, np.pi, np.pi / 2, -np.pi / 2, 1e8 * np.pi]),
)


def _sigmoid(x: Decimal) -> Decimal:
    small = (-abs(x)).exp()
    return 1 / (1 + small) if x >= 0 else small / (1 + small)


def _expm1(x: Decimal) -> Decimal:
    if abs(x) < Decimal("1e-9"):
        return x + x**2 / 2 + x**3 / 6
    return x.exp() - 1


def _log1p(x: Decimal) -> Decimal:
    return x - x**2 / 2 + x**3 / 3 if x < Decimal("1e-12") else (1 + x).ln()


def _erf(x: Decimal) -> Decimal:
    """By a series of positive terms."""
    if abs(x) > 12:
        return Decimal(1).copy_sign(x)
    with localcontext() as context:
        context.prec = 60
        term = total = x
        n = 0
        while abs(term) > abs(total) * Decimal("1e-60"):
            n += 1
            term *= 2 * x * x / (2 * n + 1)
            total += term
        return total * (-x * x).exp() * 2 / PI.sqrt()


def _tanh(x: Decimal) -> Decimal:
    if abs(x) < Decimal("1e-9"):
        return x - x**3 / 3 + 2 * x**5 / 15
    small = (-2 * abs(x)).exp()
    return ((1 - small) / (1 + small)).copy_sign(x)


def _power(x: Decimal, n: float) -> Decimal | None:
    if n == 0.0:
        return Decimal(1)
    if x == 0:
        return None if n < 0 else Decimal(0)
    if x < 0 and not n.is_integer():
        return None
    return x ** (int(n) if n.is_integer() else Decimal(n))


def _elu(alpha: float) -> Callable[[Decimal], Decimal]:
    return lambda x: x if x > 0 else Decimal(alpha) * _expm1(x)


def _silu(scale: float) -> Callable[[Decimal], Decimal]:
    return lambda x: x * _sigmoid(Decimal(scale) * x)


def _gelu(s: Decimal) -> Callable[[Decimal], Decimal]:
    return lambda x: x * (1 + _erf(s * x)) / 2


def _gelu_tanh(s: Decimal, c: Decimal) -> Callable[[Decimal], Decimal]:
    return lambda x: x * _sigmoid(2 * s * (x + c * x**3))


PRECISE: dict[str, tuple[Nonlinearity, Callable[[Decimal], Decimal | None]]] = {
    "relu": (RELU, lambda x: max(x, Decimal(0))),
    "leaky_relu": (leaky_relu(0.25), lambda x: x if x > 0 else x / 4),
    "abs": (ABS, abs),
    "clip": (clip(-0.25, 0.5), lambda x: min(max(x, Decimal("-0.25")), Decimal("0.5"))),
    "identity": (IDENTITY, lambda x: x),
    "sigmoid": (SIGMOID, lambda x: 1 / (1 + (-x).exp())),
    "tanh": (TANH, _tanh),
    "exp": (EXP, lambda x: x.exp()),
    "log": (LOG, lambda x: x.ln() if x > 0 else None),
    "sqrt": (SQRT, lambda x: x.sqrt() if x >= 0 else None),
    "reciprocal": (RECIPROCAL, lambda x: 1 / x if x else None),
    "sign": (SIGN, lambda x: Decimal((x > 0) - (x < 0))),
    "floor": (FLOOR, lambda x: x.to_integral_value(ROUND_FLOOR)),
    "erf": (ERF, _erf),
    "softplus": (SOFTPLUS, lambda x: max(x, Decimal(0)) + _log1p((-abs(x)).exp())),
    "hard_swish": (HARD_SWISH, lambda x: x * min(max(x + 3, Decimal(0)), Decimal(6)) / 6),
    **{f"elu {a}": (elu(a), _elu(a)) for a in (1.0, 0.3, 1.7)},
    "silu": (silu(), _silu(1.0)),
    "silu 1.702": (silu(1.702), _silu(1.702)),
    "silu 2^-20": (silu(2.0**-20), _silu(2.0**-20)),
    "gelu": (gelu(), _gelu(Decimal("0.5").sqrt(Context(prec=60)))),
    "gelu 0.5": (gelu(0.5), _gelu(Decimal("0.5"))),
    "gelu 2^20": (gelu(2.0**20), _gelu(Decimal(2**20))),
    "gelu_tanh": (
        gelu_tanh(),
        _gelu_tanh((2 / PI).sqrt(Context(prec=60)), Decimal("0.044715")),
    ),
    "gelu_tanh 1": (gelu_tanh(1.0, 0.25), _gelu_tanh(Decimal(1), Decimal("0.25"))),
    "gelu_tanh 2^-20": (gelu_tanh(2.0**-20, 1.0), _gelu_tanh(Decimal(2.0**-20), Decimal(1))),
    **{
        f"power {n}": (power(n), partial(_power, n=n))
        for n in (*(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.5, 1.5), *(2.5, -1.0, -2.0, -3.0, -0.5, -1.5))
    },
}
"""Functions, each with the same function of 40 digits; None where it is not defined."""
UNARY = {name: function for name, (function, _) in PRECISE.items()} | {"sin": SIN, "cos": COS}


def points(function: Nonlinearity, low: float, high: float) -> list[float]:
    """Of an interval: the ends, their neighbours, and many between."""
    inner = np.concatenate([
        np.linspace(0, 1, 9), np.logspace(-17, -1, 5), 1 - np.logspace(-17, -1, 5)
    ])  # fmt: skip
    with np.errstate(over="ignore"):
        between = low + inner * (high - low)
    special = [0.0, 1e-300, -1e-300, np.nextafter(low, np.inf), np.nextafter(high, -np.inf)]
    if function in (SIN, COS):
        turns = np.floor(low / np.pi) + np.arange(0, 4)
        special += [*(turns * np.pi), *((turns + 0.5) * np.pi)]
    every = np.unique(np.concatenate([[low, high], between, special]))
    return every[(every >= low) & (every <= high)].tolist()


def check(
    function: Nonlinearity, low: float, high: float, precise: Callable[[Decimal], Decimal | None]
) -> None:
    """Lines and values at points of an interval, without any tolerance but for underflows."""
    least, most = values(function, np.array([[low]]), np.array([[high]]))
    found = lines(function, np.array([[low]]), np.array([[high]]))
    lower = found.lower if found.lower is not None else np.zeros((1, 1))
    bounds = [entry.item() for entry in (found.lower_slope, lower, found.upper_slope, found.upper)]
    assert not np.isnan([least.item(), most.item()]).any()
    for point in points(function, low, high):
        y = precise(Decimal(point))
        if y is None or not y.is_finite():
            continue
        exact, x = Fraction(y), Fraction(point)
        slack = UNDERFLOW + abs(exact) / 10**30
        for slope, start, sign in ((*bounds[:2], 1), (*bounds[2:], -1), (0.0, least.item(), 1),
                                   (0.0, most.item(), -1)):  # fmt: skip
            if np.isfinite([slope, start]).all():
                gap = sign * (exact - Fraction(slope) * x - Fraction(start))
                assert gap >= -slack, (function, low, high, point, slope, start, float(gap))


@pytest.mark.parametrize("name", PRECISE)
@settings(max_examples=10)
@given(ends, ends)
@example(-1.0, 1.0)
@example(0.0, 0.0)
@example(-5e-324, 5e-324)
@example(1.0, 1.0000000000000002)
@example(-1e-8, 2e-8)
@example(-800.0, 800.0)
@example(-1e-300, 1e300)
def test_lines_and_values_hold_at_every_point(name: str, a: float, b: float) -> None:
    function, precise = PRECISE[name]
    with localcontext() as context:
        context.prec = 40
        context.Emin, context.Emax = -400, 400
        context.traps[Overflow] = False
        if name.startswith("power") or name == "exp":
            a, b = np.clip([a, b], -1e3, 1e3).tolist()
        high = max(a, b)
        if name == "sqrt":  # pre-activations are widened by TINY: their ends are not subnormal
            high = max(high, TINY)
        check(function, min(a, b), high, precise)


SINE_DIGITS = 45


def sine(x: Decimal) -> Decimal:
    """By its series, after whole turns are taken off."""
    x = x - 2 * PI * (x / (2 * PI)).to_integral_value()
    term = total = x
    for n in range(1, 40):
        term = -term * x * x / ((2 * n) * (2 * n + 1))
        total += term
    return total


@settings(max_examples=15)
@given(ends, st.one_of(st.floats(0, 7), st.floats(0, 40), st.floats(0, 1e-6)))
@example(1e8, 7.0)
@example(3e9, 7.0)
@example(1e15, 7.0)
@example(np.pi / 2, 0.0)
@example(0.0, 2 * np.pi)
def test_lines_of_sines_hold_over_any_number_of_turns(low: float, width: float) -> None:
    with localcontext() as context:
        context.prec = SINE_DIGITS
        check(SIN, low, low + width, sine)
        check(COS, low, low + width, lambda x: sine(x + PI / 2))


@given(ends, ends)
def test_relu_lines_touch_at_the_ends(a: float, b: float) -> None:
    low, high = np.array([[min(a, b)]]), np.array([[max(a, b)]])
    found = lines(RELU, low, high)
    for x in (low, high):
        upper = found.upper_slope * x + found.upper
        assert np.allclose(upper, np.maximum(x, 0), rtol=1e-12, atol=1e-12 * np.abs(high - low))
    assert found.lower is None
    assert found.lower_slope.item() in (0.0, 1.0)


NEAR = ["sigmoid", "tanh", "exp", "erf", "softplus", "silu", "gelu", "gelu_tanh"]


@pytest.mark.parametrize("name", NEAR)
@settings(max_examples=40)
@given(st.floats(-5, 5), st.floats(1e-3, 3))
def test_lines_are_as_near_as_the_interval_is_small(name: str, low: float, width: float) -> None:
    function = UNARY[name]
    high = low + width
    found = lines(function, np.array([[low]]), np.array([[high]]))
    assert found.lower is not None
    middle = (low + high) / 2
    above = found.upper_slope * middle + found.upper
    below = found.lower_slope * middle + found.lower
    value = function.value(np.array(middle))
    curve = np.exp(high) if name == "exp" else 1.0
    assert -1e-9 < (above - value).item() < curve * width**2
    assert -1e-9 < (value - below).item() < curve * width**2


@given(st.tuples(ends, ends), st.tuples(ends, ends))
def test_products_lie_between_their_planes(u: tuple[float, float], v: tuple[float, float]) -> None:
    low, high = np.array([[min(u), min(v)]]), np.array([[max(u), max(v)]])
    product = EntrywiseProduct()
    least, most = values(product, low, high)
    found = lines(product, low, high)
    assert found.lower is not None
    for x in np.linspace(low[0, 0], high[0, 0], 5).tolist():
        for y in np.linspace(low[0, 1], high[0, 1], 5).tolist():
            a, b = (
                Fraction(min(max(x, min(u)), max(u))),
                Fraction(min(max(y, min(v)), max(v))),
            )
            below = [*map(Fraction, found.lower_slope[0].tolist()), Fraction(found.lower.item())]
            above = [*map(Fraction, found.upper_slope[0].tolist()), Fraction(found.upper.item())]
            assert below[0] * a + below[1] * b + below[2] - UNDERFLOW <= a * b
            assert above[0] * a + above[1] * b + above[2] + UNDERFLOW >= a * b
            assert Fraction(least.item()) <= a * b <= Fraction(most.item())


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("low", [-np.inf, -1e308, -1.0, 0.0, 1.0, np.nan])
@pytest.mark.parametrize("high", [np.inf, 1e308, 1.0, 2.0, np.nan])
def test_of_what_is_not_finite_bounds_are_sound_and_silent(
    name: str, low: float, high: float
) -> None:
    if low > high:
        return
    function = UNARY[name]
    ends = np.array([[low]]), np.array([[high]])
    least, most = values(function, *ends)
    found = lines(function, *ends)
    if np.isnan(low) or np.isnan(high):
        return
    precise = np.array([-1e300, -1e4, -1.0, -0.5, 0.3, 1.0, 2.0, 1e4, 1e300])
    x = precise[(precise >= low) & (precise <= high)]
    x = x[x >= 0] if name == "sqrt" else x
    with np.errstate(all="ignore"):
        y = function.value(x)
        assert not (y < least[0]).any()
        assert not (y > most[0]).any()
        lower = 0.0 if found.lower is None else found.lower[0]
        assert not (y - 1e-9 * (1 + np.abs(y)) > found.upper_slope[0] * x + found.upper[0]).any()
        assert not (y + 1e-9 * (1 + np.abs(y)) < found.lower_slope[0] * x + lower).any()
