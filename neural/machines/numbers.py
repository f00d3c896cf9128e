"""Numbers as a person writes them, of any size, and as the bytes that machines read.

Whole numbers and decimals are exact: decimals are counted in units of the smallest place that any
of them has. Negative ones are shifted by a power of two, which keeps their order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abduce.errors import InputError

NUMBER = re.compile(r"([+-]?)(\d+(?:_\d+)*|(?=\.\d))(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?", re.ASCII)
SEPARATORS = re.compile(r"[\s,;]+")
CHUNK = 2000
MAX_PLACES = 100_000
"""Decimal places between the largest and the smallest of a list; more is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A list of numbers.

    Attributes:
        texts: as they were written.
        values: in units of 10 ** -places.
    """

    texts: tuple[str, ...]
    values: tuple[int, ...]
    places: int = 0

    def __len__(self) -> int:
        return len(self.texts)


def read_numbers(text: str, path: Path | str | None = None) -> Numbers:
    """The numbers of a text, apart by spaces, line ends, commas or semicolons.

    Raises:
        InputError: something else stands there, NaN and infinity too; with line and column.

    >>> read_numbers("3, -1.5\\n20")
    Numbers(texts=('3', '-1.5', '20'), values=(30, -15, 200), places=1)
    """
    texts: list[str] = []
    found: list[tuple[int, int]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        at = 0
        for token in SEPARATORS.split(line):
            if not token:
                continue
            at = line.index(token, at)
            digits = _digits(token)
            if digits is None:
                advice = "NaN and infinity have no place in an order that all programs agree on."
                hint = advice if token.lower().lstrip("+-")[:3] in ("nan", "inf") else None
                raise InputError(
                    repr(token), ("a number",), path, number, at + 1, line, advice=hint
                )
            texts.append(token)
            found.append(digits)
            at += len(token)
    places = max((-exponent for _, exponent in found), default=0)
    largest = max((exponent for _, exponent in found), default=0)
    if largest + max(places, 0) > MAX_PLACES:
        raise InputError(
            f"numbers of 1e{largest} and 1e{-places}", (f"at most {MAX_PLACES} places",), path
        )
    places = max(places, 0)
    return Numbers(tuple(texts), tuple(n * 10 ** (e + places) for n, e in found), places)


def whole(numbers: Numbers, path: Path | str | None = None, least: int | None = None) -> list[int]:
    """The numbers as whole ones.

    Args:
        least: none may be less.

    Raises:
        InputError: one of them is not whole, or too small.
    """
    for text, value in zip(numbers.texts, numbers.values, strict=True):
        if value % 10**numbers.places:
            raise InputError(repr(text), ("a whole number",), path)
        if least is not None and value < least * 10**numbers.places:
            raise InputError(repr(text), (f"a whole number, {least} or more",), path)
    return [value // 10**numbers.places for value in numbers.values]


def columns(values: Sequence[int], *, top: int = 0) -> np.ndarray:
    """(places, numbers) bytes, the lowest first, whose order as numbers is that of the values.

    Args:
        top: so many bytes of zeros more.
    """
    least = min(values, default=0)
    most = max(values, default=0)
    bits = max(most.bit_length(), (-least).bit_length() + 1 if least < 0 else 0, 1)
    size = (bits + (least < 0) + 7) // 8
    shift = 1 << 8 * size - 1 if least < 0 else 0
    content = b"".join((value + shift).to_bytes(size + top, "little") for value in values)
    return np.frombuffer(content, np.uint8).reshape(len(values), size + top).T.copy()


def digits(number: int) -> str:
    """The number in decimal, of any length: Python's own conversion has a limit.

    >>> digits(-10**5000) == "-1" + 5000 * "0"
    True
    """
    if number < 0:
        return "-" + digits(-number)
    if number.bit_length() < 3 * CHUNK:
        return str(number)
    half = int(number.bit_length() * 0.30103) // 2
    high, low = divmod(number, 10**half)
    return digits(high) + digits(low).rjust(half, "0")


def decimal(value: int, places: int) -> str:
    """A number in units of 10 ** -places, without zeros at the end.

    >>> decimal(-1250, 3), decimal(30, 1), decimal(7, 0)
    ('-1.25', '3', '7')
    """
    sign, text = "-" * (value < 0), digits(abs(value)).rjust(places + 1, "0")
    whole_, part = text[: len(text) - places], text[len(text) - places :].rstrip("0")
    return sign + whole_ + ("." + part if part else "")


def parsed(text: str) -> int:
    """Decimal digits of any length as a number.

    >>> parsed(5000 * "9") == 10**5000 - 1
    True
    """
    if len(text) <= CHUNK:
        return int(text)
    half = len(text) // 2
    return parsed(text[:-half]) * 10**half + parsed(text[-half:])


def _digits(token: str) -> tuple[int, int] | None:
    """(n, e) for the number n * 10**e; None where the token is none."""
    match = NUMBER.fullmatch(token)
    if match is None:
        return None
    sign, integer, fraction, exponent = match.groups()
    fraction = fraction or ""
    number = parsed((integer.replace("_", "") + fraction) or "0")
    return (-number if sign == "-" else number), int(exponent or 0) - len(fraction)
