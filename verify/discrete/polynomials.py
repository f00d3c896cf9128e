"""Polynomials with whole coefficients, and the proof that one is what a formula says.

A predicate is the sign of a polynomial, so that a learned one need be the right one only up to a
positive factor, and that factor cannot be seen in any label. Nothing else is free: let ``d`` be
irreducible over the reals and of both signs, and let ``p``, of no higher degree, have its sign
everywhere. Then ``p`` vanishes where ``d`` does, hence ``d`` divides ``p`` (the ideal of a sign
changing irreducible polynomial is real), and the quotient is a constant, greater than 0. So within
the degree of the specification the identity ``p = c * d`` is not only enough but necessary: what
fails it has another sign somewhere. Determinants of orientation and of circles are irreducible: in
the coordinates of the last point, the one is linear with coefficients that share no factor, the
other a multiple of ``x**2 + y**2`` and linear terms, a circle, which contains no line.

Source: Bochnak, Coste and Roy 1998, Real algebraic geometry, theorem 4.5.1 (sign changes).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from abduce import clock
from abduce.errors import UnsupportedError
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work

if TYPE_CHECKING:
    import sympy

RADII = (1, 2, 4, 8, 16)
TRIED = 200
"""Points of each radius that are tried for a refutation."""


@dataclass(frozen=True, slots=True)
class PolynomialSpecification:
    """A polynomial, said by a formula.

    Attributes:
        claim: what agrees with it, as a sentence.
        variables: their names.
        value: the variables, as sympy's symbols, to the formula.
        sign: only the sign matters, so that any positive factor is right.
    """

    claim: str
    variables: tuple[str, ...]
    value: Callable[..., Any]
    sign: bool = False

    def polynomial(self) -> "sympy.Poly":
        """The formula multiplied out.

        Raises:
            UnsupportedError: sympy is not installed.
        """
        sympy = _sympy()
        symbols = sympy.symbols(self.variables)
        return sympy.Poly(self.value(*symbols), *symbols)


@dataclass(frozen=True, slots=True, eq=False)
class Polynomial:
    """A sum of ``coefficients[t] * product over i of x[i] ** exponents[t, i]``.

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
        if self.exponents.dtype.kind != "i" or self.coefficients.dtype.kind != "i":
            raise ValueError("exponents and coefficients are whole numbers")
        if self.exponents.size and self.exponents.min() < 0:
            raise ValueError("a negative exponent")

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
            columns: of each variable (points,).
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
        """In the other variables, where these are 0."""
        kept = (self.exponents[:, variables] == 0).all(1)
        return Polynomial(
            np.delete(self.exponents[kept], variables, axis=1), self.coefficients[kept]
        )

    def prove(
        self, specification: PolynomialSpecification, *, deadline: float | None = None
    ) -> Verdict:
        """Whether it is what the formula says, up to a positive factor where signs are meant."""
        return prove_polynomial(self, specification, deadline=deadline)

    def arrays(self) -> dict[str, np.ndarray]:
        """What it is made of, to be kept."""
        return {"exponents": self.exponents, "coefficients": self.coefficients}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Polynomial":
        return cls(arrays["exponents"], arrays["coefficients"])


def compiled_polynomial(specification: PolynomialSpecification) -> Polynomial:
    """The polynomial of a specification.

    Raises:
        UnsupportedError: sympy is not installed.
    """
    terms = specification.polynomial().terms()
    return Polynomial(
        np.array([powers for powers, _ in terms], dtype=np.int64),
        np.array([int(coefficient) for _, coefficient in terms], dtype=np.int64),
    )


def prove_polynomial(
    polynomial: Polynomial,
    specification: PolynomialSpecification,
    *,
    deadline: float | None = None,
) -> Verdict:
    """Whether an identity of polynomials holds; where it does not, a point that shows it.

    Args:
        deadline: as `clock.wall_s()` counts; None for none.

    Raises:
        UnsupportedError: sympy is not installed.
    """
    if clock.passed(deadline):
        return Unknown("the time was up")
    variables = polynomial.exponents.shape[1]
    if variables != len(specification.variables):
        return Unknown(f"{variables} variables, not {len(specification.variables)}")
    wanted = specification.polynomial()
    found = _as_sympy(polynomial, wanted)
    factor = found.coeff_monomial(wanted.LM()) / wanted.LC() if specification.sign else 1
    if factor > 0 and (found - wanted * factor).is_zero:
        terms = len(wanted.terms())
        method = f"identity of polynomials, factor {factor}" if specification.sign else "identity"
        return Proved(Work(points=terms), Certificate(specification.claim, method, terms))
    return _refuted(polynomial, specification, deadline)


def _refuted(
    polynomial: Polynomial, specification: PolynomialSpecification, deadline: float | None
) -> Verdict:
    """A point with small whole coordinates where the two differ."""
    expected, generator, tried = compiled_polynomial(specification), np.random.default_rng(0), 0
    for radius in RADII:
        if clock.passed(deadline):
            return Unknown("the time was up", Work(points=tried))
        shape = (len(specification.variables), TRIED)
        columns = generator.integers(-radius, radius + 1, shape).astype(object)
        pair = [expected.values(columns), polynomial.values(columns)]
        if specification.sign:
            pair = [np.sign(values) for values in pair]
        wanted, found = pair
        tried += TRIED
        if len(different := np.flatnonzero(wanted != found)):
            at = int(different[0])
            return Refuted(
                columns[:, at].astype(np.int64),
                np.array([found[at]]),
                0,
                Work(points=tried),
                np.array([wanted[at]]),
            )
    reason = f"another polynomial, but no difference at {tried:,} points"
    return Unknown(reason, Work(points=tried))


def _as_sympy(polynomial: Polynomial, like: "sympy.Poly") -> "sympy.Poly":
    sympy = _sympy()
    terms: dict[tuple[int, ...], int] = {}
    for powers, coefficient in zip(
        polynomial.exponents.tolist(), polynomial.coefficients.tolist(), strict=True
    ):
        terms[tuple(powers)] = terms.get(tuple(powers), 0) + coefficient
    return sympy.Poly.from_dict(terms, *like.gens)


def _sympy() -> Any:
    try:
        import sympy
    except ModuleNotFoundError as error:
        raise UnsupportedError(
            "a proof about polynomials",
            ("a Python without sympy",),
            "Install what kernels need: pip install 'abduce[neural]'",
        ) from error
    return sympy
