"""Opening an SQLite file so that it cannot be changed."""

import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import quote

from abduce.errors import InputError

HEADER: Final = b"SQLite format 3\x00"
WAL_AT: Final = 18
WAL: Final = b"\x02"
"""Where the header has the version that writes the file, and what stands there in WAL mode."""
WAIT_S: Final = 2.0
"""The time to wait for a database that another process has locked, in seconds."""


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, whatever statement it is given.

    A database in WAL mode is opened as one that nobody changes, since SQLite would make files
    beside it otherwise.

    Raises:
        InputError: there is no such file, it is not a database, or changes of it are still in the
            file beside it; says which.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(WAL_AT + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(reason, ("an SQLite database",), path) from error
    header = start[: len(HEADER)]
    if header != HEADER:
        found = "an empty file" if not header else "a file that is not an SQLite database"
        raise InputError(found, ("an SQLite database",), path)
    mode = "mode=ro"
    if start[WAL_AT : WAL_AT + 1] == WAL:
        mode = "mode=ro&immutable=1"
        changes = path.with_name(path.name + "-wal")
        if changes.exists() and changes.stat().st_size:
            raise InputError(
                f"changes that are still in {changes.name}",
                ("a database that no program has open",),
                path,
                advice="Close the programs that have it open, or run: "
                "sqlite3 FILE 'PRAGMA wal_checkpoint(TRUNCATE)'",
            )
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{mode}", uri=True, timeout=WAIT_S
    )
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA trusted_schema = 0")
    return connection
