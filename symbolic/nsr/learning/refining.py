"""Learning: the best hypothesis of the search is refined, and tested against every example.

What the refined hypothesis fails on among all examples joins the working ones, until nothing new
fails: what then remains unexplained is noise.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from abduce.symbolic.nsr.hypothesis import Hypothesis, OutOfTimeError
from abduce.symbolic.nsr.learning.mending import Mender
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.learning.search import Search, ranked

NOTHING = Hypothesis({}, False, {}, frozenset(), math.inf)
"""The empty hypothesis, from which learning starts."""


def best_hypotheses(run: Run, proposer: Proposer) -> list[Hypothesis]:
    """Hypotheses in the order of their bits; the first explains all that could be explained."""
    mender = Mender(run, proposer)
    try:
        return _Refiner(run, mender).learn(Search(run, proposer, mender))
    except OutOfTimeError:
        return [run.leader or NOTHING]


@dataclass(frozen=True, slots=True)
class _Refiner:
    """Refinement, and the round over all examples."""

    run: Run
    mender: Mender

    def learn(self, search: Search) -> list[Hypothesis]:
        found: list[Hypothesis] = []
        for beam in search.rounds():
            tested = self.tested([self.mender.revise(beam[0]), *beam[1:]], self.mender.revise)
            if not self.mender.solved(tested[0]):
                tested = self.tested(self.refined(tested), self.refine)
            again = [self.run.bench.hypothesis(h.entries, h.open_class) for h in found]
            found = ranked([*tested, *again])
            self.run.note(found[0])
            if self.mender.solved(found[0]):
                break
        return found

    def tested(
        self, beam: list[Hypothesis], better: Callable[[Hypothesis], Hypothesis]
    ) -> list[Hypothesis]:
        """The beam with its best made better on examples that it fails on, again and again."""
        mending = self.run.config.mending
        seen: set[int] = set()
        fewest = len(self.run.all) + 1
        for _ in range(mending.rounds):
            failing = self.mender.failures(beam[0], self.run.all)
            self.run.log(
                f"{len(self.run.all) - len(failing)} of {len(self.run.all)} examples explained"
            )
            new = [e for e in failing if id(e) not in seen][: mending.failures]
            if not new or len(failing) > mending.progress * fewest > 0:
                break
            fewest = len(failing)
            seen |= {id(e) for e in new}
            self.run.bench.extend(new)
            beam = ranked([self.run.bench.hypothesis(h.entries, h.open_class) for h in beam])
            self.run.note(beam[0])
            beam = ranked([better(beam[0]), *beam[1:]])
        return beam

    def refined(self, beam: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The beam with its best members refined; one is enough where it explains nearly all."""
        best = self.refine(beam[0])
        rest = list(beam[1:])
        if rest and not self.mender.solved(best):
            rest[0] = self.refine(rest[0])
        return ranked([best, *rest])

    def refine(self, h: Hypothesis) -> Hypothesis:
        """Revises and repairs, until neither improves."""
        while True:
            h = self.mender.revise(h)
            self.run.note(h)
            better = self.mender.repair(h)
            if better is None:
                return h
            names = ", ".join(w or "juxtaposition" for w, _ in better.latest)
            self.run.log(f"repaired {names}: {h.bits:.0f} -> {better.bits:.0f} bits")
            h = better
