"""Whether rows keep the keys of a schema."""

from collections.abc import Mapping, Sequence

from abduce.symbolic.databases.executing import Row
from abduce.symbolic.databases.schema import Affinity, Table
from abduce.verify.queries.verdict import Tables


def legal(tables: Tables, schema_tables: Sequence[Table]) -> bool:
    """Whether no NOT NULL, key or foreign key is broken."""
    named = {table.name.lower(): table for table in schema_tables}
    return all(_keeps(table, named, tables) for table in schema_tables)


def _keeps(table: Table, named: Mapping[str, Table], tables: Tables) -> bool:
    rows = tables.get(table.name, ())
    for i, column in enumerate(table.columns):
        if column.not_null and any(row[i] is None for row in rows):
            return False
    for key in table.keys:
        told = [v for v in values(table, key.columns, rows) if None not in v]
        if len(set(told)) < len(told):
            return False
    for foreign in table.foreign_keys:
        told = [v for v in values(table, foreign.columns, rows) if None not in v]
        parent = named.get(foreign.parent.lower())
        if told and parent is None:
            return False
        if parent is not None:
            there = values(parent, foreign.parent_columns, tables.get(parent.name, ()))
            kinds = [_affinity(parent, name) for name in foreign.parent_columns]
            if not {tuple(map(converted, row, kinds)) for row in told} <= {*there}:
                return False
    return True


def _affinity(table: Table, name: str) -> Affinity:
    column = table.column(name)
    return "none" if column is None else column.affinity


def converted(value: object, affinity: str) -> object:
    """A value as a column of an affinity stores it.

    >>> converted("2", "integer"), converted(2, "text"), converted("x", "real")
    (2, '2', 'x')
    """
    if affinity == "text" and isinstance(value, int | float):
        return str(value)
    if affinity in ("integer", "numeric", "real") and isinstance(value, str):
        for kind in (int, float):
            try:
                return kind(value)
            except ValueError:
                continue
    return value


def values(table: Table, columns: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """The values of some columns, row by row."""
    names = [column.name.lower() for column in table.columns]
    places = [names.index(each.lower()) for each in columns]
    return [tuple(row[i] for i in places) for row in rows]
