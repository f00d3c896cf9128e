"""Text as people hand it over: bytes made into text, text into lines, and characters nobody sees.

One rule for all readers. Text is UTF-8, with or without a byte-order mark in front. Lines end with
a line feed, a carriage return, or both; blanks are spaces and tabs. Any other character that shows
nothing (a no-break space, a zero-width space, a control character) is named in an error.
"""

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from abduce.errors import InputError

MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte-order marks of encodings other than UTF-8; no UTF-8 text begins with them."""
MOST_BYTES = 1 << 28
"""The upper limit on the bytes of an input. It also ends the reading of an endless stream."""
LONGEST = 60
"""The upper limit on the characters of a quotation in a message."""

INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad"  # controls, no-break space, soft hyphen
    "\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"  # joiners, fillers, Mongolian
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164"  # spaces of widths, and of none
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # surrogates, variations, marks
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # format controls, tags
    "]"
)
"""Characters that are invisible or look like a gap, except the space, the tab and line ends."""
CONTROLS = {
    0x00: "NULL", 0x07: "BELL", 0x08: "BACKSPACE", 0x0B: "LINE TABULATION", 0x0C: "FORM FEED",
    0x1A: "SUBSTITUTE", 0x1B: "ESCAPE", 0x7F: "DELETE", 0x85: "NEXT LINE",
    0xFEFF: "ZERO WIDTH NO-BREAK SPACE (a byte-order mark)",
}  # fmt: skip
"""Names of characters: those that Unicode gives only as aliases, and one plainer than Unicode's."""


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """A sentence with the known words that are most like another one; None where none is.

    Args:
        likeness: the least share of letters in common, as difflib counts them.

    >>> nearest("sotr", ["sort", "search", "add"])
    'Did you mean sort?'
    """
    near = get_close_matches(word, [*known], 3, likeness)
    return f"Did you mean {' or '.join(near)}?" if near else None


def decoded(content: bytes, path: Path | str | None = None) -> str:
    """The text of bytes in UTF-8, without the byte-order mark that may stand in front.

    Raises:
        InputError: they are not UTF-8; with line and column of the first byte that is not.

    >>> decoded(b"\\xef\\xbb\\xbfA B 3")
    'A B 3'
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        other = next((name for mark, name in MARKS if content.startswith(mark)), None)
        before = _lines(content[: error.start].decode("utf-8-sig", errors="replace"))
        rest = content[error.start : error.start + LONGEST].decode(errors="replace")
        raise InputError(
            f"the byte 0x{content[error.start]:02x}" + (f", as of {other}" if other else ""),
            ("UTF-8 text",),
            path,
            len(before),
            len(before[-1]) + 1,
            visible(before[-1] + _lines(rest)[0]),
            f"Convert the file to UTF-8, as with: iconv -f {other or 'latin1'} -t utf-8",
        ) from error


def read_text(name: str, expected: str = "a text file") -> tuple[str, str]:
    """The text of a file, or of stdin where the name is -; and what to call it in an error.

    Raises:
        InputError: it cannot be read, is larger than MOST_BYTES or is not UTF-8.
    """
    called = "<stdin>" if name == "-" else name
    try:
        if name == "-":
            stream = getattr(sys.stdin, "buffer", None)  # a stand-in of a program has none
            content = stream.read(MOST_BYTES + 1) if stream else sys.stdin.read().encode()
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # a name with a null byte is a ValueError
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(reason, (expected,), called) from error
    if len(content) > MOST_BYTES:
        raise InputError(f"more than {MOST_BYTES >> 20} MiB", (expected,), called)
    return decoded(content, called), called


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an input, and where it stands.

    Attributes:
        text: the line, without its end.
        number: counted from 1.
        path: the path of the file, or a name for the text.
        code: what stands before the comment, where there may be one.
    """

    text: str
    number: int
    path: Path | str | None
    code: str

    def wrong(
        self,
        found: str,
        expected: tuple[str, ...],
        column: int | None = None,
        advice: str | None = None,
    ) -> InputError:
        """The error that says what was found in this line and what was expected; columns count from
        1."""
        shown = visible(self.text)
        return InputError(found, expected, self.path, self.number, column, shown, advice)


def lines(text: str, path: Path | str | None = None, *, comment: str | None = None) -> list[Line]:
    """The lines of a text, all of it visible.

    Args:
        comment: what begins a comment, which reaches to the end of the line; any character may
            stand there.

    Raises:
        InputError: outside of comments a character shows nothing; it is named, with its place.

    >>> [line.code for line in lines("a b\\r\\nc # d", comment="#")]
    ['a b', 'c ']
    """
    found: list[Line] = []
    suspect = invisible(text) is not None
    for number, line in enumerate(_lines(text), start=1):
        code = line if comment is None else line.partition(comment)[0]
        found.append(Line(line, number, path, code))
        if suspect and (at := invisible(code)) is not None:
            advice = "It looks like a blank or like nothing. Delete it, or type a space instead."
            raise found[-1].wrong(named(code[at]), ("visible text",), at + 1, advice)
    return found


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at a place, from 0.

    >>> place("ab\\ncd", 4)
    (2, 2)
    """
    starts = line_starts(text)
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


def line_starts(text: str) -> list[int]:
    """The place, from 0, of the first character of each line."""
    return [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]


def invisible(text: str) -> int | None:
    """The place, from 0, of the first character that shows nothing; None where all are seen.

    >>> invisible("a b"), invisible("a\\xa0b")
    (None, 1)
    """
    match = INVISIBLE.search(text)
    return match.start() if match else None


def named(character: str) -> str:
    """
    >>> named("\\xa0"), named("\\x1b"), named("\\x02")
    ('U+00A0 NO-BREAK SPACE', 'U+001B ESCAPE', 'U+0002 CONTROL CHARACTER')
    """
    code = ord(character)
    kind = {"Cc": "CONTROL CHARACTER", "Cs": "SURROGATE"}.get(unicodedata.category(character))
    name = CONTROLS.get(code) or kind or unicodedata.name(character, "UNASSIGNED")
    return f"U+{code:04X} {name}"


def visible(text: str) -> str:
    """The text with a replacement character for each that shows nothing.

    A caret under it is right, and a terminal obeys nothing in it.
    """
    return INVISIBLE.sub("\ufffd", text)


def quoted(token: str) -> str:
    """A token as a message shows it: what is invisible is escaped, and what is long is cut.

    >>> quoted("a\\xa0b"), len(quoted(5000 * "9"))
    ("'a\\\\xa0b'", 82)
    """
    if len(token) <= LONGEST:
        return repr(token)
    return f"{token[:LONGEST]!r}… ({len(token):,} characters)"


def clipped(token: str) -> str:
    """The same of a token that is all visible, without the marks around it.

    >>> clipped("ab"), len(clipped(5000 * "9"))
    ('ab', 80)
    """
    if len(token) <= LONGEST:
        return token
    return f"{token[:LONGEST]}… ({len(token):,} characters)"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
