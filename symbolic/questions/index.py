"""An index of the texts in a database: which cells have the words of a question.

Cells are found by their words in lower case, so that a query gets the spelling of the cell.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from abduce.grammars.sql.items import Items
from abduce.symbolic.databases.executing import Rows, execute
from abduce.symbolic.databases.schema import quoted
from abduce.symbolic.questions.words import lemma, words

CELLS: Final = 5_000
"""The upper limit on the different cells of a column that are indexed."""
LONGEST: Final = 100
"""The upper limit on the letters of a cell that is indexed."""
COMMON: Final = 400
"""Words in more cells than these find no cell on their own."""
FEW: Final = 6
"""A column with at most so many different short values has them all as candidates."""
SHORT: Final = 3
STEM: Final = 4
"""The least number of letters of a cell that is the beginning of a word."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a column."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class ValueIndex:
    """Cells by their words, by the lemmas of these, by all their letters, and by each word.

    Attributes:
        codes: the short values of columns that have few, such as `M` and `F`, or 0 and 1.
        full: whether all cells are in it; a limit on cells or time may leave some out.
    """

    whole: dict[Key, list[Cell]] = field(default_factory=dict)
    lemmas: dict[Key, list[Cell]] = field(default_factory=dict)
    joined: dict[str, list[Cell]] = field(default_factory=dict)
    parts: dict[str, list[Cell]] = field(default_factory=dict)
    codes: list[tuple[int, tuple[object, ...]]] = field(default_factory=list)
    longest: list[int] = field(default_factory=lambda: [0])
    full: list[bool] = field(default_factory=lambda: [True])

    def add(self, cell: Cell) -> None:
        key = words_of(cell.text)
        if not key:
            return
        self.whole.setdefault(key, []).append(cell)
        self.lemmas.setdefault(tuple(map(lemma, key)), []).append(cell)
        self.joined.setdefault("".join(key), []).append(cell)
        self.longest[0] = max(self.longest[0], len(key))
        if len(key) > 1:
            for word in dict.fromkeys(key):
                self.parts.setdefault(word, []).append(cell)

    def exact(self, key: Key) -> tuple[Cell, ...]:
        """The cells with exactly these words, else those with their lemmas, else those with the
        same letters."""
        found = self.whole.get(key) or self.lemmas.get(tuple(map(lemma, key)))
        return tuple(found or self.joined.get("".join(key), ()))

    def beginning(self, word: str) -> tuple[Cell, ...]:
        """The cells of one word that a word begins with, as `Asian` begins with `Asia`."""
        for size in range(len(word) - 1, STEM - 1, -1):
            if (found := self.whole.get((word[:size],))) is not None:
                return tuple(found)
        return ()

    def having(self, word: str) -> tuple[Cell, ...]:
        """The cells of several words that have a word; none for a common word."""
        found = self.parts.get(word, ())
        return tuple(found) if len(found) <= COMMON else ()


def words_of(text: str) -> Key:
    """The words by which a text is found."""
    return tuple(word.lower for word in words(text))


def index_of(
    items: Items, connection: sqlite3.Connection, *, deadline: float | None = None
) -> ValueIndex:
    """The index of all columns with texts, in the order of the items.

    Args:
        deadline: the time of `clock.wall_s()` after which no column is read.
    """
    index = ValueIndex()
    for number, column in enumerate(items.columns):
        name, table = quoted(column.name), quoted(items.tables[column.table])
        query = f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL LIMIT {CELLS + 1}"
        found = execute(connection, query, rows=CELLS, deadline=deadline)
        if not isinstance(found, Rows):
            index.full[0] = False
            continue
        if found.cut:
            index.full[0] = False
        cells = [value for (value,) in found.rows]
        for text in _texts(cells):
            index.add(Cell(text, number))
        if len(cells) <= FEW and all(len(str(value)) <= SHORT for value in cells):
            index.codes.append((number, tuple(cells)))
    return index


def _texts(cells: Sequence[object]) -> Iterable[str]:
    return (cell for cell in cells if isinstance(cell, str) and len(cell) <= LONGEST)
