"""Search: partial lexicons grow word by word, in one beam from each of a few seeds.

The next words are those of the sentences with the fewest unknown ones. For one unknown word
abduction proposes entries; for two, one is taken for nullary (with a list that is associated with
it) or for the partner of the other, or as a last resort for a simple operator, and the other is
abduced around it. A beam keeps the shortest of each kind of child, so that readings that explain
the same sentences in different categories survive until later sentences tell them apart.
"""

import math
import time
from collections.abc import Callable, Sequence
from enum import Enum

from abduce.symbolic.nsr.abduction import constant, propose
from abduce.symbolic.nsr.association import associated_values
from abduce.symbolic.nsr.config import Config
from abduce.symbolic.nsr.hypothesis import (
    SELF_ENTRY,
    Entry,
    Example,
    Hypothesis,
    Workbench,
    World,
)
from abduce.symbolic.nsr.induction import simple_programs
from abduce.symbolic.nsr.syntax import JUXTAPOSITION, NULLARY, Category, Reach, Sign
from abduce.symbolic.nsr.terms import Term, variable

MIN_SHARE = 0.5
MAX_GROUPS = 6
MAX_BLAMED = 5
MAX_GUESSES = 8
MAX_VALUES = 5
MAX_STALE = 3
SOLVED = 0.75
X, Y = variable(0), variable(1)
JUXTAPOSITIONS: tuple[Term | None, ...] = (None, ("append", X, Y), ("append", Y, X))


