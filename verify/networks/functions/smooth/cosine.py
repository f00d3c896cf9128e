"""The cosine."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import WITHIN_ONE, Nonlinearity
from abduce.verify.networks.functions.smooth.periodic import periodic

COS: Final = Nonlinearity(
    name="cos",
    value=np.cos,
    derivative=lambda x: -np.sin(x),
    rounding=WITHIN_ONE,
    where=periodic(-np.pi / 2),
    curvature=1.0,
)
