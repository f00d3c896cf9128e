"""x min(max(x + 3, 0), 6) / 6."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.gates.gating import GATED
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.rationals import Rational


def _exact(x: Rational) -> Rational:
    share = np.minimum(np.maximum(x.over + 3 * x.under, 0), 6 * x.under)
    return Rational(x.over * share, 6 * x.under * x.under)


HARD_SWISH: Final = Nonlinearity(
    name="hard_swish",
    value=lambda x: x * np.clip(x + 3, 0, 6) / 6,
    derivative=lambda x: np.where(np.abs(x) < 3, (2 * x + 3) / 6, (x > 0).astype(float)),
    rounding=GATED,
    exact=_exact,
    where=lambda k, low, high: (3 * k - 1.5,),
    corners=(-3.0, 3.0),
)
