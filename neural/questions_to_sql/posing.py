"""A question about a database as a question of the decoder: what it reads, and what rules point to.

The text is the question, then the tables, each with its columns. Beside a column stand those of its
cells that the question names. Rows are tables, groups of linked tables, columns, and values.

Source: Lin, Socher and Xiong 2020, BRIDGE (cells beside their columns); Wang et al. 2020, RAT-SQL
(links of words with names, here as marks).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from abduce.errors import InputError
from abduce.grammars.partial import beginning_like
from abduce.grammars.sql.items import TYPES, Value
from abduce.grammars.sql.language import OCCURRENCES, SqlLanguage
from abduce.neural.program_decoder.question import Question, Row
from abduce.neural.questions_to_sql.config import MOST_NODES, MOST_WORDS
from abduce.neural.questions_to_sql.known import KnownDatabase
from abduce.symbolic.questions.linking import ORDER, NameLink, name_links
from abduce.symbolic.questions.values import Candidate, candidates, values_of
from abduce.symbolic.questions.words import name_words, words

BESIDE: Final = 4
"""The upper limit on the cells that are written beside a column."""
LONGEST_CELL: Final = 60
"""The upper limit on the letters of a cell that are written."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posed:
    """A question about a database, ready for the decoder.

    Attributes:
        links: which words name which tables and columns.
        candidates: the values that it names.
        language: the language with these values.
    """

    text: str
    links: tuple[NameLink, ...]
    candidates: tuple[Candidate, ...]
    language: SqlLanguage
    question: Question

    @property
    def linked(self) -> bool:
        """Whether any word names a table, a column, or a cell."""
        cells = ("cell", "part of a cell")
        return bool(self.links) or any(each.origin in cells for each in self.candidates)


def check_question(text: str) -> str:
    """The question with single spaces.

    Raises:
        InputError: it is empty, has no word, or is too long.
    """
    plain = " ".join(text.split())
    found = words(plain)
    if not found:
        kind = "an empty question" if not plain else f"no word in {plain!r:.80}"
        raise InputError(kind, ("a question in English",))
    if len(found) > MOST_WORDS:
        expected = (f"at most {MOST_WORDS}",)
        raise InputError(f"a question of {len(found):,} words", expected, advice="Ask less.")
    return plain


def posed(
    text: str, known: KnownDatabase, constants: Sequence[Value] = (1,), *, masked: bool = True
) -> Posed:
    """A question about a database, as the decoder reads it.

    Args:
        constants: values that any query may name; 1 is always among them.
        masked: whether the beginning of its queries is made ready, which costs time.

    Raises:
        InputError: the question is empty or too long.
    """
    plain = check_question(text)
    links = name_links(plain, known.items)
    found = candidates(plain, known.index, tuple(dict.fromkeys((1, *constants))))
    language = known.language.with_values(values_of(found))
    writer = _Writer(plain, known, links, found)
    writer.schema()
    writer.values(language)
    question = Question(
        text=writer.text,
        grammar=language.grammar,
        rows=tuple(writer.rows),
        pointers=writer.pointers,
        max_nodes=MOST_NODES,
        begin=beginning_like(known.begin, language.grammar) if masked else None,
    )
    return Posed(text=plain, links=links, candidates=found, language=language, question=question)


