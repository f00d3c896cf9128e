"""Casts to integers: truncation, and of what the type does not hold nothing but the type.

Where all of an interval truncates to integers of the type, its ends do; elsewhere each runtime has
its own answer, but always one of the type.
"""

from functools import cache

import numpy as np

from abduce.verify.networks.functions.lines import Lines
from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational

Array = np.ndarray


@cache
def integer(least: float, limit: float) -> Nonlinearity:
    """A cast to the type whose least integer is ``least``, and the first beyond it ``limit``."""

    def evaluated(x: Array) -> Array:
        """Numbers that a small type cannot hold give their lowest bits, others nan."""
        whole = np.trunc(x.astype(np.float64))
        held, size = (whole >= least) & (whole < limit), limit - least
        usual = (size <= 2**16) & (np.abs(whole) < 2**31)
        lowest = np.where(usual, np.mod(whole - least, size) + least, np.nan)
        return np.where(held, whole, lowest).astype(x.dtype)

    def exact(x: Rational) -> Rational | None:
        whole = np.sign(x.over) * (np.abs(x.over) // x.under)
        held = ((whole >= int(least)) & (whole < int(limit))).all()
        return Rational(whole, 1) if held else None

    def bounds(low: Array, high: Array) -> tuple[Array, Array]:
        first, last = np.trunc(low), np.trunc(high)
        held = (first >= least) & (last < limit)  # not where an end is nan
        return np.where(held, first, least), np.where(held, last, limit - 1.0)

    def lines(low: Array, high: Array) -> Lines:
        below, above = bounds(low, high)
        flat = np.zeros_like(below)
        return Lines(flat, below, flat, above)

    return Nonlinearity(
        name="integer",
        value=lambda x: np.clip(np.trunc(x), least, limit - 1.0),
        derivative=np.zeros_like,
        rounding=EXACT,
        evaluated=evaluated,
        exact=exact,
        error=0.0,
        lines=lines,
        bounds=bounds,
        is_step=True,
    )
