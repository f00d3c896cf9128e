"""Polynomials with whole coefficients; one may be meant for its values, or for its sign alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import LARGEST, only, whole
from abduce.symbolic.programs.sums import variable

HIGHEST = 16
"""The upper limit on the degree of a polynomial."""


@dataclass(frozen=True, slots=True)
class PolynomialSpecification:
    """A polynomial, said by a formula.

    Attributes:
        claim: what agrees with it, as a sentence.
        variables: their names.
        value: the variables, as sums, to the formula.
        sign: only the sign matters, so that any positive factor is right.
    """

    claim: str
    variables: tuple[str, ...]
    value: Callable[..., Any]
    sign: bool = False

    def terms(self) -> dict[tuple[int, ...], int]:
        """The formula multiplied out: exponents to coefficients, the highest first.

        Raises:
            ValueError: something is left of it that is none of the variables.
        """
        found = self.value(*map(variable, self.variables)).terms
        if strange := {name for monomial in found for name in monomial} - set(self.variables):
            raise ValueError(f"{', '.join(sorted(strange))} does not cancel")
        powers = {tuple(map(names.count, self.variables)): c for names, c in found.items()}
        return dict(sorted(powers.items(), reverse=True))


@dataclass(frozen=True, slots=True, eq=False)
class Polynomial:
    """A sum of ``coefficients[t] * product over i of x[i] ** exponents[t, i]``.

    When it is made, terms with the same exponents are added, and those that vanish are dropped. So
    a polynomial has a single form, apart from the order of its terms.

    Attributes:
        exponents: (terms, variables), whole numbers, 0 or more.
        coefficients: (terms,), whole numbers.

    >>> Polynomial(np.array([[2, 0], [0, 1]]), np.array([3, -1]))(2, 5)
    7
    """

    kind: ClassVar[str] = "polynomial"

    exponents: np.ndarray
    coefficients: np.ndarray

    def __post_init__(self) -> None:
        terms = self.exponents.shape[0] if self.exponents.ndim == 2 else -1
        if self.coefficients.shape != (terms,):
            raise ValueError("exponents are (terms, variables), coefficients (terms,)")
        exponents = whole("an exponent", self.exponents, most=HIGHEST)
        given = whole("a coefficient", self.coefficients, least=-LARGEST)
        if exponents.sum(1).max(initial=0) > HIGHEST:
            raise ValueError(f"a degree of more than {HIGHEST}")
        found: dict[tuple[int, ...], int] = {}
        for powers, coefficient in zip(exponents.tolist(), given.tolist(), strict=True):
            found[tuple(powers)] = found.get(tuple(powers), 0) + coefficient
        found = {powers: total for powers, total in found.items() if total}
        kept = np.array(list(found), dtype=np.int64).reshape(len(found), exponents.shape[1])
        total = np.array(list(found.values()), dtype=np.int64)
        object.__setattr__(self, "exponents", kept)
        total = whole("a coefficient", total, least=-LARGEST)
        object.__setattr__(self, "coefficients", total)

    def __call__(self, *numbers: Any) -> Any:
        """The value at one point, in the arithmetic of the numbers; exact for whole ones."""
        return self.values(np.array([numbers], dtype=object).T)[0]

    @property
    def degree(self) -> int:
        return int(self.exponents.sum(1).max(initial=0))

    def values(self, columns: np.ndarray) -> np.ndarray:
        """(points,): the values, in the arithmetic of the arrays.

        Args:
            columns: (variables, points).
        """
        total = np.zeros(columns.shape[1], columns.dtype)
        for term in self.terms([*columns]):
            total = total + term
        return total

    def terms(self, columns: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
        """Each term's values (points,), multiplied from the left to the right.

        Args:
            columns: the column of each variable, (points,).
        """
        for powers, coefficient in zip(
            self.exponents.tolist(), self.coefficients.tolist(), strict=True
        ):
            factors = [columns[i] for i, power in enumerate(powers) for _ in range(power)]
            term = factors[0] if factors else np.ones_like(columns[0])
            for factor in factors[1:]:
                term = term * factor
            yield term if coefficient == 1 else -term if coefficient == -1 else term * coefficient

    def without(self, variables: range) -> "Polynomial":
        """The polynomial in the other variables, with these set to 0."""
        kept = (self.exponents[:, variables] == 0).all(1)
        return Polynomial(
            np.delete(self.exponents[kept], variables, axis=1), self.coefficients[kept]
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {"exponents": self.exponents, "coefficients": self.coefficients}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Polynomial":
        return cls(*only(arrays, "exponents", "coefficients"))


def compiled_polynomial(specification: PolynomialSpecification) -> Polynomial:
    """The polynomial of a specification."""
    terms = specification.terms()
    return Polynomial(
        np.array(list(terms), dtype=np.int64), np.array(list(terms.values()), dtype=np.int64)
    )
