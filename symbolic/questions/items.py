"""The items of the grammar of SQL queries, from the schema of a database.

The type of a column is that of its declaration. Where the rows say otherwise, or a foreign key
refers to a column of another type, it is `any`: SQLite itself stores any value in any column.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from abduce.grammars.sql.items import Column, Items, Link, Type
from abduce.symbolic.databases.executing import Rows, execute
from abduce.symbolic.databases.schema import ASSUMED, Affinity, Schema, quoted

AFFINITIES: Final[Mapping[Affinity, Type]] = {
    "integer": "number", "numeric": "number", "real": "number", "text": "text", "none": "any",
}  # fmt: skip
NUMBER: Final = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
SAMPLE: Final = 200
"""How many different values of a column are looked at."""
MOSTLY: Final = 0.8
"""The share of numbers from which a column of texts is taken for one of numbers, too."""


def type_of(declared: str, affinity: Affinity) -> Type:
    """The type of a column by its declaration.

    >>> type_of("DATETIME", "numeric"), type_of("bool", "numeric"), type_of("INT", "integer")
    ('time', 'any', 'number')
    """
    upper = declared.upper()
    if "DATE" in upper or "TIME" in upper:
        return "time"
    return "any" if "BOOL" in upper or "BIT" in upper else AFFINITIES[affinity]


def items_of(
    schema: Schema,
    connection: sqlite3.Connection | None = None,
    *,
    deadline: float | None = None,
) -> Items:
    """The tables, columns and foreign keys of a schema, in its order.

    Args:
        connection: the database, whose values are looked at; None for the schema alone.
        deadline: the time of `clock.wall_s()` after which values are not looked at.
    """
    columns: list[Column] = []
    places: dict[tuple[str, str], int] = {}
    for number, table in enumerate(schema.tables):
        for column in table.columns:
            type_ = type_of(column.declared, column.affinity)
            if connection is not None:
                type_ = _seen(connection, table.name, column.name, type_, deadline)
            places[table.name.lower(), column.name.lower()] = len(columns)
            columns.append(Column(table=number, name=column.name, type=type_))
    links = []
    for table in schema.tables:
        for key in table.foreign_keys:
            children = _places(places, table.name, key.columns)
            parents = _places(places, key.parent, key.parent_columns)
            if children is None or parents is None or len(children) != len(parents):
                continue
            assumed = key.origin == ASSUMED
            links.append(Link(columns=children, parents=parents, assumed=assumed))
            for child, parent in zip(children, parents, strict=True):
                if columns[child].type != columns[parent].type:
                    for each in (child, parent):
                        columns[each] = replace(columns[each], type="any")
    names = tuple(table.name for table in schema.tables)
    return Items(tables=names, columns=tuple(columns), links=tuple(links))


def _places(
    places: Mapping[tuple[str, str], int], table: str, names: Sequence[str]
) -> tuple[int, ...] | None:
    found = [places.get((table.lower(), name.lower())) for name in names]
    return None if None in found else tuple(number for number in found if number is not None)


def _seen(
    connection: sqlite3.Connection, table: str, column: str, type_: Type, deadline: float | None
) -> Type:
    """The type of a column after a look at its values."""
    name = quoted(column)
    query = f"SELECT DISTINCT {name} FROM {quoted(table)} WHERE {name} IS NOT NULL LIMIT {SAMPLE}"
    found = execute(connection, query, rows=SAMPLE, deadline=deadline)
    if type_ not in ("number", "text") or not isinstance(found, Rows) or not found.rows:
        return type_
    numbers = sum(_is_number(value) for (value,) in found.rows)
    if type_ == "number":
        return "number" if numbers == len(found.rows) else "any"
    return "any" if numbers >= MOSTLY * len(found.rows) else "text"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) or (
        isinstance(value, str) and NUMBER.fullmatch(value) is not None
    )
