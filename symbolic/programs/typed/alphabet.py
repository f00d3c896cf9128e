"""The alphabet of list values: one private character a token."""

from typing import Final

from abduce.errors import UnsupportedError


class Alphabet:
    """One private character a token, so that list values are strings and cost little."""

    __slots__ = ("chars", "tokens")
    FIRST: Final = 0x10000
    BEYOND: Final = 0xF0000
    """Characters from this code point on stand for no token; abduction uses them as
    placeholders."""

    def __init__(self) -> None:
        self.chars: dict[str, str] = {}
        self.tokens: list[str] = []

    def char(self, token: str) -> str:
        """The character of a token, a new one where it has none.

        Raises:
            UnsupportedError: there are no more characters.
        """
        found = self.chars.get(token)
        if found is None:
            if self.FIRST + len(self.tokens) == self.BEYOND:
                most = f"more than {self.BEYOND - self.FIRST:,} different tokens"
                raise UnsupportedError("learning", (most,), "Learn from fewer rows.")
            found = self.chars[token] = chr(self.FIRST + len(self.tokens))
            self.tokens.append(token)
        return found

    def number(self, token: str) -> int:
        """The place of a token in the alphabet, from 0."""
        return ord(self.char(token)) - self.FIRST

    def encode(self, tokens: list[str] | tuple[str, ...]) -> str:
        return "".join([self.char(t) for t in tokens])

    def decode(self, value: str) -> tuple[str, ...]:
        first, tokens = self.FIRST, self.tokens
        return tuple([tokens[ord(c) - first] for c in value])
