"""x tanh(softplus(x))."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.gates.gating import gate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.smooth.sigmoid import steady_sigmoid

Array = np.ndarray
TURNS: Final = (-2.2563763963607931, 1.4905711794854285)
"""Where 2 + x (1 - s - 2 t s) = 0, for the sigmoid s of x and t = tanh(softplus(x))."""


def _parts(x: Array) -> tuple[Array, Array]:
    """tanh(softplus(x)), and the sigmoid of x."""
    return np.tanh(np.logaddexp(np.zeros_like(x), x)), steady_sigmoid(x)


def _derivative(x: Array) -> Array:
    t, s = _parts(x)
    return t + x * s * (1 - t * t)


def _second(x: Array) -> Array:
    t, s = _parts(x)
    return s * (1 - t * t) * (2 + x * (1 - s - 2 * t * s))


MISH: Final[Nonlinearity] = gate(
    "mish", lambda x: x * _parts(x)[0], _derivative, _second, TURNS, 800.0
)
