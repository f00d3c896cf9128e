"""x sigmoid(scale x)."""

from functools import cache

import numpy as np

from abduce.verify.networks.functions.gates.gating import gate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.smooth.sigmoid import steady_sigmoid

Array = np.ndarray
TURN = 2.399357280515467667832739697282283888523
"""The solution of 2 + x (1 - 2 sigmoid(x)) = 0."""


@cache
def silu(scale: float = 1.0) -> Nonlinearity:
    def value(x: Array) -> Array:
        return x * steady_sigmoid(scale * x)

    def derivative(x: Array) -> Array:
        p = steady_sigmoid(scale * x)
        return p + scale * x * p * (1 - p)

    def second(x: Array) -> Array:
        p = steady_sigmoid(scale * x)
        return scale * p * (1 - p) * (2 + scale * x * (1 - 2 * p))

    return gate("silu", value, derivative, second, (-TURN / scale, TURN / scale), 800 / scale)
