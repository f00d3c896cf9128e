"""x / (1 + |x|)."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import WITHIN_ONE, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational

Array = np.ndarray


def _common(x: Rational) -> int:
    """A common denominator of the values."""
    return int(np.prod(np.abs(x.over) + x.under))


def _exact(x: Rational) -> Rational:
    common = _common(x)
    return Rational(x.over * (common // (np.abs(x.over) + x.under)), common)


def _where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    x = np.maximum(1.0 / np.sqrt(k) - 1.0, 0.0)
    return x, -x


SOFTSIGN: Final = Nonlinearity(
    name="softsign",
    value=lambda x: x / (1 + np.abs(x)),
    derivative=lambda x: 1 / (1 + np.abs(x)) ** 2,
    rounding=WITHIN_ONE,
    exact=_exact,
    where=_where,
    curvature=2.0,
    corners=(0.0,),
)
