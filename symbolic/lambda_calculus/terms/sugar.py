"""Numerals and booleans as codes, in the encodings of Church and of Scott.

Source: Church 1941, The calculi of lambda-conversion; Scott 1963 (unpublished), after Barendregt
1984, The lambda calculus, chapter 6.
"""

from array import array
from typing import Literal

from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND, INTEGER

Encoding = Literal["church", "scott"]

Coded = tuple["array[int]", list[str]]
"""A closed code and the names of its binders. The code is an array, because numerals are large."""

LARGEST_NUMERAL = 10_000_000

INNER, OUTER = BOUND, BOUND + 1
"""The variable of the innermost binder, and that of the binder around it."""


def numeral(number: int, encoding: Encoding) -> Coded:
    """The code of a natural number: `\\f x. f (f x)` is Church's 2, `\\s z. s 1` Scott's.

    >>> numeral(2, "church")
    (array('i', [1, 1, 0, 3, 0, 3, 2]), ['f', 'x'])
    """
    first = array(INTEGER, (ABSTRACTION, ABSTRACTION))
    last = array(INTEGER, (INNER,))
    if encoding == "church":
        return first + array(INTEGER, (APPLICATION, OUTER)) * number + last, ["f", "x"]
    successor = first + array(INTEGER, (APPLICATION, OUTER))
    return successor * number + first + last, ["s", "z"] * (number + 1)


def boolean(value: bool) -> Coded:
    """The code of a truth value, which both encodings share: `\\t f. t` is true."""
    return array(INTEGER, (ABSTRACTION, ABSTRACTION, OUTER if value else INNER)), ["t", "f"]
