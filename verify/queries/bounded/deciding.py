"""Whether two queries are equal on all databases of a few rows a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3

from abduce import clock
from abduce.symbolic.databases.executing import Row
from abduce.symbolic.databases.schema import Schema, Table
from abduce.verify.queries.bounded.cells import (
    SymbolicRow,
    both,
    count,
    either,
    negation,
    same_cells,
)
from abduce.verify.queries.bounded.conditions import World
from abduce.verify.queries.bounded.database import rows_of, symbolic
from abduce.verify.queries.bounded.relations import relation, sorts_of
from abduce.verify.queries.proving.ties import depends
from abduce.verify.queries.query import Compound, Constant, Operation, Query, Select, width
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.walking import all_queries, expressions_of, parts_of

NUMBERS = "columns in sums, averages and products have numbers, and these are added exactly"


@dataclass(frozen=True, slots=True)
class Equal:
    """No database within the bound tells the queries apart."""

    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A database on which they may differ; SQLite has to show it."""

    tables: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why neither is known."""

    reason: str


def decide(
    read: Sequence[Query],
    tables: Sequence[Table],
    rows: int,
    deadline: float,
) -> Equal | Candidate | Undecided:
    """Whether two queries have the same rows on all databases of at most so many rows a table.

    Args:
        tables: those that the queries read, and parents of their foreign keys.
    """
    schema = Schema(tables=tuple(tables))
    first, second = read
    if width(first) != width(second):
        return Undecided("the queries have different numbers of columns")
    for query in read:
        whys = [depends(query, schema, ordered=True)]
        whys += [depends(each, schema) for each in all_queries(query)]
        for why in filter(None, whys):
            return Undecided(why)
    if _order(first) != _order(second):
        return Undecided("the queries have different ORDER BY")
    try:
        return _decided(first, second, tables, schema, rows, deadline)
    except Outside as error:
        return Undecided(f"the bounded search does not take {error.part}")
    except z3.Z3Exception as error:
        return Undecided(f"z3 gave up ({error})")


def _decided(
    first: Query,
    second: Query,
    tables: Sequence[Table],
    schema: Schema,
    rows: int,
    deadline: float,
) -> Equal | Candidate | Undecided:
    texts = _texts((first, second))
    made = symbolic(tables, rows)
    world = World(schema, texts, lambda query, row: relation(query, row, made.tables, world))
    results = [relation(query, {}, made.tables, world) for query in (first, second)]
    told = [sorts_of(rows_, query) for rows_, query in zip(results, (first, second), strict=True)]
    if all(results) and told[0] != told[1]:
        raise Outside("results with columns of two kinds")
    difference = _difference(*results)
    left = deadline - clock.wall_s()
    if left <= 0:
        return Undecided("the time was up")
    solver = z3.Solver()
    solver.set("timeout", max(1, int(left * 1000)))
    solver.add(*made.demands, *world.defined, difference)
    match solver.check():
        case z3.unsat:
            return Equal((NUMBERS,) if world.arithmetic else ())
        case z3.sat:
            return Candidate(rows_of(solver.model(), tables, made.tables, texts))
        case _:
            return Undecided("the time was up")


def _difference(first: Sequence[SymbolicRow], second: Sequence[SymbolicRow]) -> Any:
    """Whether some row stands in the results with different numbers."""
    found = []
    for row in first:
        here = count(both(o.there, same_cells(o.cells, row.cells)) for o in first)
        there = count(both(o.there, same_cells(o.cells, row.cells)) for o in second)
        found.append(both(row.there, here != there))
    for row in second:
        met = either(both(o.there, same_cells(o.cells, row.cells)) for o in first)
        found.append(both(row.there, negation(met)))
    return either(found)


def _order(query: Query) -> object:
    """ORDER BY by the columns shown, so that results with the same rows have the same order."""
    if not query.order:
        return ()
    if query.limit is not None:
        return object()
    if isinstance(query, Compound):
        return tuple((s.expression, s.order, s.nulls_last) for s in query.order)
    keys = [s.expression for s in query.order]
    if not all(each in query.outputs for each in keys):
        return object()
    places = [query.outputs.index(each) for each in keys if not isinstance(each, int)]
    rest = [(s.order, s.nulls_last) for s in query.order]
    return tuple((i, *each) for i, each in zip(places, rest, strict=True))


def _texts(read: Sequence[Query]) -> dict[str, int]:
    """All constants as texts, with their places in SQLite's order, by bytes."""
    found: set[str] = set()
    for query in read:
        for each in all_queries(query):
            if isinstance(each, Select | Compound) and each.limit is not None:
                raise Outside("LIMIT")
            for expression in expressions_of(each):
                for part in parts_of(expression):
                    if isinstance(part, Constant) and isinstance(part.value, str | int):
                        found.add(str(part.value))
                    if isinstance(part, Operation) and part.name == "/":
                        raise Outside("division")
    ordered = sorted(found, key=lambda text: text.encode("utf-8", "surrogatepass"))
    return {text: place for place, text in enumerate(ordered)}
