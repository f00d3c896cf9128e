"""Expressions as functions of floating-point numbers, node by node: no code is written."""

import math
from collections.abc import Callable
from typing import Any

from abduce.symbolic.calculation.operations.operation import Unanswered


def floating(expression: Any) -> Callable[[dict[str, float]], float]:
    """An expression as a function of floating-point numbers, node by node: no code is written."""
    if expression.is_Symbol:
        name = str(expression)
        return lambda point: point[name]
    if expression.is_number:
        constant = float(expression)
        return lambda point: constant
    parts = [floating(part) for part in expression.args]
    if expression.is_Add:
        return lambda point: sum(part(point) for part in parts)
    if expression.is_Mul:
        return lambda point: math.prod(part(point) for part in parts)
    if expression.is_Pow:
        return lambda point: real_power(parts[0](point), parts[1](point))
    functions: dict[str, Callable[[float], float]] = {
        "sin": math.sin, "cos": math.cos, "tan": math.tan, "exp": math.exp, "log": math.log,
        "Abs": abs, "asin": math.asin, "acos": math.acos, "atan": math.atan,
        "acot": lambda x: math.pi / 2 if x == 0 else math.atan(1 / x),
    }  # fmt: skip
    name = type(expression).__name__
    if name not in functions:
        raise Unanswered(f"The function {name} cannot be searched.")
    function = functions[name]
    return lambda point: function(parts[0](point))


def real_power(base: float, exponent: float) -> float:
    found = base**exponent
    if isinstance(found, complex):
        raise ValueError
    return found
