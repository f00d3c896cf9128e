"""Relaxations: two lines with a function between them on an interval.

For each entry and interval [l, u], ``lower_slope x + lower <= f(x) <= upper_slope x + upper``. A
line of *any* slope k is sound when its intercept is the least (greatest) value of f(x) - k x on the
interval, and that is found at the ends and where f'(x) = k. So slopes are free to choose, and
soundness is a matter of intercepts alone, which are widened by what rounding can do.

Source: Zhang et al. 2018, CROWN (relu, sigmoid, tanh); the rest by the same rule.
"""

from typing import overload

import numpy as np

from abduce.verify.bounds.functions.casts import integer_lines, integer_values
from abduce.verify.bounds.functions.matrix_products import Centred, MatrixProduct, centred
from abduce.verify.bounds.functions.smooth import Lines, extremes, smooth_lines
from abduce.verify.bounds.functions.softmax import SoftmaxOfGaps, SoftmaxPlanes, softmax_planes
from abduce.verify.bounds.functions.table import smooth_of
from abduce.verify.bounds.rounding import UNIT
from abduce.verify.networks.network import Unary

Array = np.ndarray


Function = Unary | MatrixProduct | SoftmaxOfGaps
"""The function that a layer computes."""

Relaxation = Lines | Centred | SoftmaxPlanes


@overload
def lines(function: Unary, low: Array, high: Array) -> Lines: ...


@overload
def lines(function: Function, low: Array, high: Array) -> Relaxation: ...


def lines(function: Function, low: Array, high: Array) -> Relaxation:
    """What lies around a function on [low, high], (D, size of its pre-activation) each."""
    match function:
        case MatrixProduct():
            return centred(function, low, high)
        case SoftmaxOfGaps():
            return softmax_planes(function, low, high)
        case Unary(name="relu"):
            return relu_lines(low, high)
        case Unary(name="identity"):
            one = np.ones_like(low)
            return Lines(one, None, one, np.zeros_like(low))
        case Unary(name="product"):
            return product_lines(low, high)
        case Unary(name="integer", parameters=ends):
            return integer_lines(ends, low, high)
        case Unary():
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


def product_lines(low: Array, high: Array, share: Array | float = 0.5) -> Lines:
    """Planes around u v: for each side a mixture of McCormick's two.

    What a plane of any slopes needs is found at the corners, between which the difference to the
    product is linear in each variable.

    Args:
        share: of the second plane in the mixture, 0 to 1, (..., n) or a number.
    """
    n = low.shape[-1] // 2
    (ul, vl), (uh, vh) = (low[..., :n], low[..., n:]), (high[..., :n], high[..., n:])

    def plane(u: Array, other: Array, sign: float) -> tuple[Array, Array]:
        for_u, for_v = vl + share * (vh - vl), u + share * (other - u)
        for_u, for_v = (np.where(np.isfinite(k), k, 0.0) for k in (for_u, for_v))
        rest = np.full_like(for_u, np.inf)
        for a in (ul, uh):
            for b in (vl, vh):
                parts = a * b, for_u * a, for_v * b
                error = 8 * UNIT * sum(map(np.abs, parts))
                rest = np.minimum(rest, sign * (parts[0] - parts[1] - parts[2]) - error)
        rest = np.where(rest == rest, rest, -np.inf)
        return np.concatenate([for_u, for_v], -1), sign * rest

    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        lower_slope, lower = plane(ul, uh, 1.0)
        upper_slope, upper = plane(uh, ul, -1.0)
    return Lines(lower_slope, lower, upper_slope, upper)


def values(function: Function, low: Array, high: Array) -> tuple[Array, Array]:
    """Bounds on f over [low, high], rounded outwards."""
    match function:
        case MatrixProduct() | SoftmaxOfGaps():
            return function.bounds(low, high)
        case Unary(name="relu"):
            return np.maximum(low, 0.0), np.maximum(high, 0.0)
        case Unary(name="identity"):
            return low, high
        case Unary(name="integer", parameters=ends):
            return integer_values(ends, low, high)
        case Unary(name="product"):
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
