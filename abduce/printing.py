"""Text from files, shown on a terminal: characters that control the terminal are written out
instead.

A terminal obeys some characters: an escape sequence colours what follows, moves the cursor, renames
the window; a bidirectional override turns a line round. Files that somebody else wrote may hold
such characters, and so may the names of files. Everything that a command prints passes through
`printable` on its way, and through `write_line`; the rest of the house need not think of it.
"""

import re
from typing import Final, TextIO

STEERING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that can control a terminal: control characters other than tab and line ends,
bidirectional overrides and isolates, and surrogates."""

LINES: Final = re.compile("[\t\n\r\u2028\u2029]")
"""What would go on in another line or cell."""


def printable(text: str) -> str:
    r"""The text with every steering character written out.

    >>> printable("\x1b[31mRED \u202e"), printable("two\tcells\n")
    ('\\x1b[31mRED \\u202e', 'two\tcells\n')
    """
    return STEERING.sub(lambda found: _written(found[0]), text)


def one_line(text: str) -> str:
    r"""The text printable and on one line, as in a cell of a table: tabs and line ends written out.

    >>> one_line("two\nlines, \x1b[31mred")
    'two\\nlines, \\x1b[31mred'
    """
    return printable(LINES.sub(lambda found: found[0].encode("unicode_escape").decode(), text))


def printable_json(text: str) -> str:
    r"""JSON with every steering character as JSON's own escape: the same value.

    >>> printable_json('["\x9b \x7f"]')
    '["\\u009b \\u007f"]'
    """
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write_line(stream: TextIO | None, text: str) -> None:
    """Writes the text and the end of a line, printable and in what characters the stream has.

    A stream of ASCII gets other characters written out. Without a stream nothing is written.
    """
    if stream is None:
        return
    coding = stream.encoding or "utf-8"
    shown = printable(text).encode(coding, "backslashreplace").decode(coding)
    stream.write(shown + "\n")
    stream.flush()


def _written(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
