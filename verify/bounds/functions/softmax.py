"""Softmax as one layer: a function of the gaps (differences) between its arguments.

The pre-activation holds the gaps x_j - x_i, i < j, of the arguments x. The softmax depends only on
these, so they are bounded before the layer. With y_i = log of the sum over j != i of exp(x_j -
x_i),

    softmax_i = sigmoid(-y_i),

which lies between two lines in y. And y itself lies above Gibbs's plane sum w_j (x_j - x_i) + H(w)
for any weights w that sum to 1. It lies below t - 1 + sum exp(x_j - x_i - t) for any t, and lines
lie above the exponentials. Compared with 1 / sum exp(x_j - x_i) the logarithm is nearly linear
where exponential and reciprocal are not.

That the values sum to 1 is used: the same number may be subtracted from all coefficients on one
softmax and added to the offset, and the best one is a weighted median of them.

Source: Wei et al. 2023, Convex bounds on the softmax function (log-sum-exp bounds); the planes and
the use of the sum are ours.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce.verify.bounds.functions.functions import Passed
from abduce.verify.bounds.functions.smooth import extremes, smooth_lines
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.rounding import TINY, UNIT, gamma

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class SoftmaxOfGaps:
    """``rows`` softmaxes of ``size`` arguments each, at least two.

    z holds the gaps x_j - x_i for i < j: (rows, size (size - 1) / 2).
    """

    rows: int
    size: int
    is_hinge: ClassVar[bool] = False
    is_identity: ClassVar[bool] = False
    has_free_slopes: ClassVar[bool] = False

    @property
    def pairs(self) -> tuple[Array, Array]:
        """i and j of each gap."""
        return np.triu_indices(self.size, 1)

    def gaps(self, z: Array) -> Array:
        """All gaps x_j - x_i of (..., size of z): (..., rows, i, j)."""
        i, j = self.pairs
        z = z.reshape(*z.shape[:-1], self.rows, len(i))
        full = np.zeros((*z.shape[:-1], self.size, self.size))
        full[..., i, j], full[..., j, i] = z, -z
        return full

    def ends(self, low: Array, high: Array) -> tuple[Array, Array]:
        """Bounds on all gaps, (D, rows, i, j), for those of z, (D, size of z)."""
        i, j = self.pairs
        least, most = self.gaps(low), self.gaps(high)
        least[..., j, i], most[..., j, i] = most[..., j, i].copy(), least[..., j, i].copy()
        return least, most

    def value(self, z: Array) -> Array:
        """At points (P, size of z)."""
        with np.errstate(over="ignore"):
            return (1 / np.exp(self.gaps(z)).sum(-1)).reshape(len(z), self.rows * self.size)

    def pulled(self, z: Array, outer: Array) -> Array:
        """The gradient by z of ``outer @ value``, (P, size of z)."""
        i, j = self.pairs
        p = self.value(z).reshape(len(z), self.rows, self.size)
        outer = outer.reshape(p.shape)
        return (p[..., i] * p[..., j] * (outer[..., j] - outer[..., i])).reshape(z.shape)

    def bounds(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The bounds of each entry over boxes (D, size of z), rounded outwards."""
        least, most = self.ends(low, high)
        with np.errstate(over="ignore", invalid="ignore"):
            error = gamma(self.size + 16)
            below = (1 - error) / np.exp(most).sum(-1) - TINY
            above = (1 + error) / np.exp(least).sum(-1) + TINY
        shape = (len(low), self.rows * self.size)
        return np.fmax(below, 0.0).reshape(shape), np.fmin(above, 1.0).reshape(shape)


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxPlanes:
    """Planes below and above each entry, ``sum of slope_j (x_j - x_i) + constant``.

    Attributes:
        lower_slope, upper_slope: (D, rows, i, j), zero for i = j.
        lower, upper: (D, rows, i).
        gap: the distance between them in the middle of the box, (D, rows, i).
        weight: a bound on the sum of absolute values of the terms of a plane, (D, rows, i).
    """

    function: SoftmaxOfGaps
    lower_slope: Array
    lower: Array
    upper_slope: Array
    upper: Array
    gap: Array
    weight: Array

    def back(self, a: Array) -> Passed:
        """The coefficients on the arguments x of rows (D or 1, R, size)."""
        rows, shared = self._shared(a)
        up, down = np.maximum(rows, 0.0), np.minimum(rows, 0.0)
        steepest = np.maximum(np.abs(self.lower_slope), np.abs(self.upper_slope))
        on_x = _times(up, _closed(self.lower_slope)) + _times(down, _closed(self.upper_slope))
        room = steepest + _diagonal(steepest.sum(-1))
        size = (self.function.size + 8) * _times(np.abs(rows), room)
        shift = (up * self.lower[:, None] + down * self.upper[:, None]).sum((-2, -1))
        shift = shift + shared.sum((-2, -1))
        terms = (np.abs(rows) * self.weight[:, None]).sum((-2, -1)) + np.abs(shared).sum((-2, -1))
        flat = (*on_x.shape[:2], a.shape[-1])
        return Passed(
            on_x.reshape(flat), size.reshape(flat), shift, gamma(a.shape[-1] + 16) * terms
        )

    def at(self, x: Array, a: Array) -> Array:
        """The relaxed value at x that rows with coefficients (D or 1, R, size) use, (D, R,
        size)."""
        rows, _ = self._shared(a)
        up = rows > 0
        x = x.reshape(*x.shape[:2], self.function.rows, self.function.size)
        ends = [
            _times(x, np.swapaxes(_closed(slope), -1, -2)) + constant[:, None]
            for slope, constant in (
                (self.lower_slope, self.lower),
                (self.upper_slope, self.upper),
            )
        ]
        value = np.where(up, *ends)
        # the coefficient that was subtracted stands for what the others leave of 1
        rest = 1.0 - value.sum(-1, keepdims=True)
        alone = (rows == 0.0) & (np.cumsum(rows == 0.0, -1) == 1)
        return np.where(alone, value + rest, value).reshape(*value.shape[:2], a.shape[-1])

    def _shared(self, a: Array) -> tuple[Array, Array]:
        """The rest of the coefficients of each softmax, and what is subtracted, (..., rows, 1)."""
        f = self.function
        rows = a.reshape(*a.shape[:2], f.rows, f.size)
        shape = np.broadcast_shapes(rows.shape, self.gap[:, None].shape)
        order = np.broadcast_to(rows.argsort(-1), shape)
        mass = np.take_along_axis(np.broadcast_to(self.gap[:, None], shape), order, -1).cumsum(-1)
        middle = (mass >= mass[..., -1:] / 2).argmax(-1)[..., None]
        at = np.take_along_axis(order, middle, -1)
        shared = np.take_along_axis(np.broadcast_to(rows, shape), at, -1)
        return rows - shared, shared


