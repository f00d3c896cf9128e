"""1 / x."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import RELATIVE, Nonlinearity

RECIPROCAL: Final = Nonlinearity(
    name="reciprocal",
    value=np.reciprocal,
    derivative=lambda x: -1.0 / x**2,
    rounding=RELATIVE,
    where=lambda k, low, high: (np.sqrt(-1.0 / k), -np.sqrt(-1.0 / k)),
    pole=0.0,
)
