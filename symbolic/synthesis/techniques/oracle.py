"""Recursion with the examples as oracle: a step that leads from one example to the next.

Two examples may differ in one number only, and by 1. Then the value of the smaller one is what a
recursive call would give. The step has to make of it the value of the larger one:

    f(x + 1, y) = step(y, f(x, y))

So the step has a goal of its own. The recursion is structural, its step does not see the number
that it descends on, and it becomes an iteration, which is total: ``iterate(x, step, f(0, y))``.

Source: Albarghouthi, Gulwani and Kincaid 2013, ESCHER, section 4 (recursive calls answered by the
examples); total by construction here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from abduce.symbolic.programs.typed.primitives import INTEGER, Sort, Value
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.enumeration.language import ProgramLanguage
from abduce.symbolic.synthesis.examples import Example
from abduce.symbolic.synthesis.techniques.covers import SURE, Cover
from abduce.symbolic.synthesis.working import Working

LEAST_PAIRS = 4
"""The lower limit on the pairs of examples that a step is found from."""
MOST_PAIRS = 24


@dataclass(frozen=True, slots=True)
class Pair:
    """Two examples of which one is the other's recursive call, and how much both count."""

    arguments: tuple[Value, ...]
    state: Value
    value: Value
    weight: float


def pairs(examples: Sequence[Example], at: int) -> list[Pair]:
    """The pairs that differ by 1 in one argument, those that count most first.

    >>> pairs([Example((0, 5), 5), Example((1, 5), 6), Example((2, 4), 6)], 0)
    [Pair(arguments=(1, 5), state=5, value=6, weight=1.0)]
    """
    known: dict[tuple[Value, ...], Example] = {}
    for example in sorted(examples, key=lambda e: e.weight):
        known[example.arguments] = example
    found = []
    for arguments, example in known.items():
        number = arguments[at]
        if isinstance(number, int) and number > 0:
            called = known.get((*arguments[:at], number - 1, *arguments[at + 1 :]))
            if called is not None:
                weight = min(example.weight, called.weight)
                found.append(Pair(arguments, called.value, example.value, weight))
    return sorted(found, key=lambda pair: -pair.weight)[:MOST_PAIRS]


class Oracle:
    """The search for the step of a recursion on one argument."""

    def __init__(
        self,
        language: ProgramLanguage,
        columns: Columns,
        found: Sequence[Pair],
        at: int,
        result: Sort,
        noise: float,
    ) -> None:
        self.at = at
        encode = columns.encoded
        leaves = {
            f"variable {i}": np.array([encode(pair.arguments[i]) for pair in found], np.int64)
            for i in range(len(found[0].arguments))
        }
        leaves["state 0"] = np.array([encode(pair.state) for pair in found], np.int64)
        self.goal = np.array([encode(pair.value) for pair in found], np.int64)
        self.weights = np.array([pair.weight for pair in found])
        self.noise = noise
        self.bank = Bank(
            language, columns, len(found), leaves, (result,), hidden=(f"variable {at}",)
        )
        self.cover = Cover(
            self.bank, result, self.goal, self.weights, language.costs.get("if_zero", 0)
        )
        self.result = result
        self.done: set[Term] = set()

    def steps(self, until: Callable[[], bool]) -> Iterator[tuple[int, Term]]:
        """The steps of the next cost that lead from each pair's state to its value."""
        self.bank.grow(until)
        rows = self.bank.rows[self.result]
        start, stop = rows.span(self.bank.level)
        missed = (rows.values[start:stop] != self.goal) @ self.weights
        limit = 2 * self.noise * float(self.weights.sum()) + 1e-9
        for index in np.flatnonzero(missed <= limit)[:4].tolist():
            yield self.bank.level, self.bank.term(self.result, start + index)
        if INTEGER in self.bank.rows and self.cover.own and self.cover.look():
            plan = self.cover.best(10.0 if self.noise else SURE, 1)
            if plan is not None and plan.then is not None and plan.cost < SURE:
                term = self.cover.term(plan)
                if term not in self.done:
                    self.done.add(term)
                    yield round(plan.cost), term


class Recursions:
    """Looks for the goal among iterations whose step leads from one example to the next."""

    def __init__(self, working: Working, oracles: Sequence[Oracle]) -> None:
        self.working, self.oracles = working, oracles

    @classmethod
    def of(cls, working: Working) -> "Recursions | None":
        """None where there are not enough pairs of examples."""
        task = working.task
        if "iterate" not in working.columns.table:
            return None
        found = []
        for at, sort in enumerate(task.type.arguments):
            known = pairs(task.examples, at) if sort == INTEGER else []
            if len(known) >= LEAST_PAIRS:
                noise = task.budget.noise
                found.append(
                    Oracle(working.language, working.columns, known, at, working.result, noise)
                )
        return cls(working, found) if found else None

    @property
    def tried(self) -> int:
        return sum([oracle.bank.tried for oracle in self.oracles])

    def look(self, level: int) -> None:
        del level
        working, before = self.working, self.tried
        own = working.language.costs["iterate"]
        for oracle in self.oracles:
            if working.halted() or oracle.bank.cells > working.budget.cells:
                break
            for cost, step in oracle.steps(working.late):
                for start in working.cheap(working.result):
                    if own + cost + start.cost <= working.budget.bits:
                        working.offer(("iterate", ("variable", oracle.at), step, start.term))
        working.spent += self.tried - before
