"""The nearest integer; of two that are equally near, the even one."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational


def _exact(x: Rational) -> Rational:
    above = (2 * x.over + x.under) // (2 * x.under)  # a tie is rounded up here
    tie = (2 * x.over + x.under) % (2 * x.under) == 0
    return Rational(np.where(tie & (above % 2 == 1), above - 1, above), 1)


ROUND: Final = Nonlinearity(
    name="round",
    value=np.rint,
    derivative=np.zeros_like,
    rounding=EXACT,
    exact=_exact,
    error=0.0,
    is_step=True,
)
