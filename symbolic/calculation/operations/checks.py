"""Cross-checks: the same answer by another way, mostly by numbers."""

from typing import Any

from abduce.symbolic.calculation.operations.operation import Doubtful
from abduce.symbolic.calculation.operations.sampling import close, compared, number, points
from abduce.symbolic.calculation.untyped import sp


def same_values(first: Any, answer: Any) -> str | None:
    """Whether an answer has the values of what it was made from."""
    agree, tried = compared(first, answer)
    if tried and agree < tried:
        raise Doubtful("the answer has another value at a point that was tried")
    return f"the values agree at {tried} points" if tried else None


def slope(function: Any, variable: Any, answer: Any, order: Any = 1) -> str | None:
    """A derivative against central differences of the function."""
    if order != 1:
        return None
    step = sp.Rational(1, 10**6)
    names = sorted(function.free_symbols | {variable}, key=str)
    tried = 0
    for at in points(names):
        here = number(answer, at)
        up = number(function, {**at, variable: at[variable] + step})
        down = number(function, {**at, variable: at[variable] - step})
        if here is None or up is None or down is None:
            continue
        tried += 1
        if not close((up - down) / 2e-6, here, 1e-4):
            raise Doubtful("central differences give another slope")
        if tried == 3:
            break
    return f"central differences agree at {tried} points" if tried else None


def antiderivative(function: Any, variable: Any, answer: Any) -> str | None:
    """An antiderivative, differentiated, against its function."""
    return same_values(function, sp.diff(answer, variable)) and "its derivative is the integrand"


def quadrature(function: Any, variable: Any, low: Any, high: Any, answer: Any) -> str | None:
    """A definite integral against numerical quadrature."""
    if function.free_symbols - {variable} or not answer.is_number or not answer.is_finite:
        return None
    try:
        found = complex(sp.Integral(function, (variable, low, high)).evalf(15))
    except (TypeError, ValueError, ZeroDivisionError, ArithmeticError, NotImplementedError):
        return None
    value = number(answer)
    if value is None:
        return None
    if close(found, value, 1e-4):
        return "numerical quadrature agrees"
    raise Doubtful(f"numerical quadrature gives {found.real:.6g}")


def near(function: Any, variable: Any, point: Any, side: Any, answer: Any) -> str | None:
    """A limit against values near the point."""
    if function.free_symbols - {variable}:
        return None
    signs = {"above": (1,), "below": (-1,)}.get(str(side), (1, -1))
    for sign in signs:
        values = []
        for power in (4, 5, 6):
            small = sp.Rational(1, 10**power)
            if point == sp.oo:
                at = 1 / small
            elif point == -sp.oo:
                at = -1 / small
            else:
                at = point + sign * small
            values.append(number(function, {variable: sp.N(at, 60)}, 60))
        if any(value is None for value in values):
            continue
        last, before = values[-1], values[-2]
        assert last is not None
        assert before is not None
        if answer in (sp.oo, -sp.oo):
            growing = abs(last) > abs(before) and (last.real > 0) == (answer == sp.oo)
            if not growing:
                raise Doubtful("values near the point do not grow that way")
            continue
        target = number(answer)
        if (
            target is not None
            and not close(last, target, 1e-3)
            and abs(last - target) > 0.9 * abs(before - target)
        ):
            raise Doubtful("values near the point tend elsewhere")
    return "values near the point agree"


def roots(equations: list[Any], answers: list[dict[Any, Any]]) -> str | None:
    """Solutions put back into the equations."""
    tried = 0
    for answer in answers:
        for equation in equations:
            difference = (equation.lhs - equation.rhs).subs(answer)
            left = sorted(difference.free_symbols, key=str)
            value = number(difference, next(points(left)) if left else None)
            if value is None:
                continue
            tried += 1
            if abs(value) > 1e-6:
                raise Doubtful("a solution does not satisfy the equation")
    return "every solution satisfies the equations" if tried else None
