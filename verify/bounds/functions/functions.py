"""What the bounds know of functions, and what these do to coefficients."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

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


@dataclass(frozen=True, slots=True, eq=False)
class Smooth:
    """A function of one variable, its derivative, and where its derivative has a given value.

    Attributes:
        where: of slopes k and an interval, the points x with f'(x) = k, or those of them where
            f(x) - k x can be least or greatest; nan where there is none.
        error: relative accuracy of ``value``, in units of roundoff.
        curvature: the greatest |f''| of a function whose points ``where`` are many units off;
            those of others are as accurate as x itself, which the other errors cover.
        domain: outside of this interval the function is not defined.
        pole: where it has none but infinite bounds.
        corners: points at which f(x) - k x may be extreme, too: where f' jumps or turns.
        reach: of a function whose points ``where`` are searched for between turning points of f',
            so far from 0 they are at most; 0 for others. Its value and derivative have an absolute
            error of up to SEARCHED, and so has f' = k.
    """

    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    where: Callable[[Array, Array, Array], tuple[Array, ...]]
    error: float = 8.0
    curvature: float = 0.0
    domain: tuple[float, float] = (-np.inf, np.inf)
    pole: float = np.nan
    corners: tuple[float, ...] = ()
    reach: float = 0.0


SEARCHED: Final = 4e-15
