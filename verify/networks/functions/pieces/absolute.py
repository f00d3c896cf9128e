"""|x| = relu(x) + relu(-x)."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational

ABS: Final = Nonlinearity(
    name="abs",
    value=np.abs,
    derivative=np.sign,
    rounding=EXACT,
    exact=lambda x: Rational(np.abs(x.over), x.under),
    relus=lambda sums, x: sums.added(sums.relu(x), sums.relu(sums.scale(-1.0, x))),
    corners=(0.0,),
)
