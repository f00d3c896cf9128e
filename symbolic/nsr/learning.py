"""Learning: the best hypothesis of the search is refined, and tested against every example.

Refinement re-learns one word at a time given all the others (the word to blame first), and where
no single word improves, a word together with juxtaposition, or two words. What the refined
hypothesis fails on among all examples joins the working ones, until nothing new fails: what then
remains unexplained is noise.
"""

from collections.abc import Sequence

from abduce.symbolic.nsr.abduction import without
from abduce.symbolic.nsr.hypothesis import Example, Hypothesis, answer_of
from abduce.symbolic.nsr.search import MAX_BLAMED, Effort, OutOfTimeError, Search
from abduce.symbolic.nsr.syntax import JUXTAPOSITION, Category


class Learner(Search):
    """Search, refinement and the round over all examples."""

    def refine(self, h: Hypothesis) -> Hypothesis:
        """Re-learns one word at a time, the most blamed first, until no word improves."""
        while True:
            self.check()
            self.leader = h
            better = self.revise_word(h) or self.repair(h)
            if better is None:
                return h
            names = ", ".join(w or "juxtaposition" for w, _ in better.latest)
            self.log(f"revised {names}: {h.bits:.0f} -> {better.bits:.0f} bits")
            h = better

    def blamed(self, h: Hypothesis) -> list[str]:
        """The words of the lexicon, those first whose sentences are least explained."""
        failing = [e for i, e in enumerate(self.bench.examples) if i not in h.explained]
        blame = {
            w: sum(w in e.vocabulary for e in failing)
            / max(1, len(self.bench.containing.get(w, ())))
            for w in h.entries
        }
        words = [w for w in h.entries if h.entries[w].sign.category is not Category.PARTNER]
        return sorted(words, key=lambda w: (-blame[w], w))

    def revise_word(self, h: Hypothesis) -> Hypothesis | None:
        for word in self.blamed(h):
            base = self.bench.supposed(h, without(h, word))
            new = self.with_proposals(base, word, below=h.bits - 1e-6)
            if new:
                return min(new, key=lambda c: c.bits)
        return None

    def suspects(self, h: Hypothesis) -> list[str]:
        """Words taken to denote themselves that never do, in the sentences not explained."""
        failing = {
            w
            for i, e in enumerate(self.bench.examples)
            if i not in h.explained
            for w in e.vocabulary
        }
        return [w for w in self.world.rare if w in failing and w not in h.entries][:MAX_BLAMED]

    def repair(self, h: Hypothesis) -> Hypothesis | None:
        """What no single word mends: unknown words, a word with juxtaposition, or two words."""
        failing = len(self.bench.examples) - len(h.explained)
        if failing * 50 < len(self.bench.examples):
            return None
        below = h.bits - 1e-6
        candidates = [c for c in self.expand(h, Effort.PROPOSE) if c.bits < below]
        for word in self.suspects(h):
            base = self.bench.supposed(h, {word: None})
            candidates += self.with_proposals(base, word, below=below)
        blamed = [w for w in self.blamed(h) if w != JUXTAPOSITION]
        for i, word in enumerate(blamed):
            if candidates:
                break
            base = self.bench.supposed(h, without(h, word))
            candidates += self.with_values(base, word, JUXTAPOSITION, below, guess=True)
            for other in blamed[:i] if i < MAX_BLAMED else ():
                if other in base.entries:
                    both = self.bench.supposed(base, without(base, other))
                    new = self.learn_words(both, [other, word], Effort.PROPOSE)
                    candidates += [c for c in new if c.bits < below]
        return min(candidates, key=lambda c: c.bits, default=None)

    def failures(self, h: Hypothesis) -> list[Example]:
        """Every example, working or not, that the hypothesis does not explain."""
        return [e for e in self.all if answer_of(e.words, h.readings) != e.target]

    def learn(self) -> list[Hypothesis]:
        """Hypotheses in the order of their bits; the first explains all that could be explained."""
        try:
            return self._learn()
        except OutOfTimeError:
            leader = self.leader or self.bench.hypothesis({}, False)
            return [self.bench.hypothesis(leader.entries, leader.open_class)]

    def _learn(self) -> list[Hypothesis]:
        beam = self.refined(self.run())
        seen: set[int] = set()
        fewest = len(self.all) + 1
        for _ in range(self.config.rounds):
            failing = self.failures(beam[0])
            self.log(f"{len(self.all) - len(failing)} of {len(self.all)} examples explained")
            new = [e for e in failing if id(e) not in seen][: self.config.failures]
            if not new or len(failing) > 0.98 * fewest > 0:
                break
            fewest = len(failing)
            seen |= {id(e) for e in new}
            self.bench.extend(new)
            beam = [self.bench.hypothesis(h.entries, h.open_class) for h in beam]
            beam = self.refined(sorted(beam, key=lambda h: h.bits))
        return beam

    def refined(self, beam: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The beam with its best members refined; one is enough where it explains nearly all."""
        best = self.refine(beam[0])
        rest = list(beam[1:])
        if rest and not self.solved(best):
            rest[0] = self.refine(rest[0])
        return sorted([best, *rest], key=lambda h: h.bits)
