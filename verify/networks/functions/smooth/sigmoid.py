"""1 / (1 + exp(-x))."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import WITHIN_ONE, Nonlinearity

Array = np.ndarray


def sigmoid(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-x))


def steady_sigmoid(x: Array) -> Array:
    """The sigmoid, computed without overflow: e^-|x| is at most 1."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype, copy=False)


def _where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    root = np.sqrt(1.0 - 4.0 * k)
    small = 2.0 * k / (1.0 + root)  # (1 - root) / 2 without cancellation
    x = np.log(small / (1.0 - small))
    return x, -x


SIGMOID: Final = Nonlinearity(
    name="sigmoid",
    value=sigmoid,
    derivative=lambda x: sigmoid(x) * sigmoid(-x),
    rounding=WITHIN_ONE,
    evaluated=steady_sigmoid,
    where=_where,
)
