"""x (1 + tanh(scale (x + cubic x^3))) / 2, for positive numbers."""

from functools import cache
from math import pi, sqrt

import numpy as np

from abduce.verify.networks.functions.gates.gating import gate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.smooth.sigmoid import steady_sigmoid

Array = np.ndarray


@cache
def gelu_tanh(scale: float = sqrt(2 / pi), cubic: float = 0.044715) -> Nonlinearity:
    def inner(x: Array) -> tuple[Array, Array, Array]:
        """2 scale (x + cubic x^3) and its derivatives."""
        u = 2 * scale * (x + cubic * x**3)
        return u, 2 * scale * (1 + 3 * cubic * x * x), 12 * scale * cubic * x

    def value(x: Array) -> Array:
        return x * steady_sigmoid(inner(x)[0])

    def derivative(x: Array) -> Array:
        u, slope, _ = inner(x)
        p = steady_sigmoid(u)
        return p + x * p * (1 - p) * slope

    def second(x: Array) -> Array:
        u, slope, curve = inner(x)
        p = steady_sigmoid(u)
        return p * (1 - p) * (2 * slope + x * (curve + slope * slope * (1 - 2 * p)))

    def evaluated(x: Array) -> Array:
        kind = x.dtype.type
        return x * (kind(0.5) * (1 + np.tanh(kind(scale) * (x + kind(cubic) * (x * x * x)))))

    turn = _turn(scale, cubic)
    return gate("gelu_tanh", value, derivative, second, (-turn, turn), 400 / scale, evaluated)


@np.errstate(over="ignore")
def _turn(scale: float, cubic: float) -> float:
    """Where f'' = 0: 1 + 6 c x^2 = scale x tanh(u) (1 + 3 c x^2)^2, whose ratio rises for x > 0."""
    low, high = np.float64(0.0), np.float64(1e3 / scale)
    for _ in range(120):
        x = (low + high) / 2
        right = scale * x * np.tanh(scale * (x + cubic * x**3)) * (1 + 3 * cubic * x * x) ** 2
        low, high = (x, high) if right < 1 + 6 * cubic * x * x else (low, x)
    return low
