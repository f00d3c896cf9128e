"""Operations of calculus of one variable: limits, derivatives, integrals, extrema, curves."""

import math
from itertools import pairwise
from typing import Any, Final

from abduce.symbolic.calculation.operations import checks
from abduce.symbolic.calculation.operations.floating import floating
from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    INTEGER,
    NAME,
    WORD,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.operations.sampling import number
from abduce.symbolic.calculation.untyped import sp


def derivative(function: Any, variable: Any, order: Any) -> Any:
    """The derivative of some order, simplified."""
    return sp.simplify(sp.diff(function, variable, int(order)))


def limit(function: Any, variable: Any, point: Any, side: str) -> Any:
    """A limit; from both sides unless a side is given."""
    direction = {"above": "+", "below": "-", "both": "+-"}[str(side)]
    if point in (sp.oo, -sp.oo):
        direction = "-" if point == sp.oo else "+"
    try:
        found = sp.limit(function, variable, point, direction)
    except ValueError:
        return "does not exist"
    if isinstance(found, sp.AccumBounds):
        return "does not exist"
    if found.has(sp.Limit):
        raise Unanswered("No rule for this limit is known.")
    return sp.simplify(found) if found.is_finite else found


def _limit_check(function: Any, variable: Any, point: Any, side: Any, answer: Any) -> str | None:
    return None if isinstance(answer, str) else checks.near(function, variable, point, side, answer)


def antiderivative(function: Any, variable: Any) -> Any:
    """An indefinite integral, with the constant C."""
    found = sp.integrate(function, variable)
    if found.has(sp.Integral):
        raise Unanswered("No antiderivative in elementary functions was found.")
    return found + sp.Symbol("C")


def integral(function: Any, variable: Any, low: Any, high: Any) -> Any:
    """A definite integral: exact where that is found, otherwise by quadrature."""
    found = sp.integrate(function, (variable, low, high))
    if found.has(sp.Integral) or found.has(sp.nan):
        value = sp.Integral(function, (variable, low, high)).evalf(15)
        if not value.is_number or value.has(sp.Integral):
            raise Unanswered("The integral was found neither exactly nor by quadrature.")
        return value
    return sp.simplify(found)


def repeated_integral(function: Any, *limits: Any) -> Any:
    """An integral over several variables, given with its limits, the innermost first."""
    found = function
    for variable, low, high in limits:
        found = sp.integrate(found, (variable, low, high))
    return sp.simplify(found)


def done(expression: Any) -> Any:
    """An expression with its integrals, sums and limits carried out."""
    found = expression.doit()
    if found.has(sp.Integral, sp.Sum, sp.Limit, sp.Product):
        value = sp.N(expression, 15)
        if value.has(sp.Integral, sp.Sum, sp.Limit, sp.Product) or not value.is_number:
            raise Unanswered("No closed form was found.")
        return value
    return sp.simplify(found)


def _done_check(expression: Any, answer: Any) -> str | None:
    if expression.free_symbols or not expression.has(sp.Integral, sp.Sum):
        return None
    if not answer.is_finite:
        return None
    try:
        one = number(expression, None, 15)
    except Exception:  # sympy raises many kinds here, and then there is nothing to compare with
        return None
    two = number(answer)
    if one is None or two is None:
        return None
    if abs(one - two) > 1e-4 * max(1.0, abs(two)):
        raise checks.Doubtful("the numerical value is another")
    return "the numerical value agrees"


def taylor(function: Any, variable: Any, point: Any, order: Any) -> Any:
    """The Taylor polynomial of some degree about a point."""
    return sum(
        sp.diff(function, variable, k).subs(variable, point)
        / sp.factorial(k)
        * (variable - point) ** k
        for k in range(int(order) + 1)
    )


def tangent(function: Any, variable: Any, point: Any) -> Any:
    """The equation of the tangent line at a point of the graph."""
    slope = sp.simplify(sp.diff(function, variable).subs(variable, point))
    if not slope.is_finite:
        raise Unanswered("The graph has no slope there.")
    y = sp.Symbol("y")
    height = function.subs(variable, point)
    return sp.Eq(y, sp.expand(slope * (variable - point) + height), evaluate=False)


def slope_at(function: Any, variable: Any, point: Any) -> Any:
    """The slope of the graph at a point."""
    return sp.simplify(sp.diff(function, variable).subs(variable, point))


def _height(root: Any) -> float:
    value = number(root)
    return 0.0 if value is None else value.real


