"""The text of a VNN-LIB file as tokens, and where each of them stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from abduce.errors import InputError

TOKEN = re.compile(r"[()]|;[^\r\n]*|[^ \t\r\n\f();]+")
NUMBER = re.compile(r"[+-]?([0-9]{1,1000}(\.[0-9]{0,1000})?|\.[0-9]{1,1000})([eE][+-]?[0-9]{1,3})?")
"""At most a thousand digits and an exponent of three: what is longer is meant to do harm."""
VARIABLE = re.compile(r"([XY])_(0|[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text cut into tokens: parentheses and words; comments and blanks are left out.

    Attributes:
        tokens: in order; a *place* is an index of this list, or its length for the end.
    """

    text: str
    path: Path | str | None
    tokens: list[str]

    @classmethod
    def of(cls, text: str, path: Path | str | None) -> "Text":
        tokens = TOKEN.findall(text)
        if ";" in text:
            tokens = [token for token in tokens if token[0] != ";"]
        return cls(text, path, tokens)

    def error(
        self, place: int, expected: tuple[str, ...] = (), found: str = "", advice: str | None = None
    ) -> InputError:
        """The error at a place; found is the token there where nothing else is said."""
        if not found:
            found = shown(self.tokens[place]) if place < len(self.tokens) else "the end"
        start = next((o for i, o in enumerate(self._offsets()) if i == place), len(self.text))
        return error_at(self.text, start, self.path, expected, found, advice)

    def line(self, place: int) -> int | None:
        return self.error(place).line

    def excerpt(self, first: int, last: int) -> str:
        """What is written from one place to another, on one line and not too long."""
        words = " ".join(self.tokens[first : min(last, first + 40) + 1])
        words = words.replace("( ", "(").replace(" )", ")")
        return words if len(words) <= 60 and last - first <= 40 else f"{words[:60]}…"

    def argument(self, place: int, number: int) -> int:
        """The place of an argument, counted from 0, of the list that opens at a place."""
        depth, at = 0, place + 2
        while number or depth:
            token = self.tokens[at]
            depth += (token == "(") - (token == ")")
            number -= depth == 0
            at += 1
        return at

    def _offsets(self) -> Iterator[int]:
        return (m.start() for m in TOKEN.finditer(self.text) if m[0][0] != ";")


def shown(token: str) -> str:
    return repr(token if len(token) <= 60 else f"{token[:60]}…")


def error_at(
    text: str,
    offset: int,
    path: Path | str | None,
    expected: tuple[str, ...],
    found: str,
    advice: str | None = None,
) -> InputError:
    """The error at a character of a text."""
    line = text.count("\n", 0, offset) + 1
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", start)
    whole = text[start : end if end >= 0 else None].rstrip("\r")
    return InputError(found, expected, path, line, offset - start + 1, whole, advice)
