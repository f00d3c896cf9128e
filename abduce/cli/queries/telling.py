"""The verdict on two queries, as text."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, assert_never

if TYPE_CHECKING:
    from abduce.symbolic.databases.executing import Row
    from abduce.symbolic.databases.schema import Schema
    from abduce.verify.queries.verdict import Comparison, Refuted

SHOWN: Final = 20
"""The upper limit on the rows of a table that are printed."""


def told(found: "Comparison", schema: "Schema") -> Iterator[str]:
    """The lines that a person reads."""
    from abduce.verify.queries.verdict import EqualUpTo, Proved, Refuted, Unknown

    match found:
        case Proved():
            yield "proved: both queries have the same rows on every database with these keys"
            for key in found.keys:
                yield f"    key used: {key}"
            for step in found.steps:
                yield f"    query {step.query}: {step.law}: {step.why}"
            yield f"    normal form of both: {found.form}"
        case Refuted():
            yield "refuted: on this database the queries have different rows"
            yield from _tables(found, schema)
        case EqualUpTo():
            yield f"equal up to {found.rows} rows a table: no proof, as more rows may differ"
            for each in found.assumptions:
                yield f"    assumed: {each}"
        case Unknown():
            yield f"unknown: {found.reason}"
            for part in found.outside:
                yield f"    not understood: {part}"
        case _:
            assert_never(found)


def _tables(found: "Refuted", schema: "Schema") -> Iterator[str]:
    for name, rows in found.tables.items():
        table = schema.table(name)
        names = [c.name for c in table.columns] if table else []
        kept = [
            i
            for i in range(len(names))
            if any(row[i] is not None for row in rows) or len(names) == 1
        ]
        head = ", ".join(names[i] for i in kept)
        yield f"    table {name} ({head})" if rows else f"    table {name}: no rows"
        yield from _rows([tuple(row[i] for i in kept) for row in rows])
    for number, rows in ((1, found.first), (2, found.second)):
        yield f"    rows of query {number}:" if rows else f"    rows of query {number}: none"
        yield from _rows(rows)


def _rows(rows: Sequence["Row"]) -> Iterator[str]:
    from abduce.verify.queries.text.writing import write_value

    for row in rows[:SHOWN]:
        yield f"        {', '.join(map(write_value, row))}"
    if len(rows) > SHOWN:
        yield f"        and {len(rows) - SHOWN:,} more"


def keys_told(schema: "Schema", used: bool) -> Iterator[str]:
    """The keys of the tables, with where they come from."""
    words = {"file": "of the database", "schema": "of the schema file"}
    guess = "assumed" if used else "a guess, not used without --assume-keys"
    for table in schema.tables:
        for key in table.keys:
            come = words.get(key.origin, guess)
            yield f"key {table.name}({', '.join(key.columns)}): {come}"
        for key in table.foreign_keys:
            come = words.get(key.origin, guess)
            child = f"{table.name}({', '.join(key.columns)})"
            parent = f"{key.parent}({', '.join(key.parent_columns)})"
            yield f"foreign key {child} to {parent}: {come}"
