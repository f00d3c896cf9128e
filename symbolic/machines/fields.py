"""The fields of a line, separated by blanks, or by a comma or semicolon."""

import re

from abduce.text import Line

FIELD = re.compile(r"[^ \t,;]+")
CHARACTER = re.compile(r"[^ \t,;]")
EMPTY = re.compile(r"(?:^|[,;])[ \t]*[,;]")
"""Two separators with nothing between them, or one at the beginning."""
OPEN = re.compile(r"[,;][ \t]*$")
INNER = re.compile(r"(?<=\d),(?=\d)")
"""A comma within what may be one number, 3,5 or 1,000."""
OTHER = re.compile(r"[^ \t,;][ \t]+[^ \t,;]|;")
"""Separators between fields other than a comma."""
THOUSANDS = re.compile(r"(?<![\d,.])[1-9]\d{0,2}(?:,\d{3})*,0\d\d(?![\d.])")

Field = tuple[str, int]
"""A field and its column, from 1."""


def fields(line: Line, pattern: re.Pattern[str] = FIELD, *, row: bool = False) -> list[Field]:
    """The fields of a line, none of them empty.

    Args:
        pattern: what a field is: CHARACTER where each character is one.
        row: whether the line is a row of columns, in which a separator at the end leaves one empty;
            a line of a list may end with one.

    Raises:
        InputError: a field is empty, so that a value is missing; or a comma stands where it may
            be one within a number, so that nobody knows how many fields there are.

    >>> fields(Line("a, b;1", 1, None, "a, b;1"))
    [('a', 1), ('b', 4), ('1', 6)]
    """
    code = line.code
    if "," in code or ";" in code:
        empty = EMPTY.search(code) or (OPEN.search(code) if row else None)
        if empty is not None:
            at = empty.end() if empty.re is OPEN else empty.end() - 1
            raise line.wrong("an empty field", ("a value between two separators",), at + 1)
        if pattern is FIELD:
            _check_commas(line)
    return [(match.group(), match.start() + 1) for match in pattern.finditer(code)]


def _check_commas(line: Line) -> None:
    """Raises: InputError, where a comma may belong to a number: 3,5 1,2 and 3,5;1,2 and 1,000."""
    code = line.code
    inner = INNER.search(code) if OTHER.search(code) else None
    if inner is None and (grouped := THOUSANDS.search(code)) is not None:
        inner = INNER.search(code, grouped.start())
    if inner is not None:
        found, expected = "a comma that may be part of a number", ("one kind of separator",)
        advice = "Write decimals with a point, 3.5, and thousands without a comma."
        raise line.wrong(found, expected, inner.start() + 1, advice)
