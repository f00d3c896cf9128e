"""What a search has found: programs that were run on all examples, on a Pareto front."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Prices, Term
from abduce.symbolic.synthesis.examples import Example
from abduce.symbolic.synthesis.library import Library


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program with its description length and the weight of the examples that it leaves
    unexplained."""

    program: Program
    bits: float
    unexplained: float


@dataclass
class Found:
    """The candidates for which no other one is as short and explains as much.

    Attributes:
        allowed: the greatest weight that may be left unexplained.
        failed: the example that the last refused program failed on first.
    """

    examples: Sequence[Example]
    library: Library
    prices: Prices
    arity: int
    allowed: float
    front: list[Candidate] = field(default_factory=list)
    offered: set[Term] = field(default_factory=set)
    failed: int = -1

    def __post_init__(self) -> None:
        self.table = self.library.table

    def offer(self, term: Term, order: Sequence[int] = ()) -> bool:
        """Run a program on all examples, and keep it if it belongs to the front.

        Args:
            order: the examples that it is run on first.

        Returns:
            Whether it leaves no more unexplained than is allowed.
        """
        self.failed = -1
        if term in self.offered:
            return False
        self.offered.add(term)
        program = Program(term, self.arity, self.table)
        run = compiled(program, self.library.alphabet)
        missed = self._missed(run, order)
        if missed > self.allowed:
            return False
        self._keep(Candidate(program, program.bits(self.prices), missed))
        return True

    def _missed(self, run: Callable, order: Sequence[int]) -> float:
        missed, self.failed = 0.0, -1
        for i in order or range(len(self.examples)):
            example = self.examples[i]
            try:
                right = run(*example.arguments) == example.value
            except TooLargeError:
                right = False
            if not right:
                self.failed = i if self.failed < 0 else self.failed
                missed += example.weight
                if missed > self.allowed:
                    break
        return missed

    def _keep(self, new: Candidate) -> None:
        if any(c.bits <= new.bits and c.unexplained <= new.unexplained for c in self.front):
            return
        worse = [c for c in self.front if new.bits <= c.bits and new.unexplained <= c.unexplained]
        self.front = sorted([*[c for c in self.front if c not in worse], new], key=lambda c: c.bits)

    def best(self, penalty: float) -> Candidate | None:
        """The candidate of least bits, with `penalty` bits for a weight of 1 left unexplained."""
        return min(self.front, key=lambda c: c.bits + penalty * c.unexplained, default=None)
