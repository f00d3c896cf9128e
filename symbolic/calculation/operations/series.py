"""Operations on series and sequences, and on values at points."""

from itertools import pairwise
from typing import Any, Final

from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    NAME,
    WORD,
    Doubtful,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.operations.sampling import number
from abduce.symbolic.calculation.untyped import sp

CONVERGES: Final = "converges"
DIVERGES: Final = "diverges"


def at(function: Any, variable: Any, point: Any) -> Any:
    """The value at a point."""
    return sp.simplify(function.subs(variable, point))


def sequence_limit(term: Any, index: Any) -> Any:
    """The limit of a sequence, or that it diverges."""
    whole = sp.Symbol(str(index), positive=True)
    found = sp.limit(term.subs(index, whole), whole, sp.oo)
    if isinstance(found, sp.AccumBounds) or found in (sp.oo, -sp.oo, sp.zoo):
        return DIVERGES
    if found.has(sp.Limit, whole):
        raise Unanswered("No rule for this limit is known.")
    return sp.simplify(found)


def series_sum(expression: Any) -> Any:
    """The value of sums and products, in closed form."""
    found = expression.doit()
    if found.has(sp.Piecewise) and not expression.free_symbols:
        found = sp.piecewise_fold(found)
    if found.has(sp.Sum, sp.Product):
        raise Unanswered("No closed form was found.")
    return sp.simplify(found)


def _partial_sums(expression: Any, answer: Any) -> str | None:
    """A sum against its partial sums."""
    sums = list(expression.atoms(sp.Sum))
    if expression.free_symbols or len(sums) != 1 or expression != sums[0]:
        return None
    total = sums[0]
    _, first, last = total.limits[0]
    target = number(answer)
    if target is None:
        return None
    if last != sp.oo:
        count = last - first
        if not count.is_Integer or count > 400:
            return None
        index = total.limits[0][0]
        direct = sum(total.function.subs(index, first + k) for k in range(int(count) + 1))
        if sp.simplify(direct - answer) != 0:
            raise Doubtful("adding the terms one by one gives another sum")
        return "adding the terms one by one agrees"
    try:
        value = complex(sp.N(total, 12))
    except (TypeError, ValueError, ArithmeticError):
        return None
    if abs(value - target) > 1e-4 * max(1, abs(target)):
        raise Doubtful("partial sums tend elsewhere")
    return "partial sums agree"


def converges(total: Any, kind: str) -> str:
    """Whether a series converges."""
    index, first, _ = total.limits[0]
    if total.free_symbols:
        raise Unanswered("The terms depend on a further variable.")
    if first == index:
        raise Unanswered("The series has no first term.")
    whole = sp.Symbol("n", integer=True, positive=True)
    total = sp.Sum(total.function.subs(index, whole), (whole, first, sp.oo))
    told = total.is_convergent()
    if told not in (sp.true, sp.false, True, False):
        raise Unanswered("No test decides it.")
    if not told:
        return DIVERGES
    if kind == "absolute":
        return "converges absolutely" if total.is_absolutely_convergent() else (
            "converges conditionally")  # fmt: skip
    return CONVERGES


def sum_if_any(total: Any) -> Any:
    """The sum of a series that converges, or that it diverges."""
    return DIVERGES if converges(total, "plain") == DIVERGES else series_sum(total)


def dotted_series(terms: Any) -> Any:
    """An arithmetic or geometric series without end that is given by its first terms."""
    items = list(terms)
    if len(items) < 3:
        raise Unanswered("Three terms are needed to see how a series goes on.")
    steps = [sp.simplify(b - a) for a, b in pairwise(items)]
    ratios = [sp.simplify(b / a) for a, b in pairwise(items)]
    if all(r == ratios[0] for r in ratios):
        if abs(ratios[0]) < 1:
            return sp.simplify(items[0] / (1 - ratios[0]))
        return DIVERGES
    if all(s == steps[0] for s in steps):
        return DIVERGES
    raise Unanswered("The series is neither arithmetic nor geometric.")


