"""Symbolic tables that keep the keys of a schema, and models of z3 as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from abduce.symbolic.databases.executing import Row
from abduce.symbolic.databases.schema import Affinity, Table
from abduce.verify.queries.bounded.cells import FALSE, Cell, Sort, both, either, negation
from abduce.verify.queries.bounded.relations import Tables

SORTS: Mapping[Affinity, Sort] = {
    "integer": "number", "numeric": "number", "real": "number", "text": "text", "none": "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class SymbolicDatabase:
    """Tables of at most k rows, and what their keys demand."""

    tables: Tables
    demands: Sequence[Any]


def symbolic(schema_tables: Sequence[Table], rows: int) -> SymbolicDatabase:
    """All databases of at most so many rows a table."""
    tables: dict[str, list[tuple[Any, dict[str, Cell]]]] = {}
    demands: list[Any] = []
    for table in schema_tables:
        made = []
        for i in range(rows):
            there = z3.Bool(f"{table.name} {i}")
            cells = {
                c.name: Cell(
                    FALSE if c.not_null else z3.Bool(f"{table.name} {i} {c.name} null"),
                    z3.Real(f"{table.name} {i} {c.name}"),
                    SORTS[c.affinity],
                )
                for c in table.columns
            }
            if made:
                demands.append(z3.Implies(there, made[-1][0]))
            made.append((there, cells))
        tables[table.name] = made
    for table in schema_tables:
        demands += _keys(table, tables[table.name])
        demands += _foreign(table, schema_tables, tables)
    return SymbolicDatabase(tables, demands)


def _keys(table: Table, rows: Sequence[tuple[Any, dict[str, Cell]]]) -> list[Any]:
    found = []
    for key in table.keys:
        named = [_column(table, each) for each in key.columns]
        for i in range(len(rows)):
            for j in range(i):
                pairs = [(rows[i][1][c], rows[j][1][c]) for c in named]
                valued = [negation(cell.null) for pair in pairs for cell in pair]
                equal = [a.value == b.value for a, b in pairs]
                found.append(negation(both(rows[i][0], rows[j][0], *valued, *equal)))
    return found


def _foreign(table: Table, schema_tables: Sequence[Table], tables: Tables) -> list[Any]:
    found = []
    for key in table.foreign_keys:
        parent = next((t for t in schema_tables if t.name.lower() == key.parent.lower()), None)
        if parent is None:
            continue
        pairs = [
            (_column(table, c), _column(parent, p))
            for c, p in zip(key.columns, key.parent_columns, strict=True)
        ]
        for there, cells in tables[table.name]:
            if any(cells[c].sort != tables[parent.name][0][1][p].sort for c, p in pairs):
                continue
            valued = [negation(cells[c].null) for c, _ in pairs]
            matches = [
                both(
                    present,
                    *(negation(other[p].null) for _, p in pairs),
                    *(cells[c].value == other[p].value for c, p in pairs),
                )
                for present, other in tables[parent.name]
            ]
            found.append(z3.Implies(both(there, *valued), either(matches)))
    return found


def _column(table: Table, name: str) -> str:
    column = table.column(name)
    return name if column is None else column.name


def rows_of(
    model: z3.ModelRef, schema_tables: Sequence[Table], made: Tables, texts: Mapping[str, int]
) -> dict[str, tuple[Row, ...]]:
    """The rows that a model stands for."""
    found: dict[str, tuple[Row, ...]] = {}
    for table in schema_tables:
        rows = []
        for there, cells in made[table.name]:
            if z3.is_true(model.eval(there, model_completion=True)):
                rows.append(
                    tuple(_value(model, cells[c.name], c.affinity, texts) for c in table.columns)
                )
        found[table.name] = tuple(rows)
    return found


def _value(model: z3.ModelRef, cell: Cell, affinity: Affinity, texts: Mapping[str, int]) -> object:
    if z3.is_true(model.eval(cell.null, model_completion=True)):
        return None
    told = model.eval(cell.value, model_completion=True)
    number = told.as_fraction() if isinstance(told, z3.RatNumRef) else Fraction(0)
    if cell.sort == "text":
        return _text(number, texts)
    if number.denominator == 1 and affinity != "real":
        return int(number)
    return float(number)


def _text(number: Fraction, texts: Mapping[str, int]) -> str:
    """A text in the place of a number among the constants."""
    below = ""
    for text, place in sorted(texts.items(), key=lambda pair: pair[1]):
        if place == number:
            return text
        if place < number:
            below = text
    place = max((p for p in texts.values() if p < number), default=0)
    part = abs(number - place)
    digits = f"{float(part / (1 + part)):.9f}"[2:]
    return f"{below} {digits}"
