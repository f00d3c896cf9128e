"""Primitives of integers and booleans, each as a function and as one of columns.

Quotient and remainder are those of Python: they round down, and the divisor is not 0.
"""

from typing import Any, Final

import numpy as np

from abduce.symbolic.synthesis.functional.primitives import Primitive, Undefined, primitive
from abduce.symbolic.synthesis.functional.types import LARGEST

HOLE: Final = -(2**62)
"""What a column holds where a value is undefined."""
MOST_SQUARED: Final = 2**25


def _bounded(value: int) -> int:
    if not -LARGEST <= value <= LARGEST:
        raise Undefined
    return value


def _quotient(x: int, y: int) -> int:
    return x // y


def _remainder(x: int, y: int) -> int:
    return x % y


def _power(x: int, y: int) -> int:
    if y < 0 or (abs(x) > 1 and y > 50):
        raise Undefined
    return _bounded(x**y)


def is_prime(x: int) -> bool:
    """Whether a number below 2^32 is prime."""
    if x > 2**32:
        raise Undefined
    if x < 4:
        return x > 1
    return x % 2 > 0 and all(x % d for d in range(3, int(x**0.5) + 1, 2))


def is_square(x: int) -> bool:
    """Whether a number is the square of an integer."""
    from math import isqrt

    return x >= 0 and isqrt(x) ** 2 == x


def _product_columns(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    large = np.abs(x.astype(float) * y) > LARGEST
    return np.where(large, HOLE, np.where(large, 0, x) * y)


def _quotient_columns(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    zero = y == 0
    return np.where(zero, HOLE, x // np.where(zero, 1, y))


def _remainder_columns(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    zero = y == 0
    return np.where(zero, HOLE, x % np.where(zero, 1, y))


def _either(c: bool, x: Any, y: Any) -> Any:
    return x if c else y


NUMBERS: Final[tuple[Primitive, ...]] = (
    primitive("add", "int int -> int", lambda x, y: _bounded(x + y), 3, np.add, True),
    primitive("subtract", "int int -> int", lambda x, y: _bounded(x - y), 3, np.subtract),
    primitive(
        "multiply", "int int -> int", lambda x, y: _bounded(x * y), 3, _product_columns, True
    ),
    primitive("quotient", "int int -> int", _quotient, 4, _quotient_columns),
    primitive("remainder", "int int -> int", _remainder, 4, _remainder_columns),
    primitive("power", "int int -> int", _power, 5),
    primitive("smaller", "int int -> int", min, 4, np.minimum, True),
    primitive("larger", "int int -> int", max, 4, np.maximum, True),
    primitive("equal", "int int -> bool", lambda x, y: x == y, 3, np.equal, True),
    primitive("less", "int int -> bool", lambda x, y: x < y, 3, np.less),
    primitive("is_prime", "int -> bool", is_prime, 5),
    primitive("is_square", "int -> bool", is_square, 5),
    primitive("true", "-> bool", True, 2),
    primitive("false", "-> bool", False, 2),
    primitive("not", "bool -> bool", lambda x: not x, 3, np.logical_not),
    primitive("and", "bool bool -> bool", lambda x, y: x and y, 3, np.logical_and, True),
    primitive("or", "bool bool -> bool", lambda x, y: x or y, 3, np.logical_or, True),
    primitive("if", "bool a a -> a", _either, 4),
)
"""Arithmetic, comparison, logic, and the conditional, which looks at one branch only."""
