"""A file of SQL that makes a database in memory: CREATE and INSERT statements, and no others."""

import sqlite3
from pathlib import Path
from typing import Final

from abduce import clock
from abduce.errors import InputError

LIMIT_S: Final = 60.0
"""The upper limit on the time that a script may take, in seconds."""
STEPS: Final = 2_000
MAKING: Final = frozenset(
    {
        sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_READ, sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_REINDEX, sqlite3.SQLITE_FUNCTION,
    }
)  # fmt: skip
"""What a script may do. SQLite updates its own table of names when it creates a table."""


def read_script(path: Path) -> sqlite3.Connection:
    """The database that a script makes.

    Raises:
        InputError: the script is no SQL, does something else, or takes too long.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"no text ({error})", ("SQL in UTF-8",), path) from error
    connection = sqlite3.connect(":memory:")
    connection.set_authorizer(_authorised)
    deadline = clock.wall_s() + LIMIT_S
    connection.set_progress_handler(lambda: int(clock.passed(deadline)), STEPS)
    try:
        connection.executescript(text)
    except (sqlite3.Error, ValueError) as error:
        expected = ("CREATE TABLE, CREATE INDEX and INSERT statements of SQLite",)
        raise InputError(str(error), expected, path) from error
    connection.set_progress_handler(None, 0)
    connection.set_authorizer(None)
    if connection.in_transaction:
        connection.commit()
    return connection


def _authorised(action: int, first: str | None, second: str | None, *_: object) -> int:
    allowed = action in MAKING
    if action == sqlite3.SQLITE_UPDATE:
        allowed = first in ("sqlite_master", "sqlite_sequence")
    if action == sqlite3.SQLITE_FUNCTION:
        allowed = (second or "").lower() != "load_extension"
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
