"""The square root."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import RELATIVE, Nonlinearity

SQRT: Final = Nonlinearity(
    name="sqrt",
    value=lambda x: np.sqrt(np.maximum(x, 0.0)),
    derivative=lambda x: 0.5 / np.sqrt(np.maximum(x, 1e-300)),
    rounding=RELATIVE,
    evaluated=np.sqrt,
    where=lambda k, low, high: ((0.5 / k) ** 2,),
    domain=(0.0, np.inf),
)
