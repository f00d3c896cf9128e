"""Keys from a file in Spider's form, tables.json: an entry for each database, with its keys.

The keys of an entry take the place of those of the database. The values of a primary key are
different and never NULL; those of a foreign key, where they are not NULL, are in the parent.

Source: Yu et al. 2018, Spider, the file tables.json.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from abduce.errors import InputError
from abduce.symbolic.databases.schema import Column, ForeignKey, Key, Schema, Table

FORM = "a JSON list of objects with db_id, table_names_original, column_names_original, "
FORM += "primary_keys and foreign_keys"


def with_keys(schema: Schema, path: Path, database: str) -> Schema:
    """The schema with the keys of the file's entry for a database.

    Args:
        database: the name of the entry; a file with one entry needs none.

    Raises:
        InputError: the file is of another form, or tells of other tables or columns.
    """
    entry = _entry(path, database)
    try:
        names = list(entry["table_names_original"])
        columns = [(int(t), str(c)) for t, c in entry["column_names_original"]]
        primary = [each if isinstance(each, list) else [each] for each in entry["primary_keys"]]
        foreign = [(int(child), int(parent)) for child, parent in entry["foreign_keys"]]
        keys = [[columns[i] for i in group] for group in primary if group]
        pairs = [(columns[child], columns[parent]) for child, parent in foreign]
        keys_ = [(names[k[0][0]], tuple(c for _, c in k)) for k in keys]
        pairs_ = [((names[t], c), (names[u], d)) for (t, c), (u, d) in pairs]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(f"another form ({error})", (FORM,), path) from error
    told = [(owner, c) for owner, group in keys_ for c in group]
    told += [each for pair in pairs_ for each in pair]
    for table, column in told:
        found = schema.table(table)
        if found is None or found.column(column) is None:
            what = f"the column {column!r} of the table {table!r}, which the database lacks"
            raise InputError(what, ("columns of the database",), path)
    return Schema(tables=tuple(_keyed(table, keys_, pairs_) for table in schema.tables))


def _entry(path: Path, database: str) -> dict[str, Any]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, RecursionError, json.JSONDecodeError) as error:
        raise InputError(f"no JSON ({error})", (FORM,), path) from error
    entries = [entries] if isinstance(entries, dict) else entries
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise InputError("another form", (FORM,), path)
    if len(entries) == 1:
        return entries[0]
    for each in entries:
        if each.get("db_id") == database:
            return each
    raise InputError(f"no entry for the database {database!r}", ("its db_id",), path)


def _keyed(
    table: Table,
    keys: list[tuple[str, tuple[str, ...]]],
    foreign: list[tuple[tuple[str, str], tuple[str, str]]],
) -> Table:
    name = table.name.lower()
    mine = [columns for owner, columns in keys if owner.lower() == name]
    whole = {column.lower() for columns in mine for column in columns}
    return replace(
        table,
        columns=tuple(_whole(column, whole) for column in table.columns),
        keys=tuple(Key(columns=_named(table, each), origin="schema") for each in mine),
        foreign_keys=tuple(
            ForeignKey(
                columns=_named(table, (column,)), parent=parent, parent_columns=(other,),
                origin="schema",
            )
            for (owner, column), (parent, other) in foreign
            if owner.lower() == name
        ),
    )  # fmt: skip


def _whole(column: Column, whole: set[str]) -> Column:
    return replace(column, not_null=column.not_null or column.name.lower() in whole)


def _named(table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns, spelled as the table spells them."""
    found = [table.column(column) for column in columns]
    return tuple(c.name if c else n for c, n in zip(found, columns, strict=True))
