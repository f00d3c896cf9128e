"""Where the derivative of a wave has a given value."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def periodic(shift: float) -> Callable[[Array, Array, Array], tuple[Array, ...]]:
    """The points where cos(x - shift) = k, within one period of each end.

    From one such point to the next of its kind, f(x) - k x changes by a constant. So it is least
    and greatest at the first or at the last one.
    """

    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        angle = np.arccos(k)
        points = []
        for base in (angle, -angle):
            for end in (low, high):
                turns = np.floor((end - shift - base) / (2 * np.pi))
                points += [base + shift + 2 * np.pi * (turns + i) for i in (0, 1)]
        return tuple(points)

    return where