def real_roots(function: Any, variable: Any) -> list[Any]:
    """All real roots, exact; raises Unanswered where they cannot all be found."""
    found = sp.solveset(function, variable, sp.S.Reals)
    if isinstance(found, sp.FiniteSet):
        return sorted(found, key=_height)
    if found is sp.S.EmptySet:
        return []
    raise Unanswered("Not all real roots could be found.")


def critical_points(function: Any, variable: Any) -> Any:
    """Where the derivative is 0."""
    return real_roots(sp.diff(function, variable), variable)


def _finite(value: Any) -> bool:
    return bool(value.is_finite) and bool(value.is_real)


def extremum_inside(function: Any, variable: Any, low: Any, high: Any, kind: str, what: str) -> Any:
    """As `extremum`, on an interval without its ends: there, only the limit is compared."""
    return extremum(function, variable, low, high, kind, what, open_ends=True)


def extremum(
    function: Any,
    variable: Any,
    low: Any,
    high: Any,
    kind: str,
    what: str,
    *,
    open_ends: bool = False,
) -> Any:
    """The largest or smallest value on an interval, or where it is taken.

    At an end that is infinite or left out the limit is compared; where it is better, there is none.
    """
    slope = sp.diff(function, variable)
    try:
        places = real_roots(slope, variable)
    except Unanswered:
        places = numeric_roots(slope, variable, low, high)
    inside = sp.Interval(low, high, open_ends, open_ends)
    places = [p for p in places if inside.contains(p) == True]  # noqa: E712
    candidates = [(function.subs(variable, p), p) for p in places]
    for end, side in ((low, "+"), (high, "-")):
        there = function.subs(variable, end) if end.is_finite else sp.nan
        if end.is_finite and not open_ends and _finite(there):
            candidates.append((there, end))
        else:
            candidates.append((sp.limit(function, variable, end, side), None))
    sign = 1 if kind == "maximum" else -1
    ranked = []
    for value, place in candidates:
        if value in (sp.oo, -sp.oo):
            if value == sign * sp.oo:
                raise Unanswered(f"There is no {kind}: the values have no limit.")
            continue
        approximate = number(value)
        if approximate is None:
            raise Unanswered("A value at a critical point could not be found.")
        if abs(approximate.imag) < 1e-12:
            ranked.append((sign * approximate.real, value, place))
    if not ranked:
        raise Unanswered(f"No {kind} was found.")
    best = max(r[0] for r in ranked)
    tops = [r for r in ranked if abs(r[0] - best) < 1e-9 * max(1, abs(best))]
    taken = [r for r in tops if r[2] is not None]
    if not taken:
        raise Unanswered(f"The {kind} is approached and never taken.")
    if what == "place":
        spots = [r[2] for r in taken]
        return spots[0] if len(spots) == 1 else spots
    return sp.simplify(taken[0][1])


def varied(function: Any, variable: Any, kind: str) -> Any:
    """The extremum over one positive letter while all others are fixed positive numbers."""
    by = {s: sp.Symbol(str(s), positive=True) for s in function.free_symbols}
    body, x = function.subs(by), by[variable]
    places = [p for p in sp.solve(sp.diff(body, x), x) if p.is_positive]
    if len(places) != 1:
        raise Unanswered("There is not one place where the derivative is 0.")
    bend = sp.simplify(sp.diff(body, x, 2).subs(x, places[0]))
    if bend.is_negative != (kind == "maximum") or bend.is_positive != (kind == "minimum"):
        raise Unanswered("The second derivative does not say that it is one.")
    return sp.simplify(body.subs(x, places[0])).subs({new: old for old, new in by.items()})


def growing(kind: str, what: str, length: Any, rate: Any) -> Any:
    """The rate of a volume or an area of a figure whose radius or side grows."""
    x = sp.Symbol("x")
    formulas = {
        ("sphere", "volume"): sp.Rational(4, 3) * sp.pi * x**3,
        ("sphere", "surface"): 4 * sp.pi * x**2,
        ("circle", "area"): sp.pi * x**2,
        ("cube", "volume"): x**3,
        ("cube", "surface"): 6 * x**2,
        ("square", "area"): x**2,
    }
    if (kind, what) not in formulas:
        raise Unanswered("No formula is known for this.")
    return sp.simplify(sp.diff(formulas[kind, what], x).subs(x, length) * rate)


