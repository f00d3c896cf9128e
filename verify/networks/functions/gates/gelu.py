"""x (1 + erf(scale x)) / 2."""

from functools import cache
from math import pi, sqrt

import numpy as np

from abduce.verify.networks.functions.gates.gating import gate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.smooth.erf import error_function

Array = np.ndarray


@cache
def gelu(scale: float = sqrt(0.5)) -> Nonlinearity:
    def share(x: Array) -> Array:
        from scipy.special import erfc  # a quarter of a second that other networks do not need

        return 0.5 * erfc(-scale * x)

    def bell(x: Array) -> Array:
        return scale / sqrt(pi) * np.exp(-((scale * x) ** 2))

    def derivative(x: Array) -> Array:
        return share(x) + x * bell(x)

    def second(x: Array) -> Array:
        return 2 * bell(x) * (1 - (scale * x) ** 2)

    def evaluated(x: Array) -> Array:
        kind = x.dtype.type
        return x * (kind(0.5) * (1 + error_function(x * kind(scale))))

    return gate(
        "gelu",
        lambda x: x * share(x),
        derivative,
        second,
        (-1 / scale, 1 / scale),
        30 / scale,
        evaluated,
    )
