"""The values that a question names: cells of the database, numbers, dates, texts in quotes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from abduce.grammars.sql.items import Value, Values
from abduce.symbolic.questions.index import Cell, ValueIndex
from abduce.symbolic.questions.words import STOP, Word, words

Origin = Literal["cell", "part of a cell", "number", "quoted", "name", "piece", "code", "constant"]
COUNTED: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty
"""
UNITS: Final = {word: number for number, word in enumerate(COUNTED.split())} | {
    "once": 1, "twice": 2, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "single": 1, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "both": 2, "dozen": 12,
}  # fmt: skip
SCALES: Final = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
SPEAK: Final = """
begin contain containe end include letter like part phrase prefix start string substring suffix text
word
"""
PIECES: Final = frozenset(SPEAK.split())
"""Words, by their lemmas, of questions about pieces of texts."""
QUOTES: Final = re.compile(r"[\"“”]([^\"“”]+)[\"“”]|(?<![^\W_])['‘’`]([^'‘’`]+)['‘’`](?![^\W_])")
DATE: Final = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?: \d{1,2}:\d{2}(?::\d{2})?)?")
NUMBER: Final = re.compile(r"-?\d+(?:,\d{3})+(?:\.\d+)?|-?\d*\.?\d+")
WIDEST: Final = 8
"""The upper limit on the words of a span that is looked up."""
PARTS: Final = 3
"""How many cells a span finds at most that have more words than it."""
ENOUGH: Final = 0.5
"""The share of its words that a cell must have in the question to be found by a part."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value, where it comes from, and the words of the question that name it.

    Attributes:
        columns: the columns that have it.
        start, end: the words, from `start` to before `end`; both 0 where no word names it.
    """

    value: Value
    origin: Origin
    columns: tuple[int, ...] = ()
    start: int = 0
    end: int = 0


def candidates(
    question: str, index: ValueIndex, constants: Sequence[Value] = (1,)
) -> tuple[Candidate, ...]:
    """The values that a query for a question may name, each once, the surest first.

    Args:
        constants: values that any query may name, such as 1.

    >>> index = ValueIndex()
    >>> index.add(Cell("New York", 0))
    >>> found = candidates("Which two cities are in new york?", index)
    >>> [(each.value, each.origin) for each in found]
    [('New York', 'cell'), (2, 'number'), (1, 'constant')]
    """
    told = words(question)
    found: dict[tuple[type, Value], Candidate] = {}
    parts = (
        _cells(told, index), _numbers(question, told), _quoted(question), _names(question, told),
        _partial(told, index), _pieces(told), _codes(index),
        (Candidate(value, "constant") for value in constants),
    )  # fmt: skip
    for part in parts:
        for each in part:
            key = (type(each.value), each.value)
            known = found.get(key)
            if known is None:
                found[key] = each
            elif set(each.columns) - set(known.columns):
                columns = tuple(dict.fromkeys((*known.columns, *each.columns)))
                found[key] = Candidate(known.value, known.origin, columns, known.start, known.end)
    return tuple(found.values())


def values_of(found: Sequence[Candidate]) -> Values:
    """The candidates as values of the grammar: numbers also as texts, texts also as patterns."""
    numbers = dict.fromkeys(c.value for c in found if not isinstance(c.value, str))
    texts = dict.fromkeys(c.value for c in found if isinstance(c.value, str))
    texts |= dict.fromkeys(str(number) for number in numbers)
    named = [c.value for c in found if c.origin in ("quoted", "name", "cell", "number", "piece")]
    for value in named:
        text = str(value)
        if "%" not in text:
            texts |= dict.fromkeys((f"%{text}%", f"{text}%", f"%{text}"))
    return Values(numbers=tuple(numbers), texts=tuple(texts))


def _cells(told: Sequence[Word], index: ValueIndex) -> Iterator[Candidate]:
    """Cells that have exactly the words of a span; longer spans first."""
    for size in range(min(WIDEST, len(told), max(index.longest[0], 1)), 0, -1):
        for start in range(len(told) - size + 1):
            span = told[start : start + size]
            if size == 1 and span[0].lower in STOP:
                continue
            for cell in index.exact(tuple(word.lower for word in span)):
                yield Candidate(cell.text, "cell", (cell.column,), start, start + size)
    for place, word in enumerate(told):
        for cell in index.beginning(word.lower):
            yield Candidate(cell.text, "part of a cell", (cell.column,), place, place + 1)


