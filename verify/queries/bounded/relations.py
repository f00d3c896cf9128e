"""Queries on symbolic tables: the rows that there may be, each with a formula."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from abduce.verify.queries.bounded.aggregates import aggregated
from abduce.verify.queries.bounded.cells import (
    FALSE,
    TRUE,
    Cell,
    SymbolicRow,
    both,
    either,
    negation,
    same_cells,
)
from abduce.verify.queries.bounded.conditions import RowReader, Rows, World
from abduce.verify.queries.query import (
    Aggregate,
    Column,
    Compound,
    Query,
    Select,
    Source,
    width,
)
from abduce.verify.queries.text.outside import Outside

MOST: Final = 100
"""The upper limit on joined rows of one SELECT."""
Tables = Mapping[str, Sequence[tuple[Any, Mapping[str, Cell]]]]
"""For each table its symbolic rows: whether each is there, and its cells by column."""
Joined = list[tuple[Any, dict[Column, Cell]]]


def relation(query: Query, around: Rows, tables: Tables, world: World) -> list[SymbolicRow]:
    """The rows of a query in the row of a query around it.

    Raises:
        Outside: the query has a part that is not understood here, or too many joined rows.
    """
    if isinstance(query, Compound):
        return _compound(query, around, tables, world)
    joined = _where(query, _joined(query, around, tables, world), around, world)
    rows = _grouped(query, joined, around, world) if query.grouped else [
        SymbolicRow(there, tuple(reader.cell(each) for each in query.outputs))
        for there, row in joined
        for reader in (RowReader(world, {**around, **row}),)
    ]  # fmt: skip
    return _distinct(rows) if query.distinct else rows


def _joined(select: Select, around: Rows, tables: Tables, world: World) -> Joined:
    found: Joined = [(TRUE, {})]
    for source in select.sources:
        own = _rows_of(source, tables, world)
        next_: Joined = []
        for there, row in found:
            matches = []
            for present, cells in own:
                joined = {**row, **cells}
                holds = both(there, present)
                if source.kind == "left":
                    reader = RowReader(world, {**around, **joined})
                    holds = both(holds, *(reader.truth(each).true for each in source.on))
                    matches.append(holds)
                next_.append((holds, joined))
            if source.kind == "left":
                first = own[0][1] if own else {}
                nulls = {c: Cell(TRUE, v.value, v.sort) for c, v in first.items()}
                next_.append((both(there, negation(either(matches))), {**row, **nulls}))
        found = [each for each in next_ if each[0] is not FALSE]
        if len(found) > MOST:
            raise Outside("more joined rows than the bounded search takes")
    return found


def _rows_of(source: Source, tables: Tables, world: World) -> Joined:
    if isinstance(source.body, str):
        return [
            (there, {Column(source.alias, name): cell for name, cell in cells.items()})
            for there, cells in tables[source.body]
        ]
    return [
        (row.there, {Column(source.alias, str(i)): cell for i, cell in enumerate(row.cells)})
        for row in relation(source.body, {}, tables, world)
    ]


def _where(select: Select, joined: Joined, around: Rows, world: World) -> Joined:
    found: Joined = []
    for there, row in joined:
        reader = RowReader(world, {**around, **row})
        holds = both(there, *(reader.truth(each).true for each in select.where))
        if holds is not FALSE:
            found.append((holds, row))
    return found


def _grouped(select: Select, joined: Joined, around: Rows, world: World) -> list[SymbolicRow]:
    readers = [RowReader(world, {**around, **row}) for _, row in joined]
    keys = [[reader.cell(each) for each in select.groups] for reader in readers]
    if not select.groups:
        members = [there for there, _ in joined]
        return [_of_group(select, TRUE, members, readers, around, world)]
    rows = []
    for i, (there, row) in enumerate(joined):
        alike = [
            both(joined[j][0], TRUE if i == j else same_cells(keys[i], keys[j]))
            for j in range(len(joined))
        ]
        leads = both(there, *(negation(alike[j]) for j in range(i)))
        rows.append(_of_group(select, leads, alike, readers, {**around, **row}, world))
    return rows


def _of_group(
    select: Select,
    there: Any,
    members: Sequence[Any],
    readers: Sequence[RowReader],
    row: Rows,
    world: World,
) -> SymbolicRow:
    known: dict[Aggregate, Cell] = {}

    def value(aggregate: Aggregate) -> Cell:
        if aggregate not in known:
            known[aggregate] = aggregated(aggregate, members, readers, world)
        return known[aggregate]

    reader = RowReader(world, row, value)
    holds = both(there, *(reader.truth(each).true for each in select.having))
    return SymbolicRow(holds, tuple(reader.cell(each) for each in select.outputs))


def _distinct(rows: Sequence[SymbolicRow]) -> list[SymbolicRow]:
    """Of equal rows the first one."""
    return [
        SymbolicRow(
            both(
                row.there,
                *(
                    negation(both(rows[j].there, same_cells(rows[j].cells, row.cells)))
                    for j in range(i)
                ),
            ),
            row.cells,
        )
        for i, row in enumerate(rows)
    ]


def _compound(query: Compound, around: Rows, tables: Tables, world: World) -> list[SymbolicRow]:
    left = relation(query.left, around, tables, world)
    right = relation(query.right, around, tables, world)
    for first in left[:1]:
        for second in right[:1]:
            if [c.sort for c in first.cells] != [c.sort for c in second.cells]:
                raise Outside("a set operation of values of two kinds")
    if query.operator == "union all":
        return [*left, *right]
    if query.operator == "union":
        return _distinct([*left, *right])
    found = []
    for row in _distinct(left):
        there = either(both(o.there, same_cells(o.cells, row.cells)) for o in right)
        wanted = there if query.operator == "intersect" else negation(there)
        found.append(SymbolicRow(both(row.there, wanted), row.cells))
    return found


def sorts_of(rows: Sequence[SymbolicRow], query: Query) -> list[str]:
    """The sorts of the columns of a result."""
    return [cell.sort for cell in rows[0].cells] if rows else ["number"] * width(query)
