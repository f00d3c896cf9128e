"""Iterations over lists: looked for through their steps, and the cheap ones kept as parts."""

import numpy as np

from abduce.symbolic.programs.typed.primitives import INTEGER, LIST
from abduce.symbolic.programs.typed.terms import Term, bits, numeral
from abduce.symbolic.synthesis.techniques.list_steps import ListSteps
from abduce.symbolic.synthesis.working import DEAREST_END, End, Working

DEAREST_INSERTED = 20
"""The upper limit on the cost of iterations that are parts of other programs."""
DEAREST_START = 2
"""The upper limit on the cost of a start."""
LARGEST_COUNT = 9


class ListIterations:
    """Looks for the goal among iterations over lists, and adds cheap ones to the bank."""

    def __init__(self, working: Working) -> None:
        self.working = working
        small = list(range(min(len(working.examples), working.budget.stepping)))
        self.steps = ListSteps(
            working.language,
            working.columns,
            [(name, column[small]) for name, column in working.arguments],
            working.task.type.arguments,
            [str(working.examples[i].value) for i in small],
            [example.arguments for example in working.examples],
            working.language.costs["iterate"],
        )

    @classmethod
    def of(cls, working: Working) -> "ListIterations | None":
        """None where the result is no list."""
        wanted = "iterate" in working.columns.table and working.result == LIST
        return cls(working) if wanted else None

    @property
    def tried(self) -> int:
        return self.steps.bank.tried + self.steps.tried

    def look(self, level: int) -> None:
        working, bank = self.working, self.working.bank
        before = self.tried
        self.steps.grow(working.late)
        counts = working.cheap(INTEGER) if INTEGER in bank.rows else []
        if level <= DEAREST_END:
            counts += self._numbers({count.term for count in counts})
        starts = [end for end in working.cheap(LIST) if end.cost <= DEAREST_START]
        for cost, term, values in self.steps.iterations(counts, starts):
            if working.halted():
                break
            if cost > working.budget.bits:
                continue
            row = np.array([working.columns.encoded(value) for value in values], np.int64)
            if working.missed(row) <= working.found.allowed:
                working.offer(term)
            elif cost <= DEAREST_INSERTED:
                bank.insert(LIST, row, term, max(cost, level))
        working.spent += self.tried - before

    def _numbers(self, known: set[Term]) -> list[End]:
        """Small numbers as counts."""
        prices, table = self.working.task.prices, self.working.columns.table
        numbers = [(numeral(n), n) for n in range(2, LARGEST_COUNT + 1)]
        return [
            End(term, round(bits(term, prices, table)), [n] * len(self.working.examples))
            for term, n in numbers
            if term not in known
        ]
