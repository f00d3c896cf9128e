"""The part of a large database that a question is about: the tables that its words name most."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from abduce.errors import InputError
from abduce.grammars.sql.items import Items, Link
from abduce.neural.questions_to_sql.known import KnownDatabase
from abduce.symbolic.questions.index import Cell, ValueIndex
from abduce.symbolic.questions.linking import name_links
from abduce.symbolic.questions.values import candidates

WEIGHTS: Final = {"exact": 6, "lemma": 4, "partial": 1}
"""How much a link counts for its table; that of a column counts half."""
CELL: Final = 2
"""How much a cell counts that the question names."""


def narrowed(
    text: str, known: KnownDatabase, fits: Callable[[KnownDatabase], bool]
) -> tuple[KnownDatabase, tuple[str, ...]]:
    """The largest part that fits, and the tables that are left out.

    Half of the tables are left out at a time, those that the question names least.

    Args:
        fits: whether a part is small enough.

    Raises:
        InputError: not even one table fits.
    """
    if fits(known):
        return known, ()
    ranked = _ranked(text, known)
    count = len(ranked)
    while count > 1:
        count = (count + 1) // 2
        part = part_of(known, sorted(ranked[:count]))
        if fits(part):
            left = sorted(ranked[count:])
            return part, tuple(known.items.tables[table] for table in left)
    widest = len(known.items.columns_of(ranked[0]))
    raise InputError(
        f"a question that is too long together with a table of {widest:,} columns",
        ("what the encoder can read",),
        advice="Ask a shorter question, or make a database with fewer columns.",
    )


def _ranked(text: str, known: KnownDatabase) -> list[int]:
    """The tables, those first that the question names most; foreign keys pass on a little."""
    scores: Counter[int] = Counter()
    items = known.items
    for link in name_links(text, items):
        weight = WEIGHTS[link.relation]
        if link.kind == "table":
            scores[link.number] += 2 * weight
        else:
            scores[items.columns[link.number].table] += weight
    for each in candidates(text, known.index):
        for column in each.columns if each.end else ():
            scores[items.columns[column].table] += CELL
    own = dict(scores)
    for link in items.links:
        one, other = items.ends(link)
        scores[one] += own.get(other, 0) // 4
        scores[other] += own.get(one, 0) // 4
    return sorted(range(len(items.tables)), key=lambda table: (-scores[table], table))


def part_of(known: KnownDatabase, tables: list[int]) -> KnownDatabase:
    """A database that has some of the tables of another."""
    items = known.items
    table_of = {table: place for place, table in enumerate(tables)}
    kept = [i for i, column in enumerate(items.columns) if column.table in table_of]
    place = {column: i for i, column in enumerate(kept)}
    links = tuple(
        Link(
            columns=tuple(place[c] for c in link.columns),
            parents=tuple(place[c] for c in link.parents),
            assumed=link.assumed,
        )
        for link in items.links
        if all(c in place for c in (*link.columns, *link.parents))
    )
    columns = tuple(replace(items.columns[i], table=table_of[items.columns[i].table]) for i in kept)
    return KnownDatabase(
        items=Items(tables=tuple(items.tables[t] for t in tables), columns=columns, links=links),
        index=_index(known.index, place),
        keys=frozenset(place[c] for c in known.keys if c in place),
    )


def _index(index: ValueIndex, place: dict[int, int]) -> ValueIndex:
    """The cells of the columns that are left."""
    found = ValueIndex(full=list(index.full))
    for cells in index.whole.values():
        for cell in cells:
            if cell.column in place:
                found.add(Cell(cell.text, place[cell.column]))
    found.codes.extend((place[c], values) for c, values in index.codes if c in place)
    return found
