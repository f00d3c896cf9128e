"""Two lines around a function of one variable on an interval."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lower and upper lines, each array of the shape of the interval's ends.

    ``lower_slope x + lower <= f(x) <= upper_slope x + upper``. ``lower`` is None where it is zero
    everywhere. The slopes of a product of u and v are those of z = (u, v).
    """

    lower_slope: Array
    lower: Array | None
    upper_slope: Array
    upper: Array
