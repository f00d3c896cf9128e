"""All that is known of a nonlinearity: values, derivative, relaxation, exact values, rounding.

A relaxation is two lines around the function on an interval. A line of slope k is sound when its
intercept is the least (greatest) value of f(x) - k x. That value lies at an end of the interval, at
a corner of f, or where f'(x) = k. So a function says where that is, and the lines follow
(`bounds/functions/smooth`); a function that has better lines says which.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import numpy as np

from abduce.verify.networks.functions.lines import Lines
from abduce.verify.networks.functions.rationals import Rational

Array = np.ndarray
X = TypeVar("X")

FUNCTION_UNITS: Final = 16
"""The error assumed of every function that is not exact in float32, in units of roundoff.
onnxruntime 1.31 needed 5.3, for tanh."""
SEARCHED: Final = 4e-15


@dataclass(frozen=True, slots=True)
class Rounding:
    """How far the value that a runtime computes in float32 may be off.

    Attributes:
        relative: the error in units of roundoff of the value; 0 where it is never rounded.
        absolute: the error in units of roundoff of 1, divided by FUNCTION_UNITS.
        of_operand: whether ``relative`` is meant of the operand, not of the value.
    """

    relative: int = 0
    absolute: float = 0.0
    of_operand: bool = False


EXACT: Final = Rounding()
RELATIVE: Final = Rounding(FUNCTION_UNITS)
WITHIN_ONE: Final = Rounding(absolute=1.0)
"""The rounding of functions whose values are from -1 to 1."""


class ReluSums(Protocol[X]):
    """The operations by which a piecewise linear function is written as a sum of relus."""

    def relu(self, x: X) -> X: ...

    def scale(self, factor: float, x: X) -> X: ...

    def shifted(self, x: X, by: float) -> X: ...

    def added(self, a: X, b: X) -> X: ...

    def shared(self, x: X) -> X:
        """The same as x, in a form that is cheap to read twice."""
        ...


def nowhere(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    """The points where f' = k of functions whose ends and corners are enough."""
    return ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Nonlinearity:
    """A function of one variable, elementwise. Two are the same where they are one object.

    Attributes:
        name: the name that is shown; nothing depends on it.
        value: the values at an array, in its type; ``error`` says how accurate they are in float64.
        derivative: the derivatives at an array; at a corner that of either side.
        rounding: the rounding of runtimes that compute in float32.
        evaluated: the value as a network is evaluated at points, where runtimes compute it
            otherwise than ``value``.
        exact: the value at rationals, or None where one of them has none that is rational; None of
            functions whose values are not rational.
        relus: a piecewise linear function written as a sum of relus; None for others. Bounds then
            see the relus, and not this function.
        where: the points x in an interval with f'(x) = k, for slopes k, or those of them where f(x)
            - k x can be least or greatest; nan where there is none.
        error: relative accuracy of ``value``, in units of roundoff.
        curvature: the greatest |f''| of a function whose points ``where`` are many units off;
            those of others are as accurate as x itself, which the other errors cover.
        domain: outside of this interval the function is not defined.
        pole: the point at which the function has none but infinite bounds.
        corners: points at which f(x) - k x may be extreme, too: where f' jumps or turns.
        reach: the greatest distance from 0 of the points ``where``, if they are searched for
            between turning points of f'; 0 for other functions. The value and derivative of such a
            function have an absolute error of up to SEARCHED, and so has f' = k.
        lines: the lines around it on an interval; None for the best of a chord and tangents.
        bounds: its least and greatest value on an interval; None for those found as lines are.
        is_hinge: whether it is max(x, 0), in which all that is linear in pieces is written: each
            half is linear where it is split at 0, and of its lines only the lower one's slope is
            free.
        is_identity: whether it is x.
        is_step: whether it is constant but for jumps, so that its lines have no slope.
    """

    name: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    rounding: Rounding
    evaluated: Callable[[Array], Array] | None = None
    exact: Callable[[Rational], Rational | None] | None = None
    relus: Callable[[ReluSums[Any], Any], Any] | None = None
    where: Callable[[Array, Array, Array], tuple[Array, ...]] = nowhere
    error: float = 8.0
    curvature: float = 0.0
    domain: tuple[float, float] = (-np.inf, np.inf)
    pole: float = np.nan
    corners: tuple[float, ...] = ()
    reach: float = 0.0
    lines: Callable[[Array, Array], Lines] | None = None
    bounds: Callable[[Array, Array], tuple[Array, Array]] | None = None
    is_hinge: bool = False
    is_identity: bool = False
    is_step: bool = False

    @property
    def has_free_slopes(self) -> bool:
        """Whether the slopes of its lines can be chosen, and the function be split to be nearer."""
        return not (self.is_identity or self.is_step)

    def at(self, x: Array) -> Array:
        """The value as a network is evaluated."""
        return self.value(x) if self.evaluated is None else self.evaluated(x)

    def pulled(self, z: Array, outer: Array) -> Array:
        """The gradient by z of ``outer @ value``."""
        return outer * self.derivative(z)