@np.errstate(all="ignore")
def softmax_planes(
    function: SoftmaxOfGaps, low: Array, high: Array, within: tuple[Array, Array] | None = None
) -> SoftmaxPlanes:
    """Planes over boxes (D, size of z).

    Args:
        within: bounds on the values that are known to hold, (D, rows * size) each.
    """
    n = function.size
    least, most = function.ends(low, high)
    others = ~np.eye(n, dtype=bool)
    middle, largest = (least + most) / 2, np.maximum(np.abs(least), np.abs(most))
    values = function.bounds(low, high)
    if within is not None:
        values = np.maximum(values[0], within[0]), np.minimum(values[1], within[1])
    below, above = (end.reshape(len(low), function.rows, n) for end in values)
    # softmax_i = sigmoid(s), and s = -y
    first = np.fmax(_logit(below, -1), -_log_sum(np.where(others, most, -np.inf), 1))
    last = np.fmin(_logit(above, 1), -_log_sum(np.where(others, least, -np.inf), -1))
    reach = np.maximum(np.abs(first), np.abs(last))
    line = smooth_lines(SIGMOID, first, last)
    assert line.lower is not None
    # y >= sum w_j d_j + H(w)
    tilt = np.where(others, middle, -np.inf)
    tilt = np.exp(tilt - tilt.max(-1, keepdims=True))
    tilt = tilt / tilt.sum(-1, keepdims=True)
    terms = np.where(tilt > 0, tilt * np.log(tilt), 0.0)
    room = gamma(n + 16) * (1 + reach + np.abs(terms).sum(-1))
    floor = -terms.sum(-1) - room
    upper_slope = -line.upper_slope[..., None] * tilt
    upper = line.upper - line.upper_slope * floor
    # y <= t - 1 + sum exp(d_j - t), each below a line
    centre = np.log(np.where(others, np.exp(least) + np.exp(most), 0.0).sum(-1, keepdims=True) / 2)
    start, end = least - centre, most - centre
    start, end = start - 2 * UNIT * np.abs(start), end + 2 * UNIT * np.abs(end)
    chord = np.where(end > start, (np.exp(end) - np.exp(start)) / (end - start), np.exp(start))
    chord = np.where(others, chord, 0.0)
    _, over = extremes(EXP, chord, start, end)
    over = np.where(others, over, 0.0)
    centre = centre[..., 0]
    parts = over - chord * centre[..., None]
    sizes = np.abs(over) + chord * np.abs(centre)[..., None]
    top = centre - 1 + parts.sum(-1)
    top = top + gamma(n + 16) * (1 + np.abs(centre) + sizes.sum(-1))
    lower_slope = -line.lower_slope[..., None] * chord
    lower = line.lower - line.lower_slope * top

    def kept(
        slope: Array, constant: Array, end: Array, sign: float, steep: Array
    ) -> tuple[Array, Array]:
        """The plane where it is valid and, in the middle of the box, better than the bound on the
        value.

        The line in s that it is made of must not fall, as rounding lets chords of tiny intervals.
        """
        size = (np.abs(slope) * largest).sum(-1) + np.abs(constant)
        constant = constant - sign * (gamma(n + 16) * size + TINY)
        good = (steep >= 0) & (sign * ((slope * middle).sum(-1) + constant - end) > 0)
        return np.where(good[..., None], slope, 0.0), np.where(good, constant, end)

    lower_slope, lower = kept(lower_slope, lower, below, 1.0, line.lower_slope)
    upper_slope, upper = kept(upper_slope, upper, above, -1.0, line.upper_slope)
    gap = ((upper_slope - lower_slope) * middle).sum(-1) + upper - lower
    steepest = np.maximum(np.abs(lower_slope), np.abs(upper_slope))
    largest = np.where(np.isfinite(largest), largest, 0.0)
    weight = (steepest * largest).sum(-1) + np.maximum(np.abs(lower), np.abs(upper)) + 1
    return SoftmaxPlanes(
        function, lower_slope, lower, upper_slope, upper, np.fmax(gap, 0.0) + 1e-12, weight
    )


def _logit(p: Array, sign: int) -> Array:
    """log(p / (1 - p)), rounded down (-1) or up (1)."""
    s = np.log(p / (1 - p))
    return s + sign * 16 * UNIT * (1 + np.abs(s))


def _log_sum(d: Array, sign: int) -> Array:
    """log of the sum of exp over the last axis, rounded down (-1) or up (1)."""
    most = d.max(-1, keepdims=True)
    total = most[..., 0] + np.log(np.exp(d - most).sum(-1))
    return total + sign * gamma(d.shape[-1] + 32) * (1 + np.abs(most[..., 0]) + np.abs(total))


def _closed(slope: Array) -> Array:
    """Slopes by the gaps x_j - x_i as slopes by x, (..., i, j)."""
    return slope - _diagonal(slope.sum(-1))


def _diagonal(values: Array) -> Array:
    return values[..., None] * np.eye(values.shape[-1], dtype=values.dtype)


def _times(rows: Array, matrices: Array) -> Array:
    """Each softmax's part of rows (D or 1, R, rows, i) times its matrix (D, rows, i, j)."""
    return np.moveaxis(np.moveaxis(rows, 1, 2) @ matrices, 2, 1)
