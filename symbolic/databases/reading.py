"""The way in: a path to a database with its schema."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from abduce.errors import InputError
from abduce.symbolic.databases.csv_folder import read_csv_folder
from abduce.symbolic.databases.ddl_keys import with_keys_of_script
from abduce.symbolic.databases.guessing import guess_keys
from abduce.symbolic.databases.introspecting import schema_of
from abduce.symbolic.databases.opening import open_read_only
from abduce.symbolic.databases.schema import Schema
from abduce.symbolic.databases.script import read_script
from abduce.symbolic.databases.spider_schema import with_keys


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """An open database, which cannot be changed, and its schema."""

    path: Path
    schema: Schema
    connection: sqlite3.Connection


@contextmanager
def opened(
    path: Path, keys: Path | None = None, *, guess: bool = True, deadline: float | None = None
) -> Iterator[Database]:
    """A database: an SQLite file, a folder of CSV files, or a file of SQL that ends in .sql.

    Args:
        keys: a file of keys, in Spider's form or with CREATE TABLE statements in a name that ends
            in .sql; None for those of the database.
        guess: whether to infer keys where none is stated; they are marked as assumed.

    Raises:
        InputError: there is no database, it has no tables, or the keys are of another one.
    """
    connection = _connection(path)
    try:
        try:
            schema = schema_of(connection)
        except sqlite3.Error as error:
            found = f"a database that cannot be read ({error})"
            raise InputError(found, ("an SQLite database",), path) from error
        if not schema.tables:
            raise InputError("a database without tables", ("at least one table",), path)
        if keys is not None and keys.suffix.lower() == ".sql":
            schema = with_keys_of_script(schema, keys)
        elif keys is not None:
            schema = with_keys(schema, keys, path.stem)
        elif guess:
            schema = guess_keys(schema, connection, deadline=deadline)
        connection.execute("PRAGMA query_only = 1")
        yield Database(path, schema, connection)
    finally:
        connection.close()


def _connection(path: Path) -> sqlite3.Connection:
    if path.is_dir():
        return read_csv_folder(path)
    return read_script(path) if path.suffix.lower() == ".sql" else open_read_only(path)
