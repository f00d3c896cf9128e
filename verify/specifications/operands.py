"""Operands that Python passes to expressions: numbers, arrays and indices; and how they are
printed."""

from fractions import Fraction
from typing import Any

import numpy as np

from abduce.verify.networks.network import Shape

SHOWN = 8
"""The upper limit on the entries of an array that is printed in full."""


def exact_numbers(value: Any) -> tuple[list[Fraction], Shape]:
    """A number or an array of numbers, in the order of C, and its shape.

    Raises:
        TypeError: no numbers.
        ValueError: none at all, or one that is not finite.

    >>> exact_numbers([[0.5, 2]])
    ([Fraction(1, 2), Fraction(2, 1)], (1, 2))
    """
    array = np.asarray(value)
    if array.dtype.kind not in "iufO":
        raise TypeError(f"found {value!r}, expected an expression or numbers")
    if not array.size:
        raise ValueError("found an array without entries, expected numbers")
    try:
        return [Fraction(number) for number in array.ravel().tolist()], array.shape
    except TypeError as error:
        raise TypeError(f"found {value!r}, expected an expression or numbers") from error
    except (ValueError, OverflowError) as error:
        raise ValueError(f"found {shown(value)}, expected numbers that are finite") from error


def shown(value: Any) -> str:
    """Numbers as Python has them; an array of many is shortened.

    >>> shown(np.float32(0.5)), shown(np.ones((2, 2))), shown(range(100))
    ('0.5', '[[1.0, 1.0], [1.0, 1.0]]', '[0, … 100 numbers …, 99]')
    """
    array = np.asarray(value)
    if array.size <= SHOWN:
        return repr(array.tolist())
    first, last = array.ravel()[[0, -1]].tolist()
    return f"[{first!r}, … {array.size} numbers …, {last!r}]"


def shown_key(key: Any) -> str:
    """The text between the brackets of an index.

    >>> shown_key((0, slice(None, 3), ...)), shown_key([1, 2]), shown_key(slice(None, None, 2))
    ('0, :3, ...', '[1, 2]', '::2')
    """
    if isinstance(key, tuple) and key:
        return ", ".join(map(shown_key, key))
    if isinstance(key, slice):
        parts = ["" if part is None else str(part) for part in (key.start, key.stop, key.step)]
        return ":".join(parts[: 3 if parts[2] else 2])
    return "..." if key is ... else shown(key)
