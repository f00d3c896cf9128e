"""The schema of an open connection, as SQLite itself tells it."""

import re
import sqlite3
from typing import Final

from abduce.symbolic.databases.schema import Column, ForeignKey, Key, Schema, Table, quoted

UNUSUAL: Final = {
    r"\bCOLLATE\b": "a collation",
    r"\bGENERATED\b|\bAS\s*\(": "a generated column",
    r"\bSTRICT\s*$": "strict types",
    r"\bWITHOUT\s+ROWID\b": "no rowid",
    r"^\s*CREATE\s+VIRTUAL\b": "a virtual table",
}
"""Words of a statement that name what proofs do not know."""


def schema_of(connection: sqlite3.Connection) -> Schema:
    """The tables and views, with the keys that the database declares; without views that SQLite
    cannot make sense of, such as one that is defined by itself.

    Raises:
        sqlite3.DatabaseError: the file is no database, is locked, or is damaged.
    """
    rows = connection.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    return Schema(
        tables=tuple(
            _table(connection, *row)
            for row in rows
            if row[1] == "table" or _sound(connection, row[0])
        )
    )


def _sound(connection: sqlite3.Connection, view: str) -> bool:
    """Whether SQLite knows the columns of a view."""
    try:
        return bool(connection.execute(f"PRAGMA table_xinfo({quoted(view)})").fetchall())
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise
        return False


def _table(connection: sqlite3.Connection, name: str, kind: str, ddl: str | None) -> Table:
    told = connection.execute(f"PRAGMA table_xinfo({quoted(name)})").fetchall()
    shown = [row for row in told if row[6] == 0]
    primary = sorted((row for row in told if row[5]), key=lambda row: row[5])
    alone = len(primary) == 1 and (primary[0][2] or "").upper() == "INTEGER"
    if alone:  # INTEGER PRIMARY KEY DESC has an index, and may be NULL
        indexes = connection.execute(f"PRAGMA index_list({quoted(name)})").fetchall()
        alone = all(row[3] != "pk" for row in indexes)
    columns = tuple(
        Column(
            name=row[1],
            declared=row[2] or "",
            not_null=bool(row[3]) or (alone and row[1] == primary[0][1]),
        )
        for row in shown
    )
    unusual = [word for pattern, word in UNUSUAL.items() if re.search(pattern, ddl or "", re.I)]
    unusual += ["a view"] if kind == "view" else []
    unusual += ["hidden columns"] if len(shown) < len(told) else []
    keys = [tuple(row[1] for row in primary)] if primary else []
    keys += [columns_ for columns_ in _unique(connection, name) if columns_ not in keys]
    return Table(
        name=name,
        columns=columns,
        keys=tuple(Key(columns=each) for each in keys),
        foreign_keys=_foreign(connection, name),
        ddl=ddl,
        unusual=tuple(unusual),
    )


def _unique(connection: sqlite3.Connection, name: str) -> list[tuple[str, ...]]:
    """The columns of unique indexes, without those of expressions or of a part of the rows."""
    found = []
    for _, index, unique, _, partial in connection.execute(f"PRAGMA index_list({quoted(name)})"):
        columns = connection.execute(f"PRAGMA index_xinfo({quoted(index)})").fetchall()
        parts = [row for row in columns if row[5]]
        plain = all(row[2] is not None and row[4] == "BINARY" for row in parts)
        if unique and not partial and plain and parts:
            found.append(tuple(row[2] for row in parts))
    return sorted(found)


def _foreign(connection: sqlite3.Connection, name: str) -> tuple[ForeignKey, ...]:
    grouped: dict[int, list[tuple]] = {}
    for row in connection.execute(f"PRAGMA foreign_key_list({quoted(name)})"):
        grouped.setdefault(row[0], []).append(row)
    found = []
    for number in sorted(grouped):
        rows = sorted(grouped[number], key=lambda row: row[1])
        parent = rows[0][2]
        named = tuple(row[4] for row in rows)
        if None in named:
            named = _primary(connection, parent)
        if len(named) == len(rows):
            columns = tuple(row[3] for row in rows)
            found.append(ForeignKey(columns=columns, parent=parent, parent_columns=named))
    return tuple(found)


def _primary(connection: sqlite3.Connection, name: str) -> tuple[str, ...]:
    rows = connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
    return tuple(row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5])
