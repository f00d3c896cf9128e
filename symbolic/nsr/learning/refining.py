"""Learning: the best hypothesis of the search is refined, and tested against every example.

What the refined hypothesis fails on among all examples joins the working ones, until nothing new
fails. Then it is polished on all examples. While some fail, other beams are tried, and examples of
rare words are put off. What then remains unexplained counts as noise.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from abduce.symbolic.nsr.hypothesis import Hypothesis, OutOfTimeError, Workbench
from abduce.symbolic.nsr.learning.mending import Mender
from abduce.symbolic.nsr.learning.polishing import Polisher
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.learning.search import Search, ranked
from abduce.symbolic.programs.typed.alphabet import Alphabet

NOTHING = Hypothesis({}, False, {}, frozenset(), math.inf)
"""The empty hypothesis, from which learning starts."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning ended with.

    Attributes:
        hypotheses: the lexicons in the order of their bits on the working examples, but the best
            comes first.
        bits: the description length of the best and of all examples; None where time was up first.
    """

    hypotheses: Sequence[Hypothesis]
    bits: float | None = None


def learned(run: Run, proposer: Proposer, earlier: Sequence[Hypothesis] = ()) -> Learned:
    """The best lexicon of all that were seen, by its bits on all examples, and its rivals.

    A first word that is misread can mislead all that follow. So where few examples are explained in
    the end, everything is learned anew, with those words last that were learned first.

    Args:
        earlier: lexicons that fewer examples taught, which are polished on all.
    """
    full = Workbench(run.world, run.all, run.look)
    best, others = NOTHING, list[Hypothesis]()
    begun: Hypothesis | None = None
    try:
        for _ in range(run.config.search.orders):
            mender = Mender(run, proposer)
            search = Search(run, proposer, mender)
            refiner = _Refiner(run, mender, search, full)
            if begun is None:
                begun = refiner.polished(NOTHING, earlier)
            other, found = refiner.learn(begun)
            if other.bits < best.bits:
                best, others = other, found
            enough = len(best.explained) >= run.config.mending.likely * len(run.all)
            if enough or len(run.all) > run.config.polishing.rows:
                break
            fullest = max(search.seeds(), key=lambda h: len(h.readings))
            if not (groups := proposer.groups(fullest)):
                break
            proposer = replace(proposer, later=proposer.later | groups[0])
    except OutOfTimeError:  # a later attempt keeps its own best, which may be longer
        kept = min(best, run.kept or NOTHING, key=lambda h: h.bits)
        return Learned([run.leader or NOTHING if kept is NOTHING else kept])
    working = run.bench.hypothesis(best.entries, best.open_class)
    return Learned([working, *[h for h in others if h.entries != working.entries]], best.bits)


@dataclass(frozen=True, slots=True)
class _Refiner:
    """Refinement, the round over all examples, and polishing.

    Attributes:
        full: a workbench with all examples.
    """

    run: Run
    mender: Mender
    search: Search
    full: Workbench

    def learn(self, best: Hypothesis) -> tuple[Hypothesis, list[Hypothesis]]:
        """The best lexicon, scored on all examples, and those of the beams.

        Args:
            best: what the result is no longer than.
        """
        polishing = self.run.config.polishing
        large = len(self.run.all) > polishing.rows
        found: list[Hypothesis] = []
        for number, beam in enumerate(self.search.rounds(), 1):
            tested = self.tested([self.mender.revise(beam[0]), *beam[1:]], self.mender.revise)
            if not self.mender.solved(tested[0]):
                tested = self.tested(self.refined(tested), self.refine)
            again = [self.run.bench.hypothesis(h.entries, h.open_class) for h in found]
            found = ranked([*tested, *again])
            self.run.note(found[0])
            if large and self.mender.solved(found[0]):
                return self.shorter(best, self.scored(found[0])), found
            best = self.polished(best, found[:1])
            if not self.perfect(best):
                best = self.polished(best, found[1 : polishing.others + 1])
            best = self.polished(best, self.search.bracketed(best))
            enough = number > polishing.others and self.mender.solved(found[0])
            if enough or self.perfect(best):
                break
        if not large and not self.perfect(best):
            best = self.polished(best, self.without_rare())
        return best, found

    def perfect(self, best: Hypothesis) -> bool:
        """Whether all examples are explained."""
        return len(best.explained) == len(self.run.all)

    def polished(self, best: Hypothesis, others: Iterable[Hypothesis]) -> Hypothesis:
        """The shortest on all examples, of the best and the others after polishing."""
        for h in others:
            scored = self.scored(h)
            better = Polisher(self.run, self.bench(scored)).polished(scored)
            best = self.shorter(best, scored)
            if better.entries != scored.entries:
                best = self.shorter(best, self.scored(better))
        return best

    def scored(self, h: Hypothesis) -> Hypothesis:
        """The lexicon, scored on all examples."""
        return self.full.hypothesis(h.entries, h.open_class)

    def shorter(self, best: Hypothesis, other: Hypothesis) -> Hypothesis:
        """The shorter of two lexicons, which is kept for when time is up."""
        self.run.kept = other if other.bits < best.bits else best
        return self.run.kept

    def bench(self, h: Hypothesis) -> Workbench:
        """All examples; or if they are very many, those that fail, and others at equal
        distances."""
        examples, most = self.run.all, self.run.config.polishing.rows
        if len(examples) <= most:
            return self.full
        failing = [i for i in range(len(examples)) if i not in h.explained][: most // 2]
        fine = sorted(h.explained)
        drawn = fine[:: max(1, len(fine) // (most - len(failing)))]
        some = [examples[i] for i in sorted([*failing, *drawn])]
        return Workbench(self.run.world, some, self.run.look)

    def without_rare(self) -> Iterator[Hypothesis]:
        """The lexicon that is learned without the examples of rare words, and then extended by
        these words."""
        config, world = self.run.config.polishing, self.run.world
        count = Counter(word for example in self.run.all for word in example.vocabulary)
        rare = {word for word, n in count.items() if n <= config.rare}
        core = [
            (example, example.target)
            for example in self.run.all
            if example.vocabulary.isdisjoint(rare)
        ]
        if not rare or not config.core * len(self.run.all) <= len(core) < len(self.run.all):
            return
        kept = Counter(word for example, _ in core for word in example.vocabulary)
        words = {word: kept[word] for word in world.words if word in kept}
        # Words that denote themselves have got characters by now, and are no tokens of the outputs.
        alphabet = Alphabet()
        pairs = [
            (e.words, alphabet.encode(world.alphabet.decode(v)) if isinstance(v, str) else v)
            for e, v in core
        ]
        smaller = world.smaller(alphabet, words)
        examples = [smaller.example(sentence, value) for sentence, value in pairs]
        inner = Run(smaller, examples, self.run.deadline)
        for h in learned(inner, Proposer(inner)).hypotheses[:1]:
            yield h
            yield from self.search.grown(h.entries, h.open_class)

    def tested(
        self, beam: list[Hypothesis], better: Callable[[Hypothesis], Hypothesis]
    ) -> list[Hypothesis]:
        """The beam, whose best member is improved repeatedly on examples that it fails on."""
        mending = self.run.config.mending
        fewest = len(self.run.all) + 1
        for _ in range(mending.rounds):
            failing = self.mender.failures(beam[0], self.run.all)
            self.run.log(
                f"{len(self.run.all) - len(failing)} of {len(self.run.all)} examples explained"
            )
            new = [e for e in failing if id(e) not in self.run.seen][: mending.failures]
            if not new or len(failing) > mending.progress * fewest > 0:
                break
            fewest = len(failing)
            self.run.extend(new)
            beam = ranked([self.run.bench.hypothesis(h.entries, h.open_class) for h in beam])
            self.run.note(beam[0])
            beam = ranked([better(beam[0]), *beam[1:]])
        return beam

    def refined(self, beam: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The beam with its best members refined; only one of them if it explains nearly all
        examples."""
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
