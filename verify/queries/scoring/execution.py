"""Execution accuracy: do two queries have the same rows on one database?

Source: Zhong et al. 2020, Semantic evaluation for text-to-SQL with distilled test suites, with its
defaults: DISTINCT is taken out of both queries, columns may stand in another order, and rows count
as a bag unless gold has ORDER BY.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from abduce.symbolic.databases.executing import Failed, Row, execute

PIECES: Final = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|\bdistinct\b|;|[^'\"`;]", re.I | re.S)
ROWS: Final = 1_000_000
"""The upper limit on rows; queries whose rows it cuts off are not compared."""


@dataclass(frozen=True, slots=True)
class NotExecuted:
    """Why gold has no rows to compare with."""

    reason: str


def execution_match(
    connection: sqlite3.Connection, gold: str, prediction: str, *, deadline: float | None = None
) -> bool | NotExecuted:
    """Whether a prediction has gold's rows; a prediction that does not run has not.

    The letters `value` in a prediction stand for 1, as in exact set match.

    >>> execution_match(sqlite3.connect(":memory:"), "SELECT 1, 2", "SELECT DISTINCT 2, 1")
    True
    """
    told = execute(connection, prepared(gold), rows=ROWS, deadline=deadline)
    if isinstance(told, Failed) or told.cut:
        return NotExecuted(told.reason if isinstance(told, Failed) else "too many rows")
    stated = prediction.replace("value", "1")
    found = execute(connection, prepared(stated), rows=ROWS, deadline=deadline)
    if isinstance(found, Failed) or found.cut:
        return False
    return same_rows(told.rows, found.rows, "order by" in gold.lower())


def prepared(query: str) -> str:
    """The first statement without DISTINCT, and with comparisons in one piece.

    >>> prepared("SELECT count(DISTINCT a) FROM t WHERE b > = 'distinct;'; SELECT 1")
    "SELECT count( a) FROM t WHERE b >= 'distinct;'"
    """
    for sign in (">", "<", "!"):
        query = query.replace(f"{sign} =", f"{sign}=")
    told = ""
    for piece in PIECES.findall(query):
        if piece == ";":
            break
        told += "" if piece.lower() == "distinct" else piece
    return told


def same_rows(gold: Sequence[Row], found: Sequence[Row], ordered: bool) -> bool:
    """Whether rows are equal up to one order of the columns; as a bag, or in their order.

    >>> same_rows([(1, "a"), (2, "b")], [("b", 2), ("a", 1)], ordered=False)
    True
    """
    if not gold and not found:
        return True
    if len(gold) != len(found) or len(gold[0]) != len(found[0]):
        return False
    one, other = [_sorted(row) for row in gold], [_sorted(row) for row in found]
    if one != other if ordered else set(one) != set(other):
        return False
    told = list(gold) if ordered else Counter(gold)
    for order in _orders(gold, found):
        rows = [tuple(row[place] for place in order) for row in found]
        if (rows if ordered else Counter(rows)) == told:
            return True
    return False


def _sorted(row: Row) -> Row:
    return tuple(sorted(row, key=lambda value: f"{value}{type(value)}"))


def _orders(gold: Sequence[Row], found: Sequence[Row]) -> Iterator[tuple[int, ...]]:
    """The orders of columns in which each column has the values of gold's."""
    width = len(gold[0])
    wanted = [{row[i] for row in gold} for i in range(width)]
    there = [{row[i] for row in found} for i in range(width)]
    fitting = [[j for j in range(width) if there[j] == wanted[i]] for i in range(width)]

    def grow(order: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(order) == width:
            yield order
            return
        for place in fitting[len(order)]:
            if place not in order:
                yield from grow((*order, place))

    yield from grow(())
