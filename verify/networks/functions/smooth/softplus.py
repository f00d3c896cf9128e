"""log(1 + exp(x))."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import FUNCTION_UNITS, Nonlinearity, Rounding
from abduce.verify.networks.functions.smooth.sigmoid import sigmoid

SOFTPLUS: Final = Nonlinearity(
    name="softplus",
    value=lambda x: np.logaddexp(x, x.dtype.type(0)),
    derivative=sigmoid,
    # exp may be off by units of 1
    rounding=Rounding(FUNCTION_UNITS, absolute=1.0),
    where=lambda k, low, high: (np.log(k / (1.0 - k)),),
)
