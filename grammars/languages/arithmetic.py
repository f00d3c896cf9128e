"""Arithmetic on naturals, such as "8/(2+1)", with the operations of HINT.

Subtraction stops at 0 (monus) and division rounds up. Brackets are minimal: every tree has one
text.

Source: Li et al. 2023, A minimalist dataset for systematic generalization (HINT), section 3.
Deviation: a quotient by 0, which does not occur there, is None here, and so is everything computed
from it.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import MappingProxyType

from abduce.grammars.folding import Algebra
from abduce.grammars.languages.language import Language
from abduce.grammars.reading import read_file

Number = int | None


def monus(x: int, y: int) -> int:
    """max(0, x - y).

    >>> monus(7, 3), monus(3, 7)
    (4, 0)
    """
    return max(0, x - y)


def ceiling_quotient(x: int, y: int) -> Number:
    """The least n with n y >= x; None for y = 0.

    >>> ceiling_quotient(7, 3), ceiling_quotient(7, 0)
    (3, None)
    """
    return -(-x // y) if y else None


def strict(function: Callable[[int, int], Number]) -> Callable[[Number, Number], Number]:
    """The function on numbers that may be None, which is None wherever an argument is.

    >>> strict(monus)(None, 3) is None
    True
    """
    return lambda x, y: None if x is None or y is None else function(x, y)


def same(x: Number) -> Number:
    """The value of a rule that only groups."""
    return x


ALGEBRA: Algebra = MappingProxyType(
    {str(n): (lambda n=n: n) for n in range(10)}
    | {"add": strict(int.__add__), "subtract": strict(monus)}
    | {"multiply": strict(int.__mul__), "divide": strict(ceiling_quotient)}
    | dict.fromkeys(("digit", "sum", "product", "bracketed", "bracketed_product"), same)
)


@cache
def language() -> Language:
    """Expressions over the ten digits and their values.

    >>> language().value("8/(2+1)-1"), language().value("1-2*3")
    (2, 0)
    """
    return Language("arithmetic", read_file(Path(__file__).parent / "arithmetic.lark"), ALGEBRA)
