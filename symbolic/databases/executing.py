"""Queries that only read, and that end: SQLite's own guards, and limits on time, rows and sizes.

Source: SQLite documentation, Defense Against The Dark Arts.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from abduce import clock

Row = tuple[object, ...]
STEPS: Final = 2_000
"""The number of steps of SQLite's machine between two looks at the clock."""
ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
"""What a statement may do; all else is refused before it runs: writing, attaching, pragmas."""
FORBIDDEN_FUNCTIONS: Final = frozenset({"load_extension", "writefile", "edit", "fts3_tokenizer"})

LIMITS: Final = (
    (sqlite3.SQLITE_LIMIT_LENGTH, 2_000_000),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
    (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
)
"""Upper limits on a query: the bytes of a value or row, the letters of the query and of a pattern,
the parts of a set operation, attached files and threads."""
WEIGHT: Final = 50_000_000
"""The upper limit on the bytes of all texts and blobs of a result."""
CHUNK: Final = 20
"""How many rows are fetched at once, so that their weight is known before it is too much."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a query, and whether a limit on rows or sizes cut them off."""

    rows: tuple[Row, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a query gave no rows."""

    reason: str
    out_of_time: bool = False


@contextmanager
def only_reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Within it, no statement of the connection can do anything but read."""
    before = [(name, connection.setlimit(name, value)) for name, value in LIMITS]
    connection.set_authorizer(_authorised)
    try:
        yield
    finally:
        connection.set_authorizer(None)
        for name, value in before:
            connection.setlimit(name, value)


def execute(
    connection: sqlite3.Connection,
    query: str,
    *,
    rows: int = 10_000,
    deadline: float | None = None,
) -> Rows | Failed:
    """The rows of one query.

    Args:
        rows: the upper limit on rows.
        deadline: the time of `clock.wall_s()` at which to stop.

    >>> execute(sqlite3.connect(":memory:"), "SELECT 1 UNION SELECT 2")
    Rows(rows=((1,), (2,)), cut=False)
    >>> execute(sqlite3.connect(":memory:"), "CREATE TABLE t (a)")
    Failed(reason='not authorized', out_of_time=False)
    """
    with only_reading(connection):
        return run(connection, query, rows=rows, deadline=deadline)


def run(
    connection: sqlite3.Connection, query: str, *, rows: int, deadline: float | None
) -> Rows | Failed:
    """`execute` without the guard, which the caller has set for many queries."""
    if deadline is not None:
        connection.set_progress_handler(lambda: int(clock.passed(deadline)), STEPS)
    try:
        found, whole = _fetched(connection.execute(query), rows)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
        late = deadline is not None and str(error) == "interrupted"
        return Failed("out of time" if late else _reason(error), late)
    finally:
        if deadline is not None:
            connection.set_progress_handler(None, 0)
    return Rows(tuple(found[:rows]), not whole or len(found) > rows)


def _fetched(cursor: sqlite3.Cursor, rows: int) -> tuple[list[Row], bool]:
    """One row more than the limit where there is one, and whether their weight allowed it."""
    found: list[Row] = []
    weight = 0
    while len(found) <= rows:
        some = cursor.fetchmany(min(CHUNK, rows + 1 - len(found)))
        found += some
        if not some:
            break
        weight += sum(len(v) for row in some for v in row if isinstance(v, str | bytes))
        if weight > WEIGHT:
            return found, False
    return found, True


def _reason(error: Exception) -> str:
    if "too big" in str(error):
        return f"a value or row of more than {LIMITS[0][1]:,} bytes"
    return str(error) or type(error).__name__


def _authorised(action: int, first: str | None, second: str | None, *_: object) -> int:
    function = (second or "").lower() if action == sqlite3.SQLITE_FUNCTION else ""
    allowed = action in ALLOWED and function not in FORBIDDEN_FUNCTIONS
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
