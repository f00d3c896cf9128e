"""Mending: correcting a hypothesis that knows its words, but has wrong entries for some.

One word is re-learned given all others, the most blamed first. Where that does not help, another
entry of an operator that explains as much is tried, and a blamed word is re-learned beside it; and
last a word together with juxtaposition, or two words.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from abduce.symbolic.nsr.abduction.meanings import without
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category
from abduce.symbolic.nsr.hypothesis import Entry, Example, Hypothesis, answer_of
from abduce.symbolic.nsr.learning.proposing import Effort, How, Proposer
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.programs.typed.terms import of_reversed, reversal

SAMPLE: Final = 1_500
"""The upper limit on the examples searched for systematic failures. It bounds the cost of the
search, and is far larger than needed."""


@dataclass(frozen=True, slots=True)
class Mender:
    """Decides whether a hypothesis is good enough, and improves it."""

    run: Run
    proposer: Proposer

    def solved(self, h: Hypothesis) -> bool:
        """Whether every word is known and the sentences not explained look like noise."""
        missed = self.run.drawn - self.of_drawn(h)
        return self.likely(h) and (
            missed <= self.run.drawn * self.run.config.mending.noise or self.even(h)
        )

    def likely(self, h: Hypothesis) -> bool:
        """Whether every word is known and most sentences are explained."""
        most = self.of_drawn(h) >= self.run.config.mending.likely * self.run.drawn
        return most and all(word in h.readings for word in self.run.world.words)

    def of_drawn(self, h: Hypothesis) -> int:
        """How many examples are explained, without counting those that were added as failures."""
        return sum([i < self.run.drawn for i in h.explained])

    def even(self, h: Hypothesis) -> bool:
        """Whether no word, and no pair of words, has more unexplained sentences than noise would
        cause."""
        sample = self.run.all[:SAMPLE]
        having: Counter[tuple[str, ...]] = Counter()
        failing: Counter[tuple[str, ...]] = Counter()
        failures = 0
        for example in sample:
            self.run.look()
            words = sorted(example.vocabulary & h.entries.keys())
            groups = [*combinations(words, 1), *combinations(words, 2)]
            having.update(groups)
            if answer_of(example.words, h.readings) != example.target:
                failing.update(groups)
                failures += 1
        share = failures / len(sample)
        for group, n in failing.items():
            rest = 1 - having[group] / len(sample)
            spread = math.sqrt(share * having[group] * (1 - share) * rest)
            if n - share * having[group] > self.run.config.mending.deviation * spread + 1:
                return False
        return True

    def failures(self, h: Hypothesis, examples: Sequence[Example]) -> list[Example]:
        """The examples that the hypothesis does not explain."""
        failing: list[Example] = []
        for example in examples:
            self.run.look()
            if answer_of(example.words, h.readings) != example.target:
                failing.append(example)
        return failing

    def revise(self, h: Hypothesis) -> Hypothesis:
        """Re-learns words, the most blamed first, until nothing improves."""
        while better := self.mirrored(h) or self.revise_word(h) or self.sidestep(h):
            self.run.look()
            names = ", ".join(w or "juxtaposition" for w, _ in better.latest)
            self.run.log(f"revised {names}: {h.bits:.0f} -> {better.bits:.0f} bits")
            h = better
            self.run.note(h)
        return h

    def mirrored(self, h: Hypothesis) -> Hypothesis | None:
        """The lexicon that builds its lists from the other end, where that is shorter.

        Every program takes reversed arguments, and gives a reversed list too unless it is shorter
        without: a change of all words at once, which no change of a single word can begin.
        """
        changes = {}
        for word, entry in h.entries.items() if not self.run.world.integers else ():
            self.run.look()
            if entry.sign.category is not Category.PARTNER:
                straight = of_reversed(entry.term)
                turned = Entry(
                    entry.sign, min(reversal(straight), straight, key=self.run.world.term_bits)
                )
                if turned != entry:
                    changes[word] = turned
        return self.run.bench.revised(h, changes, h.bits - 1e-6) if changes else None

    def revise_word(self, h: Hypothesis) -> Hypothesis | None:
        """The best revision of the first word that has one."""
        for word in (*self.blamed(h), *self.echoing(h)):
            base = self.run.bench.supposed(h, without(h, word))
            new = self.proposer.with_proposals(base, word, below=h.bits - 1e-6)
            if word == JUXTAPOSITION and (idle := self.run.bench.revised(h, {word: None}, h.bits)):
                new.append(idle)
            if new:
                return min(new, key=lambda c: c.bits)
        return None

    def sidestep(self, h: Hypothesis) -> Hypothesis | None:
        """The best revision of a blamed word after an operator got another, equally good entry."""
        if self.solved(h):
            return None
        mending = self.run.config.mending
        below = h.bits + mending.aside_bits
        for word in self.operators(h):
            base = self.run.bench.supposed(h, without(h, word))
            level = [
                other
                for other in self.proposer.with_proposals(
                    base, word, best=mending.aside, below=below
                )
                if len(other.explained) >= len(h.explained) and other.entries != h.entries
            ]
            for other in level:
                for blamed in [w for w in self.blamed(h) if w != word][:2]:
                    rest = self.run.bench.supposed(other, without(other, blamed))
                    new = self.proposer.with_proposals(rest, blamed, below=h.bits - 1e-6)
                    if new:
                        return min(new, key=lambda c: c.bits)
        return None

    def repair(self, h: Hypothesis) -> Hypothesis | None:
        """Repairs of several words at once: unknown words, a word with juxtaposition, or two
        words."""
        working = len(self.run.bench.examples)
        if working - len(h.explained) < working * self.run.config.mending.noise:
            return None
        below = h.bits - 1e-6
        candidates = [c for c in self.proposer.expand(h, Effort.PROPOSE) if c.bits < below]
        for word in self.suspects(h):
            base = self.run.bench.supposed(h, {word: None})
            candidates += self.proposer.with_proposals(base, word, below=below)
        blamed = [w for w in self.blamed(h) if w != JUXTAPOSITION]
        for i, word in enumerate(blamed):
            if candidates:
                break
            base = self.run.bench.supposed(h, without(h, word))
            candidates += self.proposer.with_values(
                base, word, JUXTAPOSITION, below, how=How(guess=True)
            )
            for other in blamed[:i] if i < self.run.config.mending.blamed else ():
                if other in base.entries:
                    both = self.run.bench.supposed(base, without(base, other))
                    new = self.proposer.learn_words(both, [other, word], Effort.PROPOSE)
                    candidates += [c for c in new if c.bits < below]
        return min(candidates, key=lambda c: c.bits, default=None)

    def operators(self, h: Hypothesis) -> list[str]:
        """The words that are operators or denote nothing, the most blamed first."""
        return [
            w
            for w in self.blamed(h)
            if w != JUXTAPOSITION
            and (
                h.entries[w].sign.category is not Category.NULLARY or h.entries[w].term == ("nil",)
            )
        ]

    def blamed(self, h: Hypothesis) -> list[str]:
        """The words of the lexicon, ordered by the share of their sentences that is unexplained,
        the largest first."""
        failing, containing = self.failing(h), self.run.bench.containing
        words = [
            w
            for w, e in h.entries.items()
            if e.sign.category is not Category.PARTNER and (w in containing or w == JUXTAPOSITION)
        ]
        return sorted(words, key=lambda w: (-failing[w] / max(1, len(containing.get(w, ()))), w))

    def suspects(self, h: Hypothesis) -> list[str]:
        """Rare words of unexplained sentences that are taken to denote themselves, but never do."""
        failing = self.failing(h)
        words = [w for w in self.run.world.rare if w in failing and w not in h.entries]
        return words[: self.run.config.mending.blamed]

    def echoing(self, h: Hypothesis) -> list[str]:
        """Tokens of outputs that are taken to denote themselves, as any word may, and may be
        operators instead: those with the largest share of unexplained sentences."""
        if not h.open_class:
            return []
        failing, containing = self.failing(h), self.run.bench.containing
        words = [w for w in self.run.world.echoes if w in failing and w not in h.entries]
        words.sort(key=lambda w: (-failing[w] / len(containing[w]), w))
        return words[: self.run.config.mending.blamed]

    def failing(self, h: Hypothesis) -> Counter[str]:
        """In how many unexplained sentences each word is."""
        failing: Counter[str] = Counter()
        for i, example in enumerate(self.run.bench.examples):
            if i not in h.explained:
                failing.update(example.vocabulary)
        return failing
