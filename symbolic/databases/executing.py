"""Queries that only read, and that end: SQLite's own guards, a limit on time and one on rows."""

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


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a query, and whether the limit on rows cut them off."""

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
    connection.set_authorizer(_authorised)
    try:
        yield
    finally:
        connection.set_authorizer(None)


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
        found = connection.execute(query).fetchmany(rows + 1)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        late = deadline is not None and str(error) == "interrupted"
        return Failed("out of time" if late else str(error), late)
    finally:
        if deadline is not None:
            connection.set_progress_handler(None, 0)
    return Rows(tuple(found[:rows]), len(found) > rows)


def _authorised(action: int, first: str | None, second: str | None, *_: object) -> int:
    function = (second or "").lower() if action == sqlite3.SQLITE_FUNCTION else ""
    allowed = action in ALLOWED and function not in FORBIDDEN_FUNCTIONS
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
