"""Functions x g(x) with g rising from 0 to 1: SiLU and GeLU, also by tanh.

Their derivatives fall, rise and fall again, and have no inverse in closed form: where f' = k is
searched for on each piece between two turning points, by Newton's method in a bracket. How far f'
is from k at the point that is found goes into the bound, so a search that stops early is sound.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from math import inf, pi, sqrt

import numpy as np

from abduce.verify.bounds.functions.functions import Smooth

Array = np.ndarray
STEPS = 24
SILU_TURN = 2.399357280515467667832739697282283888523
"""The solution of 2 + x (1 - 2 sigmoid(x)) = 0."""


def silu(scale: float = 1.0) -> Smooth:
    """x sigmoid(scale x)."""

    def derivative(x: Array) -> Array:
        p = _sigmoid(scale * x)
        return p + scale * x * p * (1 - p)

    def second(x: Array) -> Array:
        p = _sigmoid(scale * x)
        return scale * p * (1 - p) * (2 + scale * x * (1 - 2 * p))

    turn = SILU_TURN / scale
    return _gate(lambda x: x * _sigmoid(scale * x), derivative, second, turn, 800 / scale)


def gelu(scale: float = sqrt(0.5)) -> Smooth:
    """x (1 + erf(scale x)) / 2."""
    from scipy.special import erfc

    def share(x: Array) -> Array:
        return 0.5 * erfc(-scale * x)

    def bell(x: Array) -> Array:
        return scale / sqrt(pi) * np.exp(-((scale * x) ** 2))

    def derivative(x: Array) -> Array:
        return share(x) + x * bell(x)

    def second(x: Array) -> Array:
        return 2 * bell(x) * (1 - (scale * x) ** 2)

    return _gate(lambda x: x * share(x), derivative, second, 1 / scale, 30 / scale)


def gelu_tanh(scale: float = sqrt(2 / pi), cubic: float = 0.044715) -> Smooth:
    """x (1 + tanh(scale (x + cubic x^3))) / 2, for positive numbers."""

    def inner(x: Array) -> tuple[Array, Array, Array]:
        """2 scale (x + cubic x^3) and its derivatives."""
        u = 2 * scale * (x + cubic * x**3)
        return u, 2 * scale * (1 + 3 * cubic * x * x), 12 * scale * cubic * x

    def derivative(x: Array) -> Array:
        u, slope, _ = inner(x)
        p = _sigmoid(u)
        return p + x * p * (1 - p) * slope

    def second(x: Array) -> Array:
        u, slope, curve = inner(x)
        p = _sigmoid(u)
        return p * (1 - p) * (2 * slope + x * (curve + slope * slope * (1 - 2 * p)))

    turn = _tanh_turn(scale, cubic)
    return _gate(lambda x: x * _sigmoid(inner(x)[0]), derivative, second, turn, 400 / scale)


@lru_cache
@np.errstate(over="ignore")
def _tanh_turn(scale: float, cubic: float) -> float:
    """Where f'' = 0: 1 + 6 c x^2 = scale x tanh(u) (1 + 3 c x^2)^2, whose ratio rises for x > 0."""
    low, high = np.float64(0.0), np.float64(1e3 / scale)
    for _ in range(120):
        x = (low + high) / 2
        right = scale * x * np.tanh(scale * (x + cubic * x**3)) * (1 + 3 * cubic * x * x) ** 2
        low, high = (x, high) if right < 1 + 6 * cubic * x * x else (low, x)
    return low


def _gate(
    value: Callable[[Array], Array],
    derivative: Callable[[Array], Array],
    second: Callable[[Array], Array],
    turn: float,
    reach: float,
) -> Smooth:
    """A function whose derivative falls up to -turn, rises up to turn, and falls."""

    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        return tuple(
            [
                _root(derivative, second, k, np.maximum(low, a), np.minimum(high, b), sign)
                for (a, b), sign in zip(
                    pairwise((-reach, -turn, turn, reach)), (-1.0, 1.0, -1.0), strict=True
                )
            ]
        )

    return Smooth(value, derivative, where, error=16.0, corners=(-turn, turn), reach=reach)


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


def _sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))
