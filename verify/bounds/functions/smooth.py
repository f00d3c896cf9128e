"""Lines around functions of one variable, made of their values and derivatives.

A line of slope k is sound when its intercept is the least (greatest) value of f(x) - k x on the
interval. That value is found at the ends and where f'(x) = k.

Source: Zhang et al. 2018, CROWN (sigmoid, tanh); the rest by the same rule.
"""

import numpy as np

from abduce.verify.networks.functions.lines import Lines
from abduce.verify.networks.functions.nonlinearity import SEARCHED, Nonlinearity
from abduce.verify.rounding import UNIT

Array = np.ndarray


def smooth_lines(f: Nonlinearity, low: Array, high: Array) -> Lines:
    """Lines of the best of a few slopes: the chord, and tangents at the ends and the middle."""
    with np.errstate(all="ignore"):
        low = np.maximum(low, f.domain[0])
        middle = (low + high) / 2
        at_low, at_high = f.value(low), f.value(high)
        chord = np.where(high > low, (at_high - at_low) / (high - low), 0.0)
        slopes = [np.zeros_like(low)] if f.is_step else [
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


def extremes(f: Nonlinearity, k: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """The least and greatest value of f(x) - k x on [low, high], rounded outwards."""
    least, most = np.full_like(low, np.inf), np.full_like(low, -np.inf)
    # f(x) - k x is flat where f' = k: there, a point that is off by a little changes it by less
    off = 16 * UNIT * (np.maximum(np.abs(low), np.abs(high)) + 10.0)
    flat = f.curvature * off**2
    width = np.minimum(high - low, 2 * f.reach)
    if f.reach:
        flat = flat + SEARCHED * (1 + max(f.corners) + width)

    def noted(x: Array, room: Array | float) -> None:
        nonlocal least, most
        value, line = f.value(x), k * x
        error = (f.error + 8) * UNIT * (np.abs(value) + np.abs(line) + np.abs(x * k)) + 1e-15 * (
            np.abs(k) * (high - low)
        )
        error = error + room
        least = np.minimum(least, value - line - error)
        most = np.maximum(most, value - line + error)

    for x in (low, high, *(np.clip(corner, low, high) for corner in f.corners)):
        noted(x, flat)
    for x in f.where(k, low, high):
        inner = np.isfinite(x) & (x > low) & (x < high)
        x = np.where(inner, x, low)
        # on the way from x to where f' = k, f' is nearer to k than it is at x
        apart = np.abs(f.derivative(x) - k) if f.reach else 0.0
        noted(x, flat + np.where(inner, width * apart, 0.0))
    poles = (low <= f.pole) & (high >= f.pole)
    least, most = np.where(poles, -np.inf, least), np.where(poles, np.inf, most)
    return np.where(least == least, least, -np.inf), np.where(most == most, most, np.inf)