@dataclass(slots=True)
class _Writer:
    """The text and its rows, as they are written."""

    asked: str
    known: KnownDatabase
    links: tuple[NameLink, ...]
    found: tuple[Candidate, ...]
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    pointers: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[type, Value], tuple[int, int]] = field(default_factory=dict)
    """Where each value is written beside a column, or at the end."""

    def add(self, text: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += text
        return start, len(self.text)

    def row(self, place: tuple[int, int], marks: Sequence[str], *names: str) -> None:
        """A row, with the rules that point to it."""
        for name in names:
            self.pointers[name] = len(self.rows)
        self.rows.append(Row(start=place[0], end=place[1], marks=tuple(marks)))

    def schema(self) -> None:
        """The question, then the tables by the groups that links make of them."""
        items, language = self.known.items, self.known.language
        beside = self._beside()
        near = {
            kind: {
                number: [r for r in ORDER if r in relations]
                for number, relations in _relations(self.links, kind)
            }
            for kind in ("table", "column")
        }
        foreign = {column for link in items.links for column in link.columns}
        self.add(self.asked)
        for number, group in enumerate(language.groups):
            self.add(" | ")
            start = len(self.text)
            for place, table in enumerate(group):
                self.add(" | " if place else "")
                marks = ["table", *near["table"].get(table, ())]
                self.row(self._name(items.tables[table]), marks, f"table {items.tables[table]}")
                for which, column in enumerate(items.columns_of(table)):
                    self.add(" : " if which == 0 else " , ")
                    told = ["column", f"{items.columns[column].type} column"]
                    told += near["column"].get(column, ())
                    told += [f"table {each}" for each in near["table"].get(table, ())]
                    told += ["key"] * (column in self.known.keys)
                    told += ["foreign key"] * (column in foreign)
                    told += ["has a named value"] * self._has_named(column)
                    at = self._name(items.columns[column].name)
                    self.row(at, told, language.column_name(column))
                    if language.twice(table):
                        for again in range(2, OCCURRENCES + 1):
                            name = language.column_name(column, again)
                            self.row(at, [*told, "second"], name)
                    self._cells(beside.get(column, ()))
            self.row((start, len(self.text)), ["group"], language.group_name(number))

    def values(self, language: SqlLanguage) -> None:
        """Rows of all values, in all the forms in which they can be written."""
        origins = _Origins(self.found)
        told = words(self.asked)
        rows: dict[tuple[type, Value], int] = {}
        for sort in (*(("value", type_) for type_ in TYPES), ("limit",)):
            for name, pointer in language.pointers(sort).items():
                value = pointer.value
                assert value is not None
                key = _key(value)
                if key in rows:
                    self.pointers[name] = rows[key]
                    continue
                origin, form = origins.of(value)
                marks = ["value", f"from {origin.origin}", *form]
                place = self.places.get(_key(origin.value))
                if place is None and origin.end:
                    place = told[origin.start].start, told[origin.end - 1].end
                if place is None:
                    self.add(" | ")
                    place = self.add(_short(origin.value))
                    self.places[_key(origin.value)] = place
                rows[key] = len(self.rows)
                self.row(place, marks, name)

    def _name(self, name: str) -> tuple[int, int]:
        """Writes a name in words."""
        return self.add(" ".join(name_words(name)) or repr(name))

    def _beside(self) -> dict[int, list[Value]]:
        """The values that are written beside each column."""
        found: dict[int, list[Value]] = {}
        for each in self.found:
            for column in each.columns:
                some = found.setdefault(column, [])
                code = each.origin == "code" and isinstance(each.value, str)
                if len(some) < BESIDE and (each.end or code):
                    some.append(each.value)
        return found

    def _has_named(self, column: int) -> bool:
        return any(column in each.columns and each.origin == "cell" for each in self.found)

    def _cells(self, some: Sequence[Value]) -> None:
        for place, value in enumerate(some):
            self.add(" ( " if place == 0 else " ; ")
            self.places.setdefault(_key(value), self.add(_short(value)))
        if some:
            self.add(" )")


def _relations(links: Sequence[NameLink], kind: str) -> Iterator[tuple[int, set[str]]]:
    found: dict[int, set[str]] = {}
    for link in links:
        if link.kind == kind:
            found.setdefault(link.number, set()).add(link.relation)
    yield from found.items()


FORMS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("", lambda text: text),
    ("has within", lambda text: text[1:-1] if text[:1] == "%" == text[-1:] else ""),
    ("starts with", lambda text: text[:-1] if text[-1:] == "%" else ""),
    ("ends with", lambda text: text[1:] if text[:1] == "%" else ""),
)
"""Forms of texts, with what undoes each."""


class _Origins:
    """The candidates that values were made of."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        self.exact = {_key(each.value): each for each in found}
        self.texts = {str(each.value): each for each in reversed(found)}

    def of(self, value: Value) -> tuple[Candidate, tuple[str, ...]]:
        """The candidate of a value, and the forms that the value has."""
        if (found := self.exact.get(_key(value))) is not None:
            return found, ()
        for form, bare in FORMS:
            found = self.texts.get(bare(str(value)))
            if found is not None:
                as_text = () if isinstance(found.value, str) else ("as text",)
                return found, (*((form,) if form else ()), *as_text)
        raise AssertionError(f"the value {value!r} comes from no candidate")


def _key(value: Value) -> tuple[type, Value]:
    return (str if isinstance(value, str) else float, value)


def _short(value: Value) -> str:
    text = str(value)[:LONGEST_CELL]
    return text if words(text) else repr(value)[:LONGEST_CELL]
