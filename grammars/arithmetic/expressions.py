"""Expressions over quantities: the grammar, exact values, and text with few brackets.

A leaf points to a quantity by its number, or is one of fourteen constants. The four operations are
those of fractions. A quotient by 0 has no value.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Final

from abduce.errors import InputError
from abduce.grammars.folding import Algebra, run
from abduce.grammars.grammar import Grammar, Rule, Tree

NUMBER: Final = "number"
"""The one sort of the grammar."""
SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
)
"""The operations, and how they are written."""
CONSTANTS: Final[Mapping[str, Fraction]] = MappingProxyType(
    {
        f"constant{text}": Fraction(text)
        for text in (
            "0.01", "0.05", "0.1", "0.25", "0.5", "1", "2", "3", "4", "7", "10", "12", "60", "100",
        )
    }
)  # fmt: skip
"""Numbers that a problem may need without naming them: percents, coins, halves, days, hours."""
FIXED: Final = (*SIGNS, *CONSTANTS)
"""The names of all rules that do not point to a quantity."""
POINTER: Final = "quantity"
MOST_NODES: Final = 31
"""The upper limit on the nodes of an expression that is read or found: sixteen leaves."""
MOST_QUANTITIES: Final = 64
"""The upper limit on the quantities of a text."""

Number = Fraction | None


def pointer(index: int) -> str:
    """The name of the rule that points to a quantity, counted from 0."""
    return f"{POINTER}{index}"


def pointed(name: str) -> int | None:
    """The quantity that a rule points to; None if it points to none.

    >>> pointed("quantity3"), pointed("add")
    (3, None)
    """
    return int(name.removeprefix(POINTER)) if name.startswith(POINTER) else None


@cache
def expressions(quantities: int) -> Grammar:
    """The grammar of expressions over so many quantities.

    Raises:
        InputError: more than 64 quantities.

    >>> [rule.name for rule in expressions(1).rules(NUMBER)][:5]
    ['quantity0', 'add', 'subtract', 'multiply', 'divide']
    """
    if quantities > MOST_QUANTITIES:
        raise InputError(
            f"{quantities} quantities in a text",
            (f"at most {MOST_QUANTITIES}",),
            advice="Give a shorter text, with one problem in it.",
        )
    names = [pointer(index) for index in range(quantities)]
    return Grammar.of(
        [
            *(Rule(NUMBER, name, (), (name,)) for name in names),
            *(
                Rule(NUMBER, name, (NUMBER, NUMBER), ("(", 0, sign, 1, ")"))
                for name, sign in SIGNS.items()
            ),
            *(Rule(NUMBER, name, (), (name,)) for name in CONSTANTS),
        ],
        NUMBER,
    )


def value(tree: Tree, quantities: Sequence[Fraction]) -> Number:
    """The exact value of an expression; None where it divides by 0.

    >>> half = ("divide", ("quantity0",), ("constant2",))
    >>> value(half, [Fraction(7)]), value(("divide", half, ("quantity1",)), [Fraction(7), 0])
    (Fraction(7, 2), None)
    """
    return run(tree, algebra(quantities))


def algebra(quantities: Sequence[Fraction]) -> Algebra:
    """What the rules mean where the quantities have these values."""
    return {
        **{pointer(index): (lambda n=n: Fraction(n)) for index, n in enumerate(quantities)},
        **{name: (lambda n=n: n) for name, n in CONSTANTS.items()},
        "add": lambda x, y: None if x is None or y is None else x + y,
        "subtract": lambda x, y: None if x is None or y is None else x - y,
        "multiply": lambda x, y: None if x is None or y is None else x * y,
        "divide": lambda x, y: None if x is None or not y else x / y,
    }


def shown(tree: Tree, quantities: Sequence[str]) -> str:
    """An expression as text, with the brackets that it needs and no others.

    Args:
        quantities: the text of each quantity.

    >>> sum_ = ("add", ("quantity0",), ("quantity1",))
    >>> shown(("multiply", ("constant2",), ("subtract", ("quantity0",), sum_)), ["3", "5"])
    '2 * (3 - (3 + 5))'
    """

    def joined(name: str) -> object:
        sign, own = SIGNS[name], _RANK[name]

        def write(left: tuple[str, int], right: tuple[str, int]) -> tuple[str, int]:
            strict = name in ("subtract", "divide")
            first = f"({left[0]})" if left[1] < own else left[0]
            second = f"({right[0]})" if right[1] < own + strict else right[0]
            return f"{first} {sign} {second}", own

        return write

    table = {
        **{pointer(i): (lambda t=text: (t, _LEAF)) for i, text in enumerate(quantities)},
        **{name: (lambda t=name: (t.removeprefix("constant"), _LEAF)) for name in CONSTANTS},
        **{name: joined(name) for name in SIGNS},
    }
    return run(tree, table)[0]


_LEAF: Final = 9
_RANK: Final = {"add": 1, "subtract": 1, "multiply": 3, "divide": 3}


def decimal(number: Fraction, digits: int = 6) -> str:
    """A number as a person writes it: whole, or with decimals; rounded ones are marked with ≈.

    >>> decimal(Fraction(7, 2)), decimal(Fraction(8)), decimal(Fraction(1, 3))
    ('3.5', '8', '≈0.333333')
    """
    if number.denominator == 1:
        return str(number.numerator)
    rounded = round(number, digits)
    sign, whole = ("-" if rounded < 0 else ""), abs(rounded) * 10**digits
    head, tail = divmod(int(whole), 10**digits)
    text = f"{sign}{head}.{str(tail).zfill(digits)}".rstrip("0").rstrip(".")
    return text if rounded == number else f"≈{text}"
