"""Whether a difference is more than a choice among rows that are equal under ORDER BY.

SQLite may show such rows in any order, and LIMIT or a column outside GROUP BY may then choose any
of them. So a query has a set of outcomes: its results for every order in which the rows are stored,
with SQLite's scans forward and backward. Two queries differ where one has an outcome that the
other has not.
"""

import random
from collections.abc import Iterator
from itertools import islice, permutations, product
from math import factorial, prod
from typing import Final

from abduce.symbolic.databases.executing import Row, Rows
from abduce.verify.queries.query import Query, Select
from abduce.verify.queries.refuting.laboratory import Laboratory
from abduce.verify.queries.refuting.results import Outcome, outcome
from abduce.verify.queries.verdict import Tables
from abduce.verify.queries.walking import (
    aggregates_of,
    all_queries,
    columns_of,
    parts_of,
)

MOST: Final = 720
"""The upper limit on orders of rows that are all tried."""
SAMPLE: Final = 60


def depends_on_order(query: Query) -> bool:
    """Whether the rows may depend on the order in which rows are stored."""
    return any(
        bool(each.order)
        or each.limit is not None
        or (isinstance(each, Select) and (_has_bare(each) or _takes_first(each)))
        for each in all_queries(query)
    )


def _has_bare(select: Select) -> bool:
    """Whether a grouped query names a column outside GROUP BY and outside aggregates."""
    if not select.grouped:
        return False
    inside = [each for a in _all(select) for each in aggregates_of(a)]
    free = {c for a in _all(select) for c in columns_of(a)}
    counted = {c for a in inside for c in columns_of(a)}
    grouped = {c for each in select.groups for c in columns_of(each)}
    bare = [c for a in select.outputs for c in parts_of(a) if c in free - counted - grouped]
    return bool(bare) or bool(free - counted - grouped) or any(c in counted for c in bare)


def _takes_first(select: Select) -> bool:
    """Whether a subquery's first row of several may be taken."""
    from abduce.verify.queries.query import Scalar

    scalars = [p.query for a in _all(select) for p in parts_of(a) if isinstance(p, Scalar)]
    return any(not (isinstance(q, Select) and q.grouped and not q.groups) for q in scalars)


def _all(select: Select) -> tuple:
    return (*select.outputs, *select.where, *select.having)


def outcomes_differ(
    laboratory: Laboratory, rows: Tables, first: str, second: str, ordered: bool
) -> bool:
    """Whether one query has an outcome on these rows that the other has not.

    Where there are too many orders to try all, the outcomes that were seen must be all different.
    """
    count = 2 * prod(factorial(len(each)) for each in rows.values())
    complete = count <= MOST
    seen: tuple[set[Outcome], set[Outcome]] = (set(), set())
    for stored in _orders(rows, complete):
        laboratory.fill(stored)
        for backward in (0, 1):
            laboratory.connection.execute(f"PRAGMA reverse_unordered_selects = {backward}")
            for query, known in zip((first, second), seen, strict=True):
                found = laboratory.run(query)
                if not isinstance(found, Rows) or found.cut:
                    laboratory.connection.execute("PRAGMA reverse_unordered_selects = 0")
                    return False
                known.add(outcome(found.rows, ordered))
    laboratory.connection.execute("PRAGMA reverse_unordered_selects = 0")
    laboratory.fill(rows)
    return seen[0] != seen[1] if complete else not seen[0] & seen[1]


def _orders(rows: Tables, complete: bool) -> Iterator[Tables]:
    names = list(rows)
    if complete:
        for chosen in product(*(permutations(rows[name]) for name in names)):
            yield dict(zip(names, chosen, strict=True))
        return
    rng = random.Random(0)
    yield rows
    yield {name: tuple(reversed(each)) for name, each in rows.items()}
    for _ in islice(iter(int, 1), SAMPLE):
        shuffled: dict[str, tuple[Row, ...]] = {}
        for name, each in rows.items():
            mixed = list(each)
            rng.shuffle(mixed)
            shuffled[name] = tuple(mixed)
        yield shuffled
