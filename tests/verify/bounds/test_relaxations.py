"""Lines and values of functions hold at every point of an interval."""

from collections.abc import Callable
from decimal import ROUND_FLOOR, Context, Decimal, Overflow, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.functions.relaxations import lines, smooth_of, values
from abduce.verify.bounds.rounding import TINY
from abduce.verify.networks.network import Unary

UNARY = {
    "relu": Unary("relu"),
    "identity": Unary("identity"),
    "sigmoid": Unary("sigmoid"),
    "tanh": Unary("tanh"),
    "exp": Unary("exp"),
    "log": Unary("log"),
    "sqrt": Unary("sqrt"),
    "reciprocal": Unary("reciprocal"),
    "sin": Unary("sin"),
    "cos": Unary("cos"),
    "sign": Unary("sign"),
    "floor": Unary("floor"),
    "erf": Unary("erf"),
    "softplus": Unary("softplus"),
    "hard_swish": Unary("hard_swish"),
    **{f"elu {a}": Unary("elu", (a,)) for a in (1.0, 0.3, 1.7)},
    "silu": Unary("silu"),
    "silu 1.702": Unary("silu", (1.702,)),
    "gelu": Unary("gelu"),
    "gelu 0.5": Unary("gelu", (0.5,)),
    "silu 2^-20": Unary("silu", (2.0**-20,)),
    "gelu 2^20": Unary("gelu", (2.0**20,)),
    "gelu_tanh 2^-20": Unary("gelu_tanh", (2.0**-20, 1.0)),
    "gelu_tanh": Unary("gelu_tanh"),
    "gelu_tanh 1": Unary("gelu_tanh", (1.0, 0.25)),
    **{f"power {n}": Unary("power", (n,)) for n in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.5, 1.5, 2.5)},
    **{f"power {n}": Unary("power", (n,)) for n in (-1.0, -2.0, -3.0, -0.5, -1.5)},
}
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


def decimal(function: Unary) -> Callable[[Decimal], Decimal | None] | None:
    """The function with 40 digits; None where it is not defined, or where decimals have none."""
    match function:
        case Unary(name="relu"):
            return lambda x: max(x, Decimal(0))
        case Unary(name="identity"):
            return lambda x: x
        case Unary(name="exp"):
            return lambda x: x.exp()
        case Unary(name="sigmoid"):
            return lambda x: 1 / (1 + (-x).exp())
        case Unary(name="tanh"):
            return _tanh
        case Unary(name="log"):
            return lambda x: x.ln() if x > 0 else None
        case Unary(name="sqrt"):
            return lambda x: x.sqrt() if x >= 0 else None
        case Unary(name="reciprocal"):
            return lambda x: 1 / x if x else None
        case Unary(name="sign"):
            return lambda x: Decimal((x > 0) - (x < 0))
        case Unary(name="floor"):
            return lambda x: x.to_integral_value(ROUND_FLOOR)
        case Unary(name="power", parameters=(n,)):
            return lambda x: _power(x, n)
        case Unary(name="erf"):
            return _erf
        case Unary(name="softplus"):
            return lambda x: max(x, Decimal(0)) + _log1p((-abs(x)).exp())
        case Unary(name="hard_swish"):
            return lambda x: x * min(max(x + 3, Decimal(0)), Decimal(6)) / 6
        case Unary(name="elu", parameters=(alpha,)):
            return lambda x: x if x > 0 else Decimal(alpha) * _expm1(x)
        case Unary(name="silu", parameters=scale):
            s = Decimal(scale[0] if scale else 1)
            return lambda x: x * _sigmoid(s * x)
        case Unary(name="gelu", parameters=scale):
            s = Decimal(scale[0]) if scale else Decimal("0.5").sqrt(Context(prec=60))
            return lambda x: x * (1 + _erf(s * x)) / 2
        case Unary(name="gelu_tanh", parameters=scales):
            s, c = map(Decimal, scales or ((2 / PI).sqrt(Context(prec=60)), "0.044715"))
            return lambda x: x * _sigmoid(2 * s * (x + c * x**3))
    return None


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


def points(function: Unary, low: float, high: float) -> list[float]:
    """Of an interval: the ends, their neighbours, and many between."""
    inner = np.concatenate([
        np.linspace(0, 1, 9), np.logspace(-17, -1, 5), 1 - np.logspace(-17, -1, 5)
    ])  # fmt: skip
    with np.errstate(over="ignore"):
        between = low + inner * (high - low)
    special = [0.0, 1e-300, -1e-300, np.nextafter(low, np.inf), np.nextafter(high, -np.inf)]
    if function.name in ("sin", "cos"):
        turns = np.floor(low / np.pi) + np.arange(0, 4)
        special += [*(turns * np.pi), *((turns + 0.5) * np.pi)]
    every = np.unique(np.concatenate([[low, high], between, special]))
    return every[(every >= low) & (every <= high)].tolist()


def check(
    function: Unary, low: float, high: float, precise: Callable[[Decimal], Decimal | None]
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


@pytest.mark.parametrize("name", [name for name, f in UNARY.items() if decimal(f) is not None])
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
    function = UNARY[name]
    precise = decimal(function)
    assert precise is not None
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
        check(Unary("sin"), low, low + width, sine)
        check(Unary("cos"), low, low + width, lambda x: sine(x + PI / 2))


@given(ends, ends)
def test_relu_lines_touch_at_the_ends(a: float, b: float) -> None:
    low, high = np.array([[min(a, b)]]), np.array([[max(a, b)]])
    found = lines(Unary("relu"), low, high)
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
    value = smooth_of(function).value(np.array(middle))
    curve = np.exp(high) if name == "exp" else 1.0
    assert -1e-9 < (above - value).item() < curve * width**2
    assert -1e-9 < (value - below).item() < curve * width**2


@given(st.tuples(ends, ends), st.tuples(ends, ends))
def test_products_lie_between_their_planes(u: tuple[float, float], v: tuple[float, float]) -> None:
    low, high = np.array([[min(u), min(v)]]), np.array([[max(u), max(v)]])
    product = Unary("product")
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
        if name == "relu":
            y = np.maximum(x, 0)
        else:
            y = x if name == "identity" else smooth_of(function).value(x)
        assert not (y < least[0]).any()
        assert not (y > most[0]).any()
        lower = 0.0 if found.lower is None else found.lower[0]
        assert not (y - 1e-9 * (1 + np.abs(y)) > found.upper_slope[0] * x + found.upper[0]).any()
        assert not (y + 1e-9 * (1 + np.abs(y)) < found.lower_slope[0] * x + lower).any()
