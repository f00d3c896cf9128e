"""Operations on answers: whole numbers of a set, two answers together, roots together."""

from typing import Any, Final

from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    NAME,
    RELATIONS,
    WORD,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.untyped import sp

MANY: Final = 1_000_000


def integers_in(numbers: Any) -> Any:
    """The whole numbers of a set; of one without bounds only the first or last is kept."""
    if isinstance(numbers, sp.Set):
        if numbers.inf.is_finite and numbers.sup.is_finite:
            low, high = int(sp.ceiling(numbers.inf)), int(sp.floor(numbers.sup))
            if high - low > MANY:
                raise Unanswered("There are too many of them.")
            return [sp.Integer(n) for n in range(low, high + 1) if numbers.contains(n) == sp.true]
        if numbers.inf.is_finite:
            low = int(sp.ceiling(numbers.inf))
            return EndlessUp(
                next(n for n in range(low, low + 1000) if numbers.contains(n) == sp.true)
            )
    raise Unanswered("There are infinitely many.")


class EndlessUp(list):  # type: ignore[type-arg]
    """Whole numbers from one on, without end."""

    def __init__(self, first: int) -> None:
        super().__init__([sp.Integer(first)])


def add_two(first: Any, second: Any) -> Any:
    """A sum."""
    return sp.simplify(first + second)


def subtract_two(first: Any, second: Any) -> Any:
    """A difference."""
    return sp.simplify(first - second)


def multiply_two(first: Any, second: Any) -> Any:
    """A product."""
    return sp.simplify(first * second)


def roots_together(relations: Any, variable: Any, what: str) -> Any:
    """The sum, the product or the sum of squares of all complex roots, with multiplicity.

    Source: Viete, Opera mathematica 1646.
    """
    (equation,) = relations
    difference = sp.together(equation.lhs - equation.rhs)
    above, below = difference.as_numer_denom()
    if not above.is_polynomial(variable) or below.has(variable):
        raise Unanswered("The equation is not polynomial.")
    poly = sp.Poly(above, variable)
    lead, degree = poly.LC(), poly.degree()
    if degree < 1:
        raise Unanswered("The equation has no roots.")
    one = -poly.coeff_monomial(variable ** (degree - 1)) / lead
    if what == "sum":
        return one
    if what == "squares":
        two = poly.coeff_monomial(variable ** (degree - 2)) / lead if degree > 1 else 0
        return sp.simplify(one**2 - 2 * two)
    return (-1) ** degree * poly.eval(0) / lead


TABLE: Final = {
    "integers_in": Operation(arguments=(ANSWER,), result=ANSWER, run=integers_in,
        about="The whole numbers among them are {answer}."),
    "add_two": Operation(arguments=(EXPRESSION, EXPRESSION), result=EXPRESSION, run=add_two,
        about="{0} + {1} = {answer}."),
    "subtract_two": Operation(arguments=(EXPRESSION, EXPRESSION), result=EXPRESSION,
        run=subtract_two, about="{0} - {1} = {answer}."),
    "multiply_two": Operation(arguments=(EXPRESSION, EXPRESSION), result=EXPRESSION,
        run=multiply_two, about="{0} * {1} = {answer}."),
    "roots_together": Operation(arguments=(RELATIONS, NAME, WORD), result=EXPRESSION,
        run=roots_together, about="By Viete, the {2} of all complex roots of {0} is {answer}."),
}  # fmt: skip
"""Operations by name."""
