"""Functions x g(x) with g rising from 0 to 1.

Their derivatives fall, rise and fall again, and have no inverse in closed form: where f' = k is
searched for on each piece between two turning points, by Newton's method in a bracket. How far f'
is from k at the point that is found goes into the bound, so a search that stops early is sound.
"""

from collections.abc import Callable
from itertools import pairwise
from math import inf
from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import FUNCTION_UNITS, Nonlinearity, Rounding

Array = np.ndarray
STEPS = 24
GATED: Final = Rounding(FUNCTION_UNITS, of_operand=True)


def gate(
    name: str,
    value: Callable[[Array], Array],
    derivative: Callable[[Array], Array],
    second: Callable[[Array], Array],
    turns: tuple[float, float],
    reach: float,
    evaluated: Callable[[Array], Array] | None = None,
) -> Nonlinearity:
    """A function whose derivative falls up to the first turn, rises up to the second, and falls."""

    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        return tuple(
            [
                _root(derivative, second, k, np.maximum(low, a), np.minimum(high, b), sign)
                for (a, b), sign in zip(
                    pairwise((-reach, *turns, reach)), (-1.0, 1.0, -1.0), strict=True
                )
            ]
        )

    return Nonlinearity(
        name=name,
        value=value,
        derivative=derivative,
        rounding=GATED,
        evaluated=evaluated,
        where=where,
        error=16.0,
        corners=turns,
        reach=reach,
    )


def _root(
    derivative: Callable[[Array], Array],
    second: Callable[[Array], Array],
    k: Array,
    low: Array,
    high: Array,
    sign: float,
) -> Array:
    """Where a derivative that rises (1) or falls (-1) on [low, high] is k; nan where it is not."""
    there = (low < high) & (sign * (derivative(low) - k) < 0) & (sign * (derivative(high) - k) > 0)
    a, b = np.where(there, low, 0.0), np.where(there, high, 0.0)
    x, best, least = (a + b) / 2, (a + b) / 2, np.full_like(a, inf)
    for _ in range(STEPS):
        gap = derivative(x) - k
        better = np.abs(gap) < least
        best, least = np.where(better, x, best), np.where(better, np.abs(gap), least)
        left = sign * gap > 0
        a, b = np.where(left, a, x), np.where(left, x, b)
        newton = x - gap / second(x)
        x = np.where((newton > a) & (newton < b), newton, (a + b) / 2)
    return np.where(there, best, np.nan)
