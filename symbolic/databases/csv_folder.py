"""A folder of CSV files as a database: each file a table, its first line the names of columns."""

import csv
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from abduce.errors import InputError
from abduce.symbolic.databases.schema import quoted

INTEGER = re.compile(r"[+-]?\d{1,18}")
REAL = re.compile(r"[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d{1,3})?")


def read_csv_folder(folder: Path) -> sqlite3.Connection:
    """A database in memory. A column is INTEGER or REAL where all its values are; an empty field
    is NULL.

    Raises:
        InputError: there is no CSV file, or one is not a table; says where.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    if not files:
        raise InputError("no CSV file", ("a folder with a file TABLE.csv for each table",), folder)
    connection = sqlite3.connect(":memory:")
    for path in files:
        _add(connection, path)
    connection.commit()
    return connection


def _add(connection: sqlite3.Connection, path: Path) -> None:
    names, rows = _lines(path)
    types = [_type([row[i] for row in rows]) for i in range(len(names))]
    columns = ", ".join(f"{quoted(n)} {t}" for n, t in zip(names, types, strict=True))
    table = quoted(path.stem)
    try:
        connection.execute(f"CREATE TABLE {table} ({columns})")
    except sqlite3.Error as error:
        raise InputError(str(error), ("names that make a table",), path, 1) from error
    marks = ", ".join("?" * len(names))
    values = [[field if field != "" else None for field in row] for row in rows]
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)


def _lines(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = [line for line in csv.reader(stream, strict=True) if line]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"no CSV ({error})", ("UTF-8 text with commas",), path) from error
    if not lines:
        raise InputError("an empty file", ("a first line with the names of columns",), path)
    names, *rows = lines
    for number, row in enumerate(rows, 2):
        if len(row) != len(names):
            expected = f"{len(names)} fields, as in the first line"
            raise InputError(f"{len(row)} fields", (expected,), path, number)
    return names, rows


def _type(fields: Sequence[str]) -> str:
    """The type of a column, by its fields.

    >>> _type(["1", "", "20"]), _type(["1", "2.5"]), _type(["1", "x"]), _type([""])
    ('INTEGER', 'REAL', 'TEXT', 'TEXT')
    """
    told = [field for field in fields if field]
    if told and all(INTEGER.fullmatch(field) for field in told):
        return "INTEGER"
    return "REAL" if told and all(REAL.fullmatch(field) for field in told) else "TEXT"
