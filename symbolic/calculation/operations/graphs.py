"""Operations on graphs: a graph is its formula, with points of it to draw."""

from typing import Any, Final

from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    NAME,
    WORD,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.operations.sampling import number
from abduce.symbolic.calculation.printing import shown
from abduce.symbolic.calculation.untyped import sp

STEPS: Final = 200


class Graph(str):
    """A graph, shown by its formula.

    Attributes:
        curve: its points; None where the curve has a gap.
    """

    curve: list[tuple[float, float] | None]


def graph(function: Any, variable: Any, kind: str) -> Graph:
    """The graph of a function, of a polar curve, or of x as a function of y."""
    if function.free_symbols - {variable}:
        raise Unanswered("The function has more than one variable.")
    low, high = (0.0, 6.283185307) if kind == "polar" else (-10.0, 10.0)
    curve: list[tuple[float, float] | None] = []
    for k in range(STEPS + 1):
        at = low + (high - low) * k / STEPS
        value = number(function, {variable: sp.Float(at)}, 15)
        if value is None or abs(value.imag) > 1e-9 or abs(value.real) > 1e6:
            curve.append(None)
        elif kind == "polar":
            import cmath

            point = value.real * cmath.exp(1j * at)
            curve.append((point.real, point.imag))
        else:
            curve.append((at, value.real) if kind == "y" else (value.real, at))
    if not any(curve):
        raise Unanswered("The function has no real values to draw.")
    left = {"polar": "r", "y": "y", "x": "x"}[kind]
    found = Graph(f"graph of {left} = {shown(function)}")
    found.curve = curve
    return found


def eliminated(first: Any, second: Any, parameter: Any) -> Graph:
    """The curve of two parametric equations as an equation of x and y, and its graph."""
    x, y = sp.Symbol("x"), sp.Symbol("y")
    solutions = sp.solve(sp.Eq(x, first), parameter)
    if len(solutions) != 1:
        raise Unanswered("The parameter cannot be eliminated in one way.")
    function = sp.simplify(second.subs(parameter, solutions[0]))
    found = graph(function, x, "y")
    _ = y
    return found


def period(function: Any, variable: Any) -> Any:
    """The smallest period."""
    from sympy.calculus.util import periodicity

    real = sp.Symbol(str(variable), real=True)
    found = periodicity(function.subs(variable, real), real)
    if found is None:
        return "not periodic"
    return found


TABLE: Final = {
    "graph": Operation(arguments=(EXPRESSION, NAME, WORD), result=ANSWER, run=graph,
        about="Draw {0}: {answer}."),
    "eliminated": Operation(arguments=(EXPRESSION, EXPRESSION, NAME), result=ANSWER,
        run=eliminated, about="Without {2}: {answer}."),
    "period": Operation(arguments=(EXPRESSION, NAME), result=ANSWER, run=period,
        about="The smallest period of {0} is {answer}."),
}  # fmt: skip
"""Operations by name."""
