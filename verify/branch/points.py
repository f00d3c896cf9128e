"""Points at which a nonlinearity is best split, found once for all intervals of a grid.

An interval is split where the areas between the lines around both halves are least in sum. The
table has intervals by their middle and their width, and keeps the point as a share of the width.
Outside of the table, and where the lines are not finite, intervals are halved. No point makes a
bound unsound, since the halves are bounded anew.

Source: Shi et al. 2025, Neural network verification with branch and bound for general
nonlinearities (GenBaB), section 3.4 (pre-optimised branching points). They have the ends of
intervals on a grid of step 0.01; ours is coarser, and made in a tenth of a second.
"""

from functools import cache
from typing import Final

import numpy as np

from abduce.verify.bounds.functions.relaxations import lines
from abduce.verify.branch.scored import ActivationBounds
from abduce.verify.networks.functions.nonlinearity import Nonlinearity

Array = np.ndarray
MIDDLES: Final = np.linspace(-8.0, 8.0, 65)
WIDTHS: Final = 2.0 ** np.arange(-2.0, 4.01, 1 / 3)
SHARES: Final = np.linspace(0.05, 0.95, 19)


def optimised(given: ActivationBounds) -> Array:
    """0 for a relu, otherwise the point of the table, (N, entries)."""
    low, high = given.low, given.high
    if given.function.is_hinge:
        return np.zeros_like(low)
    found, width = shares(given.function), high - low
    with np.errstate(all="ignore"):
        centre = (low + high) / 2
        row = np.rint((centre - MIDDLES[0]) / (MIDDLES[1] - MIDDLES[0]))
        column = np.rint(np.log2(width / WIDTHS[0]) * 3)
        known = (row >= 0) & (row < len(MIDDLES)) & (column < len(WIDTHS))
        places = [np.where(known, np.maximum(at, 0), 0).astype(np.int64) for at in (row, column)]
        share = np.where(known, found[places[0], places[1]], 0.5)
        margin = given.margin / 2
        share = np.clip(share, margin, 1 - margin)
        return (low + share * width).astype(low.dtype)


@cache
def shares(function: Nonlinearity) -> Array:
    """The best points of all intervals of the grid, as shares of their widths, (middles,
    widths)."""
    low = MIDDLES[:, None, None] - WIDTHS[:, None] / 2
    width = np.broadcast_to(WIDTHS[:, None], low.shape)
    at = low + SHARES * width
    low, high = np.broadcast_to(low, at.shape), np.broadcast_to(low + width, at.shape)
    loss = loose_area(function, low, at) + loose_area(function, at, high)
    best = loss.min(-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        good = loss <= best * (1 + 1e-9)
    away = np.where(good, np.abs(SHARES - 0.5), np.inf)  # of equals the most central one
    found = SHARES[away.argmin(-1)]
    return np.where(np.isfinite(best[..., 0]), found, 0.5)


def loose_area(function: Nonlinearity, low: Array, high: Array) -> Array:
    """The area between the lines around a function on an interval: the width times their distance
    at its middle."""
    shape, flat = low.shape, (low.reshape(1, -1), high.reshape(1, -1))
    found = lines(function, *flat)
    with np.errstate(all="ignore"):
        centre, lower = sum(flat) / 2, 0.0 if found.lower is None else found.lower
        apart = found.upper + found.upper_slope * centre - found.lower_slope * centre - lower
        area = apart * (flat[1] - flat[0])
    return np.where(np.isfinite(area), area, np.inf).reshape(shape)
