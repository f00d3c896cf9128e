"""The error function."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import WITHIN_ONE, Nonlinearity

Array = np.ndarray
STEEPEST: Final = 2 / np.sqrt(np.pi)


def error_function(x: Array) -> Array:
    from scipy.special import erf  # a quarter of a second that other networks do not need

    return erf(x).astype(x.dtype, copy=False)


def _where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    x = np.sqrt(-np.log(k / STEEPEST))
    return x, -x


ERF: Final = Nonlinearity(
    name="erf",
    value=error_function,
    derivative=lambda x: STEEPEST * np.exp(-x * x),
    rounding=WITHIN_ONE,
    where=_where,
    error=16.0,
)
