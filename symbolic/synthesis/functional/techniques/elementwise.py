"""Lists made item by item: from a list and the output follows what a function must give.

If the output has the length of a list, a `map` needs a function that gives each item of the output
for the item at its position. A `filter` needs one that is true for just the items that are kept.
These are goals for the tables of lambda bodies, so the function is looked up and not guessed.

Source: Feser, Chaudhuri and Dillig 2015 (lambda squared).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from abduce.symbolic.synthesis.functional.enumerating.bank import Bank
from abduce.symbolic.synthesis.functional.enumerating.goals import Goal
from abduce.symbolic.synthesis.functional.enumerating.lambdas import Lambdas
from abduce.symbolic.synthesis.functional.numbers import HOLE
from abduce.symbolic.synthesis.functional.terms import LAMBDA, Term
from abduce.symbolic.synthesis.functional.types import BOOL, INT, FunctionOf, ListOf, Type

MOST_SOURCES: Final = 24
"""The upper limit on the lists, cheapest first, that are mapped or filtered."""
MOST_LOOKED: Final = 4000
"""The upper limit on the rows of lists that are looked at for sources."""


@dataclass
class Source:
    """A list that is mapped or filtered, and what the function must give.

    Attributes:
        price: the cost of the program without the body of the function.
    """

    name: str
    row: int
    type: ListOf
    goal: Goal
    price: int


@dataclass
class Elementwise:
    """The goals of one search, which grow as lists are found."""

    type: ListOf
    outputs: Sequence[tuple]
    bank: Bank
    tables: Mapping[FunctionOf, Lambdas]
    prices: Mapping[str, int]
    sources: list[Source] = field(default_factory=list)
    looked: dict[Type, int] = field(default_factory=dict)

    def look(self, most_bits: float) -> list[tuple[float, Term]]:
        """Programs found since the last look, with their costs; dearer ones than a limit are left
        out."""
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
        for index in range(start, end):
            row = rows.values[index, : len(self.outputs)]
            if len(self.sources) >= 3 * MOST_SOURCES or (row == HOLE).any():
                continue
            lists = [self.bank.columns.decoded(type, n) for n in row.tolist()]
            if not any(lists):
                continue
            self._map(type, index, lists)
            if type == self.type:
                self._filter(type, index, lists)

    def _map(self, type: ListOf, index: int, lists: Sequence[tuple]) -> None:
        if any(len(a) != len(b) for a, b in zip(lists, self.outputs, strict=True)):
            return
        pairs = list(zip(lists, self.outputs, strict=True))
        numbered = [
            (e, (i, x), y)
            for e, (xs, ys) in enumerate(pairs)
            for i, (x, y) in enumerate(zip(xs, ys, strict=True))
        ]
        plain = [(e, (x,), y) for e, (_, x), y in numbered]
        self._goal("map", index, type, FunctionOf((type.item,), self.type.item), plain)
        result = FunctionOf((INT, type.item), self.type.item)
        self._goal("map_numbered", index, type, result, numbered)

    def _filter(self, type: ListOf, index: int, lists: Sequence[tuple]) -> None:
        wanted: list[tuple[int, tuple, Any]] = []
        for e, (xs, ys) in enumerate(zip(lists, self.outputs, strict=True)):
            kept = set(ys)
            if tuple([x for x in xs if x in kept]) != ys:
                return
            wanted += [(e, (x,), x in kept) for x in xs]
        if any(not right for _, _, right in wanted):
            self._goal("filter", index, type, FunctionOf((type.item,), BOOL), wanted)

    def _goal(
        self,
        name: str,
        index: int,
        type: ListOf,
        function: FunctionOf,
        wanted: Sequence[tuple[int, tuple, Any]],
    ) -> None:
        lambdas = self.tables.get(function)
        if lambdas is None or name not in self.prices:
            return
        needed: dict[tuple[int, tuple], Any] = {}
        for e, values, y in wanted:
            if needed.setdefault((e, values), y) != y:
                return
        places = [(lambdas.at[key], y) for key, y in needed.items() if key in lambdas.at]
        if not places:
            return
        encoded = self.bank.columns.encoded
        right = np.array([encoded(function.result, y) for _, y in places], np.int64)
        goal = Goal(lambdas, np.array([place for place, _ in places]), right)
        price = self.prices[name] + LAMBDA + int(self.bank.of(type).costs[index])
        self.sources.append(Source(name, index, type, goal, price))

    def _matches(self, source: Source, most_bits: float) -> list[tuple[float, Term]]:
        lambdas = source.goal.lambdas
        costs = lambdas.bank.of(lambdas.type.result).costs
        found: list[tuple[float, Term]] = []
        for index in source.goal.matches():
            cost = source.price + float(costs[index])
            if cost < most_bits:
                term = self.bank.term(source.type, source.row)
                found.append((cost, (source.name, lambdas.lambda_of(index), term)))
        return found