def convergence_set(total: Any, variable: Any, what: str) -> Any:
    """The interval or the radius of convergence of a power series, by the ratio test."""
    index, first, _ = total.limits[0]
    n = sp.Symbol("n", integer=True, positive=True)
    term = total.function.subs(index, n)
    ratio = sp.limit(sp.simplify(sp.Abs(term.subs(n, n + 1) / term)), n, sp.oo)
    if ratio == 0:
        return sp.oo if what == "radius" else sp.S.Reals
    if ratio == sp.oo or ratio.has(sp.Limit):
        raise Unanswered("The ratio test decides nothing.")
    real = sp.Symbol(str(variable), real=True)
    inside = sp.solveset(ratio.subs(variable, real) < 1, real, sp.S.Reals)
    if not isinstance(inside, sp.Interval):
        raise Unanswered("The ratio test gives no interval.")
    if what == "radius":
        return sp.simplify((inside.end - inside.start) / 2)
    ends = []
    for end in (inside.start, inside.end):
        series = sp.Sum(sp.simplify(term.subs(variable, end)), (n, max(first, 1), sp.oo))
        told = series.is_convergent()
        ends.append(told in (True, sp.true))
    return sp.Interval(inside.start, inside.end, not ends[0], not ends[1])


def series(function: Any, variable: Any, point: Any, order: Any) -> Any:
    """The first terms of a Taylor series that are not 0: as many as its degree says, and more."""
    from abduce.symbolic.calculation.printing import joined

    terms: list[Any] = []
    power = 0
    while len(terms) <= int(order) and power < 40:
        factor = sp.diff(function, variable, power).subs(variable, point) / sp.factorial(power)
        if factor != 0:
            terms.append(sp.simplify(factor) * (variable - point) ** power)
        power += 1
    if function.is_polynomial(variable) and len(terms) <= int(order):
        return joined(terms) or "0"
    rest = terms.pop() if len(terms) > int(order) else sp.Integer(1)
    return f"{joined(terms)} {'-' if joined([rest]).startswith('-') else '+'} ..."


def total_differential(function: Any, names: Any) -> Any:
    """The sum of the partial derivatives times the differentials of their variables."""
    return sp.simplify(sum(sp.diff(function, name) * sp.Symbol(f"d{name}") for name in names))


TABLE: Final = {
    "at": Operation(arguments=(EXPRESSION, NAME, EXPRESSION), result=EXPRESSION, run=at,
        about="At {1} = {2} the value of {0} is {answer}."),
    "sequence_limit": Operation(arguments=(EXPRESSION, NAME), result=ANSWER, run=sequence_limit,
        about="As {1} grows, {0} tends to: {answer}."),
    "series_sum": Operation(arguments=(EXPRESSION,), result=EXPRESSION, run=series_sum,
        check=_partial_sums, about="{0} = {answer}."),
    "converges": Operation(arguments=(EXPRESSION, WORD), result=ANSWER, run=converges,
        about="The series {0} {answer}."),
    "sum_if_any": Operation(arguments=(EXPRESSION,), result=ANSWER, run=sum_if_any,
        about="The series {0}: {answer}."),
    "dotted_series": Operation(arguments=("matrix",), result=ANSWER, run=dotted_series,
        about="The series that begins with {0}: {answer}."),
    "convergence_set": Operation(arguments=(EXPRESSION, NAME, WORD), result=ANSWER,
        run=convergence_set, about="The {2} of convergence is {answer}."),
    "series": Operation(arguments=(EXPRESSION, NAME, EXPRESSION, EXPRESSION), result=ANSWER,
        run=series, about="The Taylor series of {0} about {2} begins with {answer}."),
    "total_differential": Operation(arguments=(EXPRESSION, "matrix"), result=EXPRESSION,
        run=total_differential, about="The differential of {0} is {answer}."),
}  # fmt: skip
"""Operations by name."""
