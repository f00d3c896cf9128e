"""Polishing: a lexicon is made shorter on all examples, until no move helps.

The search works on a sample, and on the shortest sentences of a word. What the shortest sentences
cannot tell is found here, from the examples that fail. A move is taken where it lowers the bits:

    dropped     juxtaposition goes, and with it what only juxtaposition needs
    rebound     an operator gets another level or reach
    relearned   a word is learned anew around the examples that it fails on
    paired      two words become one operator, the second as partner of the first
    mirrored    all lists are built from the other end, each operator either way round
    sidestepped a blamed operator is what it might be as well, and the others are relearned
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
from abduce.symbolic.nsr.hypothesis import OPEN_SIDED, Entry, Example, Hypothesis, Workbench, spaced
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.programs.typed.terms import Term, of_reversed, reversal, variable

BOTH: Final = (Reach.LEFT, Reach.RIGHT)
REACHES: Final = {
    Category.INFIX: tuple(Reach),
    Category.PREFIX: BOTH,
    Category.POSTFIX: (Reach.LEFT,),
    Category.MIXFIX: (Reach.LEFT,),
    Category.POLISH: (Reach.LEFT,),
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
        single = (self.dropped, self.rebound, self.relearned)
        for move in (*single, self.paired, self.mirrored, self.sidestepped):
            if (better := next(move(h, below), None)) is not None:
                return better
        return None

    def dropped(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """The lexicon without juxtaposition: operators take over its program, or one word is
        relearned."""
        if JUXTAPOSITION not in h.entries:
            return
        polishing = self.run.config.polishing
        ways = sorted(
            islice(product(*self.without_juxtaposition(h)), polishing.variants**2),
            key=lambda chosen: sum(entry is not None for _, entry in chosen),
        )
        bare = self.bench.revised(h, {JUXTAPOSITION: None})
        assert bare is not None
        lost = h.explained - bare.explained
        some = sorted(lost)[:: max(1, len(lost) // self.run.config.rivals.checked)]
        tried: list[tuple[float, Changes]] = []
        for chosen in ways[: polishing.variants]:
            changes = {JUXTAPOSITION: None, **{w: entry for w, entry in chosen if entry}}
            readings = self.bench.supposed(h, changes).readings
            again = sum(self.bench.explains(readings, i) for i in some)
            if again >= self.run.config.search.min_share * len(some):
                tried += [(c.bits, changes) for c in self.revisions(h, changes)]
        for _, changes in sorted(tried, key=lambda t: t[0])[: polishing.others]:
            yield from self.followed(h, changes, below)
        for word in self.words(bare):
            if lost and lost <= set(self.bench.containing.get(word, ())):
                for changes in self.proposals(bare, word):
                    yield from self.followed(bare, changes, below, [word])

    def without_juxtaposition(self, h: Hypothesis) -> Iterator[list[tuple[str, Entry | None]]]:
        """For each operator, and each word that never begins or never ends a sentence, the entries
        that it may have: its own (None), or with juxtaposition's program worked into it."""
        beside = h.entries[JUXTAPOSITION].term
        x, y = variable(0), variable(1)
        for word, entry in sorted(h.entries.items()):
            sign, term = entry.sign, entry.term
            right, left = _filled(beside, term, y), _filled(beside, x, _filled(term, y))
            new: list[tuple[Category, float, Reach, Term]] = []
            match sign.category:
                case Category.POSTFIX:
                    new = [(Category.INFIX, sign.level, reach, right) for reach in BOTH]
                case Category.PREFIX:
                    new = [(Category.INFIX, sign.level, sign.reach, left)]
                case Category.CIRCUMFIX:
                    new = [(Category.MIXFIX, at, Reach.LEFT, right) for at in levels_between(h)[:2]]
                case Category.NULLARY:
                    first, last = self.stands(word, 0), self.stands(word, -1)
                    levels = levels_between(h)
                    if not first:
                        program = _filled(beside, x, term)
                        new += [(Category.POSTFIX, at, Reach.LEFT, program) for at in levels]
                    if not last:
                        program = _filled(beside, term, x)
                        new += [(Category.PREFIX, at, Reach.LEFT, program) for at in levels]
                    if not first and not last and term == ("nil",):
                        new += [(Category.INFIX, at, Reach.LEFT, beside) for at in levels]
                case _:
                    pass
            entries = [Entry(Sign(c, at, reach, sign.partner), t) for c, at, reach, t in new]
            if not entries:
                continue
            yield [(word, each) for each in (None, *entries)]

    def rebound(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """The best other level and reach of an operator."""
        found: list[Hypothesis] = []
        for word, entry in sorted(h.entries.items()):
            sign = entry.sign
            if sign.category in OPEN_SIDED:
                signs = [
                    Sign(sign.category, level, reach, sign.partner)
                    for level in levels_between(h)
                    for reach in REACHES[sign.category]
                ]
                for other in signs:
                    if other != sign:
                        found += self.revisions(h, {word: Entry(other, entry.term)}, below)
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
        """Two words of the same sentences as one operator, without juxtaposition where possible."""
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

    def stands(self, word: str, end: int) -> bool:
        """Whether a sentence begins (0) or ends (-1) with the word."""
        examples = self.bench.examples
        return any(examples[i].words[end] == word for i in self.bench.containing.get(word, ()))

    def sidestepped(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """If examples fail: a blamed operator with another possible entry, and the others
        relearned."""
        if len(h.explained) == len(self.bench.examples):
            return
        polishing = self.run.config.polishing
        blamed = [w for w in self.blamed(h) if self.operates(h, w)][: polishing.others + 1]
        for word in blamed:
            rest = [w for w in blamed if w != word]
            for changes in islice(self.proposals(h, word), polishing.others + 1):
                yield from self.followed(h, changes, below, rest)

    def mirrored(self, h: Hypothesis, below: float) -> Iterator[Hypothesis]:
        """The lexicon that builds its lists from the other end; if examples fail, with operators
        rebound and relearned."""
        if self.run.world.integers:
            return
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
            changes: Changes = {w: e for w, e in chosen if e != h.entries[w]}
            if changes:
                tried += [(c.bits, changes) for c in self.revisions(h, changes, most)]
        for _, changes in sorted(tried, key=lambda t: t[0])[: polishing.others]:
            yield from self.followed(h, changes, below)

    def followed(
        self, h: Hypothesis, changes: Changes, below: float, words: Sequence[str] = ()
    ) -> Iterator[Hypothesis]:
        """The lexicon with these changes; if it is too long, with operators rebound and these words
        (or all) relearned until it is short enough.

        It is tried only if at least half as many examples are explained, since worse ones hardly
        recover.
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
        """New entries of a word, abduced from a few of its examples."""
        removed = without(h, word) if word in h.entries else {word: None}
        config = self.run.config
        known, partners = h.readings.get(word), [*partners, *[w for w in removed if w != word]]
        for evidence in self.evidence(h, word, config.abduction.evidence):
            for proposal in propose(
                self.run.world,
                self.bench.supposed(h, removed),
                word,
                evidence,
                partners,
                config.mending.aside,
                guess=True,
                known=known,
                look=self.run.look,
            ):
                yield {**removed, **proposal.changes}

    def evidence(self, h: Hypothesis, word: str, most: int) -> Iterator[list[Example]]:
        """Examples with the word: those that fail with others, and where some fail, others alone.

        Those that have it once come before the others, and the shortest first.
        """
        examples = self.bench.examples
        ordered = sorted(
            self.having(word),
            key=lambda i: (examples[i].words.count(word) > 1, len(examples[i].words), i),
        )
        failing = [i for i in ordered if i not in h.explained][: most // 2]
        fine = [i for i in ordered if i in h.explained]
        for first in (failing, []) if failing else ([],):
            chosen = [*first, *spaced(fine, most - len(first))]
            yield sorted([examples[i] for i in chosen], key=lambda e: len(e.words))


def _filled(term: Term, *arguments: Term) -> Term:
    """The program with programs in place of its arguments."""
    if term[0] == "variable":
        return arguments[term[1]] if term[1] < len(arguments) else term
    return (term[0], *[_filled(c, *arguments) if isinstance(c, tuple) else c for c in term[1:]])
