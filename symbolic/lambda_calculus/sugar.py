"""Numerals and booleans as codes, in the encodings of Church and of Scott.

Source: Church 1941, The calculi of lambda-conversion; Scott 1963 (unpublished), after Barendregt
1984, The lambda calculus, chapter 6.
"""

from collections.abc import Sequence
from typing import Literal

from abduce.symbolic.lambda_calculus.codes import ABSTRACTION, APPLICATION, BOUND

Encoding = Literal["church", "scott"]
ENCODINGS: Sequence[Encoding] = ("church", "scott")

Coded = tuple[list[int], list[str]]
"""A closed code and the names of its binders."""

LARGEST_NUMERAL = 10_000_000

INNER, OUTER = BOUND, BOUND + 1
"""The variables of the innermost binder and of the one around it."""


def numeral(number: int, encoding: Encoding) -> Coded:
    """The code of a natural number: `\\f x. f (f x)` is Church's 2, `\\s z. s 1` Scott's.

    >>> numeral(2, "church")
    ([1, 1, 0, 3, 0, 3, 2], ['f', 'x'])
    """
    if encoding == "church":
        codes = [ABSTRACTION, ABSTRACTION, *[APPLICATION, OUTER] * number, INNER]
        return codes, ["f", "x"]
    successor = [ABSTRACTION, ABSTRACTION, APPLICATION, OUTER]
    return [*successor * number, ABSTRACTION, ABSTRACTION, INNER], ["s", "z"] * (number + 1)


def boolean(value: bool) -> Coded:
    """The code of a truth value, which both encodings share: `\\t f. t` is true."""
    return [ABSTRACTION, ABSTRACTION, OUTER if value else INNER], ["t", "f"]
