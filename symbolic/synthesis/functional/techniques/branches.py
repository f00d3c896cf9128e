"""Conditionals by cover: conditions split the examples, and each branch fits its part.

The best program is kept for each set of examples that it is right on. The cheapest conditional for
a set has a condition and the cheapest programs for its two parts; branches may be conditionals.

Source: Alur, Radhakrishna and Udupa 2017 (EUSolver).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from abduce.symbolic.synthesis.functional.enumerating.bank import Bank
from abduce.symbolic.synthesis.functional.functions import LAZY
from abduce.symbolic.synthesis.functional.numbers import HOLE
from abduce.symbolic.synthesis.functional.terms import Term
from abduce.symbolic.synthesis.functional.types import BOOL, Type

NESTED: Final = 3
"""The upper limit on the depth of conditionals."""
MOST_CONDITIONS: Final = 400
"""The upper limit on the conditions, cheapest first, with different values on the examples."""


def _firsts(masks: np.ndarray) -> list[tuple[int, int]]:
    """The different masks, and where each is first."""
    found, first = np.unique(masks, return_index=True)
    return list(zip(found.tolist(), first.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Branch:
    """A program for some examples: its cost, and how to write it down."""

    cost: float
    term: Callable[[], Term]


class Branches:
    """The best programs for sets of examples, which are numbers with a bit for each example."""

    def __init__(self, type: Type, goal: np.ndarray, bank: Bank, price: int) -> None:
        self.type, self.goal, self.bank, self.price = type, goal, bank, price
        self.full = (1 << len(goal)) - 1
        self.bits = 1 << np.arange(len(goal))
        self.best: dict[int, Branch] = {}
        self.conditions: dict[int, Branch] = {}
        self.seen = {type: 0, BOOL: 0}
        self.fresh = 0
        self.changed = False

    def look(self) -> list[int]:
        """Take in the new rows of the bank; returns those that are right on all examples."""
        rows = self.bank.of(self.type)
        start, end = self.seen[self.type], rows.size
        right = rows.values[start:end, : len(self.goal)] == self.goal
        masks = right @ self.bits
        whole = (np.flatnonzero(masks == self.full) + start).tolist()
        for mask, first in _firsts(masks):
            if mask:
                index = start + first
                self.offer(mask, float(rows.costs[index]), self._later(self.type, index))
        self.seen[self.type] = end
        self._conditions()
        return whole

    def _later(self, type: Type, index: int) -> Callable[[], Term]:
        return lambda: self.bank.term(type, index)

    def offer(self, mask: int, cost: float, term: Callable[[], Term]) -> None:
        """A program that is right on a set of examples."""
        if mask not in self.best or cost < self.best[mask].cost:
            self.best[mask] = Branch(cost, term)
            self.changed = True

    def _conditions(self) -> None:
        rows = self.bank.of(BOOL)
        start = 0 if self.type == BOOL else self.seen[BOOL]
        start = max(start, self.fresh)
        self.fresh = self.seen[BOOL] = rows.size
        if len(self.conditions) >= MOST_CONDITIONS:
            return
        values = rows.values[start : rows.size, : len(self.goal)]
        defined = (values != HOLE).all(1)
        masks = np.where(defined, (values == 1) @ self.bits, 0)
        for mask, first in _firsts(masks):
            if mask not in (0, self.full) and mask not in self.conditions:
                index = start + first
                self.conditions[mask] = Branch(float(rows.costs[index]), self._later(BOOL, index))
                self.changed = True

    def cheapest(self) -> Branch | None:
        """The cheapest conditional that is right on all examples, or None."""
        if not self.changed:
            return None
        self.changed = False
        size = self.full + 1
        costs = np.full(size, inf)
        for mask, branch in self.best.items():
            costs[mask] = min(costs[mask], branch.cost)
        owner = np.arange(size)
        for bit in self.bits.tolist():  # a program for a set is one for its subsets
            without = np.flatnonzero(np.arange(size) & bit == 0)
            lower = costs[without | bit] < costs[without]
            at = without[lower]
            costs[at], owner[at] = costs[at | bit], owner[at | bit]
        levels: list[tuple[np.ndarray, np.ndarray]] = [(costs, np.full(size, -1))]
        conditions = sorted(self.conditions.items(), key=lambda pair: (pair[1].cost, pair[0]))
        every = np.arange(size)
        for _ in range(NESTED):
            before = levels[-1][0]
            after, by = before.copy(), np.full(size, -1)
            for mask, condition in conditions:
                total = before[every & mask] + before[every & ~mask & self.full]
                total += self.price + condition.cost
                lower = total < after
                after[lower], by[lower] = total[lower], mask
            levels.append((after, by))
            if (by < 0).all():
                break
        if not np.isfinite(levels[-1][0][self.full]):
            return None
        cost = float(levels[-1][0][self.full])
        return Branch(cost, lambda: self._term(self.full, len(levels) - 1, levels, owner))

    def _term(
        self, mask: int, level: int, levels: list[tuple[np.ndarray, np.ndarray]], owner: np.ndarray
    ) -> Term:
        by = int(levels[level][1][mask])
        if by < 0:
            if level:
                return self._term(mask, level - 1, levels, owner)
            return self.best[int(owner[mask])].term()
        first = self._term(mask & by, level - 1, levels, owner)
        second = self._term(mask & ~by & self.full, level - 1, levels, owner)
        return (LAZY, self.conditions[by].term(), first, second)
