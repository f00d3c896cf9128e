"""Polishing: a lexicon is made shorter on all examples, until no move helps.

The search works on a sample, and on the shortest sentences of a word. What the shortest sentences
cannot tell is found here, from the examples that fail. A move is taken where it lowers the bits:

    dropped     juxtaposition goes, and with it what only juxtaposition needs
    rebound     an operator gets another level or reach
    relearned   a word is learned anew around the examples that it fails on
    paired      two words become one operator, the second as partner of the first
    mirrored    all lists are built from the other end, each operator either way round
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product
from typing import Final

from abduce.symbolic.nsr.abduction.meanings import (
    Changes,
    levels_between,
    propose,
    without,
)
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category, Reach, Sign
from abduce.symbolic.nsr.hypothesis import OPEN_SIDED, Entry, Example, Hypothesis, Workbench
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.programs.typed.terms import of_reversed, reversal, variable

REACHES: Final = {
    Category.INFIX: tuple(Reach),
    Category.PREFIX: (Reach.LEFT, Reach.RIGHT),
    Category.POSTFIX: (Reach.LEFT,),
    Category.MIXFIX: (Reach.LEFT,),
}


@dataclass(frozen=True, slots=True)
class Polisher:
    """The moves, on a workbench that has all examples."""

    run: Run
    bench: Workbench

    def polished(self, h: Hypothesis) -> Hypothesis:
        """A lexicon that none of the moves makes shorter."""
        best = self.bench.hypothesis(h.entries, h.open_class)
        while better := self.step(best):
            self.run.log(f"polished: {best.bits:.0f} -> {better.bits:.0f} bits")
            best = better
        return best

    def step(self, h: Hypothesis) -> Hypothesis | None:
        """The first better lexicon that a move finds."""
        below = h.bits - 1e-6
        for moves in (self.dropped, self.rebound, self.relearned, self.paired, self.mirrored):
            if (better := next(moves(h, below), None)) is not None:
                return better
        return None

    def dropped(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """Words that mean nothing become operators that do nothing, or one word is relearned."""
        if JUXTAPOSITION not in h.entries:
            return
        idle = [
            w
            for w, e in sorted(h.entries.items())
            if e.sign.category is Category.NULLARY and e.term == ("nil",)
        ]
        one_sided = (Category.PREFIX, Category.POSTFIX)
        signs = [Sign(c, level) for c in one_sided for level in levels_between(h)]
        ways = product([None, *signs], repeat=len(idle))
        for chosen in islice(ways, self.run.config.polishing.variants):
            changes: Changes = {
                w: Entry(sign, variable(0)) for w, sign in zip(idle, chosen, strict=True) if sign
            }
            yield from self.revisions(h, {JUXTAPOSITION: None, **changes}, below)
        bare = self.bench.revised(h, {JUXTAPOSITION: None})
        assert bare is not None
        lost = h.explained - bare.explained
        for word in self.words(bare):
            if lost and lost <= set(self.bench.containing.get(word, ())):
                for changes in self.proposals(bare, word):
                    yield from self.followed(bare, changes, below, [word])

    def rebound(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """The best other level and reach of an operator."""
        found: list[Hypothesis] = []
        for word, entry in sorted(h.entries.items()):
            sign = entry.sign
            if sign.category in OPEN_SIDED:
                for level, reach in product(levels_between(h), REACHES[sign.category]):
                    if (level, reach) != (sign.level, sign.reach):
                        new = Entry(Sign(sign.category, level, reach, sign.partner), entry.term)
                        found += self.revisions(h, {word: new}, below)
        if found:
            yield min(found, key=lambda c: c.bits)

    def relearned(
        self, h: Hypothesis, below: float, words: Sequence[str] = ()
    ) -> Iterator[Hypothesis]:
        """The best new entry of a word, of those first whose examples fail most."""
        for word in words or self.blamed(h):
            found = [c for p in self.proposals(h, word) for c in self.revisions(h, p, below)]
            if found:
                yield min(found, key=lambda c: c.bits)

    def paired(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """Two words of the same sentences as an operator, without juxtaposition where it can go."""
        polishing = self.run.config.polishing
        having = {w: set(self.bench.containing.get(w, ())) for w in self.words(h)}
        free = [w for w in having if w and not h.entries[w].sign.partner and self.operates(h, w)]
        for word, other in permutations(free, 2):
            either = max(len(having[word]), len(having[other]))
            if len(having[word] & having[other]) < polishing.together * either:
                continue
            gone: Changes = {word: None, other: None}
            for new in self.proposals(self.bench.supposed(h, gone), word, [other]):
                for idle in ({}, {JUXTAPOSITION: None}) if JUXTAPOSITION in h.entries else ({},):
                    yield from self.followed(h, {**gone, **new, **idle}, below, [word])

    def mirrored(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """All words of the other end; where examples fail, operators then rebound and relearned."""
        choices: list[list[tuple[str, Entry]]] = []
        for word, entry in sorted(h.entries.items()):
            if entry.sign.category is not Category.PARTNER:
                straight = of_reversed(entry.term)
                turned = {reversal(straight): None}
                if entry.sign.category is not Category.NULLARY:
                    turned[straight] = None
                ranked = sorted(turned, key=self.run.world.term_bits)
                choices.append([(word, Entry(entry.sign, term)) for term in ranked])
        tried: list[tuple[float, Changes]] = []
        polishing = self.run.config.polishing
        most = math.inf if len(h.explained) < len(self.bench.examples) else below
        for chosen in islice(product(*choices), polishing.variants):
            if changes := {w: e for w, e in chosen if e != h.entries[w]}:
                tried += [(c.bits, changes) for c in self.revisions(h, changes, most)]
        for _, changes in sorted(tried, key=lambda t: t[0])[: polishing.others]:
            yield from self.followed(h, changes, below)

    def followed(
        self, h: Hypothesis, changes: Changes, below: float, words: Sequence[str] = ()
    ) -> Iterator[Hypothesis]:
        """The lexicon with these changes; if it is too long, with operators rebound and these words
        (or all) relearned until it is short enough.

        Only where half as many examples are explained: what is worse has hardly a way back.
        """
        child = self.bench.revised(h, changes)
        assert child is not None
        if len(child.explained) < self.run.config.search.min_share * len(h.explained):
            return
        while child.bits >= below:
            least = child.bits - 1e-6
            better = next(self.rebound(child, least), None)
            better = better or next(self.relearned(child, least, words), None)
            if better is None:
                return
            child = better
        yield child

    def revisions(
        self, h: Hypothesis, changes: Changes, below: float = math.inf
    ) -> Iterator[Hypothesis]:
        """The lexicon with these changes, where it is short enough."""
        if (child := self.bench.revised(h, changes, below)) is not None:
            yield child

    def words(self, h: Hypothesis) -> list[str]:
        """The words with a meaning of their own."""
        return sorted(w for w, e in h.entries.items() if e.sign.category is not Category.PARTNER)

    def operates(self, h: Hypothesis, word: str) -> bool:
        """Whether the word takes operands, or means nothing, as an operator that is misread may."""
        entry = h.entries[word]
        return entry.sign.category is not Category.NULLARY or entry.term == ("nil",)

    def having(self, word: str) -> Sequence[int]:
        """The numbers of the examples whose reading depends on the word."""
        if word == JUXTAPOSITION:
            return range(len(self.bench.examples))
        return self.bench.containing.get(word, ())

    def blamed(self, h: Hypothesis) -> list[str]:
        """Operators, and words of examples that fail, those first whose examples fail most."""
        share = {}
        for word in self.words(h):
            mine = self.having(word)
            share[word] = sum(i not in h.explained for i in mine) / max(1, len(mine))
        own = [w for w in share if share[w] or h.entries[w].sign.category is not Category.NULLARY]
        return sorted(own, key=lambda w: (-share[w], w))

    def proposals(
        self, h: Hypothesis, word: str, partners: Sequence[str] = ()
    ) -> Iterator[Changes]:
        """New entries of a word, from its failing and its other examples in equal parts."""
        removed = without(h, word) if word in h.entries else {word: None}
        config = self.run.config
        found = propose(
            self.run.world,
            self.bench.supposed(h, removed),
            word,
            self.evidence(h, word, config.abduction.evidence),
            [*partners, *[w for w in removed if w != word]],
            config.mending.aside,
            guess=True,
            known=h.readings.get(word),
            look=self.run.look,
        )
        for proposal in found:
            yield {**removed, **proposal.changes}

    def evidence(self, h: Hypothesis, word: str, most: int) -> list[Example]:
        """Examples with the word: those that have it once before others, and the shortest first."""
        examples = self.bench.examples
        ordered = sorted(
            self.having(word),
            key=lambda i: (examples[i].words.count(word) > 1, len(examples[i].words), i),
        )
        failing = [i for i in ordered if i not in h.explained][: most // 2]
        fine = [i for i in ordered if i in h.explained]
        step = max(1.0, len(fine) / (most - len(failing)))
        spaced = [
            fine[int(k * step)] for k in range(most - len(failing)) if int(k * step) < len(fine)
        ]
        return sorted([examples[i] for i in (*failing, *spaced)], key=lambda e: len(e.words))
