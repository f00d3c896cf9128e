"""Schemas: tables, columns and keys, and where each key comes from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

Affinity = Literal["integer", "numeric", "real", "text", "none"]
Origin = Literal["file", "schema", "assumed"]
"""Where a key comes from: the database itself, a file of keys beside it, or a guess."""
ASSUMED: Final = "assumed"


def affinity_of(declared: str) -> Affinity:
    """The affinity of a column by its declared type, by the five rules of SQLite.

    >>> [affinity_of(each) for each in ("BIGINT", "VARCHAR(9)", "", "DOUBLE", "DECIMAL(5,2)")]
    ['integer', 'text', 'none', 'real', 'numeric']

    Source: SQLite documentation, Datatypes In SQLite, section 3.1.
    """
    upper = declared.upper()
    if "INT" in upper:
        return "integer"
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if not upper.strip() or "BLOB" in upper:
        return "none"
    return "real" if any(word in upper for word in ("REAL", "FLOA", "DOUB")) else "numeric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        declared: the declared type; it only sets an affinity, as SQLite stores any value.
        not_null: whether no value is NULL, by the database or by a key of a schema file.
    """

    name: str
    declared: str = ""
    not_null: bool = False

    @property
    def affinity(self) -> Affinity:
        return affinity_of(self.declared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Columns in whose values no two rows agree, where none of the values is NULL."""

    columns: tuple[str, ...]
    origin: Origin = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Columns whose values, where none is NULL, are those of a row of the parent table."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    origin: Origin = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table or a view.

    Attributes:
        ddl: the statement that makes it; None where a schema was written in Python.
        unusual: what it has that a proof does not know, such as a collation or a view.
    """

    name: str
    columns: tuple[Column, ...]
    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    ddl: str | None = None
    unusual: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of a name, which SQLite compares without regard to case."""
        return next((c for c in self.columns if c.name.lower() == name.lower()), None)

    @property
    def statement(self) -> str:
        """A statement that makes the table: the file's own, or one of names and types."""
        if self.ddl is not None:
            return self.ddl
        parts = [
            f"{quoted(c.name)} {c.declared}{' NOT NULL' * c.not_null}".rstrip()
            for c in self.columns
        ]
        return f"CREATE TABLE {quoted(self.name)} ({', '.join(parts)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The tables of a database.

    >>> pets = Table(name="pets", columns=(Column(name="id", declared="INT"),))
    >>> Schema(tables=(pets,)).table("PETS").statement
    'CREATE TABLE "pets" ("id" INT)'
    """

    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """The table of a name, without regard to case."""
        return next((t for t in self.tables if t.name.lower() == name.lower()), None)

    def without_assumed(self) -> "Schema":
        """The schema with the keys that are stated, and none that is a guess."""
        return Schema(tables=tuple(_stated(table) for table in self.tables))

    def parents(self, names: Iterable[str]) -> tuple[Table, ...]:
        """These tables and all that their foreign keys lead to; parents stand first where no
        foreign keys form a circle."""
        found: dict[str, Table] = {}
        entered: set[str] = set()

        def enter(name: str) -> None:
            table = self.table(name)
            if table is None or table.name in entered:
                return
            entered.add(table.name)
            for key in table.foreign_keys:
                enter(key.parent)
            found[table.name] = table

        for name in names:
            enter(name)
        return tuple(found.values())


def _stated(table: Table) -> Table:
    return replace(
        table,
        keys=tuple(key for key in table.keys if key.origin != ASSUMED),
        foreign_keys=tuple(key for key in table.foreign_keys if key.origin != ASSUMED),
    )


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever letters it has.

    >>> quoted('a "b')
    '"a ""b"'
    """
    return '"' + name.replace('"', '""') + '"'
