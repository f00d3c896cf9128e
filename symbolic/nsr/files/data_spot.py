"""A place in untrusted plain data, and errors that name it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from abduce.errors import InputError

MOST: Final = 1e300
"""The upper limit on numbers."""
ADVICE: Final = "Make one with: abduce solve --train FILE --save lexicon.json"


class JsonObject(dict[str, Any]):
    """A JSON object that remembers a key that was written twice."""

    twice: str | None = None

    @classmethod
    def of(cls, pairs: list[tuple[str, Any]]) -> "JsonObject":
        """For ``json.loads(..., object_pairs_hook=...)``."""
        found = cls(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            found.twice = next(k for k, _ in pairs if k in seen or seen.add(k))
        return found


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the data and the path to it, such as ``entries["and"].level``."""

    value: Any
    path: str = ""

    def wrong(self, expected: str, found: str | None = None) -> NoReturn:
        """Raises: InputError, which says what was found here and what was expected."""
        at = f" at {self.path}" if self.path else ""
        said = found or short(self.value)
        raise InputError(f"a damaged lexicon: {said}{at}", (expected,), advice=ADVICE)

    def reporter(self) -> Callable[[str, str, Any], NoReturn]:
        """What raises the error for a part of a program that stands here."""

        def wrong(path: str, expected: str, found: Any) -> NoReturn:
            Spot(found, self.path + path).wrong(expected)

        return wrong

    def at(self, key: str | int) -> "Spot":
        """A part of this value."""
        if isinstance(key, int):
            step = f"[{key}]"
        elif key.isascii() and key.isidentifier():
            step = f".{key}" if self.path else key
        else:
            step = f"[{short(key)}]"
        return Spot(self.value[key], self.path + step)

    def object(self, what: str, keys: tuple[str, ...] = (), needed: tuple[str, ...] = ()) -> "Spot":
        """Checks that this is an object, with only these keys (if any are named) and all required
        ones."""
        if not isinstance(self.value, dict):
            self.wrong(what)
        twice = getattr(self.value, "twice", None)
        if twice is not None:
            self.wrong("every key once", f"the key {short(twice)} twice")
        for key in self.value:
            if not isinstance(key, str) or (keys and key not in keys):
                self.wrong(f"keys of {', '.join(keys)}", f"the key {short(key)}")
        for key in needed:
            if key not in self.value:
                self.wrong(f"{what} with {key!r}", f"no {key!r}")
        return self

    def items(self) -> list["Spot"]:
        """The parts of a list."""
        if not isinstance(self.value, list | tuple):
            self.wrong("a list")
        return [self.at(n) for n in range(len(self.value))]

    def text(self) -> str:
        """Text without surrogates, which are no characters."""
        if not isinstance(self.value, str):
            self.wrong("text")
        if any("\ud800" <= c <= "\udfff" for c in self.value):
            self.wrong("text", f"a surrogate, which is no character, in {short(self.value)}")
        return self.value

    def number(self, least: float, most: float) -> float:
        """A number from the least to the most."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.wrong(f"a number from {least:g} to {most:g}")
        if not least <= self.value <= most:
            self.wrong(f"a number from {least:g} to {most:g}")
        return float(self.value)

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            self.wrong("true or false")
        return self.value

    def name(self, names: tuple[str, ...]) -> str:
        """One of these names."""
        if not isinstance(self.value, str) or self.value not in names:
            self.wrong(f"one of {', '.join(names)}")
        return self.value


def short(value: Any, most: int = 60) -> str:
    """A value as JSON, shortened if it is long; for a very long number, its number of digits."""
    if isinstance(value, dict):
        return "an object" if value else "{}"
    if isinstance(value, list | tuple) and any(isinstance(v, list | tuple | dict) for v in value):
        return "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**most:
        return "an integer of more than 60 digits"
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        return f"a {type(value).__name__}"
    return text if len(text) <= most else f"{text[:most]}…"
