"""x: the layer of a value that is named, and of an output that is affine."""

from typing import Final

import numpy as np

from abduce.verify.networks.functions.lines import Lines
from abduce.verify.networks.functions.nonlinearity import EXACT, Nonlinearity

Array = np.ndarray


def _lines(low: Array, high: Array) -> Lines:
    one = np.ones_like(low)
    return Lines(one, None, one, np.zeros_like(low))


IDENTITY: Final = Nonlinearity(
    name="identity",
    value=lambda x: x,
    derivative=np.ones_like,
    rounding=EXACT,
    exact=lambda x: x,
    lines=_lines,
    bounds=lambda low, high: (low, high),
    is_identity=True,
)
