"""e to the power of x."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import RELATIVE, Nonlinearity

EXP: Final = Nonlinearity(
    name="exp",
    value=np.exp,
    derivative=np.exp,
    rounding=RELATIVE,
    where=lambda k, low, high: (np.log(k),),
)
