"""The search: draw databases, run both queries, shrink a difference, and show it again."""

import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from abduce import clock
from abduce.symbolic.databases.executing import Failed, Rows
from abduce.symbolic.databases.schema import Table
from abduce.verify.queries.query import Query
from abduce.verify.queries.refuting.drawing import Plan, draw
from abduce.verify.queries.refuting.hints import Hints
from abduce.verify.queries.refuting.laboratory import Laboratory, script_of
from abduce.verify.queries.refuting.legality import legal
from abduce.verify.queries.refuting.orders import depends_on_order, outcomes_differ
from abduce.verify.queries.refuting.results import differ
from abduce.verify.queries.refuting.shrinking import shrunk
from abduce.verify.queries.refuting.values import choices
from abduce.verify.queries.text.writing import write_query
from abduce.verify.queries.verdict import Refuted, Tables

READ: Final = 20
"""The number of random databases on which a tree is compared with its text."""
FAILURES: Final = 20
"""The number of failures of a query after which the search ends."""


@dataclass(slots=True, eq=False)
class Search:
    """A search for a database on which two queries differ.

    Attributes:
        first, second: the texts of the queries.
        read: their trees; None where a query was not understood.
        tables: the tables to fill, parents first.
    """

    first: str
    second: str
    read: Sequence[Query] | None
    tables: Sequence[Table]
    hints: Hints
    rows: int = 5
    tried: int = 0
    failure: str | None = None
    ties: int = 0
    failures: int = field(default=0)

    @property
    def ordered(self) -> bool:
        """Whether the order of rows counts: a query has ORDER BY at its end."""
        if self.read is None:
            return any("order by" in text.lower() for text in (self.first, self.second))
        return any(query.order for query in self.read)

    @property
    def depends(self) -> bool:
        """Whether a difference may come from the order in which rows are stored."""
        return self.read is None or any(map(depends_on_order, self.read))

    def run(self, seed: int, databases: int, deadline: float | None) -> Refuted | None:
        """A refutation, or None; draws at most so many databases."""
        try:
            laboratory = Laboratory.of(self.tables)
        except sqlite3.Error as error:
            self.failure = str(error)
            return None
        plan = Plan(self.tables, choices(self.tables, self.hints), self.hints, self.rows)
        rng = random.Random(seed)
        for _ in range(databases):
            if clock.passed(deadline) or self.failures > FAILURES:
                break
            laboratory.fill(draw(plan, rng))
            first, second = laboratory.run_both(self.first, self.second, deadline)
            if not self._ran(first, second):
                continue
            self.tried += 1
            if differ(first.rows, second.rows, self.ordered):  # pyright: ignore
                found = self.confirmed(laboratory, laboratory.stored())
                if found is not None:
                    return found
        return None

    def read_rightly(self, seed: int, deadline: float | None) -> bool:
        """Whether the trees, written as SQL, gave the rows of the texts on random databases."""
        if self.read is None or self.depends:
            return self.read is not None
        laboratory = Laboratory.of(self.tables)
        plan = Plan(self.tables, choices(self.tables, self.hints), self.hints, self.rows)
        rng = random.Random(seed)
        for _ in range(READ):
            laboratory.fill(draw(plan, rng))
            for text, tree in zip((self.first, self.second), self.read, strict=True):
                rows = laboratory.run_both(text, write_query(tree), deadline)
                if isinstance(rows[0], Rows) and isinstance(rows[1], Failed):
                    return rows[1].out_of_time
                told = [each.rows for each in rows if isinstance(each, Rows)]
                if len(told) == 2 and differ(told[0], told[1], False):
                    return False
        return True

    def shown(self, rows: Tables) -> Refuted | None:
        """The refutation by a database that was found elsewhere; None where it is none."""
        laboratory = Laboratory.of(self.tables)
        laboratory.fill(rows)
        self.tried += 1
        return self.confirmed(laboratory, laboratory.stored())

    def confirmed(self, laboratory: Laboratory, rows: Tables) -> Refuted | None:
        """The refutation by a database, shrunk and seen again; None where it is none."""
        if not self._differs(laboratory, rows):
            return None
        small = shrunk(rows, lambda tried: self._differs(laboratory, tried))
        if self.depends and not outcomes_differ(
            laboratory, small, self.first, self.second, self.ordered
        ):
            self.ties += 1
            return None
        fresh = Laboratory.of(self.tables)
        fresh.fill(small, strictly=True)
        first, second = fresh.run_both(self.first, self.second)
        if not isinstance(first, Rows) or not isinstance(second, Rows):
            return None
        if fresh.stored() != small or not differ(first.rows, second.rows, self.ordered):
            return None
        script = script_of(self.tables, small)
        return Refuted(small, first.rows, second.rows, script, self.ordered, self.tried)

    def _differs(self, laboratory: Laboratory, rows: Tables) -> bool:
        if not legal(rows, self.tables):
            return False
        laboratory.fill(rows)
        first, second = laboratory.run_both(self.first, self.second)
        if not isinstance(first, Rows) or not isinstance(second, Rows):
            return False
        if first.cut or second.cut or laboratory.stored() != rows:
            return False
        return differ(first.rows, second.rows, self.ordered)

    def _ran(self, *found: Rows | Failed) -> bool:
        for each in found:
            if isinstance(each, Failed):
                self.failure = each.reason
                self.failures += 1
                return False
            if each.cut:
                return False
        return True
