"""x above 0, and below a multiple of it: relu(x) - slope relu(-x)."""

from fractions import Fraction
from functools import cache

import numpy as np

from abduce.verify.networks.functions.nonlinearity import Nonlinearity, ReluSums, Rounding, X
from abduce.verify.networks.functions.rationals import Rational


@cache
def leaky_relu(slope: float) -> Nonlinearity:
    def exact(x: Rational) -> Rational:
        ratio = Fraction(slope)
        over = np.where(x.over > 0, x.over * ratio.denominator, x.over * ratio.numerator)
        return Rational(over, x.under * ratio.denominator)

    def relus(sums: ReluSums[X], x: X) -> X:
        below = sums.relu(sums.scale(-1.0, x))
        return sums.added(sums.relu(x), sums.scale(-slope, below))

    return Nonlinearity(
        name="leaky_relu",
        value=lambda x: np.where(x >= 0, x, x * x.dtype.type(slope)),
        derivative=lambda x: np.where(x >= 0, 1.0, slope),
        rounding=Rounding(1),
        exact=exact,
        relus=relus,
        corners=(0.0,),
    )
