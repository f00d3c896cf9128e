"""Coefficients passed through a function, and relaxations with changed arrays."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

Array = np.ndarray
T = TypeVar("T", bound=Any)


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """The result of passing R rows of coefficients on the value of a layer through it, over D
    boxes.

    Attributes:
        a: coefficients on the argument of the layer, (D or 1, R, size).
        size: a bound on the sums of absolute values that they are computed from, likewise.
        shift: the number added to the row, (D, R); error: its rounding error.
    """

    a: Array
    size: Array
    shift: Array | float
    error: Array | float


def each(relaxed: T, change: Callable[[Array], Array]) -> T:
    """A relaxation with a function applied to all its arrays."""
    made = {f.name: getattr(relaxed, f.name) for f in fields(relaxed)}
    changed = {n: change(part) for n, part in made.items() if isinstance(part, np.ndarray)}
    return replace(relaxed, **changed)
