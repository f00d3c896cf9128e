"""Learning: the best hypothesis of the search is refined, and tested against every example.

What the refined hypothesis fails on among all examples joins the working ones, until nothing new
fails: what then remains unexplained is noise.
"""

import math
from collections.abc import Callable, Sequence

from abduce.symbolic.nsr.hypothesis import Hypothesis, OutOfTimeError
from abduce.symbolic.nsr.learning.search import Search, ranked

NOTHING = Hypothesis({}, False, {}, frozenset(), math.inf)
"""The empty hypothesis, from which learning starts."""


class Learner(Search):
    """Search, refinement and the round over all examples."""

    def learn(self) -> list[Hypothesis]:
        """Hypotheses in the order of their bits; the first explains all that could be explained."""
        try:
            return self._learn()
        except OutOfTimeError:
            return [self.leader or NOTHING]

    def _learn(self) -> list[Hypothesis]:
        found: list[Hypothesis] = []
        for beam in self.run():
            tested = self.tested([self.revise(beam[0]), *beam[1:]], self.revise)
            if not self.solved(tested[0]):
                tested = self.tested(self.refined(tested), self.refine)
            again = [self.bench.hypothesis(h.entries, h.open_class) for h in found]
            found = ranked([*tested, *again])
            self.note(found[0])
            if self.solved(found[0]):
                break
        return found

    def tested(
        self, beam: list[Hypothesis], better: Callable[[Hypothesis], Hypothesis]
    ) -> list[Hypothesis]:
        """The beam with its best made better on examples that it fails on, again and again."""
        mending = self.config.mending
        seen: set[int] = set()
        fewest = len(self.all) + 1
        for _ in range(mending.rounds):
            failing = self.failures(beam[0], self.all)
            self.log(f"{len(self.all) - len(failing)} of {len(self.all)} examples explained")
            new = [e for e in failing if id(e) not in seen][: mending.failures]
            if not new or len(failing) > mending.progress * fewest > 0:
                break
            fewest = len(failing)
            seen |= {id(e) for e in new}
            self.bench.extend(new)
            beam = ranked([self.bench.hypothesis(h.entries, h.open_class) for h in beam])
            self.note(beam[0])
            beam = ranked([better(beam[0]), *beam[1:]])
        return beam

    def refined(self, beam: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The beam with its best members refined; one is enough where it explains nearly all."""
        best = self.refine(beam[0])
        rest = list(beam[1:])
        if rest and not self.solved(best):
            rest[0] = self.refine(rest[0])
        return ranked([best, *rest])

    def refine(self, h: Hypothesis) -> Hypothesis:
        """Revises and repairs, until neither improves."""
        while True:
            h = self.revise(h)
            self.note(h)
            better = self.repair(h)
            if better is None:
                return h
            names = ", ".join(w or "juxtaposition" for w, _ in better.latest)
            self.log(f"repaired {names}: {h.bits:.0f} -> {better.bits:.0f} bits")
            h = better
