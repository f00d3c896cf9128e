"""Relaxations: two lines with a function between them on an interval.

For each entry and interval [l, u], ``lower_slope x + lower <= f(x) <= upper_slope x + upper``. A
line of *any* slope k is sound when its intercept is the least (greatest) value of f(x) - k x on the
interval, and that is found at the ends and where f'(x) = k. So slopes are free to choose, and
soundness is a matter of intercepts alone, which are widened by what rounding can do.

Source: Zhang et al. 2018, CROWN (relu, sigmoid, tanh); the rest by the same rule.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abduce.verify.bounds.rounding import UNIT
from abduce.verify.network import Unary

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lower and upper lines, each array of the shape of the interval's ends.

    ``lower`` is None where it is zero everywhere. Of a product, slopes are of z = (u, v).
    """

    lower_slope: Array
    lower: Array | None
    upper_slope: Array
    upper: Array


def lines(function: Unary, low: Array, high: Array) -> Lines:
    """The lines around a function on [low, high], (..., n) each."""
    if function.name == "relu":
        return relu_lines(low, high)
    if function.name == "identity":
        one = np.ones_like(low)
        return Lines(one, None, one, np.zeros_like(low))
    if function.name == "product":
        return product_lines(low, high)
    return smooth_lines(function, low, high)


def relu_lines(low: Array, high: Array) -> Lines:
    """The triangle: its upper side, and below the slope 0 or 1 that leaves the smaller area."""
    inside = (low < 0) & (high > 0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore", under="ignore"):
        slope = np.where(inside, np.minimum(high / (high - low), 1.0), (low >= 0).astype(float))
        at_low = -slope * low
        at_high = high * (1.0 - slope)
        upper = np.maximum(at_low * (1 + 8 * UNIT), at_high + 8 * UNIT * np.abs(high))
    lower_slope = np.where(inside, (high > -low).astype(float), slope)
    return Lines(lower_slope, None, slope, np.where(inside, upper, 0.0))


def product_lines(low: Array, high: Array) -> Lines:
    """McCormick's planes around u v, the one of each pair that is tighter at the centre."""
    n = low.shape[-1] // 2
    (ul, vl), (uh, vh) = (low[..., :n], low[..., n:]), (high[..., :n], high[..., n:])
    with np.errstate(invalid="ignore", over="ignore"):
        um, vm = (ul + uh) / 2, (vl + vh) / 2

    def planes(a: Array, b: Array, c: Array, d: Array, sign: float) -> tuple[Array, Array]:
        # a v + b u - a b or c v + d u - c d
        first = (a * vm + b * um - a * b) * sign >= (c * vm + d * um - c * d) * sign
        for_v, for_u = np.where(first, a, c), np.where(first, b, d)
        error = 4 * UNIT * np.abs(for_u * for_v)
        return np.concatenate([for_u, for_v], -1), -for_u * for_v - sign * error

    with np.errstate(invalid="ignore", over="ignore"):
        lower_slope, lower = planes(ul, vl, uh, vh, 1.0)
        upper_slope, upper = planes(uh, vl, ul, vh, -1.0)
    return Lines(lower_slope, lower, upper_slope, upper)


@dataclass(frozen=True, slots=True, eq=False)
class Smooth:
    """A function of one variable, its derivative, and where its derivative has a given value.

    Attributes:
        where: of slopes k and an interval, the points x with f'(x) = k, or those of them where
            f(x) - k x can be least or greatest; nan where there is none.
        error: relative accuracy of ``value``, in units of roundoff.
        curvature: the greatest |f''| of a function whose points ``where`` are many units off;
            those of others are as accurate as x itself, which the other errors cover.
        domain: outside of this interval the function is not defined.
        pole: where it has none but infinite bounds.
    """

    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    where: Callable[[Array, Array, Array], tuple[Array, ...]]
    error: float = 8.0
    curvature: float = 0.0
    domain: tuple[float, float] = (-np.inf, np.inf)
    pole: float = np.nan


def _sigmoid(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-x))


def _sigmoid_where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    root = np.sqrt(1.0 - 4.0 * k)
    small = 2.0 * k / (1.0 + root)  # (1 - root) / 2 without cancellation
    x = np.log(small / (1.0 - small))
    return x, -x


def _tanh_where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    x = np.arccosh(1.0 / np.sqrt(k))
    return x, -x


def _periodic(shift: float) -> Callable[[Array, Array, Array], tuple[Array, ...]]:
    """Where cos(x - shift) = k within one period of each end.

    f(x) - k x grows by the same from one such point to the next of its kind, so it is least and
    greatest at the first or at the last of them.
    """

    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        angle = np.arccos(k)
        points = []
        for base in (angle, -angle):
            for end in (low, high):
                turns = np.floor((end - shift - base) / (2 * np.pi))
                points += [base + shift + 2 * np.pi * (turns + i) for i in (0, 1)]
        return tuple(points)

    return where


