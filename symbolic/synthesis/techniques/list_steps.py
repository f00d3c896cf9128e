"""Iterations over lists: steps that differ on some lists, each run with each count and start.

The states of a list are not known in advance, so steps are told apart on a few: the empty list,
the arguments, and the outputs with and without their ends.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from abduce.symbolic.programs.typed.primitives import LIST, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.enumeration.columns import LONGEST, Columns
from abduce.symbolic.synthesis.enumeration.language import ProgramLanguage
from abduce.symbolic.synthesis.working import End

MOST_RUN = 64
"""The upper limit on the steps of one cost that are run."""


@dataclass
class ListSteps:
    """The bank of steps over lists.

    Attributes:
        arguments: the columns of the arguments on the small examples.
        sorts: their sorts.
        goals: the outputs wanted there.
        given: the arguments of all working examples.
        own: the cost of ``iterate``.
    """

    language: ProgramLanguage
    columns: Columns
    arguments: Sequence[tuple[str, np.ndarray]]
    sorts: Sequence[str]
    goals: Sequence[str]
    given: Sequence[tuple[Value, ...]]
    own: int
    tried: int = 0

    def __post_init__(self) -> None:
        encode, lists = self.columns.encoded, self.columns.lists
        states: list[int] = []
        owners: list[int] = []
        for e, goal in enumerate(self.goals):
            given = [
                lists[int(column[e])]
                for (_, column), sort in zip(self.arguments, self.sorts, strict=True)
                if sort == LIST
            ]
            probes = dict.fromkeys(["", *given, goal, goal[:-1], goal[1:], goal[: len(goal) // 2]])
            states += [encode(probe) for probe in probes]
            owners += [e] * len(probes)
        leaves = {name: column[owners] for name, column in self.arguments}
        self.states = np.array(states, np.int64)
        leaves["state 0"] = self.states
        self.bank = Bank(self.language, self.columns, len(states), leaves, (LIST,))

    def grow(self, until: Callable[[], bool]) -> None:
        self.bank.grow(until)

    def iterations(
        self, counts: Sequence[End], starts: Sequence[End]
    ) -> Iterator[tuple[int, Term, list[str]]]:
        """Iterations of the steps of the last cost: their costs, terms and values."""
        rows = self.bank.rows[LIST]
        first, stop = rows.span(self.bank.level)
        run = 0
        for index in range(first, stop):
            if (rows.values[index] == self.states).all():
                continue
            step = self.bank.term(LIST, index)
            if not _sees(step) or run == MOST_RUN:
                continue
            run += 1
            function = self._function(step)
            for count in counts:
                for start in starts:
                    self.tried += 1
                    cost = self.own + self.bank.level + count.cost + start.cost
                    values = self._values(function, count, start)
                    if values is not None:
                        yield cost, ("iterate", count.term, step, start.term), values

    def _function(self, step: Term) -> Callable[..., Value]:
        """A step as a function of the arguments and the state."""
        arity = len(self.sorts)
        body = _opened(step, ("variable", arity))
        program = Program(body, arity + 1, self.columns.table)
        return compiled(program, self.columns.library.alphabet)

    def _values(self, function: Callable[..., Value], count: End, start: End) -> list[str] | None:
        """The values of an iteration on all working examples; None where one is too long."""
        found = []
        for arguments, times, state in zip(self.given, count.values, start.values, strict=True):
            try:
                for _ in range(min(int(times), LONGEST)):
                    new = function(*arguments, state)
                    if new == state:
                        break
                    state = new
                    if len(str(state)) > LONGEST:
                        return None
            except TooLargeError:
                return None
            found.append(str(state))
        return found


def _opened(term: Term, leaf: Term) -> Term:
    """A step with a variable in the place of its state."""
    if term[0] == "state":
        return leaf
    return (term[0], *[_opened(p, leaf) if isinstance(p, tuple) else p for p in term[1:]])


def _sees(term: Term) -> bool:
    pending = [term]
    while pending:
        node = pending.pop()
        if node[0] == "state":
            return True
        pending += [part for part in node[1:] if isinstance(part, tuple)]
    return False
