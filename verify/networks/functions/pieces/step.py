"""1 where x is above 0, and 0 elsewhere."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational

STEP: Final = Nonlinearity(
    name="step",
    value=lambda x: (x > 0).astype(x.dtype),
    derivative=np.zeros_like,
    rounding=EXACT,
    evaluated=lambda x: np.where(np.isnan(x), x, x > 0).astype(x.dtype),
    exact=lambda x: Rational(np.where(x.over > 0, 1, 0).astype(object), 1),
    error=0.0,
    is_step=True,
)
