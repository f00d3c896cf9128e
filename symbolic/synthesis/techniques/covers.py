"""Conditionals by cover: one branch explains some examples, and the other branch the rest.

``if_zero(c, a, b)`` is not enumerated. A condition splits the examples; each branch is the cheapest
program that is right on its part. Where examples may be wrong, a branch may miss some, for a
penalty.

Source: Alur, Radhakrishna and Udupa 2017, Scaling enumerative program synthesis via divide and
conquer (here with weights).
"""

from dataclasses import dataclass, field

import numpy as np

from abduce.symbolic.programs.typed.primitives import INTEGER, Sort
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.working import Working

SURE = 1e6
"""The penalty, in bits a weight of 1, where all examples are right."""
MOST_TESTS = 1500
"""The upper limit on conditions, those that cost least, that split examples differently."""
MOST_BRANCHES = 400
DEEPEST = 2
"""The greatest depth to which conditionals are nested."""
MOST_OUTER = 48
"""The upper limit on conditions whose branches are tried as conditionals."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A program by parts: a row, or a condition with two plans.

    Attributes:
        cost: the cost in bits, with the penalty for what it misses.
    """

    cost: float
    row: int = -1
    then: "Plan | None" = None
    other: "Plan | None" = None


@dataclass
class Cover:
    """The masks of a bank's rows: where they are the goal, and where they are 0."""

    bank: Bank
    sort: Sort
    goal: np.ndarray
    weights: np.ndarray
    own: int
    """The cost of a conditional itself."""
    tests: dict[int, tuple[int, int]] = field(default_factory=dict)
    branches: dict[int, tuple[int, int]] = field(default_factory=dict)
    looked: dict[Sort, int] = field(default_factory=dict)

    def look(self) -> bool:
        """Take in the bank's new rows; whether there is a new mask."""
        before = len(self.tests) + len(self.branches)
        full = (1 << len(self.goal)) - 1
        if INTEGER in self.bank.rows:
            self._add(INTEGER, self.tests, lambda values: values == 0, (0, full), MOST_TESTS)
        goal = self.goal
        self._add(self.sort, self.branches, lambda values: values == goal, (0,), MOST_BRANCHES)
        return len(self.tests) + len(self.branches) > before

    def _add(self, sort, masks, hits, trivial, most) -> None:
        rows = self.bank.rows[sort]
        key = f"{sort} {'test' if masks is self.tests else 'branch'}"
        start = self.looked.get(key, 0)
        self.looked[key] = rows.size
        if start == rows.size or len(masks) >= most:
            return
        powers = 1 << np.arange(len(self.goal), dtype=np.int64)
        packed = hits(rows.values[start : rows.size]) @ powers
        found, first = np.unique(packed, return_index=True)
        for at in np.argsort(first, kind="stable"):
            mask = int(found[at])
            if mask not in trivial and mask not in masks and len(masks) < most:
                index = start + int(first[at])
                masks[mask] = (int(rows.costs[index]), index)

    def best(self, penalty: float, depth: int) -> Plan | None:
        """The cheapest plan of conditionals within each other, up to a depth."""
        if not self.tests or not self.branches:
            return None
        self._tests = np.array([_bits(m, len(self.goal)) for m in self.tests])
        self._test_costs = np.array([c for c, _ in self.tests.values()], float)
        self._test_rows = [row for _, row in self.tests.values()]
        self._misses = ~np.array([_bits(m, len(self.goal)) for m in self.branches])
        self._branch_costs = np.array([c for c, _ in self.branches.values()], float)
        self._branch_rows = [row for _, row in self.branches.values()]
        return self._best(self.weights * penalty, depth)

    def _leaf(self, weights: np.ndarray) -> Plan:
        costs = self._branch_costs + self._misses @ weights
        at = int(costs.argmin())
        return Plan(float(costs[at]), self._branch_rows[at])

    def _best(self, weights: np.ndarray, depth: int) -> Plan:
        """The cheapest plan; `weights` are 0 where another branch answers."""
        leaf = self._leaf(weights)
        if depth == 0:
            return leaf
        then = (self._tests * weights) @ self._misses.T + self._branch_costs
        other = (~self._tests * weights) @ self._misses.T + self._branch_costs
        costs = self.own + self._test_costs + then.min(axis=1) + other.min(axis=1)
        best = leaf
        at = int(costs.argmin())
        if costs[at] < best.cost:
            a, b = int(then[at].argmin()), int(other[at].argmin())
            best = Plan(
                float(costs[at]),
                self._test_rows[at],
                Plan(float(then[at, a]), self._branch_rows[a]),
                Plan(float(other[at, b]), self._branch_rows[b]),
            )
        if depth == 1:
            return best
        floor = self.own + self._test_costs + np.minimum(then.min(axis=1), other.min(axis=1))
        for test in np.argsort(floor, kind="stable")[:MOST_OUTER]:
            if floor[test] >= best.cost:
                break
            inside, outside = self._tests[test] * weights, ~self._tests[test] * weights
            swap = bool(then[test].min() > other[test].min())
            plain = self._leaf(outside if swap else inside)
            deep = self._best(inside if swap else outside, depth - 1)
            cost = self.own + self._test_costs[test] + plain.cost + deep.cost
            if cost < best.cost:
                parts = (deep, plain) if swap else (plain, deep)
                best = Plan(float(cost), self._test_rows[test], *parts)
        return best

    def term(self, plan: Plan) -> Term:
        """The program of a plan."""
        if plan.then is None or plan.other is None:
            return self.bank.term(self.sort, plan.row)
        test = self.bank.term(INTEGER, plan.row)
        return ("if_zero", test, self.term(plan.then), self.term(plan.other))


class Covers:
    """Looks for the goal among conditionals of the bank's programs."""

    tried = 0

    def __init__(self, working: Working) -> None:
        self.working = working
        own = working.language.costs["if_zero"]
        self.cover = Cover(working.bank, working.result, working.goal, working.weights, own)

    @classmethod
    def of(cls, working: Working) -> "Covers | None":
        """None where there are no conditionals."""
        return cls(working) if "if_zero" in working.columns.table else None

    def look(self, level: int) -> None:
        del level
        if not self.cover.look():
            return
        working, penalty = self.working, self.working.budget.penalty
        depth = 1 if working.found.front else DEEPEST
        for each in (penalty, 4 * penalty) if working.task.noisy else (SURE,):
            plan = self.cover.best(each, depth)
            most = min(each * working.weights.sum(), SURE)
            if plan is not None and plan.then is not None and plan.cost < most:
                working.offer(self.cover.term(plan))


def _bits(mask: int, count: int) -> list[bool]:
    return [bool(mask >> i & 1) for i in range(count)]
