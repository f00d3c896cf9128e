"""max(x, 0). Source: Zhang et al. 2018, CROWN."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.lines import Lines
from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational
from abduce.verify.rounding import UNIT

Array = np.ndarray


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


RELU: Final = Nonlinearity(
    name="relu",
    value=lambda x: np.maximum(x, 0),
    derivative=lambda x: (x > 0).astype(x.dtype),
    rounding=EXACT,
    exact=lambda x: Rational(np.maximum(x.over, 0), x.under),
    corners=(0.0,),
    lines=relu_lines,
    bounds=lambda low, high: (np.maximum(low, 0.0), np.maximum(high, 0.0)),
    is_hinge=True,
)
