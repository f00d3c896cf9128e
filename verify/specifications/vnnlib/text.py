"""The text of a VNN-LIB file as tokens, and where each of them stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from abduce.clock import check
from abduce.errors import InputError

TOKEN = re.compile(r"[()]|;[^\r\n]*|[^ \t\r\n\f();]+")
"""The tokens of VNN-LIB 1.0."""
TENSOR_TOKEN = re.compile(
    r'"[^"\r\n]*"|;[^\r\n]*|[A-Za-z][A-Za-z0-9_]*+[ \t\r\n\f]*+\[[^][();"]*\]'
    r'|[^] \t\r\n\f();["]+|[][()"]'
)
"""The tokens of VNN-LIB 2.0, where a word and the brackets after it are one token."""
PART = 2**20
"""The number of characters split into tokens between two checks of the clock."""
NUMBER = re.compile(r"[+-]?([0-9]{1,1000}(\.[0-9]{0,1000})?|\.[0-9]{1,1000})([eE][+-]?[0-9]{1,3})?")
"""A number of at most a thousand digits, whose exponent has at most three; longer ones are refused
as attacks."""
VARIABLE = re.compile(r"([XY])_(0|[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text cut into tokens: parentheses and words; comments and blanks are left out.

    Attributes:
        tokens: the tokens in order; a *place* is an index of this list, or its length for the end.
        token: what they match; together with comments they are all that is not blank.
        deadline: ``clock.wall_s()`` at which reading ends; None for never.
    """

    text: str
    path: Path | str | None
    tokens: list[str]
    token: re.Pattern[str]
    deadline: float | None = None

    @classmethod
    def of(
        cls,
        text: str,
        path: Path | str | None = None,
        token: re.Pattern[str] = TOKEN,
        deadline: float | None = None,
    ) -> "Text":
        """Cut a text into tokens.

        Raises:
            OutOfTime: the deadline has passed.
        """
        tokens: list[str] = []
        spoken = ";" in text or '"' in text
        start = 0
        while start < len(text):
            check(deadline)
            end = _boundary(text, start + PART, spoken)
            tokens += token.findall(text, start, end)
            start = end
        if ";" in text:
            tokens = [token for token in tokens if token[0] != ";"]
        return cls(text, path, tokens, token, deadline)

    @property
    def name(self) -> str:
        """The name of the text in an error."""
        return str(self.path or "this property")

    def error(
        self, place: int, expected: tuple[str, ...] = (), found: str = "", advice: str | None = None
    ) -> InputError:
        """The error at a place; found is the token there where nothing else is said."""
        if not found:
            found = shown(self.tokens[place]) if place < len(self.tokens) else "the end"
        start = next((o for i, o in enumerate(self._offsets()) if i == place), len(self.text))
        return error_at(self.text, start, self.path, expected, found, advice)

    def wrong(
        self, place: int, number: int, expected: tuple[str, ...], found: str = ""
    ) -> InputError:
        """The error at an argument, counted from 0, of the list that opens at a place."""
        return self.error(self.argument(place, number), expected, found)

    def arity(self, place: int, count: int, end: int, wanted: int, what: str) -> InputError:
        """The error of a list, from a place to its end, with too few or too many arguments."""
        operator = shown(self.tokens[place + 1])
        if count < wanted:
            found = f"the end of {operator} after {count} of {wanted} arguments"
            return self.error(end, (what,), found)
        return self.wrong(place, wanted, (what,), f"{count} arguments of {operator}")

    def line(self, place: int) -> int:
        return self.lines([place])[place]

    def lines(self, places: Iterable[int]) -> dict[int, int]:
        """The line of each place, counted from 1."""
        offsets = [*self._offsets(), len(self.text)]
        found: dict[int, int] = {}
        line, last = 1, 0
        for place in sorted(set(places)):
            line += self.text.count("\n", last, offsets[place])
            found[place], last = line, offsets[place]
        return found

    def excerpt(self, first: int, last: int) -> str:
        """The text from one place to another, on one line and shortened."""
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
        return (m.start() for m in self.token.finditer(self.text) if m[0][0] != ";")


def _boundary(text: str, at: int, spoken: bool) -> int:
    """A place from here on that no token spans: a line that begins with a parenthesis; or, of a
    text without comments and strings, a closing one."""
    found = text.find("\n(", at) if spoken else text.find(")", at)
    return len(text) if found < 0 else found


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
