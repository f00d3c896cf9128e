"""A round: the search on some working examples, with one technique after the other at each cost."""

from collections.abc import Sequence
from typing import Final, Protocol

from abduce import clock
from abduce.symbolic.synthesis.found import Found
from abduce.symbolic.synthesis.techniques.composing import Compositions
from abduce.symbolic.synthesis.techniques.covers import SURE, Covers
from abduce.symbolic.synthesis.techniques.iterating import Iterations
from abduce.symbolic.synthesis.techniques.kept import NewRows, Pairs
from abduce.symbolic.synthesis.techniques.list_iterating import ListIterations
from abduce.symbolic.synthesis.techniques.oracle import Recursions
from abduce.symbolic.synthesis.working import Task, Working

MORE: Final = "one more example"
"""The end of a round in which a program was right on all working examples, and wrong on another."""
FOUND: Final = "found"


class Technique(Protocol):
    """One way to find programs that explain the working examples."""

    @property
    def tried(self) -> int:
        """The number of programs evaluated."""
        ...

    def look(self, level: int) -> None:
        """Offer what explains them, now that the bank has the programs of one more cost."""
        ...


class Round:
    """One search on the working examples.

    Attributes:
        first: the number of programs that had been tried when one was found, without those that
            were only glanced at; None before.
    """

    def __init__(
        self, task: Task, indices: Sequence[int], found: Found, spent: int, first: int | None
    ) -> None:
        self.task, self.first = task, first
        self.working = working = Working(task, indices, found)
        working.spent = spent
        ways: Sequence[Technique | None] = (
            NewRows(working),
            Iterations.of(working),
            ListIterations.of(working),
            Recursions.of(working),
            Compositions.of(working),
            Pairs(working),
            Covers.of(working),
        )
        self.techniques = [way for way in ways if way is not None]

    @property
    def tried(self) -> int:
        return self.working.spent + self.working.bank.tried

    def run(self) -> str:
        """Why the round ended; what it found is in ``found``."""
        working, budget = self.working, self.task.budget
        while True:
            level = working.bank.level + 1
            if level > budget.bits:
                return f"no program of at most {budget.bits:g} bits explains the examples"
            working.bank.grow(working.late)
            for technique in self.techniques:
                if not working.refused:
                    technique.look(level)
            if working.refused and not self.task.noisy:
                return MORE
            if reason := self._ended(level):
                return reason
            if working.bank.cells > budget.cells:
                return "the programs that are kept reached their limit (cells)"

    def _ended(self, complete: int) -> str:
        """Why the search ends now, or nothing.

        Args:
            complete: the cost up to which all programs that are kept were tried.
        """
        budget = self.task.budget
        if self.tried > budget.programs:
            return "the programs that were tried reached their limit (programs)"
        if clock.passed(self.task.deadline):
            return "the time was up"
        penalty = budget.penalty if self.task.noisy else SURE
        best = self.working.found.best(penalty)
        if best is None:
            return ""
        effort = self.tried - self.working.glanced
        self.first = effort if self.first is None else self.first
        enough = self.first + max(self.first, budget.patience)
        if best.unexplained:
            enough = max(enough, budget.unsure)
        score = best.bits + (penalty * best.unexplained if self.task.noisy else 0)
        return FOUND if score <= complete or effort > enough else ""