def smooth_of(function: Unary) -> Smooth:
    """The table of smooth (and of step) functions."""
    match function:
        case Unary(name="sigmoid"):
            return Smooth(_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x), _sigmoid_where)
        case Unary(name="tanh"):
            return Smooth(np.tanh, lambda x: 1.0 - np.tanh(x) ** 2, _tanh_where)
        case Unary(name="exp"):
            return Smooth(np.exp, np.exp, lambda k, low, high: (np.log(k),))
        case Unary(name="log"):
            return Smooth(
                np.log,
                lambda x: 1 / x,
                lambda k, low, high: (1 / k,),
                domain=(0.0, np.inf),
                pole=0.0,
            )
        case Unary(name="sqrt"):
            return Smooth(
                lambda x: np.sqrt(np.maximum(x, 0.0)),
                lambda x: 0.5 / np.sqrt(np.maximum(x, 1e-300)),
                lambda k, low, high: ((0.5 / k) ** 2,),
                domain=(0.0, np.inf),
            )
        case Unary(name="reciprocal"):
            return Smooth(
                lambda x: 1.0 / x,
                lambda x: -1.0 / x**2,
                lambda k, low, high: (np.sqrt(-1.0 / k), -np.sqrt(-1.0 / k)),
                pole=0.0,
            )
        case Unary(name="sin"):
            return Smooth(np.sin, np.cos, _periodic(0.0), curvature=1.0)
        case Unary(name="cos"):
            return Smooth(np.cos, lambda x: -np.sin(x), _periodic(-np.pi / 2), curvature=1.0)
        case Unary(name="power", parameters=(exponent,)):
            return _power(exponent)
        case Unary(name="sign" | "floor" as name):
            step = np.sign if name == "sign" else np.floor
            return Smooth(step, np.zeros_like, lambda k, low, high: (), 0.0)
        case other:
            raise ValueError(f"no relaxation of {other.name}")


def _power(n: float) -> Smooth:
    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        if n in (0.0, 1.0):
            return ()
        size = np.abs(k / n) ** (1.0 / (n - 1.0))
        return size, -size

    return Smooth(
        lambda x: np.power(x, n),
        lambda x: n * np.power(x, n - 1.0),
        where,
        domain=(-np.inf, np.inf) if float(n).is_integer() else (0.0, np.inf),
        pole=np.nan if n > 0 else 0.0,
    )


def smooth_lines(function: Unary, low: Array, high: Array) -> Lines:
    """Lines of the best of a few slopes: the chord, and tangents at the ends and the middle."""
    f = smooth_of(function)
    with np.errstate(all="ignore"):
        low = np.maximum(low, f.domain[0])
        middle = (low + high) / 2
        at_low, at_high = f.value(low), f.value(high)
        chord = np.where(high > low, (at_high - at_low) / (high - low), 0.0)
        flat = function.name in ("sign", "floor")
        slopes = [np.zeros_like(low)] if flat else [
            chord, f.derivative(middle), f.derivative(low), f.derivative(high)
        ]  # fmt: skip
        best: Lines | None = None
        for slope in slopes:
            k = np.where(np.isfinite(slope), slope, 0.0)
            least, most = extremes(f, k, low, high)
            if best is None:
                best = Lines(k, least, k, most)
                continue
            assert best.lower is not None
            above = k * middle + least > best.lower_slope * middle + best.lower
            below = k * middle + most < best.upper_slope * middle + best.upper
            best = Lines(
                np.where(above, k, best.lower_slope),
                np.where(above, least, best.lower),
                np.where(below, k, best.upper_slope),
                np.where(below, most, best.upper),
            )
    assert best is not None
    return best


def extremes(f: Smooth, k: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """The least and greatest value of f(x) - k x on [low, high], rounded outwards."""
    points = [low, high]
    for x in f.where(k, low, high):
        inner = np.isfinite(x) & (x > low) & (x < high)
        points.append(np.where(inner, x, low))
    least, most = np.full_like(low, np.inf), np.full_like(low, -np.inf)
    # f(x) - k x is flat where f' = k: there, a point that is off by a little changes it by less
    off = 16 * UNIT * (np.maximum(np.abs(low), np.abs(high)) + 10.0)
    flat = f.curvature * off**2
    for x in points:
        value, line = f.value(x), k * x
        error = (f.error + 8) * UNIT * (np.abs(value) + np.abs(line) + np.abs(x * k)) + 1e-15 * (
            np.abs(k) * (high - low)
        )
        error = error + flat
        least = np.minimum(least, value - line - error)
        most = np.maximum(most, value - line + error)
    poles = (low <= f.pole) & (high >= f.pole)
    least, most = np.where(poles, -np.inf, least), np.where(poles, np.inf, most)
    return np.where(least == least, least, -np.inf), np.where(most == most, most, np.inf)


def values(function: Unary, low: Array, high: Array) -> tuple[Array, Array]:
    """Bounds on f over [low, high], rounded outwards."""
    match function.name:
        case "relu":
            return np.maximum(low, 0.0), np.maximum(high, 0.0)
        case "identity":
            return low, high
        case "product":
            n = low.shape[-1] // 2
            with np.errstate(over="ignore", invalid="ignore"):
                corners = [a[..., :n] * b[..., n:] for a in (low, high) for b in (low, high)]
            least, most = np.minimum.reduce(corners), np.maximum.reduce(corners)
            least, most = np.nextafter(least, -np.inf), np.nextafter(most, np.inf)
            return np.where(least == least, least, -np.inf), np.where(most == most, most, np.inf)
    with np.errstate(all="ignore"):
        f = smooth_of(function)
        low = np.maximum(low, f.domain[0])
        return extremes(f, np.zeros_like(low), low, high)
