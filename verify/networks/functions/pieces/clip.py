"""min(max(x, low), high), where a bound may be missing: infinite."""

from functools import cache
from math import inf, isfinite

import numpy as np

from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity, ReluSums, X
from abduce.verify.networks.functions.rationals import Rational, rational, together


@cache
def clip(low: float, high: float) -> Nonlinearity:
    """Where low is above high the value is high, as numpy and ONNX have it."""

    def exact(x: Rational) -> Rational | None:
        if low == inf or high == -inf:
            return None
        for bound, pick in ((low, np.maximum), (high, np.minimum)):
            if isfinite(bound):
                x, end = together(x, rational(np.array([bound])))
                x = Rational(pick(x.over, end.over[0]), x.under)
        return x

    def relus(sums: ReluSums[X], x: X) -> X:
        """low + relu(x - low) - relu(x - high), each part only where it can bind."""
        least = min(low, high)
        if np.isinf(least) and np.isinf(high):
            return x
        if np.isinf(least):
            x = sums.shared(x)
            return sums.added(x, sums.scale(-1.0, sums.relu(sums.shifted(x, -high))))
        above = sums.relu(sums.shifted(x, -least))
        if np.isinf(high):
            return sums.shifted(above, least)
        over = sums.relu(sums.shifted(x, -high))
        return sums.shifted(sums.added(above, sums.scale(-1.0, over)), least)

    return Nonlinearity(
        name="clip",
        value=lambda x: np.clip(x, low, high),
        derivative=lambda x: ((x > low) & (x < high)).astype(x.dtype),
        rounding=EXACT,
        exact=exact,
        relus=relus,
        corners=(low, high),
    )
