"""A database in memory with the tables of a schema, into which rows are put and queries run."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from abduce.errors import InputError
from abduce.symbolic.databases.executing import Failed, Row, Rows, only_reading, run
from abduce.symbolic.databases.schema import Schema, Table, quoted
from abduce.verify.queries.text.writing import write_value
from abduce.verify.queries.verdict import Tables

ROWS: Final = 20_000
"""The upper limit on the rows of a query."""


@dataclass(slots=True)
class Laboratory:
    """Tables without rows, made by the database's own statements, so that its checks hold."""

    connection: sqlite3.Connection
    tables: Sequence[Table]
    filled: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, tables: Sequence[Table]) -> "Laboratory":
        """Raises: sqlite3.Error, where a table cannot be made."""
        connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=64)
        connection.execute("PRAGMA foreign_keys = 0")
        for table in tables:
            connection.execute(table.statement)
        return cls(connection, [table for table in tables if "a view" not in table.unusual])

    def fill(self, rows: Tables, *, strictly: bool = False) -> None:
        """Puts these rows in the place of all rows.

        A row that breaks a check of the database is left out; with `strictly` it is an error.
        """
        self.connection.execute("BEGIN")
        for table in self.tables:
            if table.name in self.filled:
                self.connection.execute(f"DELETE FROM {quoted(table.name)}")
        self.filled.clear()
        for table in self.tables:
            if rows.get(table.name):
                self.connection.executemany(_insertion(table, strictly), rows[table.name])
                self.filled.add(table.name)
        self.connection.execute("COMMIT")

    def stored(self) -> dict[str, tuple[Row, ...]]:
        """The rows as they are stored, after SQLite has converted values to the columns' types."""
        found = {}
        for table in self.tables:
            names = ", ".join(quoted(column.name) for column in table.columns)
            order = "" if "no rowid" in table.unusual else " ORDER BY rowid"
            query = f"SELECT {names} FROM {quoted(table.name)}{order}"
            if table.name in self.filled:
                found[table.name] = tuple(map(tuple, self.connection.execute(query).fetchall()))
            else:
                found[table.name] = ()
        return found

    def run(self, query: str, deadline: float | None = None) -> Rows | Failed:
        """The rows of a query, which can only read."""
        with only_reading(self.connection):
            return run(self.connection, query, rows=ROWS, deadline=deadline)

    def run_both(
        self, first: str, second: str, deadline: float | None = None
    ) -> tuple[Rows | Failed, Rows | Failed]:
        """The rows of two queries."""
        return self.run(first, deadline), self.run(second, deadline)


def _insertion(table: Table, strictly: bool) -> str:
    names = ", ".join(quoted(column.name) for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    way = "INSERT" if strictly else "INSERT OR IGNORE"
    return f"{way} INTO {quoted(table.name)} ({names}) VALUES ({marks})"


def script_of(tables: Sequence[Table], rows: Tables) -> str:
    """SQL that makes a database with these rows."""
    lines = []
    for table in tables:
        lines.append(f"{table.statement};")
        names = ", ".join(quoted(column.name) for column in table.columns)
        for row in rows.get(table.name, ()):
            told = ", ".join(map(write_value, row))
            lines.append(f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({told});")
    return "\n".join(lines) + "\n"


def used_tables(schema: Schema, queries: Sequence[str]) -> tuple[Table, ...]:
    """The tables that queries read, and those that foreign keys lead to.

    Raises:
        InputError: SQLite does not accept a query; says which and why.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for table in schema.tables:
        connection.execute(table.statement)
    read: set[str] = set()

    def note(action: int, first: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ and first:
            read.add(first.lower())
        return sqlite3.SQLITE_OK

    for number, query in enumerate(queries, 1):
        with only_reading(connection):
            _prepare(connection, query, number)
        connection.set_authorizer(note)
        _prepare(connection, query, number)
        connection.set_authorizer(None)
    connection.close()
    return schema.parents(t.name for t in schema.tables if t.name.lower() in read)


def _prepare(connection: sqlite3.Connection, query: str, number: int) -> None:
    try:
        connection.execute(f"EXPLAIN {query}")
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        place = f"query {number}"
        raise InputError(str(error), ("one SELECT statement of SQLite",), place) from error
