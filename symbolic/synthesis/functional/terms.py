"""Terms: programs as trees, their price in bits, their text and their JSON.

("argument", i)   ("constant", type, value)   (name of a primitive, term, ...)
("lambda", n, body)   ("bound", k): the k-th parameter, counted from the innermost lambda
"""

from typing import Any, Final

from abduce.symbolic.synthesis.functional.primitives import Table
from abduce.symbolic.synthesis.functional.types import ListOf, Type

Term = tuple
NAMES: Final = "xyzuvw"
PARAMETERS: Final = "abcdefgh"
VARIABLE: Final = 2
"""The price of an argument or a parameter, in bits."""
LAMBDA: Final = 1
"""The price of a lambda, in bits."""


def argument(index: int) -> Term:
    return ("argument", index)


def constant(type: Type, value: Any) -> Term:
    return ("constant", type, value)


def constant_bits(value: Any) -> int:
    """The price of a constant: two bits and one a binary digit; four bits a character.

    >>> [constant_bits(value) for value in (0, 1, 5, -5, "ab", (1, 2))]
    [3, 3, 5, 6, 12, 11]
    """
    match value:
        case bool():
            return 2
        case int():
            return max(3, 2 + abs(value).bit_length()) + (value < 0)
        case str():
            return 4 + 4 * len(value)
        case _:
            return 4 + sum([constant_bits(each) for each in value])


def bits(term: Term, table: Table) -> int:
    """The description length of a term."""
    match term[0]:
        case "argument" | "bound":
            return VARIABLE
        case "constant":
            return constant_bits(term[2])
        case "lambda":
            return LAMBDA + bits(term[2], table)
        case name:
            return table[name].bits + sum([bits(child, table) for child in term[1:]])


def show(term: Term, depth: int = 0) -> str:
    """A term as text.

    >>> show(("map", ("lambda", 1, ("add", ("bound", 0), ("constant", "int", 2))), argument(0)))
    'map(a -> add(a, 2), x)'
    """
    match term[0]:
        case "argument":
            return NAMES[term[1]] if term[1] < len(NAMES) else f"x{term[1]}"
        case "bound":
            at = depth - 1 - term[1]
            return PARAMETERS[at] if 0 <= at < len(PARAMETERS) else f"p{at}"
        case "constant":
            return shown(term[2])
        case "lambda":
            count = term[1]
            names = [PARAMETERS[depth + i] for i in range(count)]
            return f"{' '.join(names)} -> {show(term[2], depth + count)}"
        case name if len(term) == 1:
            return name
        case name:
            return f"{name}({', '.join([show(child, depth) for child in term[1:]])})"


def shown(value: Any) -> str:
    """A value as text, lists in square brackets.

    >>> shown((1, (True, "a")))
    '[1, [true, "a"]]'
    """
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case int():
            return str(value)
        case _:
            return f"[{', '.join(map(shown, value))}]"


def data(term: Term) -> list[Any]:
    """A term as JSON has it."""
    if term[0] == "constant":
        return ["constant", str(term[1]), term[2]]
    return [data(part) if isinstance(part, tuple) else part for part in term]


def nil(type: ListOf) -> Term:
    """The empty list of a type."""
    return constant(type, ())
