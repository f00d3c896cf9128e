"""Numbers to try: values of expressions at points that are fixed once for all."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from abduce.symbolic.calculation.untyped import sp

POINTS: Final = (0.731, 1.377, 2.193, 0.219, 3.417, -0.613, -1.871, 5.317)
CLOSE: Final = 1e-6


def number(expression: Any, at: dict[Any, Any] | None = None, digits: int = 30) -> complex | None:
    """The value of an expression as a complex number; None where it has none."""
    try:
        found = sp.N(expression.subs(at) if at else expression, digits, maxn=200)
        if not found.is_number or found.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            return None
        return complex(found)
    except (TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError,
            NotImplementedError, ArithmeticError):  # fmt: skip
        return None


def close(first: complex | None, second: complex | None, tolerance: float = CLOSE) -> bool:
    """Whether two numbers are there and agree."""
    if first is None or second is None:
        return False
    return abs(first - second) <= tolerance * max(1.0, abs(first), abs(second))


def points(names: Sequence[Any]) -> Iterator[dict[Any, Any]]:
    """Points to try, one for each offset of the fixed numbers."""
    for shift in range(len(POINTS)):
        yield {
            name: sp.Rational(str(POINTS[(shift + 3 * k) % len(POINTS)]))
            for k, name in enumerate(names)
        }


def compared(first: Any, second: Any, enough: int = 3) -> tuple[int, int]:
    """At how many points two expressions agree, and at how many both have a value."""
    names = sorted(first.free_symbols | second.free_symbols, key=str)
    agree = tried = 0
    for at in points(names):
        one, two = number(first, at), number(second, at)
        if one is None or two is None:
            continue
        tried += 1
        agree += close(one, two)
        if tried == enough and agree == tried:
            break
    return agree, tried
