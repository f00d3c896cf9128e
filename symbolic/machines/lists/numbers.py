"""Numbers of any size as a user writes them, and as the bytes that machines read.

Whole numbers and decimals are exact: decimals are counted in units of the smallest place that any
of them has. Negative ones are shifted by a power of two, which keeps their order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.machines.fields import fields
from abduce.text import Line, lines, quoted

NUMBER = re.compile(r"([+-]?)(\d+(?:_\d+)*|(?=\.\d))(?:\.(\d*))?(?:[eE]([+-]?\d+))?", re.ASCII)
UNORDERED = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)
CHUNK = 2000
MAX_PLACES = 100_000
"""The upper limit on the decimal places between the largest and the smallest number; more are
treated as a mistake."""
MAX_DIGITS = 1_000_000
"""The upper limit on the digits of one number."""
MAX_ALL = 10**9
"""The upper limit on the digits of a list in memory, where each number takes as many as the
longest."""

Exact = tuple[int, int]
"""(n, e) for the number n * 10**e."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A list of numbers.

    Attributes:
        texts: the numbers as they were written.
        values: the numbers in units of 10 ** -places.
    """

    texts: tuple[str, ...]
    values: tuple[int, ...]
    places: int = 0

    def __len__(self) -> int:
        return len(self.texts)


def read_numbers(text: str, path: Path | str | None = None) -> Numbers:
    """The numbers of a text, apart by blanks, line ends, commas or semicolons.

    Raises:
        InputError: something else stands there, NaN and infinity too; with line and column.

    >>> read_numbers("3, -1.5\\n20")
    Numbers(texts=('3', '-1.5', '20'), values=(30, -15, 200), places=1)
    """
    texts: list[str] = []
    found: list[Exact] = []
    for line in lines(text, path):
        for word, column in fields(line):
            texts.append(word)
            found.append(exact(line, word, column))
    values, places = scaled(found, path)
    return Numbers(tuple(texts), values, places)


def read_items(text: str, path: Path | str | None = None) -> Numbers:
    """Numbers, or words where none of the items is a number.

    The value of a word is that of its bytes in UTF-8, so that words are in the order of their
    characters, and a word comes before a longer one that begins with it.

    Raises:
        InputError: numbers and words together; NaN and infinity; with line and column.

    >>> read_items("b a").values, read_items("ba b").values
    ((98, 97), (25185, 25088))
    """
    words = [word for line in lines(text, path) for word, _ in fields(line)]
    if not words or any(NUMBER.fullmatch(word) or UNORDERED.fullmatch(word) for word in words):
        return read_numbers(text, path)
    content = [word.encode() for word in words]
    longest = max(map(len, content))
    if longest * len(content) > MAX_ALL:
        raise InputError(f"words of up to {longest:,} bytes", ("shorter words",), path)
    values = (int.from_bytes(each.ljust(longest, b"\0"), "big") for each in content)
    return Numbers(tuple(words), tuple(values))


def read_whole(text: str, path: Path | str | None = None, *, least: int | None = None) -> list[int]:
    """Reads whole numbers, one or more.

    Args:
        least: none may be less.

    Raises:
        InputError: there is none, or one is not whole or too small; with line and column.
    """
    found: list[Exact] = []
    for line in lines(text, path):
        for word, column in fields(line):
            n, e = exact(line, word, column)
            if e < 0:
                n, rest = divmod(n, 10**-e)
                e = 0
                if rest:
                    raise line.wrong(quoted(word), ("a whole number",), column)
            if least is not None and n * 10**e < least:
                raise line.wrong(quoted(word), (f"a whole number, {least} or more",), column)
            found.append((n, e))
    if not found:
        raise InputError("no numbers", ("one number or more",), path)
    return list(scaled(found, path)[0])


def exact(line: Line, word: str, column: int) -> Exact:
    """A number as it stands in a line.

    Raises:
        InputError: it is none, or has too many digits or places.
    """
    match = NUMBER.fullmatch(word)
    if match is None:
        advice = "NaN and infinity have no place in an order that all programs agree on."
        unordered = word.lower().lstrip("+-")[:3] in ("nan", "inf")
        raise line.wrong(quoted(word), ("a number",), column, advice if unordered else None)
    sign, integer, fraction, exponent = match.groups()
    written = integer.replace("_", "") + (fraction or "")
    power = (exponent or "0").lstrip("+-0")
    if len(written) > MAX_DIGITS or len(power) > 6 or int(power or 0) > MAX_PLACES:
        expected = (f"at most {MAX_DIGITS:,} digits and {MAX_PLACES:,} places",)
        raise line.wrong(quoted(word), expected, column)
    number = parsed(written or "0")
    shift = -int(power or 0) if exponent and exponent[0] == "-" else int(power or 0)
    return (-number if sign == "-" else number), shift - len(fraction or "")


def scaled(found: Sequence[Exact], path: Path | str | None) -> tuple[tuple[int, ...], int]:
    """Numbers as whole ones in units of 10 ** -places, and the places.

    Raises:
        InputError: they are too far apart, or too many that are too long.
    """
    places = max((-exponent for _, exponent in found), default=0)
    largest = max((exponent for _, exponent in found), default=0)
    if largest + max(places, 0) > MAX_PLACES:
        raise InputError(
            f"numbers of 1e{largest} and 1e{-places}", (f"at most {MAX_PLACES} places",), path
        )
    places = max(places, 0)
    longest = max((_length(n) + e for n, e in found), default=0) + places
    if longest * len(found) > MAX_ALL:
        raise InputError(
            f"{len(found):,} numbers of up to {longest:,} digits",
            (f"at most {MAX_ALL:,} digits in all",),
            path,
        )
    powers = {exponent: 10 ** (exponent + places) for exponent in {e for _, e in found}}
    return tuple(n * powers[e] for n, e in found), places


def columns(values: Sequence[int], *, top: int = 0) -> np.ndarray:
    """(places, numbers) bytes, the lowest first, whose order as numbers is that of the values.

    Args:
        top: the number of further bytes, all zero.
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


def _length(number: int) -> int:
    """Decimal digits, or one more."""
    return int(number.bit_length() * 0.30103) + 1
