"""What functions do to coefficients, and relaxations with other arrays."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

Array = np.ndarray
T = TypeVar("T", bound=Any)


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """What a layer makes of R rows of coefficients on its value, over D boxes.

    Attributes:
        a: coefficients on what the layer reads, (D or 1, R, size).
        size: a bound on the sums of absolute values that they are computed from, likewise.
        shift: what is added to the row, (D, R); error: its rounding error.
    """

    a: Array
    size: Array
    shift: Array | float
    error: Array | float


def each(relaxed: T, change: Callable[[Array], Array]) -> T:
    """A relaxation with all its arrays changed."""
    made = {f.name: getattr(relaxed, f.name) for f in fields(relaxed)}
    changed = {n: change(part) for n, part in made.items() if isinstance(part, np.ndarray)}
    return replace(relaxed, **changed)