def _partial(told: Sequence[Word], index: ValueIndex) -> Iterator[Candidate]:
    """Cells that have many words of the question, the most first."""
    there = {word.lower for word in told if word.lower not in STOP}
    scores: dict[Cell, tuple[float, int]] = {}
    for place, word in enumerate(told):
        if word.lower in STOP:
            continue
        for cell in index.having(word.lower):
            key = [each.lower for each in words(cell.text)]
            share = sum(each in there for each in key) / len(key)
            capital = word.text[:1].isupper() and place > 0
            if share >= ENOUGH or capital:
                scores.setdefault(cell, (share, place))
    taken: dict[int, int] = {}
    order = sorted(scores.items(), key=lambda each: (-each[1][0], each[1][1]))
    for cell, (_, place) in order:
        taken[place] = taken.get(place, 0) + 1
        if taken[place] <= PARTS:
            yield Candidate(cell.text, "part of a cell", (cell.column,), place, place + 1)


def _numbers(question: str, told: Sequence[Word]) -> Iterator[Candidate]:
    places = {word.start: i for i, word in enumerate(told)}
    for match in DATE.finditer(question):
        start = places.get(match.start(), 0)
        yield Candidate(match[0], "quoted", (), start, start + 1)
    for match in NUMBER.finditer(question):
        number = _number(match[0])
        if number is None:
            continue
        start = places.get(match.start(), places.get(match.start() + 1, 0))
        after = told[start + 1].lower if start + 1 < len(told) else ""
        if after in SCALES:
            yield Candidate(_whole(number * SCALES[after]), "number", (), start, start + 2)
        yield Candidate(number, "number", (), start, start + 1)
    for place, word in enumerate(told):
        if word.lower in UNITS:
            number = UNITS[word.lower]
            after = told[place + 1].lower if place + 1 < len(told) else ""
            if after in SCALES:
                yield Candidate(number * SCALES[after], "number", (), place, place + 2)
            yield Candidate(number, "number", (), place, place + 1)


def _whole(number: int | float) -> int | float:
    return int(number) if number == int(number) else number


def _number(text: str) -> int | float | None:
    """A number that SQLite has; None for others."""
    plain = text.replace(",", "")
    if re.fullmatch(r"-?\d{1,18}", plain):
        return int(plain)
    value = float(plain)
    return value if abs(value) < float("inf") else None


def _quoted(question: str) -> Iterator[Candidate]:
    """Texts in quotes, as they stand."""
    for match in QUOTES.finditer(question):
        text = (match[1] or match[2]).strip()
        stripped = text.rstrip(".,;:?!")
        for each in dict.fromkeys((text, stripped)):
            if each:
                start = len(words(question[: match.start()]))
                yield Candidate(each, "quoted", (), start, start + len(words(each)))


def _names(question: str, told: Sequence[Word]) -> Iterator[Candidate]:
    """Spans of words that begin with a capital letter, and single words that do."""
    runs: list[list[int]] = []
    for place, word in enumerate(told):
        if place == 0 or not word.text[:1].isupper():
            continue
        gap = question[told[place - 1].end : word.start]
        if runs and runs[-1][-1] == place - 1 and not gap.strip(" -.'&"):
            runs[-1].append(place)
        else:
            runs.append([place])
    for run in runs:
        start, end = run[0], run[-1] + 1
        yield Candidate(question[told[start].start : told[end - 1].end], "name", (), start, end)
        for place in run if len(run) > 1 else ():
            yield Candidate(told[place].text, "name", (), place, place + 1)


def _pieces(told: Sequence[Word]) -> Iterator[Candidate]:
    """All words of a question that speaks of pieces of texts, for patterns."""
    if any(word.lemma in PIECES for word in told):
        for place, word in enumerate(told):
            if word.lower not in STOP and word.lemma not in PIECES:
                yield Candidate(word.text, "piece", (), place, place + 1)


def _codes(index: ValueIndex) -> Iterator[Candidate]:
    """Short values of columns that have few."""
    for column, cells in index.codes:
        for cell in cells:
            if isinstance(cell, int | float | str) and cell == cell:
                yield Candidate(cell, "code", (column,))
