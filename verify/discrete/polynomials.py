"""Proof that a polynomial equals a formula, or a point where they differ.

A predicate is the sign of a polynomial. So a learned polynomial is right if it equals the right one
up to a positive factor, and that factor cannot be seen in any label. Nothing else is free: let
``d`` be irreducible over the reals and of both signs, and let ``p``, of no higher degree, have its
sign everywhere. Then ``p`` vanishes where ``d`` does, hence ``d`` divides ``p`` (the ideal of a
sign changing irreducible polynomial is real), and the quotient is a constant, greater than 0. So
within the degree of the specification the identity ``p = c * d`` is not only enough but necessary:
what fails it has another sign somewhere. Determinants of orientation and of circles are
irreducible. In the coordinates of the last point, the first is linear, and its coefficients share
no factor. The second is a multiple of ``x**2 + y**2`` and linear terms: a circle, which has no
line.

Source: Bochnak, Coste and Roy 1998, Real algebraic geometry, theorem 4.5.1 (sign changes).
"""

from fractions import Fraction

import numpy as np

from abduce import clock
from abduce.symbolic.programs.polynomials import (
    Polynomial,
    PolynomialSpecification,
    compiled_polynomial,
)
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work

RADII = (1, 2, 4, 8, 16)
TRIED = 200
"""The number of points of each radius that are tried to refute an identity."""


def prove_polynomial(
    polynomial: Polynomial,
    specification: PolynomialSpecification,
    *,
    deadline: float | None = None,
) -> Verdict:
    """Whether an identity of polynomials holds; if not, a point at which it fails.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    if clock.passed(deadline):
        return Unknown("the time was up")
    variables = polynomial.exponents.shape[1]
    if variables != len(specification.variables):
        return Unknown(f"{variables} variables, not {len(specification.variables)}")
    wanted = specification.terms()
    powers = map(tuple, polynomial.exponents.tolist())
    found = dict(zip(powers, polynomial.coefficients.tolist(), strict=True))
    highest = next(iter(wanted))
    signed = specification.sign
    factor = Fraction(found.get(highest, 0), wanted[highest]) if signed else Fraction(1)
    if factor > 0 and found == {each: factor * value for each, value in wanted.items()}:
        method = f"identity of polynomials, factor {factor}" if signed else "identity"
        cases = len(wanted)
        return Proved(Work(points=cases), Certificate(specification.claim, method, cases))
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
