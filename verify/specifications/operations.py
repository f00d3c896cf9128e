"""The operators of expressions, applied to two linear terms, which are not changed."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from abduce.errors import UnsupportedError
from abduce.verify.specifications.formulas import Formula, negation
from abduce.verify.specifications.terms import Term, at_most, difference, equal, product, total

SUM, PRODUCT, ATOM = range(3)
"""The precedences of text: of a sum, of a product, and of an atom."""


def _quotient(a: Term, b: Term) -> Term | None:
    if any(b.coefficients.values()):
        return None
    return product([a, Term({}, 1 / b.constant)])


OPERATIONS: dict[str, tuple[Callable[[Term, Term], Term | None], int, int]] = {
    "+": (lambda a, b: total([copied(a), copied(b)]), SUM, PRODUCT),
    "-": (lambda a, b: difference(copied(a), [b]), SUM, PRODUCT),
    "*": (lambda a, b: product([a, b]), PRODUCT, ATOM),
    "/": (_quotient, PRODUCT, ATOM),
}
"""The function of each operator, with the precedence that its left and right operands need."""

COMPARISONS: dict[str, Callable[[Term, Term], Formula]] = {
    "<=": lambda a, b: at_most(copied(a), b, False),
    "<": lambda a, b: at_most(copied(a), b, True),
    ">=": lambda a, b: at_most(copied(b), a, False),
    ">": lambda a, b: at_most(copied(b), a, True),
    "==": lambda a, b: equal(copied(a), b),
    "!=": lambda a, b: negation(equal(copied(a), b)),
}


def copied(term: Term) -> Term:
    """A copy of a term, which the caller may change."""
    return Term(dict(term.coefficients), term.constant)


def combined(terms: Sequence[Term], factors: Sequence[Fraction]) -> Term:
    """The sum of terms times factors."""
    result = Term({}, Fraction(0))
    for term, factor in zip(terms, factors, strict=True):
        if factor:
            scaled = product([term, Term({}, factor)])
            result = result if scaled is None else total([result, scaled])
    return result


def not_linear(text: str, advice: str = "") -> UnsupportedError:
    """The error of text that is not linear."""
    advice = advice or "Only numbers multiply x and y: 2 * y[0] - y[1] + x[2] <= 4."
    return UnsupportedError("a property", (f"{text}, which is not linear",), advice)
