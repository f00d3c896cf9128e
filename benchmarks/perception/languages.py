"""What the symbols of the image benchmarks mean, where that is given; and what they might mean.

HWF computes with fractions: equality is exact, and a quotient by zero is no value. HINT computes
with natural numbers: differences stop at zero, and quotients are rounded up.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from abduce.symbolic.nsr.deduction.charts import Meanings
from abduce.symbolic.nsr.deduction.syntax import (
    NULLARY,
    PARTNER,
    Category,
    Meaning,
    Reach,
    Reading,
    Sign,
)

Function = Callable[..., Any]

LOOSE: Final = Sign(Category.INFIX, 10.0)
TIGHT: Final = Sign(Category.INFIX, 20.0)
LEVELS: Final = (10.0, 20.0)
"""The binding levels that an operator may have where its own is not given."""


def _infix(sign: Sign, meaning: Meaning) -> tuple[tuple[float, Reading], ...]:
    return ((1.0, Reading.of(sign, meaning)),)


def _number(value: Any) -> tuple[tuple[float, Reading], ...]:
    return ((1.0, Reading.of(NULLARY, value)),)


def _quotient(x: Any, y: Any) -> Any:
    return x / y if y else None


def _ceiling(x: Any, y: Any) -> Any:
    return -(-x // y) if y else None


HWF: Final[Meanings] = MappingProxyType(
    {
        **{str(n): _number(Fraction(n)) for n in range(1, 10)},
        "+": _infix(LOOSE, lambda x, y: x + y),
        "-": _infix(LOOSE, lambda x, y: x - y),
        "*": _infix(TIGHT, lambda x, y: x * y),
        "/": _infix(TIGHT, _quotient),
    }
)
"""The language of handwritten formulas."""

HINT: Final[Meanings] = MappingProxyType(
    {
        **{str(n): _number(n) for n in range(10)},
        "+": _infix(LOOSE, lambda x, y: x + y),
        "-": _infix(LOOSE, lambda x, y: max(0, x - y)),
        "*": _infix(TIGHT, lambda x, y: x * y),
        "/": _infix(TIGHT, _ceiling),
        "(": ((1.0, Reading.of(Sign(Category.CIRCUMFIX, partner=")"), lambda x: x)),),
        ")": ((1.0, Reading.of(PARTNER, 0)),),
    }
)
"""HINT's language, where syntax and meaning are given (an oracle of both)."""

ADDITION: Final[Meanings] = MappingProxyType(
    {**{str(n): _number(n) for n in range(10)}, "+": _infix(LOOSE, lambda x, y: x + y)}
)
"""Two digits and their sum."""

FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "x + y": lambda x, y: x + y,
        "x - y": lambda x, y: x - y,
        "y - x": lambda x, y: y - x,
        "x * y": lambda x, y: x * y,
        "x / y": _quotient,
        "y / x": lambda x, y: _quotient(y, x),
        "max(x, y)": max,
        "min(x, y)": min,
        "(x + y) / 2": lambda x, y: (x + y) / 2,
        "10 * x + y": lambda x, y: 10 * x + y,
        "x": lambda x, y: x,
        "y": lambda x, y: y,
    }
)
"""The primitive table of HWF with unknown operators: what a symbol between operands may mean."""

NATURAL_FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "x + y": lambda x, y: x + y,
        "max(0, x - y)": lambda x, y: max(0, x - y),
        "max(0, y - x)": lambda x, y: max(0, y - x),
        "|x - y|": lambda x, y: abs(x - y),
        "x * y": lambda x, y: x * y,
        "x / y, rounded up": _ceiling,
        "y / x, rounded up": lambda x, y: _ceiling(y, x),
        "x / y, rounded down": lambda x, y: x // y if y else None,
        "max(x, y)": max,
        "min(x, y)": min,
        "10 * x + y": lambda x, y: 10 * x + y,
        "x": lambda x, y: x,
        "y": lambda x, y: y,
    }
)
"""The primitive table of HINT's images where nothing is given, beside `BRACKETS`."""

OPENS, CLOSES = "begin", "end"
BRACKETS: Final[Meanings] = MappingProxyType(
    {
        OPENS: ((1.0, Reading.of(Sign(Category.CIRCUMFIX, partner=CLOSES), lambda x: x)),),
        CLOSES: ((1.0, Reading.of(PARTNER, 0)),),
    }
)
"""A pair of symbols that groups what stands between them, and nothing else."""


def proposed(
    numbers: Sequence[Any], functions: Mapping[str, Function], others: Meanings
) -> Meanings:
    """What an image may be where nothing is known of it.

    Args:
        numbers: those that it may denote.
        functions: those that it may be between two operands, each with every level and both ways
            to associate.
        others: further symbols.
    """
    reaches = (Reach.LEFT, Reach.RIGHT)
    signs = [Sign(Category.INFIX, level, reach) for level in LEVELS for reach in reaches]
    meanings = {str(number): _number(number) for number in numbers}
    for name, function in functions.items():
        meanings[name] = tuple([(1 / len(signs), Reading.of(sign, function)) for sign in signs])
    return MappingProxyType({**meanings, **others})


def placed(numbers: Sequence[Any], functions: Mapping[str, Function], others: Meanings) -> Meanings:
    """What an image may be where its sign is known: every function once with each of two signs.

    >>> list(placed((7,), {"x + y": lambda x, y: x + y}, {}))
    ['7', 'x + y, level 1', 'x + y, level 2']
    """
    meanings = {str(number): _number(number) for number in numbers}
    for name, function in functions.items():
        for level, sign in enumerate((LOOSE, TIGHT), start=1):
            meanings[f"{name}, level {level}"] = _infix(sign, function)
    return MappingProxyType({**meanings, **others})
