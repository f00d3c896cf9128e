"""Relaxations: two lines with a function between them on an interval.

For each entry and interval [l, u], ``lower_slope x + lower <= f(x) <= upper_slope x + upper``. A
line of *any* slope k is sound when its intercept is the least (greatest) value of f(x) - k x on the
interval. That value is found at the ends and where f'(x) = k. So slopes can be chosen freely, and
soundness depends only on the intercepts, which are widened by what rounding can do.
"""

from typing import overload

import numpy as np

from abduce.verify.bounds.functions.matrix_products import Centred, MatrixProduct, centred
from abduce.verify.bounds.functions.products import EntrywiseProduct, product_lines
from abduce.verify.bounds.functions.smooth import extremes, smooth_lines
from abduce.verify.bounds.functions.softmax import SoftmaxOfGaps, SoftmaxPlanes, softmax_planes
from abduce.verify.networks.functions.lines import Lines
from abduce.verify.networks.functions.nonlinearity import Nonlinearity

Array = np.ndarray


Function = Nonlinearity | EntrywiseProduct | MatrixProduct | SoftmaxOfGaps
"""The function that a layer computes."""

Relaxation = Lines | Centred | SoftmaxPlanes


@overload
def lines(function: Nonlinearity | EntrywiseProduct, low: Array, high: Array) -> Lines: ...


@overload
def lines(function: Function, low: Array, high: Array) -> Relaxation: ...


def lines(function: Function, low: Array, high: Array) -> Relaxation:
    """The relaxation of a function on [low, high], (D, size of its pre-activation) each."""
    match function:
        case MatrixProduct():
            return centred(function, low, high)
        case SoftmaxOfGaps():
            return softmax_planes(function, low, high)
        case EntrywiseProduct():
            return product_lines(low, high)
        case Nonlinearity():
            made = function.lines
            return smooth_lines(function, low, high) if made is None else made(low, high)


def values(function: Function, low: Array, high: Array) -> tuple[Array, Array]:
    """Bounds on f over [low, high], rounded outwards."""
    if not isinstance(function, Nonlinearity):
        return function.bounds(low, high)
    if function.bounds is not None:
        return function.bounds(low, high)
    with np.errstate(all="ignore"):
        low = np.maximum(low, function.domain[0])
        return extremes(function, np.zeros_like(low), low, high)
