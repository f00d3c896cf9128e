"""Interval bounds of affine expressions."""

from collections.abc import Sequence

import numpy as np

from abduce.verify.bounds.affine.expressions import Expression
from abduce.verify.bounds.affine.matrices import row_terms, times
from abduce.verify.rounding import TINY, gamma

Interval = tuple[np.ndarray, np.ndarray]
"""Lower and upper ends, (domains, size) each."""


def affine(x: Expression, values: Sequence[Interval]) -> Interval:
    """Bounds on an expression over boxes of its sources, rounded outwards, (domains, size) each.

    Where a source has no bounds, the result is infinite, and never NaN.

    Args:
        values: the ends of each source, of shape (domains, size).
    """
    domains = len(next(iter(values))[0])
    middle = np.broadcast_to(x.bias, (domains, x.size))
    radius = np.zeros((domains, x.size))
    size = np.broadcast_to(np.abs(x.bias), (domains, x.size))
    terms = 1
    with np.errstate(over="ignore", invalid="ignore"):
        for source, matrix in x.terms.items():
            low, high = values[source]
            centre, half = (low + high) / 2, (high - low) / 2
            largest = np.maximum(np.abs(low), np.abs(high))
            if matrix is None:
                terms += 1
                middle, radius, size = middle + centre, radius + half, size + largest
                continue
            terms += row_terms(matrix) + 1
            weights = abs(matrix)
            middle = middle + times(centre, matrix)
            radius = radius + times(half, weights)
            size = size + times(largest, weights)
        radius = radius + 2 * gamma(terms + 8) * size + TINY
        least, most = middle - radius, middle + radius
    return np.where(np.isnan(least), -np.inf, least), np.where(np.isnan(most), np.inf, most)


def widened(interval: Interval, noise: np.ndarray | None) -> Interval:
    """The interval, widened by this much at both ends."""
    if noise is None:
        return interval
    return np.nextafter(interval[0] - noise, -np.inf), np.nextafter(interval[1] + noise, np.inf)
