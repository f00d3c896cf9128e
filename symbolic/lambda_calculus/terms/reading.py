"""The tokens of a text, where they stand, and how an error shows them."""

import re
import unicodedata
from bisect import bisect_right
from string import ascii_letters, digits

from abduce.symbolic.lambda_calculus.terms.deadline import check
from abduce.symbolic.lambda_calculus.terms.layout import GREEK, NAME

TOKEN = re.compile(
    rf"[\\λ]{NAME.pattern}\.|{NAME.pattern}|[0-9]+(?:[A-Za-z_'{GREEK}][A-Za-z0-9_'{GREEK}]*)?"
    r"|#[^\n]*|\n(?=[^\s#)])|\S",
    re.ASCII,
)
"""The tokens. Only ASCII blanks separate them; any other invisible character is an error."""
CUT = re.compile(r"(?<=[^\n])[\s()]", re.ASCII)
"""The places where a text may be cut between two tokens."""
PART = 1 << 20
"""The number of characters read between two checks of the clock."""
LONGEST_SHOWN = 40
INITIALS = frozenset(ascii_letters + "_") | {
    chr(code) for code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA)) if chr(code) != "λ"
}
"""The characters that a name may begin with."""
DIGITS = frozenset(digits)
MARK = "\ufeff"
"""The byte-order mark, which a text may begin with."""


class Tokens:
    """A text in tokens, without its comments.

    Attributes:
        found: the tokens; a *place* is an index of them.

    Raises:
        OutOfTime: the deadline has passed.
    """

    def __init__(self, text: str, deadline: float | None) -> None:
        self.text = text
        self.found: list[str] = []
        self.places: list[int] = []
        self.parts: list[tuple[int, int]] = []
        at = 0
        while at < len(text):
            check(deadline)
            cut = CUT.search(text, at + PART)
            end = cut.start() if cut else len(text)
            part = TOKEN.findall(text, at, end)
            if text.rfind("#", at, end) > text.rfind("\n", at, end):  # the cut is in a comment
                line_end = text.find("\n", end)
                end = line_end if line_end >= 0 else len(text)
            self.places.append(len(self.found))
            self.parts.append((at, end))
            self.found += [token for token in part if token[0] != "#"]
            at = end

    def offset(self, place: int) -> int:
        """The offset in the text at which a token begins; the end of the text for the place after
        the last one."""
        number = bisect_right(self.places, place) - 1
        if place >= len(self.found) or number < 0:
            return len(self.text)
        at, end = self.parts[number]
        left = place - self.places[number]
        for match in TOKEN.finditer(self.text, at, end):
            if match[0][0] != "#":
                if not left:
                    return match.start()
                left -= 1
        raise AssertionError(place)

    def line(self, place: int) -> int:
        """The line of a token, counted from 1."""
        return self.text.count("\n", 0, self.offset(place)) + 1

    def position(self, place: int) -> tuple[int, int, str]:
        """Line and column of a token, counted from 1, and the text of its line."""
        offset = self.offset(place)
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        whole = self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")
        return self.text.count("\n", 0, offset) + 1, offset - start + 1, whole

    def shown(self, place: int) -> str:
        """The token at a place, as text."""
        if place == len(self.found):
            return "the end" if self.found else "no term"
        token = self.found[place]
        return "the end of the line" if token == "\n" else shown(token)


def shown(token: str) -> str:
    """A token as text: short, and what is invisible by its name.

    >>> shown("x"), shown("\\u200b"), shown("x" * 50)
    ("'x'", 'the invisible character U+200B (ZERO WIDTH SPACE)', "'xxxxxxxxxx…' of 50 characters")
    """
    if len(token) > LONGEST_SHOWN:
        return f"{token[:10] + '…'!r} of {len(token):,} characters"
    if len(token) > 1 or (token.isascii() and token.isprintable()):
        return repr(token)
    kind, code = unicodedata.category(token), f"U+{ord(token):04X}"
    name = unicodedata.name(token, "")
    named = f"{code} ({name})" if name else code
    if kind[0] in "CZ" or kind in ("Mn", "Me"):
        return f"the invisible character {named}"
    return f"{token!r}, {named}"
