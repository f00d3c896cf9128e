"""The arctangent."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import Nonlinearity, Rounding

Array = np.ndarray


def _where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    x = np.sqrt(np.maximum(1.0 / k - 1.0, 0.0))
    return x, -x


ARCTANGENT: Final = Nonlinearity(
    name="atan",
    value=np.arctan,
    derivative=lambda x: 1.0 / (1.0 + x * x),
    rounding=Rounding(absolute=2.0),  # values are from -pi / 2 to pi / 2
    where=_where,
    curvature=1.0,
)
