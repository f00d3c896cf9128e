"""Numbers and truth values of lists, item by item: how many items, whether all, and sums.

A table of lambda bodies has the value of each body for each item. Multiplied by how often an item
stands in the list of an example, it gives the count of items, or the sum, for all bodies at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from abduce.symbolic.synthesis.functional.enumerating.bank import Bank
from abduce.symbolic.synthesis.functional.enumerating.lambdas import Lambdas
from abduce.symbolic.synthesis.functional.numbers import HOLE
from abduce.symbolic.synthesis.functional.terms import LAMBDA, Term
from abduce.symbolic.synthesis.functional.types import BOOL, INT, FunctionOf, ListOf, Type

MOST_LISTS: Final = 12
"""The upper limit on the lists, cheapest first, that are looked at."""
MOST_LOOKED: Final = 400
MOST_MATCHES: Final = 4


@dataclass
class Source:
    """A list, and how often each point of a table stands in it in each example.

    Attributes:
        counts: by point and example.
    """

    row: int
    type: ListOf
    lambdas: Lambdas
    counts: np.ndarray
    seen: int = 0


@dataclass
class Aggregates:
    """Counts, sums and tests of all items, compared with the outputs.

    Attributes:
        result: ``INT`` or ``BOOL``.
        prices: the bits of those primitives that the table has.
    """

    result: Type
    goal: np.ndarray
    bank: Bank
    tables: Mapping[FunctionOf, Lambdas]
    prices: Mapping[str, int]
    sources: list[Source] = field(default_factory=list)
    looked: dict[Type, int] = field(default_factory=dict)

    def look(self, most_bits: float) -> list[tuple[float, Term]]:
        """Programs found since the last look, with their costs."""
        for type in [t for t in self.bank.rows if isinstance(t, ListOf)]:
            self._sources(type)
        found: list[tuple[float, Term]] = []
        for source in self.sources:
            found += self._matches(source, most_bits)
        return found

    def _sources(self, type: ListOf) -> None:
        rows = self.bank.of(type)
        start, end = self.looked.get(type, 0), min(rows.size, MOST_LOOKED)
        self.looked[type] = end
        results = (BOOL, INT) if self.result == INT else (BOOL,)
        for index in range(start, end):
            row = rows.values[index, : len(self.goal)]
            if (row == HOLE).any() or len(self.sources) >= MOST_LISTS * len(results):
                continue
            for result in results:
                lambdas = self.tables.get(FunctionOf((type.item,), result))
                if lambdas is not None:
                    self._source(type, index, lambdas)

    def _source(self, type: ListOf, index: int, lambdas: Lambdas) -> None:
        row = self.bank.of(type).values[index, : len(self.goal)].tolist()
        counts = np.zeros((len(lambdas.points), len(row)), np.int64)
        for e, number in enumerate(row):
            for item in self.bank.columns.decoded(type, number):
                place = lambdas.at.get((e, (item,)))
                if place is None:
                    return
                counts[place, e] += 1
        if counts.any():
            self.sources.append(Source(index, type, lambdas, counts))

    def _matches(self, source: Source, most_bits: float) -> list[tuple[float, Term]]:
        result = source.lambdas.type.result
        rows = source.lambdas.bank.of(result)
        start, source.seen = source.seen, rows.size
        values = rows.values[start : rows.size]
        used = source.counts.any(1)
        defined = (values[:, used] != HOLE).all(1) & (np.abs(values[:, used]) < 2**30).all(1)
        sums = np.where(defined[:, None] & used, values, 0) @ source.counts
        sizes = source.counts.sum(0)
        found: list[tuple[float, Term]] = []
        if result == INT:
            tests = {"sum": sums == self.goal}
        elif self.result == INT:
            tests = {"count": sums == self.goal}
        else:
            tests = {"all": (sums == sizes) == self.goal, "any": (sums > 0) == self.goal}
        term = self.bank.term(source.type, source.row)
        price = LAMBDA + float(self.bank.of(source.type).costs[source.row])
        for name, right in tests.items():
            if name not in self.prices:
                continue
            for index in np.flatnonzero(right.all(1) & defined)[:MOST_MATCHES].tolist():
                cost = price + self.prices[name] + float(rows.costs[start + index])
                if cost < most_bits:
                    function = source.lambdas.lambda_of(start + index)
                    mapped = ("sum", ("map", function, term))
                    found.append((cost, mapped if name == "sum" else (name, function, term)))
        return found
