"""Keys inferred from rows, for databases that declare none: they are guesses, and called assumed.

A key is a first column whose values are all there and all different, in a table of at least two
rows. A foreign key is a column with the name and type of another table's key that has only values
of that key.
"""

import sqlite3
from dataclasses import replace

from abduce.symbolic.databases.executing import Rows, execute
from abduce.symbolic.databases.schema import (
    ASSUMED,
    Column,
    ForeignKey,
    Key,
    Schema,
    Table,
    quoted,
)


def guess_keys(
    schema: Schema, connection: sqlite3.Connection, *, deadline: float | None = None
) -> Schema:
    """The schema with assumed keys, for tables without keys and without foreign keys."""
    keyed = [_with_key(table, connection, deadline) for table in schema.tables]
    return Schema(tables=tuple(_with_foreign(t, keyed, connection, deadline) for t in keyed))


def _with_key(table: Table, connection: sqlite3.Connection, deadline: float | None) -> Table:
    if table.keys or table.unusual or not table.columns:
        return table
    first = table.columns[0]
    name = quoted(first.name)
    counts = f"SELECT COUNT(*), COUNT({name}), COUNT(DISTINCT {name}) FROM {quoted(table.name)}"
    match execute(connection, counts, deadline=deadline):
        case Rows(((int(rows), there, different),)) if rows >= 2 and rows == there == different:
            return replace(table, keys=(Key(columns=(first.name,), origin=ASSUMED),))
    return table


def _with_foreign(
    table: Table, tables: list[Table], connection: sqlite3.Connection, deadline: float | None
) -> Table:
    if table.foreign_keys or table.unusual:
        return table
    found = []
    for column in table.columns:
        for parent in tables:
            key = _alike(column, parent)
            if parent is table or key is None:
                continue
            child = f"{quoted(table.name)} AS c WHERE c.{quoted(column.name)} IS NOT NULL"
            inside = f"SELECT {quoted(key.name)} FROM {quoted(parent.name)}"
            counts = (
                f"SELECT (SELECT COUNT(*) FROM {child}),"
                f" (SELECT COUNT(*) FROM {child} AND c.{quoted(column.name)} NOT IN ({inside}))"
            )
            match execute(connection, counts, deadline=deadline):
                case Rows(((int(rows), 0),)) if rows:
                    names = (column.name,), parent.name, (key.name,)
                    found.append(
                        ForeignKey(
                            columns=names[0], parent=names[1], parent_columns=names[2],
                            origin=ASSUMED,
                        )
                    )  # fmt: skip
    return replace(table, foreign_keys=tuple(found))


def _alike(column: Column, parent: Table) -> Column | None:
    """The parent's key of one column, where name and affinity are those of the column."""
    for key in parent.keys:
        if len(key.columns) == 1 and key.columns[0].lower() == column.name.lower():
            found = parent.column(key.columns[0])
            if found is not None and found.affinity == column.affinity:
                return found
    return None
