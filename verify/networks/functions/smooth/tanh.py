"""The hyperbolic tangent."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import WITHIN_ONE, Nonlinearity

Array = np.ndarray


def _where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    x = np.arccosh(1.0 / np.sqrt(k))
    return x, -x


TANH: Final = Nonlinearity(
    name="tanh",
    value=np.tanh,
    derivative=lambda x: 1.0 - np.tanh(x) ** 2,
    rounding=WITHIN_ONE,
    where=_where,
)
