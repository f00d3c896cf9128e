"""The sine."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import WITHIN_ONE, Nonlinearity
from abduce.verify.networks.functions.smooth.periodic import periodic

SIN: Final = Nonlinearity(
    name="sin",
    value=np.sin,
    derivative=np.cos,
    rounding=WITHIN_ONE,
    where=periodic(0.0),
    curvature=1.0,
)
