"""Keys from a file of SQL: CREATE TABLE statements, as a dump of the schema has them.

The keys of the statements take the place of those of the database, for the tables that they make.
"""

from dataclasses import replace
from pathlib import Path

from abduce.errors import InputError
from abduce.symbolic.databases.introspecting import schema_of
from abduce.symbolic.databases.schema import Column, ForeignKey, Key, Schema, Table
from abduce.symbolic.databases.script import read_script


def with_keys_of_script(schema: Schema, path: Path) -> Schema:
    """The schema with the keys that a script states.

    Raises:
        InputError: the script is no SQL, or tells of tables or columns that the database lacks.
    """
    connection = read_script(path)
    try:
        told = schema_of(connection)
    finally:
        connection.close()
    if not told.tables:
        raise InputError("no table", ("CREATE TABLE statements with keys",), path)
    for table in told.tables:
        _check(schema, table, path)
    return Schema(tables=tuple(_keyed(table, told) for table in schema.tables))


def _check(schema: Schema, table: Table, path: Path) -> None:
    names = [(table.name, c) for key in table.keys for c in key.columns]
    names += [(table.name, c) for key in table.foreign_keys for c in key.columns]
    names += [(key.parent, c) for key in table.foreign_keys for c in key.parent_columns]
    for owner, column in [(table.name, None), *names]:
        known = schema.table(owner)
        if known is None or (column is not None and known.column(column) is None):
            what = f"the table {owner!r}"
            what = what if column is None else f"the column {column!r} of {what}"
            raise InputError(f"{what}, which the database lacks", ("names of the database",), path)


def _keyed(table: Table, told: Schema) -> Table:
    stated = told.table(table.name)
    if stated is None:
        return table
    return replace(
        table,
        columns=tuple(_whole(column, stated) for column in table.columns),
        keys=tuple(Key(columns=key.columns, origin="schema") for key in stated.keys),
        foreign_keys=tuple(
            ForeignKey(
                columns=key.columns, parent=key.parent, parent_columns=key.parent_columns,
                origin="schema",
            )
            for key in stated.foreign_keys
        ),
    )  # fmt: skip


def _whole(column: Column, stated: Table) -> Column:
    known = stated.column(column.name)
    return replace(column, not_null=column.not_null or (known is not None and known.not_null))
