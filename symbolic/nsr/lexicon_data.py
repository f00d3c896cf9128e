"""A lexicon as plain data: written whole, and checked whole before anything of it is believed.

    format         3; files of older formats are read too: they have no exceptions, and format 1
                   writes numbers as increments of zero
    entries        word -> entry; the empty word is juxtaposition
    open_class     whether a word without an entry denotes itself
    rivals         [{"bits": number, "changes": {word -> entry or null}}]
    vocabulary     the words of the examples
    min_posterior  from 0 to 1
    summary        name -> text, number, truth value, null, or a list of those
    exceptions     [{"input": [word, ...], "output": [token, ...]}]: training rows that the entries
                   do not explain

    entry          {"category": name, "program": term, "level": number, "reach": name,
                   "partner": word}; level, reach and partner where they are not the usual ones
    term           [primitive, ...], as in ``programs.typed.terms``

A file may come from anywhere, so nothing is taken on trust: not types, ranges and names, nor that
programs are well-typed and end.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from abduce.errors import InputError
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category, Reach, Sign
from abduce.symbolic.nsr.hypothesis import Entry
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.program_data import term_data, term_from
from abduce.symbolic.programs.typed.running import TooLargeError, compiled, is_too_large

FORMAT: Final = 3
FORMATS: Final = (1, 2, 3)
PARTNERED: Final = (Category.MIXFIX, Category.CIRCUMFIX)
MAX_LEVEL: Final = 1e8
"""The upper limit on binding levels. It is far below ``TIGHTEST``, and floats distinguish all
levels up to it."""
MOST: Final = 1e300
ADVICE: Final = "Make one with: abduce solve --train FILE --save lexicon.json"
Changes = Mapping[str, Entry | None]


@dataclass(frozen=True, slots=True)
class LexiconData:
    """What a lexicon's data says, checked."""

    entries: dict[str, Entry]
    open_class: bool
    rivals: tuple[tuple[Changes, float], ...]
    vocabulary: frozenset[str]
    min_posterior: float
    summary: dict[str, Any]
    exceptions: dict[tuple[str, ...], tuple[str, ...]]


class JsonObject(dict[str, Any]):
    """An object of JSON that knows which of its keys was written twice."""

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
    """A value of the data and the way to it, as ``entries["and"].level``."""

    value: Any
    path: str = ""

    def wrong(self, expected: str, found: str | None = None) -> NoReturn:
        """Raises: InputError, which says what stands here and what could."""
        at = f" at {self.path}" if self.path else ""
        said = found or short(self.value)
        raise InputError(f"a damaged lexicon: {said}{at}", (expected,), advice=ADVICE)

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
        """Itself, an object: of these keys where any are named, with those that are needed."""
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


CATEGORIES: Final = tuple(category.name.lower() for category in Category)
REACHES: Final = tuple(reach.name.lower() for reach in Reach)
KEYS: Final = (
    "format",
    "entries",
    "open_class",
    "rivals",
    "vocabulary",
    "min_posterior",
    "summary",
    "exceptions",
)


