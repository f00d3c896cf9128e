"""The greatest integer that is not above x."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational

FLOOR: Final = Nonlinearity(
    name="floor",
    value=np.floor,
    derivative=np.zeros_like,
    rounding=EXACT,
    exact=lambda x: Rational(x.over // x.under, 1),
    error=0.0,
    is_step=True,
)
