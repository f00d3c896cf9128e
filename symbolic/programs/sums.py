"""Polynomials in named variables, multiplied out as they are made.

Formulas are written once, with +, - and *, and say what they mean of numbers, of sympy's symbols
and of these. Two polynomials are equal for all numbers where these are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

Monomial = tuple[str, ...]
"""The variables of a product, sorted by name, each repeated as often as it is a factor."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A polynomial with whole coefficients.

    Attributes:
        terms: the coefficient of each monomial that has one; none is 0.

    >>> x, y = variable("x"), variable("y")
    >>> (x + y) * (x - y) == x * x - y * y
    True
    """

    terms: Mapping[Monomial, int]

    def __add__(self, other: Union["Sum", int]) -> "Sum":
        return collected((*self.terms.items(), *_sum(other).terms.items()))

    def __sub__(self, other: Union["Sum", int]) -> "Sum":
        return self + -1 * _sum(other)

    def __mul__(self, other: Union["Sum", int]) -> "Sum":
        return collected(
            (tuple(sorted(one + two)), a * b)
            for one, a in self.terms.items()
            for two, b in _sum(other).terms.items()
        )

    def __rsub__(self, other: int) -> "Sum":
        return _sum(other) - self

    __radd__, __rmul__ = __add__, __mul__


def collected(terms: Iterable[tuple[Monomial, int]]) -> Sum:
    """The sum of terms, those of one monomial as one."""
    found: dict[Monomial, int] = {}
    for monomial, coefficient in terms:
        found[monomial] = found.get(monomial, 0) + coefficient
    return Sum({monomial: total for monomial, total in found.items() if total})


def variable(name: str) -> Sum:
    return Sum({(name,): 1})


def determinant(rows: Sequence[Sequence[Any]]) -> Any:
    """The determinant of a square of numbers, symbols or sums, expanded along its first row.

    >>> determinant([[1, 2], [3, 4]])
    -2
    """
    if not rows:
        return 1
    first, *others = rows
    return sum(
        (-1) ** k * entry * determinant([[*row[:k], *row[k + 1 :]] for row in others])
        for k, entry in enumerate(first)
    )


def _sum(value: Sum | int) -> Sum:
    return value if isinstance(value, Sum) else collected([((), value)])
