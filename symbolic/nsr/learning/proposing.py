"""Proposing: all ways to extend a hypothesis by words that it lacks.

The next words are those of the sentences with the fewest unknown ones. For one unknown word
abduction proposes entries. Of two, one is taken to be nullary, with a list that is associated with
it, or to be the partner of the other. The last resort is to take it for a simple operator. The
other word is abduced around it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from abduce.symbolic.nsr.abduction.induction import simple_programs
from abduce.symbolic.nsr.abduction.meanings import constant, propose
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    Category,
    Reach,
    Sign,
)
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY, Entry, Hypothesis
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.programs.typed.primitives import Value


class Effort(Enum):
    """How much effort goes into the next words."""

    PROPOSE = 1  # abduction, with at most one word guessed
    ANY_GAIN = 2  # the same, and whatever explains anything will do
    GUESS = 3  # of two unknown operators, one is guessed


@dataclass(frozen=True)
class How:
    """How proposals are made.

    Attributes:
        guess: also values of parts of targets, and programs of words only seen nested.
        picky: only proposals that explain a good part of what they are made from.
    """

    guess: bool = False
    picky: bool = False


@dataclass(frozen=True, slots=True)
class Proposer:
    """The children that a hypothesis can have on the working examples of a run.

    Attributes:
        later: words that are learned after the others.
    """

    run: Run
    later: frozenset[str] = frozenset()

    def groups(self, h: Hypothesis) -> list[frozenset[str]]:
        """The words that an example lacks, for each example, in the order in which to learn
        them."""
        known = set(h.readings)
        missing: dict[frozenset[str], list[int]] = {}
        for i, e in enumerate(self.run.bench.examples):
            if e.vocabulary <= known:
                continue
            unknown = e.vocabulary - known
            if unknown:
                missing.setdefault(unknown, []).append(i)
        groups = sorted(
            missing.items(),
            key=lambda g: (
                not g[0].isdisjoint(self.later),
                self.difficulty(g[0]),
                len(self.run.bench.examples[g[1][min(2, len(g[1]) - 1)]].words),
                -len(g[1]),
                sorted(g[0]),
            ),
        )
        return [unknown for unknown, _ in groups]

    def expand(self, h: Hypothesis, effort: Effort) -> list[Hypothesis]:
        fallback: list[Hypothesis] = []
        search = self.run.config.search
        most = search.groups // 2 if effort is Effort.GUESS else search.groups
        learned: list[list[Hypothesis]] = []
        for unknown in self.groups(h)[:most]:
            new = self.learn_words(h, sorted(unknown), effort)
            good = [c for c in new if self.share(c) >= search.min_share]
            if good and not self.run.world.integers:
                return good
            learned += [good] if good else []
            fallback += [c for c in new if c.bits < h.bits]
        if learned:  # of integers the simplest program: others may need it
            return min(learned, key=lambda good: self.dearest(min(good, key=lambda c: c.bits)))
        return fallback if effort is Effort.ANY_GAIN else []

    def dearest(self, child: Hypothesis) -> float:
        """Bits of the longest program among the words that were changed last."""
        world = self.run.world
        return max([world.term_bits(child.entries[w].term) for w, _ in child.latest], default=0.0)

    def lacking(self, h: Hypothesis) -> bool:
        """Whether a word of the examples has no reading."""
        return any(word not in h.readings for word in self.run.bench.containing)

    def share(self, child: Hypothesis) -> float:
        """Of the sentences that became readable, the share that the child explains."""
        known = set(child.readings)
        touched = {i for w, _ in child.latest for i in self.run.bench.containing.get(w, ())}
        readable = [i for i in touched if self.run.bench.examples[i].vocabulary <= known]
        return len(child.explained & set(readable)) / max(1, len(readable))

    def difficulty(self, unknown: frozenset[str]) -> float:
        """How many words are to be guessed at once; those with an associated value count little."""
        if len(unknown) == 1:
            return 1.0
        associated = len(unknown & self.run.associated.keys())
        return 0.2 * associated + len(unknown) - associated

    def learn_words(self, h: Hypothesis, unknown: list[str], effort: Effort) -> list[Hypothesis]:
        children: list[Hypothesis] = []
        how = How(guess=effort is Effort.GUESS, picky=effort is not Effort.ANY_GAIN)
        if len(unknown) > 1:
            constants = {
                w: Entry(NULLARY, constant(self.run.world, self.run.associated[w][0], w))
                for w in unknown
                if w in self.run.associated
            }
            if constants:
                rest = [w for w in unknown if w not in constants]
                if rest:
                    base = self.run.bench.supposed(h, constants)
                    children += self.learn_words(base, rest, effort)
                else:
                    base = self.run.bench.revised(h, constants)
                    assert base is not None
                    children += [
                        base,
                        *self.with_proposals(base, JUXTAPOSITION, how=replace(how, guess=False)),
                    ]
        if len(unknown) == 1:
            word = unknown[0]
            children += self.with_proposals(h, word, how=how)
            if not self.settled(h, word, children):
                children += self.with_values(h, word, JUXTAPOSITION, how=how)
        elif len(unknown) == 2:
            for word, other in (unknown, unknown[::-1]):
                children += self.with_proposals(h, word, [other], how=replace(how, guess=False))
                children += self.with_values(h, word, other, how=how)
            if how.guess and not self.run.world.integers:
                for word, other in (unknown, unknown[::-1]):
                    children += self.with_guesses(h, word, other)
        return children

    def with_guesses(self, h: Hypothesis, word: str, other: str) -> list[Hypothesis]:
        """Children in which the word is a simple operator like the known ones, and the other word
        is learned around it."""
        signs = {
            e.sign
            for w, e in h.entries.items()
            if e.sign.category in (Category.PREFIX, Category.POSTFIX) and w != JUXTAPOSITION
        }
        if not signs:
            juxtaposition = h.entries.get(JUXTAPOSITION)
            level = juxtaposition.sign.level if juxtaposition else 10.0
            signs = {
                Sign(category, each, Reach.LEFT)
                for category in (Category.PREFIX, Category.POSTFIX)
                for each in (level / 2, level)
            }
        children, search = [], self.run.config.search
        for sign in sorted(signs, key=repr)[:2]:
            for term in simple_programs(1, self.run.config)[: search.guesses]:
                guess = self.run.bench.supposed(h, {word: Entry(sign, term)})
                children += self.with_proposals(guess, other, best=2, how=How(picky=True))
        return sorted(children, key=lambda c: c.bits)[: search.candidates]

    def settled(self, h: Hypothesis, word: str, children: Sequence[Hypothesis]) -> bool:
        """Whether some child explains most of the sentences that become readable with the word."""
        known = {*h.readings, word}
        readable = sum(
            self.run.bench.examples[i].vocabulary <= known for i in self.run.bench.containing[word]
        )
        gained = max((len(c.explained) - len(h.explained) for c in children), default=0)
        return gained > self.run.config.search.settled * readable

    def with_proposals(
        self,
        h: Hypothesis,
        word: str,
        partners: Sequence[str] = (),
        *,
        how: How = How(),
        best: int | None = None,
        below: float = math.inf,
    ) -> list[Hypothesis]:
        """The hypothesis with each of the best entries that abduction proposes for the word."""
        if word == JUXTAPOSITION:
            examples = self.run.bench.examples
            if word in h.entries:
                h = self.run.bench.supposed(h, {word: None})
        elif self.run.world.integers:
            examples = self.run.evidence(word)
        else:
            examples = [self.run.bench.examples[i] for i in self.run.bench.containing.get(word, ())]
        self.run.check()
        search = self.run.config.search
        best = best or search.candidates
        least = search.least_support if how.picky else 0.0
        found = propose(
            self.run.world, h, word, examples, partners, best, how.guess, least, look=self.run.look
        )
        changes = [p.changes for p in found]
        if h.open_class and word != JUXTAPOSITION:
            changes.append({word: SELF_ENTRY})
        share = search.min_share if how.picky else 0.0
        children = [self.run.bench.revised(h, c, below, share) for c in changes]
        return [child for child in children if child is not None]

    def with_values(
        self,
        h: Hypothesis,
        word: str,
        other: str,
        below: float = math.inf,
        *,
        how: How = How(),
    ) -> list[Hypothesis]:
        """Children in which the word is nullary with a guessed value, and the other word is learned
        around it."""
        if self.run.world.integers and not how.guess:
            return []
        base = self.run.bench.supposed(h, {other: None}) if other in h.entries else h
        children, search = [], self.run.config.search
        values = self.values(word, how.guess)
        for value in values if self.run.world.integers else values[: search.values]:
            entry = Entry(NULLARY, constant(self.run.world, value, word))
            supposed = self.run.bench.supposed(base, {word: entry})
            children += self.with_proposals(
                supposed, other, how=replace(how, guess=False), best=search.around, below=below
            )
        return sorted(children, key=lambda c: c.bits)[: self.run.config.search.candidates]

    def values(self, word: str, guess: bool) -> Sequence[Value]:
        """Lists that a nullary word may denote: associated ones, the empty one, and with guessing
        also parts of targets.

        Of integers these are the smallest numbers that are not sentences of one word.
        """
        if self.run.world.integers:
            taken = set(self.run.lone.values())
            most = self.run.config.integers.guessed
            free = [n for n in range(len(taken) + most) if n not in taken]
            return free[:most]
        values = [*self.run.associated.get(word, ())[:2], ""]
        if guess:
            mine = [
                self.run.bench.examples[i].target for i in self.run.bench.containing.get(word, ())
            ]
            lists = [t for t in mine[:2] if isinstance(t, str)]
            parts = {t[a : a + n] for t in lists for n in (1, 2) for a in range(len(t) - n + 1)}
            values += sorted(parts)
        return list(dict.fromkeys(values))
