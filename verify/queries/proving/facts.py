"""What keys and conditions fix: columns that cannot be NULL, and columns that others determine."""

from collections.abc import Iterable, Iterator
from typing import Final

from abduce.symbolic.databases.schema import Affinity, Key, Schema, Table
from abduce.verify.queries.proving.context import Notes
from abduce.verify.queries.proving.logic import never_true
from abduce.verify.queries.query import (
    Column,
    Compound,
    Constant,
    Expression,
    Operation,
    Select,
    Source,
)
from abduce.verify.queries.walking import columns_of

COMPARED: Final[dict[str, str]] = {
    "integer": "number", "numeric": "number", "real": "number", "text": "text", "none": "none",
}  # fmt: skip
"""Affinities between which `=` compares values as they are, so that it is an equivalence."""
STORED: Final[dict[str, str]] = {
    "integer": "integer", "numeric": "integer", "real": "real", "text": "text",
}  # fmt: skip
"""Affinities under which equal values are the same value, so that one can stand for the other."""


def source_of(select: Select, alias: str) -> Source | None:
    """The source with an alias; None for one of an outer query."""
    return next((each for each in select.sources if each.alias == alias), None)


def table_of(source: Source | None, schema: Schema) -> Table | None:
    """The table of a source; None for a subquery."""
    if source is None or not isinstance(source.body, str):
        return None
    return schema.table(source.body)


def affinity(column: Column, select: Select, schema: Schema) -> Affinity | None:
    """The affinity of a column of a table of this query; None where it is not known."""
    table = table_of(source_of(select, column.source), schema)
    found = None if table is None else table.column(column.name)
    return None if found is None else found.affinity


def same_kind(first: Column, second: Column, select: Select, schema: Schema) -> bool:
    """Whether `first = second` compares the values as they are stored."""
    kinds = [affinity(each, select, schema) for each in (first, second)]
    told = [None if kind is None else COMPARED[kind] for kind in kinds]
    return None not in told and told[0] == told[1]


def interchangeable(first: Column, second: Column, select: Select, schema: Schema) -> bool:
    """Whether equal values of two columns are the same value, whatever is done with it."""
    kinds = [affinity(each, select, schema) for each in (first, second)]
    told = [None if kind is None else STORED.get(kind) for kind in kinds]
    return None not in told and told[0] == told[1]


def equalities(conditions: Iterable[Expression]) -> Iterator[tuple[Expression, Expression]]:
    """The sides of the equations among some conditions."""
    for each in conditions:
        match each:
            case Operation("=", (left, right)):
                yield left, right
            case _:
                pass


def never_null(column: Column, select: Select, schema: Schema) -> bool:
    """Whether a column of this query is not NULL in any row that WHERE keeps."""
    source = source_of(select, column.source)
    table = table_of(source, schema)
    if source is not None and table is not None and source.kind == "inner":
        found = table.column(column.name)
        if found is not None and found.not_null:
            return True
    return any(never_true(each, lambda c: c == column) for each in select.where)


def key_sentence(table: Table, key: Key) -> str:
    return f"{table.name}({', '.join(key.columns)}) is a key"


def determined(
    select: Select, start: Iterable[Column], schema: Schema, notes: Notes | None = None
) -> tuple[set[Column], set[str]]:
    """The columns that some columns determine in every row that WHERE keeps, and the sources of
    which they determine the row.

    Values count as equal where DISTINCT takes them for equal.

    Args:
        notes: where to write down the keys that were used.

    Source: Armstrong 1974; Abiteboul, Hull & Vianu 1995, Foundations of Databases, section 8.2.
    """
    known, fixed = set(start), set()
    own = {source.alias for source in select.sources}
    conditions = [*select.where, *(each for source in select.sources for each in source.on)]
    named = {column for each in conditions for column in columns_of(each)}
    known |= {column for column in named if column.source not in own}
    grown = True
    while grown:
        grown = False
        for left, right in equalities(select.where):
            for one, other in ((left, right), (right, left)):
                if not isinstance(one, Column) or one in known or one.source not in own:
                    continue
                if _settled(one, other, known, select, schema):
                    known.add(one)
                    grown = True
        for source in select.sources:
            if source.alias not in fixed and _is_fixed(source, known, select, schema, notes):
                fixed.add(source.alias)
                known |= set(_columns(source, schema))
                grown = True
    return known, fixed


def _settled(
    column: Column, other: Expression, known: set[Column], select: Select, schema: Schema
) -> bool:
    """Whether `column = other` leaves one value for the column."""
    if isinstance(other, Constant):
        return affinity(column, select, schema) is not None and other.value is not None
    return isinstance(other, Column) and other in known and same_kind(column, other, select, schema)


def _is_fixed(
    source: Source, known: set[Column], select: Select, schema: Schema, notes: Notes | None
) -> bool:
    if not isinstance(source.body, str):
        body = source.body
        unique = body.operator != "union all" if isinstance(body, Compound) else body.distinct
        inner = source.kind == "inner"
        return unique and inner and all(c in known for c in _columns(source, schema))
    table = table_of(source, schema)
    if table is None:
        return False
    for key in table.keys:
        columns = [Column(source.alias, table.column(c).name) for c in key.columns]  # pyright: ignore
        if _keyed(source, columns, table, known, select, schema):
            if notes is not None:
                notes.key(key_sentence(table, key), key.origin)
            return True
    return False


def _keyed(
    source: Source,
    columns: list[Column],
    table: Table,
    known: set[Column],
    select: Select,
    schema: Schema,
) -> bool:
    """Whether known values of a key leave one row of a source, or the row of NULLs of a left
    join."""
    if source.kind == "inner":
        return all(c in known and never_null(c, select, schema) for c in columns)
    whole = all((found := table.column(c.name)) is not None and found.not_null for c in columns)
    if whole and all(c in known for c in columns):
        return True
    named = {c for each in source.on for c in columns_of(each) if c.source != source.alias}
    if not named <= known:
        return False
    settled = set()
    for left, right in equalities(source.on):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Column) and _settled(one, other, known, select, schema):
                settled.add(one)
    return all(c in settled for c in columns)


def _columns(source: Source, schema: Schema) -> Iterator[Column]:
    if isinstance(source.body, str):
        table = schema.table(source.body)
        for column in table.columns if table else ():
            yield Column(source.alias, column.name)
    else:
        body = source.body
        while isinstance(body, Compound):
            body = body.left
        for i in range(len(body.outputs)):
            yield Column(source.alias, str(i))
