"""Equations of data sets, such as 'X=(3.0*7.0)', as expressions over the quantities of a text.

One side is an unknown alone, or nothing; the other is arithmetic. A number of the equation points
to the first quantity of the text with its value that is not yet used, then to the first of that
value, then to a constant. What does not fit is refused with a reason.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abduce.grammars.arithmetic.expressions import CONSTANTS, MOST_NODES, pointer
from abduce.grammars.arithmetic.normal import normal
from abduce.grammars.arithmetic.quantities import Quantity
from abduce.grammars.grammar import Tree

_PART: Final = re.compile(r"\s*(?:(\d+(?:\.\d*)?|\.\d+)|([A-Za-z]\w*)|([-+*/()=]))")
_NAMES: Final = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
_BINDS: Final = {"+": 1, "-": 1, "*": 2, "/": 2}
CLOSE: Final = Fraction(1, 10_000)
"""The relative difference up to which two numbers are one: data sets round 2/3 to 0.6667."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an equation is no expression over the quantities of its text.

    Attributes:
        reason: one of a few sentences, so that reasons can be counted.
        part: the part of the equation.
    """

    reason: str
    part: str = ""


NO_SIDE: Final = "No side of the equation is an unknown alone."
NOT_READ: Final = "The equation is not arithmetic with +, -, * and /."
STRANGE: Final = "A number is neither in the text nor a constant."
TOO_LARGE: Final = "The equation has more than sixteen numbers."
EMPTY: Final = "There is no equation."


def expression_of(equation: str, quantities: Sequence[Quantity]) -> Tree | Refused:
    """The normal form of an equation over the quantities of a text, or why there is none.

    >>> from abduce.grammars.arithmetic.quantities import quantities
    >>> known = quantities("Maria has 3 boxes of seven eggs.")
    >>> expression_of("X=(3.0*7.0)", known)
    ('multiply', ('quantity0',), ('quantity1',))
    >>> expression_of("x = 3 + 31", known)
    Refused(reason='A number is neither in the text nor a constant.', part='31')
    """
    parts: list[str] = []
    at = 0
    text = equation.strip()
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            return Refused(NOT_READ, text[at:])
        parts.append(match[0].strip())
        at = match.end()
    if not parts:
        return Refused(EMPTY)
    side = _known_side(parts)
    if isinstance(side, Refused):
        return side
    if sum(part[0].isdigit() or part[0] == "." for part in side) * 2 - 1 > MOST_NODES:
        return Refused(TOO_LARGE)
    return _pointing(side, quantities)


def _known_side(parts: Sequence[str]) -> list[str] | Refused:
    sides: list[list[str]] = [[]]
    for part in parts:
        sides.append([]) if part == "=" else sides[-1].append(part)
    if len(sides) > 2 or not all(sides):
        return Refused(NOT_READ, "=")
    known = [side for side in sides if not any(part[0].isalpha() for part in side)]
    others = [side for side in sides if side not in known]
    if len(known) != 1 or any(len(side) != 1 for side in others):
        return Refused(NO_SIDE)
    return known[0]


def _pointing(side: Sequence[str], quantities: Sequence[Quantity]) -> Tree | Refused:
    used: set[int] = set()
    values: list[Tree] = []
    signs: list[str] = []
    wants_number = True

    def close(binds: int) -> None:
        while signs and signs[-1] != "(" and _BINDS[signs[-1]] >= binds:
            right, left = values.pop(), values.pop()
            values.append((_NAMES[signs.pop()], left, right))

    for part in side:
        if part == "(" and wants_number:
            signs.append(part)
        elif wants_number and (part[0].isdigit() or part[0] == "."):
            leaf = _leaf(Fraction(part), quantities, used)
            if leaf is None:
                return Refused(STRANGE, part)
            values.append(leaf)
            wants_number = False
        elif part == ")" and not wants_number:
            close(0)
            if not signs:
                return Refused(NOT_READ, part)
            signs.pop()
        elif part in _NAMES and not wants_number:
            close(_BINDS[part])
            signs.append(part)
            wants_number = True
        else:
            return Refused(NOT_READ, part)
    if wants_number or "(" in signs[-1:]:
        return Refused(NOT_READ, side[-1])
    close(0)
    if signs or len(values) != 1:
        return Refused(NOT_READ, "(")
    return normal(values[0])


def _leaf(number: Fraction, quantities: Sequence[Quantity], used: set[int]) -> Tree | None:
    """The leaf for a number; the quantity is then used."""
    equal = [i for i, q in enumerate(quantities) if close_to(q.value, number)]
    for index in (*(i for i in equal if i not in used), *equal):
        used.add(index)
        return (pointer(index),)
    return next(((name,) for name, n in CONSTANTS.items() if close_to(n, number)), None)


def close_to(first: Fraction, second: Fraction) -> bool:
    """Whether two numbers are one, up to rounding in a data set.

    >>> close_to(Fraction(2, 3), Fraction("0.6667")), close_to(Fraction(2), Fraction(3))
    (True, False)
    """
    return abs(first - second) <= CLOSE * max(abs(first), abs(second))
