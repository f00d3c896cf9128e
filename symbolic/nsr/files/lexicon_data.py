"""A lexicon as plain data: written as a whole, and checked as a whole before it is used.

    format         4; files of older formats are read too: up to format 3 they have no library, up
                   to format 2 no rows, and format 1 writes numbers as increments of zero
    entries        word -> entry; the empty word is juxtaposition
    open_class     whether a word without an entry denotes itself
    rivals         [{"bits": number, "changes": {word -> entry or null}}]
    vocabulary     the words of the examples
    min_posterior  from 0 to 1
    summary        name -> text, number, truth value, null, or a list of those
    rows           [{"input": [word, ...], "output": [token, ...]}]: training rows that are evidence
                   for themselves
    library        [{"name": name, "arguments": number, "program": term}]: programs that others
                   call, each of which may call those before it
    evidence       what training rows say of the parts of derivations, as in `trust_data`, or null

    entry          {"category": name, "program": term, "level": number, "reach": name,
                   "partner": word}; level, reach and partner where they are not the usual ones
    term           [primitive, ...], as in ``programs.typed.terms``

A file may come from anywhere, so everything is checked: types, ranges, names, and that programs are
well-typed and end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from abduce.errors import InputError
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, PAIRED, Category, Reach, Sign
from abduce.symbolic.nsr.files.data_spot import ADVICE, MOST, Spot, short
from abduce.symbolic.nsr.files.library_data import library_from
from abduce.symbolic.nsr.files.trust_data import trust_from
from abduce.symbolic.nsr.hypothesis import Entry
from abduce.symbolic.nsr.reliability import Trust
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import PRIMITIVES, Table
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.program_data import term_data, term_from
from abduce.symbolic.programs.typed.running import TooLargeError, compiled, is_too_large

if TYPE_CHECKING:
    from abduce.symbolic.synthesis.library import Library

FORMAT: Final = 4
FORMATS: Final = (1, 2, 3, 4)
PARTNERED: Final = (Category.MIXFIX, Category.CIRCUMFIX)
MAX_LEVEL: Final = 1e8
"""The upper limit on binding levels. It is far below ``TIGHTEST``, and floats distinguish all
levels up to it."""
Changes = Mapping[str, Entry | None]


@dataclass(frozen=True, slots=True)
class LexiconData:
    """The checked data of a lexicon."""

    entries: dict[str, Entry]
    open_class: bool
    rivals: tuple[tuple[Changes, float], ...]
    vocabulary: frozenset[str]
    min_posterior: float
    summary: dict[str, Any]
    rows: dict[tuple[str, ...], tuple[str, ...]]
    trust: Trust | None
    library: "Library | None"
    integers: bool


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
    "rows",
    "evidence",
    "library",
)


def lexicon_data(data: Any) -> LexiconData:
    """Reads plain data.

    Raises:
        InputError: it is not a lexicon; says what was found where, and what was expected.
    """
    whole = Spot(data)
    if not isinstance(data, dict) or "entries" not in data:
        expected = ("a JSON object with 'entries', as `abduce solve --save` writes it",)
        what = short(data) + (" without 'entries'" if isinstance(data, dict) else "")
        raise InputError(what, expected, advice=ADVICE)
    version = data.get("format")
    if isinstance(version, bool) or version not in FORMATS:
        expected = (f"format {FORMAT}",)
        raise InputError(f"a lexicon of format {short(version)}", expected, advice=ADVICE)
    whole.object("a lexicon", KEYS)

    def part(key: str, usual: Any) -> Spot:
        return whole.at(key) if key in data else Spot(usual, key)

    entries = part("entries", {}).object("an object of entries")
    library = library_from(part("library", []))
    table = PRIMITIVES if library is None else library.table
    read = {Spot(w).text(): _entry(w, entries.at(w), table) for w in entries.value}
    _check_beside(read, entries)
    rivals = [_rival(spot, table, read) for spot in part("rivals", []).items()]
    vocabulary = [spot.text() for spot in part("vocabulary", []).items()]
    return LexiconData(
        read,
        part("open_class", False).truth(),
        tuple(rivals),
        frozenset(vocabulary),
        part("min_posterior", 0.5).number(0, 1),
        _summary(part("summary", {})),
        dict([_training_row(spot) for spot in part("rows", []).items()]),
        trust_from(part("evidence", None), frozenset(entries.value)),
        library,
        any(Program(e.term, e.sign.arity, table).signature.integers for e in read.values()),
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


def _rival(spot: Spot, table: Table, entries: Mapping[str, Entry]) -> tuple[Changes, float]:
    spot.object("a rival", ("bits", "changes"), ("bits", "changes"))
    changes = spot.at("changes").object("an object of entries")
    bits = spot.at("bits").number(0, MOST)
    found = {
        Spot(word, changes.path).text(): (
            None if entry is None else _entry(word, changes.at(word), table)
        )
        for word, entry in changes.value.items()
    }
    changed = {word: entry for word, entry in {**entries, **found}.items() if entry is not None}
    _check_beside(changed, changes)
    return found, bits


def _training_row(spot: Spot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    spot.object("a training row", ("input", "output"), ("input", "output"))
    words, tokens = [
        tuple([each.text() for each in spot.at(key).items()]) for key in ("input", "output")
    ]
    return words, tokens


def _entry(word: str, spot: Spot, table: Table) -> Entry:
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
    entry = Entry(sign, term_from(program.value, sign.arity, program.reporter(), table))
    if not sign.arity:
        _evaluated(entry, word, program, table)
    return entry


def _check_beside(entries: Mapping[str, Entry], spot: Spot) -> None:
    """Checks that entries agree on what two phrases side by side are.

    Args:
        spot: the entries in the file, or those of them that a rival changes.

    Raises:
        InputError: they do not.
    """
    beside = {e.sign.category: w for w, e in entries.items() if e.sign.category in PAIRED}
    if JUXTAPOSITION in entries and beside:
        category, word = next(iter(beside.items()))
        _refuse_beside(spot, word, category, "an entry of two phrases side by side")
    if len(beside) > 1:
        _refuse_beside(spot, beside[Category.POLISH], Category.POLISH, "one of reverse_polish")


def _refuse_beside(spot: Spot, word: str, category: Category, other: str) -> None:
    """Raises: InputError, for a word that cannot be beside another entry."""
    at = spot.at(word).at("category") if word in spot.value else spot
    at.wrong(f"no word of {category.name.lower()} beside {other}", f"the word {short(word)}")


def _evaluated(entry: Entry, word: str, program: Spot, table: Table) -> None:
    """Raises: InputError, where the value of a word without operands grows too large."""
    if entry.term[0] in ("token", "self", "nil"):
        return
    try:
        fits = not is_too_large(compiled(Program(entry.term, 0, table), Alphabet(), word)())
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
