"""Specifications: which outputs must not happen, for which inputs.

A specification is a union of *cases*. A case is a box of inputs and a conjunction of linear
inequalities over inputs and outputs; it is *violated* by an input in the box (and its output)
that satisfies all of the inequalities. A property is proved when no case can be violated, and
refuted by an input that violates one: VNN-LIB's unsat and sat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A box and a conjunction of m inequalities ``inputs @ x + outputs @ y <= bounds``.

    Attributes:
        lower, upper: (n,), float64, the decimal numbers of the file rounded to nearest.
        inputs: (m, n); outputs: (m, k); x and y are the flattened input and output.
        bounds: (m,).
        strict: (m,), where the inequality is < instead of <=.
    """

    lower: np.ndarray
    upper: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray
    bounds: np.ndarray
    strict: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Specification:
    """A union of cases over n inputs and k outputs; without cases it holds trivially."""

    inputs: int
    outputs: int
    cases: tuple[Case, ...]

    def violated_by(self, x: np.ndarray, y: np.ndarray, tolerance: float = 0.0) -> int | None:
        """The index of the first case that an input and its output violate."""
        hits = (i for i, case in enumerate(self.cases) if violated(case, x, y, tolerance))
        return next(hits, None)


def violated(case: Case, x: np.ndarray, y: np.ndarray, tolerance: float = 0.0) -> bool:
    """Whether an input is in the box and satisfies, with its output, all of the inequalities.

    Computed in float64. A point with a nan violates nothing.

    Args:
        x, y: input and output, of any shape with n and k entries.
        tolerance: by how much each bound may be exceeded.

    Raises:
        ValueError: x or y of another size.
    """
    x, y = np.asarray(x, np.float64).ravel(), np.asarray(y, np.float64).ravel()
    _check_sizes(case, len(x), len(y))
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
    _check_sizes(case, len(x), len(y))
    if not all(
        low <= value <= high
        for low, value, high in zip(
            map(Fraction, case.lower.tolist()), x, map(Fraction, case.upper.tolist()), strict=True
        )
    ):
        return False
    for row in range(len(case.bounds)):
        value = _dot(case.inputs[row], x) + _dot(case.outputs[row], y)
        bound = Fraction(case.bounds[row].item())
        if value > bound or (value == bound and case.strict[row]):
            return False
    return True


def _check_sizes(case: Case, inputs: int, outputs: int) -> None:
    wanted = case.inputs.shape[1], case.outputs.shape[1]
    if (inputs, outputs) != wanted:
        raise ValueError(
            f"{inputs} inputs and {outputs} outputs, where there are {wanted[0]} and {wanted[1]}"
        )


def _dot(row: np.ndarray, values: Sequence[Fraction]) -> Fraction:
    terms = (Fraction(row[i].item()) * values[i] for i in np.flatnonzero(row).tolist())
    return sum(terms, Fraction(0))
