"""-1, 0 or 1."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational

SIGN: Final = Nonlinearity(
    name="sign",
    value=np.sign,
    derivative=np.zeros_like,
    rounding=EXACT,
    exact=lambda x: Rational(np.sign(x.over), 1),
    error=0.0,
    is_step=True,
)
