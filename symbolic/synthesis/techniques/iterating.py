"""Iterations over numbers: looked for through their steps, and the cheap ones kept as parts."""

from collections.abc import Iterator

from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.examples import size
from abduce.symbolic.synthesis.techniques.steps import Points, SmallEnd, Steps
from abduce.symbolic.synthesis.working import DEAREST_END, Working

DEAREST_INSERTED = 16
"""The upper limit on the cost of iterations that are parts of other programs."""
BEHIND = 3
"""The difference in cost between programs and the steps of iterations that are tried with them."""
MOST_ENDS = 24
"""The upper limit on the starts, and on the counts, of the iterations that are tried."""


class Iterations:
    """Looks for the goal among iterations, and adds cheap ones to the bank."""

    def __init__(self, working: Working, small: list[int]) -> None:
        self.working, self.small = working, small
        examples = [working.examples[i] for i in small]
        points = Points.of([size(e) + 2 for e in examples], [int(working.goal[i]) for i in small])
        sorts = working.task.type.arguments
        arguments = [
            (name, column[small])
            for (name, column), sort in zip(working.arguments, sorts, strict=True)
            if sort == INTEGER
        ]
        costs = working.language.costs
        own = (costs["iterate"], costs["if_zero"])
        allowed = int(working.task.noisy and len(small) > 1)
        self.steps = Steps(working.language, working.columns, points, arguments, allowed, own)

    @classmethod
    def of(cls, working: Working) -> "Iterations | None":
        """None where the result is no number, or no example is small."""
        first = range(min(len(working.examples), working.budget.stepping))
        small = [i for i in first if size(working.examples[i]) + 2 <= working.budget.states]
        wanted = {"iterate", "if_zero"} <= set(working.columns.table)
        return cls(working, small) if small and wanted and working.result == INTEGER else None

    @property
    def tried(self) -> int:
        return self.steps.bank.tried + self.steps.tried

    def look(self, level: int) -> None:
        working, steps = self.working, self.steps
        if level <= BEHIND or steps.bank.cells > working.budget.cells:
            return
        before = self.tried
        ends = self._ends()
        counts = [end for end in ends if any(end.values)]
        steps.grow(counts, working.late)
        working.spent += self.tried - before
        for cost, term, _ in self._closings(ends, counts):
            if cost <= working.budget.bits:
                working.offer(term)
            if working.halted():
                break
        self._insert(level, ends)

    def _ends(self) -> list[SmallEnd]:
        """Cheap programs with different values on the small examples."""
        rows, bank = self.working.bank.rows[INTEGER], self.working.bank
        found: dict[tuple[int, ...], SmallEnd] = {}
        for index in range(rows.size):
            if rows.costs[index] > DEAREST_END or len(found) == MOST_ENDS:
                break
            values = tuple(rows.values[index, self.small].tolist())
            if values not in found:
                found[values] = SmallEnd(bank.term(INTEGER, index), int(rows.costs[index]), values)
        return list(found.values())

    def _closings(
        self, ends: list[SmallEnd], counts: list[SmallEnd]
    ) -> Iterator[tuple[int, Term, int]]:
        """The iterations of the new steps that may be of use."""
        iterate, if_zero = self.steps.own
        least = iterate + self.steps.bank.level + 2 * min([end.cost for end in ends], default=0)
        kinds = (
            (least, self.steps.plain),
            (least, self.steps.conditional),
            (least + if_zero, self.steps.stopped),
        )
        for cost, kind in kinds:
            if cost < self.working.limit and not self.working.halted():
                before = self.steps.tried
                yield from kind(ends, counts)
                self.working.spent += self.steps.tried - before

    def _insert(self, level: int, ends: list[SmallEnd]) -> None:
        """Add the iterations of this cost, of cheap steps, to the bank."""
        if level > DEAREST_INSERTED:
            return
        bank, steps = self.working.bank, self.steps
        rows = steps.bank.rows[INTEGER]
        left = level - steps.own[0]
        for count in ends:
            for start in ends:
                inner = left - count.cost - start.cost
                if inner < 1 or not any(count.values):
                    continue
                for index in range(*rows.span(inner)):
                    if steps.moves(index) and not self.working.late():
                        step = steps.bank.term(INTEGER, index)
                        term = ("iterate", count.term, step, start.term)
                        row = self.working.row(term)
                        if row is not None:
                            bank.insert(INTEGER, row, term, level)
