"""The fields of a line: what stands apart by blanks, or by a comma or semicolon."""

import re

from abduce.text import Line

FIELD = re.compile(r"[^ \t,;]+")
CHARACTER = re.compile(r"[^ \t,;]")
EMPTY = re.compile(r"(?:^|[,;])[ \t]*[,;]")
"""Two separators, or one at the beginning, that have nothing between them."""
OPEN = re.compile(r"[,;][ \t]*$")

Field = tuple[str, int]
"""A field and its column, from 1."""


def fields(line: Line, pattern: re.Pattern[str] = FIELD, *, row: bool = False) -> list[Field]:
    """The fields of a line, none of them empty.

    Args:
        pattern: what a field is: CHARACTER where each character is one.
        row: whether the line is a row of columns, in which a separator at the end leaves one empty;
            a line of a list may end with one.

    Raises:
        InputError: a field is empty, so that a value is missing.

    >>> fields(Line("a, b;1", 1, None, "a, b;1"))
    [('a', 1), ('b', 4), ('1', 6)]
    """
    code = line.code
    if "," in code or ";" in code:
        empty = EMPTY.search(code) or (OPEN.search(code) if row else None)
        if empty is not None:
            at = empty.end() if empty.re is OPEN else empty.end() - 1
            raise line.wrong("an empty field", ("a value between two separators",), at + 1)
    return [(match.group(), match.start() + 1) for match in pattern.finditer(code)]
