"""x above 0, and below it alpha (exp(x) - 1)."""

from functools import cache

import numpy as np

from abduce.verify.networks.functions.nonlinearity import FUNCTION_UNITS, Nonlinearity, Rounding


@cache
def elu(alpha: float = 1.0) -> Nonlinearity:
    return Nonlinearity(
        name="elu",
        value=lambda x: np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0))),
        derivative=lambda x: np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0))),
        # exp may be off by units of 1
        rounding=Rounding(FUNCTION_UNITS, absolute=max(1.0, alpha)),
        where=lambda k, low, high: (np.log(k / alpha),),
        corners=(0.0,),
    )
