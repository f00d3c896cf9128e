"""Specifications: which outputs must not happen, for which inputs.

A specification is a union of *cases*. A case is a box of inputs and a conjunction of linear
inequalities over inputs and outputs; it is *violated* by an input in the box (and its output)
that satisfies all of the inequalities. A property is proved when no case can be violated, and
refuted by an input that violates one: VNN-LIB's unsat and sat.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import numpy as np

from abduce.verify.specifications.hidden import Hidden

NONE: Mapping[str, Any] = MappingProxyType({})

Span = tuple[Fraction, Fraction]
"""The least and the greatest value of a number."""


class Judge(Protocol):
    """Judges by the text of a specification, in which no number is rounded."""

    def violated(self, x: Sequence[Fraction], y: Sequence[Span]) -> bool | None:
        """Whether an input violates the specification; None if its output is not known well enough.

        Args:
            x, y: (n,) and (k,), flattened.
        """
        ...

    def decimal(self, i: int, value: float) -> Fraction:
        """The bound of input i that was rounded to this value, or the value."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A box and a conjunction of m inequalities ``inputs @ x + outputs @ y <= bounds``.

    Attributes:
        lower, upper: (n,), float64, at most one unit off the decimal numbers of the file; but a
            float32 number is within them exactly if it is within the decimal numbers.
        inputs: (m, n); outputs: (m, k); x and y are the flattened input and output.
        bounds: (m,).
        strict: (m,), where the inequality is < instead of <=.
        hidden: bounds on neurons that must hold, too, where the case is violated.
    """

    lower: np.ndarray
    upper: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray
    bounds: np.ndarray
    strict: np.ndarray
    hidden: tuple[Hidden, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Specification:
    """A union of cases over n inputs and k outputs; without cases it holds trivially.

    Attributes:
        text: the text that the cases were read from. Without a text, and for cases with bounds on
            neurons, the float64 numbers count as exact.
    """

    inputs: int
    outputs: int
    cases: tuple[Case, ...]
    text: Judge | None = None

    @property
    def hidden(self) -> list[Hidden]:
        """All bounds on neurons."""
        return [bounds for case in self.cases for bounds in case.hidden]

    def violated_by(
        self,
        x: np.ndarray,
        y: np.ndarray,
        tolerance: float = 0.0,
        nodes: Mapping[str, np.ndarray] = NONE,
    ) -> int | None:
        """The index of the first case that an input and its output violate."""
        cases = enumerate(self.cases)
        return next((i for i, case in cases if violated(case, x, y, tolerance, nodes)), None)

    def judged(
        self, x: Sequence[Fraction], y: Sequence[Span], nodes: Mapping[str, Sequence[Span]] = NONE
    ) -> bool | None:
        """`Judge.violated`, of the text or else of the cases.

        Args:
            nodes: the values of the nodes that cases have bounds on, flattened.
        """
        if self.text is not None and not self.hidden:
            return self.text.violated(x, y)
        return some_of(_judged(case, x, y, nodes) for case in self.cases)

    def decimal(self, i: int, value: float) -> Fraction:
        """`Judge.decimal`."""
        return Fraction(value) if self.text is None else self.text.decimal(i, value)


def violated(
    case: Case,
    x: np.ndarray,
    y: np.ndarray,
    tolerance: float = 0.0,
    nodes: Mapping[str, np.ndarray] = NONE,
) -> bool:
    """Whether an input is in the box and satisfies, with its output, all of the inequalities.

    Computed in float64. A point with a nan violates nothing.

    Args:
        x, y: input and output, of any shape with n and k entries.
        tolerance: the number by which each bound on x and y may be exceeded.
        nodes: the values of the nodes that the case has bounds on.

    Raises:
        ValueError: x or y of another size, or a node without a value.
    """
    x, y = np.asarray(x, np.float64).ravel(), np.asarray(y, np.float64).ravel()
    _check_sizes(case, len(x), len(y))
    if not all(bounds.hold(_value(bounds, nodes)) for bounds in case.hidden):
        return False
    if not ((case.lower - tolerance <= x) & (x <= case.upper + tolerance)).all():
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        values = np.where(case.inputs, case.inputs * x, 0.0).sum(axis=1)
        values += np.where(case.outputs, case.outputs * y, 0.0).sum(axis=1)
        limits = case.bounds + tolerance
        return bool(np.where(case.strict, values < limits, values <= limits).all())


def violated_exactly(case: Case, x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
    """`violated` in rational arithmetic: of the numbers of the case, which are float64, nothing is
    rounded.

    Raises:
        ValueError: x or y of another size.
    """
    return _judged(case, x, [(value, value) for value in y]) is True


def _judged(
    case: Case, x: Sequence[Fraction], y: Sequence[Span], nodes: Mapping[str, Sequence[Span]] = NONE
) -> bool | None:
    _check_sizes(case, len(x), len(y))
    bounds = zip(case.lower.tolist(), x, case.upper.tolist(), strict=True)
    if not all(Fraction(low) <= value <= Fraction(high) for low, value, high in bounds):
        return False
    told: list[bool | None] = []
    for row in range(len(case.bounds)):
        bound = Fraction(case.bounds[row].item()) - _dot(case.inputs[row], x)
        span = total(scaled(case.outputs[row, i].item(), y[i]) for i in _used(case.outputs[row]))
        told.append(compared(span, (bound, bound), bool(case.strict[row])))
    for bounds in case.hidden:
        value = _value(bounds, nodes)
        ends = zip(bounds.lower.tolist(), bounds.upper.tolist(), strict=True)
        for entry, (low, high) in zip(bounds.entries.tolist(), ends, strict=True):
            if isfinite(low):
                told.append(compared((Fraction(low), Fraction(low)), value[entry], False))
            if isfinite(high):
                told.append(compared(value[entry], (Fraction(high), Fraction(high)), False))
            if low == inf or high == -inf:
                told.append(False)
    return all_of(told)


def compared(a: Span, b: Span, strict: bool) -> bool | None:
    """Whether a <= b, or a < b."""
    if a[1] < b[0] or (a[1] == b[0] and not strict):
        return True
    return False if a[0] > b[1] or (a[0] == b[1] and strict) else None


def total(spans: Iterable[Span]) -> Span:
    low = high = Fraction(0)
    for span in spans:
        low, high = low + span[0], high + span[1]
    return low, high


def scaled(factor: Fraction | float, span: Span) -> Span:
    ends = Fraction(factor) * span[0], Fraction(factor) * span[1]
    return min(ends), max(ends)


def all_of(parts: Iterable[bool | None]) -> bool | None:
    """The conjunction of what is true, false or not known."""
    told: bool | None = True
    for part in parts:
        if part is False:
            return False
        told = told and part
    return told


def some_of(parts: Iterable[bool | None]) -> bool | None:
    """The disjunction of what is true, false or not known."""
    told = all_of(None if part is None else not part for part in parts)
    return None if told is None else not told


def _check_sizes(case: Case, inputs: int, outputs: int) -> None:
    wanted = case.inputs.shape[1], case.outputs.shape[1]
    if (inputs, outputs) != wanted:
        raise ValueError(
            f"{inputs} inputs and {outputs} outputs, where there are {wanted[0]} and {wanted[1]}"
        )


Value = TypeVar("Value")


def _value(bounds: Hidden, nodes: Mapping[str, Value]) -> Value:
    if bounds.node not in nodes:
        raise ValueError(f"no value of {bounds.node}, which the case has bounds on")
    return nodes[bounds.node]


def _dot(row: np.ndarray, values: Sequence[Fraction]) -> Fraction:
    return sum((Fraction(row[i].item()) * values[i] for i in _used(row)), Fraction(0))


def _used(row: np.ndarray) -> list[int]:
    return np.flatnonzero(row).tolist()