def lexicon_data(data: Any) -> LexiconData:
    """Reads plain data.

    Raises:
        InputError: it is no lexicon; says what stands where, and what could.
    """
    whole = Spot(data)
    if not isinstance(data, dict) or not isinstance(data.get("entries"), dict):
        expected = ("what --save wrote: a JSON object with 'entries'",)
        raise InputError(f"no lexicon but {short(data)}", expected, advice=ADVICE)
    version = data.get("format")
    if isinstance(version, bool) or version not in FORMATS:
        expected = (f"format {FORMAT}",)
        raise InputError(f"a lexicon of format {short(version)}", expected, advice=ADVICE)
    whole.object("a lexicon", KEYS)

    def part(key: str, usual: Any) -> Spot:
        return whole.at(key) if key in data else Spot(usual, key)

    entries = part("entries", {}).object("an object of entries")
    vocabulary = [spot.text() for spot in part("vocabulary", []).items()]
    return LexiconData(
        {Spot(w).text(): _entry(w, entries.at(w)) for w in entries.value},
        part("open_class", False).truth(),
        tuple([_rival(spot) for spot in part("rivals", []).items()]),
        frozenset(vocabulary),
        part("min_posterior", 0.5).number(0, 1),
        _summary(part("summary", {})),
        dict([_exception(spot) for spot in part("exceptions", []).items()]),
    )


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry as plain data."""
    sign = entry.sign
    data: dict[str, Any] = {
        "category": sign.category.name.lower(),
        "program": term_data(entry.term),
    }
    if sign.level:
        data["level"] = sign.level
    if sign.level or sign.reach:
        data["reach"] = sign.reach.name.lower()
    if sign.partner:
        data["partner"] = sign.partner
    return data


def _rival(spot: Spot) -> tuple[Changes, float]:
    spot.object("a rival", ("bits", "changes"), ("bits", "changes"))
    changes = spot.at("changes").object("an object of entries")
    bits = spot.at("bits").number(0, MOST)
    found = {
        Spot(word, changes.path).text(): None if entry is None else _entry(word, changes.at(word))
        for word, entry in changes.value.items()
    }
    return found, bits


def _exception(spot: Spot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    spot.object("a training row", ("input", "output"), ("input", "output"))
    words, tokens = [
        tuple([each.text() for each in spot.at(key).items()]) for key in ("input", "output")
    ]
    return words, tokens


def _entry(word: str, spot: Spot) -> Entry:
    keys = ("category", "program", "level", "reach", "partner")
    spot.object("an entry", keys, ("category", "program"))
    category = Category[spot.at("category").name(CATEGORIES).upper()]
    if word == JUXTAPOSITION and category is not Category.INFIX:
        spot.at("category").wrong("'infix', for two phrases side by side")
    given = spot.value
    level = spot.at("level").number(0, MAX_LEVEL) if "level" in given else 0.0
    reach = Reach[spot.at("reach").name(REACHES).upper()] if "reach" in given else Reach.LEFT
    partner = spot.at("partner").text() if "partner" in given else ""
    if (category in PARTNERED) != bool(partner):
        name = category.name.lower()
        wanted = f"a partner of a {name} word" if not partner else f"no partner of a {name} word"
        spot.wrong(wanted, f"the partner {short(partner)}" if partner else "no partner")
    sign = Sign(category, level, reach, partner)
    program = spot.at("program")
    entry = Entry(sign, term_from(program.value, sign.arity, _reporter(program)))
    if not sign.arity:
        _evaluated(entry, word, program)
    return entry


def _reporter(program: Spot) -> Callable[[str, str, Any], NoReturn]:
    def wrong(path: str, expected: str, found: Any) -> NoReturn:
        Spot(found, program.path + path).wrong(expected)

    return wrong


def _evaluated(entry: Entry, word: str, program: Spot) -> None:
    """Raises: InputError, where the value of a word without operands grows too large."""
    if entry.term[0] in ("token", "self", "nil"):
        return
    try:
        fits = not is_too_large(compiled(Program(entry.term, 0), Alphabet(), word)())
    except TooLargeError:
        fits = False
    if not fits:
        program.wrong("a program with a value", "a program whose value grows too large")


def _summary(spot: Spot) -> dict[str, Any]:
    spot.object("an object of measurements")
    for key in spot.value:
        Spot(key, spot.path).text()
        part = spot.at(key)
        for each in part.items() if isinstance(part.value, list | tuple) else [part]:
            if isinstance(each.value, str):
                each.text()
            elif isinstance(each.value, int | float) and not isinstance(each.value, bool):
                each.number(-MOST, MOST)
            elif each.value is not None and not isinstance(each.value, bool):
                each.wrong("text, a number, true, false or null")
    return dict(spot.value)


def short(value: Any, most: int = 60) -> str:
    """A value as JSON, cut where it is long; of a number of many digits how many they are."""
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
