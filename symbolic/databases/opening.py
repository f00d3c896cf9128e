"""Opening an SQLite file so that it cannot be changed."""

import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import quote

from abduce.errors import InputError

HEADER: Final = b"SQLite format 3\x00"
WAIT_S: Final = 2.0
"""The time to wait for a database that another process has locked, in seconds."""


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, whatever statement it is given.

    Raises:
        InputError: there is no such file, or it is not a database; says which.
    """
    try:
        with path.open("rb") as stream:
            header = stream.read(len(HEADER))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(reason, ("an SQLite database",), path) from error
    if header != HEADER:
        found = "an empty file" if not header else "a file that is not an SQLite database"
        raise InputError(found, ("an SQLite database",), path)
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=WAIT_S
    )
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    return connection