def numeric_roots(function: Any, variable: Any, low: Any = -sp.oo, high: Any = sp.oo) -> list[Any]:
    """Real roots by bisection between sign changes on a fine grid, to 15 digits."""
    left = float(low) if low.is_finite else -50.0
    right = float(high) if high.is_finite else 50.0
    count = 4000
    grid = [left + (right - left) * k / count for k in range(count + 1)]
    quick = floating(function)

    def at(x: float) -> float | None:
        try:
            value = quick({str(variable): x})
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
        return value if math.isfinite(value) else None

    found: list[Any] = []
    before: tuple[float, float] | None = None
    for x in grid:
        value = at(x)
        if value is None:
            before = None
            continue
        if before is not None and value * before[1] < 0:
            a, b, fa = before[0], x, before[1]
            for _ in range(80):
                middle = (a + b) / 2
                here = at(middle)
                if here is None:
                    break
                if here * fa <= 0:
                    b = middle
                else:
                    a, fa = middle, here
            if abs(at(a) or 1) < 1e-6:
                found.append(_polished(function, variable, a, b))
        elif value == 0:
            found.append(sp.nsimplify(sp.Float(x, 15)))
        before = (x, value)
    return found


def _polished(function: Any, variable: Any, low: float, high: float) -> Any:
    """A root between two numbers by further bisection, to 20 digits."""
    a, b = sp.Float(low, 40), sp.Float(high, 40)
    below = number(function, {variable: a}, 40)
    for _ in range(60):
        middle = (a + b) / 2
        here = number(function, {variable: middle}, 40)
        if here is None or below is None or b - a < sp.Float(10) ** -22:
            break
        if here.real * below.real <= 0:
            b = middle
        else:
            a = middle
    return sp.Float((a + b) / 2, 18)


def area_between(first: Any, second: Any, variable: Any, low: Any, high: Any) -> Any:
    """The area between two graphs, on an interval or between their outermost crossings."""
    difference = first - second
    bounded = low.is_finite and high.is_finite
    try:
        crossings = real_roots(difference, variable)
    except Unanswered:
        crossings = numeric_roots(difference, variable, low, high)
        if not bounded:
            crossings = [c for c in crossings if abs(c) < 50][:8]
            if len(crossings) > 2:  # of many regions the first is meant, next to 0
                crossings = sorted(sorted(crossings, key=abs)[:2])
    crossings = [c for c in crossings if number(c) is not None]
    if bounded:
        inner = [c for c in crossings if low < c < high]
        ends = [low, *inner, high]
    else:
        ends = crossings
    if len(ends) < 2:
        raise Unanswered("The curves enclose no region.")
    total: Any = sp.Integer(0)
    for a, b in pairwise(ends):
        if any(isinstance(e, sp.Float) for e in (a, b)):
            part = sp.Integral(difference, (variable, a, b)).evalf(15)
        else:
            part = integral(difference, variable, a, b)
        total += sp.Abs(part)
    return sp.simplify(total) if not total.has(sp.Float) else total


def area_check(
    first: Any, second: Any, variable: Any, low: Any, high: Any, answer: Any
) -> str | None:
    value = number(answer)
    if value is None or not (low.is_finite and high.is_finite):
        return None
    return checks.quadrature(sp.Abs(first - second), variable, low, high, answer)


def arc_length(components: Any, variable: Any, low: Any, high: Any) -> Any:
    """The length of a curve that is given by its coordinates."""
    speed = sp.sqrt(sp.simplify(sum(sp.diff(c, variable) ** 2 for c in components)))
    return integral(speed, variable, low, high)


def polar_area(radius: Any, angle: Any) -> Any:
    """The area that a polar curve of period 2 pi bounds: radii below 0 are not counted twice."""
    shifted = sp.simplify(radius.subs(angle, angle + sp.pi) + radius)
    high = sp.pi if shifted == 0 else 2 * sp.pi
    return integral(radius**2 / 2, angle, sp.Integer(0), high)


def volume_of_revolution(
    first: Any, second: Any, variable: Any, low: Any, high: Any, axis: str
) -> Any:
    """The volume of the region between two graphs turned about an axis."""
    if not (low.is_finite and high.is_finite):
        ends = real_roots(first - second, variable)
        if len(ends) < 2:
            raise Unanswered("The curves enclose no region.")
        low, high = ends[0], ends[-1]
    if axis == "x":
        return sp.Abs(sp.pi * integral(first**2 - second**2, variable, low, high))
    if sp.Lt(low, 0) == True:  # noqa: E712
        raise Unanswered("The region lies on both sides of the axis.")
    return sp.Abs(2 * sp.pi * integral(variable * (first - second), variable, low, high))


