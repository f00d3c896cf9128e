"""What one round of a search works on: some examples as columns, the bank, what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from abduce import clock
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, Sort, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Prices, Term
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis.budget import Budget
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.enumeration.calling import vectorised
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.enumeration.language import ProgramLanguage
from abduce.symbolic.synthesis.examples import Example
from abduce.symbolic.synthesis.found import Found
from abduce.symbolic.synthesis.library import Library

DEAREST_CONDITIONAL = 13
"""The upper limit on the cost of conditionals that are parts of other programs."""
DEAREST_APPEND = 8
"""The upper limit on the cost of appends that are parts of other programs than appends."""
DEAREST_END = 7
"""The upper limit on the cost of a start or a count of an iteration."""
MOST_CHEAP = 8
"""The upper limit on the starts, and on the counts, of iterations over lists."""
MOST_WORKING = 60
"""The upper limit on the working examples."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a search.

    Attributes:
        examples: all of them, each once.
        deadline: the time of ``clock.wall_s()`` at which to stop; None for no limit.
    """

    examples: Sequence[Example]
    type: Signature
    library: Library
    budget: Budget
    prices: Prices
    language: ProgramLanguage
    deadline: float | None

    @property
    def noisy(self) -> bool:
        return self.budget.noise > 0


@dataclass(frozen=True, slots=True)
class End:
    """A start or a count of an iteration: its term, its cost, and its values."""

    term: Term
    cost: int
    values: Sequence[Value]


class Working:
    """The working examples of a round, and what every technique needs of them.

    Attributes:
        indices: the working examples among all.
        arguments: the columns of the arguments, by the names of their rules.
        goal: the column of the outputs.
        spent: the number of programs tried by all techniques.
        glanced: the number of these that were compared on the first examples only, and not kept.
        refused: whether a program was right on all working examples, and wrong on another.
    """

    def __init__(self, task: Task, indices: Sequence[int], found: Found) -> None:
        self.task, self.found, self.indices = task, found, tuple(indices)
        self.budget, self.language = task.budget, task.language
        self.columns = Columns(task.library)
        self.examples = [task.examples[i] for i in indices]
        encode = self.columns.encoded
        self.goal = np.array([encode(e.value) for e in self.examples], np.int64)
        self.weights = np.array([e.weight for e in self.examples])
        self.arguments = [
            (f"variable {i}", np.array([encode(e.arguments[i]) for e in self.examples], np.int64))
            for i in range(len(task.type.arguments))
        ]
        self.result = task.type.result
        self.bank = Bank(
            task.language,
            self.columns,
            len(self.examples),
            dict(self.arguments),
            elsewhere={"if_zero": DEAREST_CONDITIONAL, "append": DEAREST_APPEND},
        )
        rest = [i for i in range(len(task.examples)) if i not in set(indices)]
        self.order = (*indices, *rest)
        self.spent = self.glanced = 0
        self.refused = False
        self.least = inf

    @property
    def limit(self) -> float:
        """The cost of the best program that explains all examples; dearer programs are of no
        use."""
        full = [c.bits for c in self.found.front if not c.unexplained]
        return min(full, default=inf)

    def late(self) -> bool:
        """Whether the search is to end."""
        return self.spent + self.bank.tried > self.budget.programs or clock.passed(
            self.task.deadline
        )

    def halted(self) -> bool:
        """Whether the round is to end."""
        return self.refused or self.late()

    def offer(self, term: Term) -> None:
        """Run a program that fits the working examples on all of them."""
        good = self.found.offer(term, self.order)
        outside = self.found.failed >= 0 and self.found.failed not in set(self.indices)
        if not good and outside and not self.task.noisy and len(self.indices) < MOST_WORKING:
            self.refused = True

    def missed(self, values: np.ndarray) -> np.ndarray:
        """The weight of the examples that each row misses."""
        return (values != self.goal) @ self.weights

    def better(self, missed: np.ndarray) -> list[int]:
        """Those rows that miss less than all before them, and no more than is allowed."""
        limit = self.found.allowed + 1e-9
        chosen: list[int] = []
        for at in np.flatnonzero(missed <= limit).tolist():
            if missed[at] < self.least:
                self.least = float(missed[at])
                chosen.append(at)
            elif not self.task.noisy and not chosen:
                chosen.append(at)
        return chosen

    def cheap(self, sort: Sort) -> list[End]:
        """The cheapest programs of a sort, with their values."""
        rows = self.bank.rows[sort]
        found = []
        for i in range(min(rows.size, MOST_CHEAP)):
            if rows.costs[i] <= DEAREST_END:
                row = rows.values[i].tolist()
                values = [self.columns.lists[v] for v in row] if sort == LIST else row
                found.append(End(self.bank.term(sort, i), int(rows.costs[i]), values))
        return found

    def row(self, term: Term) -> np.ndarray | None:
        """The values of a program on the working examples, or None where one is too large."""
        if self.result == INTEGER and set(self.task.type.arguments) == {INTEGER}:
            values = vectorised(term, self.columns.function)(*[c for _, c in self.arguments])
            return None if (values < 0).any() else values
        library = self.task.library
        run = compiled(Program(term, len(self.arguments), library.table), library.alphabet)
        try:
            found = [run(*example.arguments) for example in self.examples]
        except TooLargeError:
            return None
        return np.array([self.columns.encoded(value) for value in found], np.int64)