def select(examples: Sequence[Example], size: int) -> list[Example]:
    """For each word its shortest sentences, then every n-th of the rest; shortest first."""
    ordered = sorted(range(len(examples)), key=lambda i: (len(examples[i].words), i))
    seen: dict[str, int] = {}
    chosen: list[int] = []
    each = max(4, size // 16)
    for i in ordered:
        fresh = [w for w in examples[i].vocabulary if seen.get(w, 0) < each]
        if not fresh or len(chosen) >= size:
            continue
        chosen.append(i)
        for w in examples[i].vocabulary:
            seen[w] = seen.get(w, 0) + 1
    taken = set(chosen)
    rest = [i for i in ordered if i not in taken]
    extra = max(size // 2, size - len(chosen))
    step = max(1.0, len(rest) / extra)
    chosen += [rest[int(k * step)] for k in range(extra) if int(k * step) < len(rest)]
    return [examples[i] for i in sorted(set(chosen), key=lambda i: (len(examples[i].words), i))]


class Effort(Enum):
    """How hard to try for the next words: each only where the one before finds nothing."""

    PROPOSE = 1  # abduction, with at most one word guessed
    GUESS = 2  # of two unknown operators, one is guessed
    ANY_GAIN = 3  # whatever explains anything


class OutOfTimeError(Exception):
    """The deadline has passed (internal: the best hypothesis so far is used)."""


class Search:
    """Hypotheses about one data set: the working examples and all ways to extend a hypothesis."""

    def __init__(
        self,
        world: World,
        examples: Sequence[Example],
        config: Config,
        deadline: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self.world = world
        self.deadline = deadline
        self.config = config
        self.all = examples
        self.bench = Workbench(world, select(examples, config.working))
        self.associated = associated_values(examples)
        self.log: Callable[[str], None] = progress or (lambda _: None)
        self.leader: Hypothesis | None = None

    def check(self) -> None:
        """Raises OutOfTimeError after the deadline."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTimeError

    def seeds(self) -> list[Hypothesis]:
        """The simplest juxtapositions, with and without associated constants and open class."""
        world = self.world
        echoing = len(world.echoes) / max(1, len(world.words))
        seeds = []
        for open_class in (True,) if echoing > 0.5 else (False, True) if echoing else (False,):
            constants = {
                w: Entry(NULLARY, constant(world, values[0], w))
                for w, values in sorted(self.associated.items())
                if not (open_class and w in world.echoes)
            }
            for juxtaposition in JUXTAPOSITIONS:
                start = {}
                if juxtaposition is not None:
                    start[JUXTAPOSITION] = Entry(Sign(Category.INFIX, 10.0), juxtaposition)
                    if constants:
                        seeds.append(self.bench.hypothesis(start | constants, open_class))
                seeds.append(self.bench.hypothesis(start, open_class))
        return seeds

    def run(self) -> list[Hypothesis]:
        """Grows a beam from each seed; those far behind rest, unless the leader fails."""
        beams = [[seed] for seed in self.seeds()]
        done = [False] * len(beams)
        stale = [0] * len(beams)  # rounds without a shorter best hypothesis
        resting: set[int] = set()
        while not all(done):
            active = [i for i in range(len(beams)) if not done[i] and i not in resting]
            if not active:
                if self.solved(self.best(beams)):
                    break
                active = [min(resting, key=lambda i: beams[i][0].bits)]
                resting.clear()
                resting.update(i for i in range(len(beams)) if not done[i] and i not in active)
            for i in active:
                before = beams[i][0].bits
                beams[i], grew = self.grow(beams[i])
                stale[i] = 0 if beams[i][0].bits < before - 1e-6 else stale[i] + 1
                done[i] = not grew or stale[i] >= MAX_STALE
            best = self.leader = self.best(beams)
            self.log(
                f"{len(best.readings)} words, {len(best.explained)} of"
                f" {len(self.bench.examples)} working examples explained, {best.bits:.0f} bits"
            )
            if self.solved(best):
                break
            lead = max(len(beam[0].explained) for beam in beams)
            for i, beam in enumerate(beams):
                if len(beam[0].explained) < lead / 2 - 3:
                    resting.add(i)
        return sorted((h for beam in beams for h in beam), key=lambda h: h.bits)

    def best(self, beams: Sequence[Sequence[Hypothesis]]) -> Hypothesis:
        return min((beam[0] for beam in beams), key=lambda h: h.bits)

    def solved(self, h: Hypothesis) -> bool:
        """Whether every word is known and the sentences not explained may be noise."""
        enough = len(h.explained) >= SOLVED * len(self.bench.examples)
        return enough and all(word in h.readings for word in self.world.words)

    def grow(self, beam: list[Hypothesis]) -> tuple[list[Hypothesis], bool]:
        """The beam with one more group of words learned, and whether there was one."""
        for effort in Effort:
            parents = beam[:2] if effort is Effort.GUESS else beam
            children = [child for h in parents for child in self.expand(h, effort)]
            if children:
                new = self.prune([*children, *beam])
                if [h.entries for h in new] != [h.entries for h in beam]:
                    return new, True
        return beam, False

    def prune(self, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        unique: dict[tuple, Hypothesis] = {}
        for h in hypotheses:
            key = (h.open_class, tuple(sorted(h.entries.items(), key=lambda i: i[0])))
            if key not in unique or unique[key].bits > h.bits:
                unique[key] = h
        ranked = sorted(unique.values(), key=lambda h: h.bits)
        first: dict[tuple, int] = {}
        order = []
        for i, h in enumerate(ranked):
            kind = (h.open_class, h.latest)
            first[kind] = first.get(kind, -1) + 1
            order.append((first[kind], i))
        chosen = [ranked[i] for _, i in sorted(order)[: self.config.beam]]
        return sorted(chosen, key=lambda h: h.bits)

    def expand(self, h: Hypothesis, effort: Effort) -> list[Hypothesis]:
        known = set(h.readings)
        missing: dict[frozenset[str], list[int]] = {}
        for i, e in enumerate(self.bench.examples):
            if e.vocabulary <= known:
                continue
            unknown = e.vocabulary - known
            if unknown:
                missing.setdefault(unknown, []).append(i)
        if not missing:
            return []
        groups = sorted(
            missing.items(),
            key=lambda g: (
                self.difficulty(g[0]),
                len(self.bench.examples[g[1][min(2, len(g[1]) - 1)]].words),
                -len(g[1]),
                sorted(g[0]),
            ),
        )
        fallback: list[Hypothesis] = []
        most = MAX_GROUPS // 2 if effort is Effort.GUESS else MAX_GROUPS
        for unknown, _ in groups[:most]:
            new = self.learn_words(h, sorted(unknown), effort)
            good = [c for c in new if self.share(c) >= MIN_SHARE]
            if good:
                return good
            fallback += [c for c in new if c.bits < h.bits]
        return fallback if effort is Effort.ANY_GAIN else []

    def share(self, child: Hypothesis) -> float:
        """Of the sentences that became readable, the share that the child explains."""
        known = set(child.readings)
        touched = {i for w, _ in child.latest for i in self.bench.containing.get(w, ())}
        readable = [i for i in touched if self.bench.examples[i].vocabulary <= known]
        return len(child.explained & set(readable)) / max(1, len(readable))

    def difficulty(self, unknown: frozenset[str]) -> float:
        """How many words are to be guessed at once; those with an associated value count little."""
        if len(unknown) == 1:
            return 1.0
        return sum(0.2 if w in self.associated else 1.0 for w in unknown)

    def learn_words(self, h: Hypothesis, unknown: list[str], effort: Effort) -> list[Hypothesis]:
        children: list[Hypothesis] = []
        guess = effort is Effort.GUESS
        if len(unknown) > 1:
            constants = {
                w: Entry(NULLARY, constant(self.world, self.associated[w][0], w))
                for w in unknown
                if w in self.associated
            }
            if constants:
                rest = [w for w in unknown if w not in constants]
                if rest:
                    base = self.bench.supposed(h, constants)
                    children += self.learn_words(base, rest, effort)
                else:
                    base = self.bench.revised(h, constants)
                    assert base is not None
                    children += [base, *self.with_proposals(base, JUXTAPOSITION)]
        if len(unknown) == 1:
            word = unknown[0]
            children += self.with_proposals(h, word, guess=guess)
            if not self.settled(h, word, children):
                children += self.with_values(h, word, JUXTAPOSITION, guess=guess)
        elif len(unknown) == 2:
            for word, other in (unknown, unknown[::-1]):
                children += self.with_proposals(h, word, [other])
                children += self.with_values(h, word, other, guess=guess)
            if guess:
                for word, other in (unknown, unknown[::-1]):
                    children += self.with_guesses(h, word, other)
        return children

    def with_guesses(self, h: Hypothesis, word: str, other: str) -> list[Hypothesis]:
        """The word a simple operator like those known, and the other learned around it."""
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
        children = []
        for sign in sorted(signs, key=repr)[:2]:
            for term in simple_programs(1)[:MAX_GUESSES]:
                guess = self.bench.supposed(h, {word: Entry(sign, term)})
                children += self.with_proposals(guess, other, best=2)
        return sorted(children, key=lambda c: c.bits)[: self.config.candidates]

    def settled(self, h: Hypothesis, word: str, children: Sequence[Hypothesis]) -> bool:
        """Whether some child explains most of what knowing the word makes readable."""
        known = {*h.readings, word}
        readable = sum(
            self.bench.examples[i].vocabulary <= known for i in self.bench.containing[word]
        )
        gained = max((len(c.explained) - len(h.explained) for c in children), default=0)
        return gained > 0.6 * readable

    def with_proposals(
        self,
        h: Hypothesis,
        word: str,
        partners: Sequence[str] = (),
        *,
        guess: bool = False,
        best: int | None = None,
        below: float = math.inf,
    ) -> list[Hypothesis]:
        """The hypothesis with each of the best entries that abduction proposes for the word."""
        if word == JUXTAPOSITION:
            examples = self.bench.examples
            if word in h.entries:
                h = self.bench.supposed(h, {word: None})
        else:
            examples = [self.bench.examples[i] for i in self.bench.containing.get(word, ())]
        self.check()
        best = best or self.config.candidates
        found = propose(self.world, h, word, examples, partners, best, guess)
        changes = [p.changes for p in found]
        if h.open_class and word != JUXTAPOSITION:
            changes.append({word: SELF_ENTRY})
        children = [self.bench.revised(h, c, below) for c in changes]
        return [child for child in children if child is not None]

    def with_values(
        self,
        h: Hypothesis,
        word: str,
        other: str,
        below: float = math.inf,
        *,
        guess: bool = False,
    ) -> list[Hypothesis]:
        """The word nullary with a guessed value, and the other learned around it."""
        base = self.bench.supposed(h, {other: None}) if other in h.entries else h
        children = []
        for value in self.values(word, guess)[:MAX_VALUES]:
            entry = Entry(NULLARY, constant(self.world, value, word))
            supposed = self.bench.supposed(base, {word: entry})
            children += self.with_proposals(supposed, other, best=3, below=below)
        return sorted(children, key=lambda c: c.bits)[: self.config.candidates]

    def values(self, word: str, guess: bool) -> list[str]:
        """Lists a nullary word may denote: its associates, none, and, guessing, target parts."""
        values = [*self.associated.get(word, ())[:2], ""]
        if guess:
            mine = [self.bench.examples[i].target for i in self.bench.containing.get(word, ())]
            lists = [t for t in mine[:2] if isinstance(t, str)]
            parts = {t[a : a + n] for t in lists for n in (1, 2) for a in range(len(t) - n + 1)}
            values += sorted(parts)
        return list(dict.fromkeys(values))
