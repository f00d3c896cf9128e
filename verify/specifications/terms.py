"""Linear terms over inputs and outputs with rational coefficients, and comparisons of them.

A variable is an integer, as in atoms. A coefficient is rounded to float64 once, when an atom is
made. Terms are given up to the operation that uses them, which may change them in place: that keeps
the sum of many terms linear in time, however they are nested.
"""

from collections.abc import Sequence
from ctypes import c_float
from dataclasses import dataclass
from fractions import Fraction
from math import inf, nextafter

from abduce.verify.specifications.formulas import Atom, Formula, conjunction, disjunction

MOST_BITS = 20_000


@dataclass(slots=True, eq=False)
class Term:
    """``sum of coefficient * variable + constant``."""

    coefficients: dict[int, Fraction]
    constant: Fraction


def total(terms: Sequence[Term]) -> Term:
    """The sum of terms."""
    largest = max(terms, key=lambda term: len(term.coefficients))
    for term in terms:
        if term is not largest:
            _add(largest, term)
    return largest


def difference(first: Term, rest: Sequence[Term]) -> Term:
    """The first term without the others; of one term alone, its negative."""
    if not rest:
        return _scaled(first, Fraction(-1))
    return total([first, *(_scaled(term, Fraction(-1)) for term in rest)])


def product(terms: Sequence[Term]) -> Term | None:
    """The product of terms; None where it is not linear.

    Raises:
        OverflowError: a constant far beyond what float64 can tell apart.
    """
    linear: Term | None = None
    factor = Fraction(1)
    for term in terms:
        if any(term.coefficients.values()):
            if linear is not None:
                return None
            linear = term
        else:
            factor = _small(factor * term.constant)
    return Term({}, factor) if linear is None else _scaled(linear, factor)


def at_most(left: Term, right: Term, strict: bool) -> Formula:
    """``left <= right``, or ``left < right``.

    Raises:
        OverflowError: a coefficient or bound that no float64 is near to.
    """
    return _at_most_zero(difference(left, [right]), strict)


def equal(left: Term, right: Term) -> Formula:
    """``left <= right`` and ``left >= right``.

    Raises:
        OverflowError: a coefficient or bound that no float64 is near to.
    """
    term = difference(left, [right])
    other = _scaled(term, Fraction(-1))
    return conjunction([_at_most_zero(term, False), _at_most_zero(other, False)])


def _at_most_zero(term: Term, strict: bool) -> Formula:
    terms = [(v, c) for v, c in sorted(term.coefficients.items(), key=_by_variable) if c]
    bound = -term.constant
    if not terms:
        true = bound > 0 or (bound == 0 and not strict)
        return conjunction([]) if true else disjunction([])
    if len(terms) == 1 and terms[0][0] >= 0:
        (variable, factor), *_ = terms
        terms, bound = [(variable, Fraction(1 if factor > 0 else -1))], bound / abs(factor)
    rounded = tuple((variable, float(factor)) for variable, factor in terms)
    if not all(factor for _, factor in rounded):
        raise OverflowError("a coefficient that is 0 as float64")
    atom = Atom(rounded, float(bound), strict)
    return Atom(rounded, at_most_single(atom.bound, bound), strict) if atom.is_bound else atom


def at_most_single(value: float, bound: Fraction | str) -> float:
    """A bound from above, rounded to a value, as a float64 that no other float32 number is below.

    That is the value, unless it is a float32 number and larger than the bound.
    """
    if c_float(value).value != value or Fraction(bound) >= value:
        return value
    return nextafter(value, -inf)


def _by_variable(item: tuple[int, Fraction]) -> tuple[bool, int]:
    variable = item[0]
    return variable < 0, max(variable, ~variable)


def _add(term: Term, other: Term) -> None:
    coefficients = term.coefficients
    for variable, factor in other.coefficients.items():
        coefficients[variable] = _small(coefficients.get(variable, Fraction(0)) + factor)
    term.constant = _small(term.constant + other.constant)


def _scaled(term: Term, factor: Fraction) -> Term:
    scaled = {variable: _small(c * factor) for variable, c in term.coefficients.items()}
    return Term(scaled, _small(term.constant * factor))


def _small(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise OverflowError("a constant of too many digits")
    return value
