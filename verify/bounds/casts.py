"""Bounds on casts to integers: truncation, and of what the type does not hold nothing but the type.

Where all of an interval truncates to integers of the type, its ends do; elsewhere each runtime has
its own answer, but always one of the type.
"""

import numpy as np

from abduce.verify.bounds.smooth import Lines

Array = np.ndarray


def integer_values(ends: tuple[float, ...], low: Array, high: Array) -> tuple[Array, Array]:
    """The least and the greatest result on [low, high].

    Args:
        ends: the least integer of the type, and the first beyond it; both are doubles.
    """
    least, limit = ends
    first, last = np.trunc(low), np.trunc(high)
    held = (first >= least) & (last < limit)  # not where an end is nan
    return np.where(held, first, least), np.where(held, last, limit - 1.0)


def integer_lines(ends: tuple[float, ...], low: Array, high: Array) -> Lines:
    """Lines without slope."""
    least, most = integer_values(ends, low, high)
    flat = np.zeros_like(least)
    return Lines(flat, least, flat, most)