def average_value(function: Any, variable: Any, low: Any, high: Any) -> Any:
    """The mean of a function on an interval."""
    return sp.simplify(integral(function, variable, low, high) / (high - low))


def newton(function: Any, variable: Any, places: Any) -> Any:
    """All real roots as decimals."""
    try:
        exact = real_roots(function, variable)
    except Unanswered:
        exact = numeric_roots(function, variable)
    return [sp.N(r, int(places) + 3) for r in exact]


TABLE: Final = {
    "derivative": Operation(
        arguments=(EXPRESSION, NAME, INTEGER), result=EXPRESSION, run=derivative,
        check=lambda f, x, n, a: checks.slope(f, x, a, n),
        about="Differentiate {0} with respect to {1}: {answer}.",
    ),
    "limit": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION, WORD), result=ANSWER, run=limit,
        check=_limit_check, about="The limit of {0} as {1} tends to {2} is {answer}.",
    ),
    "antiderivative": Operation(
        arguments=(EXPRESSION, NAME), result=EXPRESSION, run=antiderivative,
        check=checks.antiderivative, about="An antiderivative of {0} is {answer}.",
    ),
    "integral": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION, EXPRESSION), result=EXPRESSION, run=integral,
        check=checks.quadrature, about="Integrate {0} over {1} from {2} to {3}: {answer}.",
    ),
    "done": Operation(
        arguments=(EXPRESSION,), result=EXPRESSION, run=done, check=_done_check,
        about="Carry out {0}: {answer}.",
    ),
    "taylor": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION, EXPRESSION), result=EXPRESSION, run=taylor,
        about="The Taylor polynomial of {0} about {2}, of degree {3}, is {answer}.",
    ),
    "tangent": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION), result=ANSWER, run=tangent,
        about="The tangent of the graph of {0} at {1} = {2} is {answer}.",
    ),
    "slope_at": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION), result=EXPRESSION, run=slope_at,
        about="The slope of {0} at {1} = {2} is {answer}.",
    ),
    "critical_points": Operation(
        arguments=(EXPRESSION, NAME), result=ANSWER, run=critical_points,
        about="The derivative of {0} is 0 at {answer}.",
    ),
    "extremum": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION, EXPRESSION, WORD, WORD), result=ANSWER,
        run=extremum, about="The {4} of {0} for {1} from {2} to {3} ({5}): {answer}.",
    ),
    "extremum_inside": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION, EXPRESSION, WORD, WORD), result=ANSWER,
        run=extremum_inside,
        about="The {4} of {0} for {1} between {2} and {3} ({5}): {answer}.",
    ),
    "area_between": Operation(
        arguments=(EXPRESSION, EXPRESSION, NAME, EXPRESSION, EXPRESSION), result=EXPRESSION,
        run=area_between, check=area_check,
        about="The area between {0} and {1} is {answer}.",
    ),
    "arc_length": Operation(
        arguments=("matrix", NAME, EXPRESSION, EXPRESSION), result=EXPRESSION, run=arc_length,
        about="The length of the curve {0} for {1} from {2} to {3} is {answer}.",
    ),
    "polar_area": Operation(
        arguments=(EXPRESSION, NAME), result=EXPRESSION, run=polar_area,
        about="Half the integral of ({0})^2 is {answer}.",
    ),
    "volume_of_revolution": Operation(
        arguments=(EXPRESSION, EXPRESSION, NAME, EXPRESSION, EXPRESSION, WORD), result=EXPRESSION,
        run=volume_of_revolution, about="The volume is {answer}.",
    ),
    "average_value": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION, EXPRESSION), result=EXPRESSION, run=average_value,
        about="The mean of {0} for {1} from {2} to {3} is {answer}.",
    ),
    "varied": Operation(
        arguments=(EXPRESSION, NAME, WORD), result=EXPRESSION, run=varied,
        about="The {2} of {0} over {1} > 0 is {answer}.",
    ),
    "growing": Operation(
        arguments=(WORD, WORD, EXPRESSION, EXPRESSION), result=EXPRESSION, run=growing,
        about="At length {2}, growing at {3}, the {1} of the {0} changes at {answer}.",
    ),
    "newton": Operation(
        arguments=(EXPRESSION, NAME, EXPRESSION), result=ANSWER, run=newton,
        about="The real roots of {0} are {answer}.",
    ),
}  # fmt: skip
"""Operations by name."""
