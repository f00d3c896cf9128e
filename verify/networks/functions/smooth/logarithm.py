"""The natural logarithm."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import RELATIVE, Nonlinearity

LOG: Final = Nonlinearity(
    name="log",
    value=np.log,
    derivative=lambda x: 1 / x,
    rounding=RELATIVE,
    where=lambda k, low, high: (1 / k,),
    domain=(0.0, np.inf),
    pole=0.0,
)
