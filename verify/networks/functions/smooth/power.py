"""x to a constant power."""

from fractions import Fraction
from functools import cache

import numpy as np

from abduce.verify.networks.functions.nonlinearity import RELATIVE, Nonlinearity
from abduce.verify.networks.functions.rationals import Rational

Array = np.ndarray
MOST_EXACT = 8
"""The upper limit on exponents whose powers are computed exactly."""


@cache
def power(n: float) -> Nonlinearity:
    def evaluated(x: Array) -> Array:
        return x * x if n == 2.0 else np.power(x, x.dtype.type(n))

    def exact(x: Rational) -> Rational | None:
        exponent = Fraction(n)
        if exponent.denominator != 1 or not 0 < exponent <= MOST_EXACT:
            return None
        return Rational(x.over ** int(exponent), x.under ** int(exponent))

    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        if n in (0.0, 1.0):
            return ()
        size = np.abs(k / n) ** (1.0 / (n - 1.0))
        return size, -size

    return Nonlinearity(
        name="power",
        value=lambda x: np.power(x, n),
        derivative=lambda x: n * np.power(x, n - 1.0),
        rounding=RELATIVE,
        evaluated=evaluated,
        exact=exact,
        where=where,
        domain=(-np.inf, np.inf) if float(n).is_integer() else (0.0, np.inf),
        pole=np.nan if n > 0 else 0.0,
    )
