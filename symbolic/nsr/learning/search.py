"""Search: partial lexicons grow word by word, in one beam from each of a few seeds.

A beam keeps the shortest of each kind of child, so that readings that explain the same sentences in
different categories survive until later sentences tell them apart. What cannot grow is mended.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from abduce.symbolic.nsr.abduction.meanings import constant
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, NULLARY, Category, Reach, Sign
from abduce.symbolic.nsr.hypothesis import Entry, Hypothesis
from abduce.symbolic.nsr.learning.association import bracket_pairs, followers
from abduce.symbolic.nsr.learning.mending import Mender
from abduce.symbolic.nsr.learning.proposing import Effort, Proposer
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.programs.typed.terms import Term, variable

X, Y = variable(0), variable(1)
JUXTAPOSITIONS: tuple[Term | None, ...] = (None, ("append", X, Y), ("append", Y, X))


@dataclass
class Beam:
    """The hypotheses that have grown from one seed, the shortest first."""

    members: list[Hypothesis]
    stuck: bool = False  # cannot grow
    done: bool = False  # can neither grow nor be mended

    @property
    def best(self) -> Hypothesis:
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Search:
    """Beams of hypotheses about one data set."""

    run: Run
    proposer: Proposer
    mender: Mender

    def seeds(self) -> list[Hypothesis]:
        """The simplest juxtapositions, with and without associated constants and open class.

        Words that stand in a fixed phrase behind another are also begun with as meaning nothing: as
        operators that give back the one phrase on their right, and so change no other reading.
        """
        world = self.run.world
        if world.integers:
            lone = self.lone_entries()
            starts = [lone, {}] if lone else [{}]
            return [self.run.bench.hypothesis(entries, False) for entries in starts]
        echoing = len(world.echoes) / max(1, len(world.words))
        idle = {
            w: Entry(Sign(Category.PREFIX, 10.0, Reach.TIGHT), X)
            for w in followers(self.run.all, self.run.config.polishing.rare + 1, self.run.look)
        }
        seeds = []
        for open_class in (True,) if echoing > 0.5 else (False, True) if echoing else (False,):
            constants = {
                w: Entry(NULLARY, constant(world, values[0], w))
                for w, values in sorted(self.run.associated.items())
                if not (open_class and w in world.echoes)
            }
            constants |= self.lone_entries()
            for juxtaposition in JUXTAPOSITIONS:
                start = {}
                if juxtaposition is not None:
                    start[JUXTAPOSITION] = Entry(Sign(Category.INFIX, 10.0), juxtaposition)
                    if constants:
                        seeds.append(self.run.bench.hypothesis(start | constants, open_class))
                seeds.append(self.run.bench.hypothesis(start, open_class))
                if idle:
                    seeds.append(self.run.bench.hypothesis(start | idle, open_class))
        return seeds

    def lone_entries(self) -> dict[str, Entry]:
        """The words that are a sentence by themselves, with the output of that sentence as their
        value."""
        lone = sorted(self.run.lone.items())
        return {w: Entry(NULLARY, constant(self.run.world, value, w)) for w, value in lone}

    def grown(self, entries: Mapping[str, Entry], open_class: bool) -> list[Hypothesis]:
        """The hypotheses that grow from a single lexicon, the shortest first."""
        beam = Beam([self.run.bench.hypothesis(entries, open_class)])
        while not beam.stuck:
            self.extend(beam)
        return beam.members

    def bracketed(self, h: Hypothesis) -> Iterator[Hypothesis]:
        """Other lexicons, where some words are always together and none is the other's partner.

        Brackets can be learned as two operators beside juxtaposition. So these words, juxtaposition
        and what may hang on it are learned anew, from four sets of the other words.
        """
        free = [w for w, e in h.entries.items() if w and not e.sign.partner]
        free = [w for w in free if h.entries[w].sign.category is not Category.PARTNER]
        sample = self.run.all[:: max(1, len(self.run.all) // self.run.config.polishing.rows)]
        pairs = bracket_pairs(free, sample, self.run.look)
        if pairs and len(sample) < len(self.run.all):  # words that a sample has once may be paired
            paired = {word for pair in pairs for word in pair}
            pairs = bracket_pairs(paired, self.run.all, self.run.look)
        if not pairs:
            return
        gone = {JUXTAPOSITION, *[w for pair in pairs for w in pair]}
        lone = self.lone_entries()
        kept = {w: e for w, e in h.entries.items() if w not in gone}
        sure = {
            w: e for w, e in kept.items() if e.sign.category is not Category.NULLARY or w in lone
        }
        for start in (kept, kept | lone, lone, sure):
            yield from self.grown(start, h.open_class)[:2]

    def rounds(self) -> Iterator[list[Hypothesis]]:
        """Grows a beam from each seed, those near the lead at once, until one explains enough.

        Where none grows the best is mended; when it cannot be, the others follow, one at a time.
        Yields the beams when one explains enough, when a leading beam that explains most is
        finished, and at the end. Between two yields working examples may be added.
        """
        share = self.run.config.search.share_of_lead
        seeds = self.seeds()
        for seed in seeds:
            self.run.note(seed)
        beams = [Beam([seed]) for seed in seeds]
        while live := [beam for beam in beams if not beam.done]:
            lead = max(len(beam.best.explained) for beam in beams)
            near = [b for b in live if len(b.best.explained) >= share * lead - 3]
            first = min(near or live, key=lambda beam: beam.best.bits)
            alone = len(live) < len(beams)
            growing = [b for b in ([first] if alone else near) if not b.stuck]
            for beam in growing:
                self.extend(beam)
            if not growing:
                self.mend(first)
            best = min((beam.best for beam in beams), key=lambda h: h.bits)
            self.run.note(best)
            self.run.log(
                f"{len(best.readings)} words, {len(best.explained)} of"
                f" {len(self.run.bench.examples)} working examples explained, {best.bits:.0f} bits"
            )
            if self.mender.solved(best):
                next(beam for beam in beams if beam.best is best).done = True
                yield ranked(h for beam in beams for h in beam.members)
                continue
            if first.done and best is first.best and self.mender.likely(best):
                size = len(self.run.bench.examples)
                yield ranked(h for beam in beams for h in beam.members)
                if len(self.run.bench.examples) > size:
                    for beam in beams:
                        self.rescore(beam)
        yield ranked(h for beam in beams for h in beam.members)

    def rescore(self, beam: Beam) -> None:
        """The same members on more working examples."""
        again = [self.run.bench.hypothesis(h.entries, h.open_class) for h in beam.members]
        beam.members = ranked(again)

    def extend(self, beam: Beam) -> None:
        """Learns more words; the beam is stuck when that fails."""
        grew = self.grow(beam, Effort.PROPOSE) or self.grow_hard(beam)
        self.run.world.lenient = True
        grew = grew or self.grow(beam, Effort.ANY_GAIN)
        self.run.world.lenient = False
        if (turned := self.mender.mirrored(beam.best)) is not None:
            beam.members = self.prune([turned, *beam.members])
        beam.stuck = not grew

    def mend(self, beam: Beam) -> None:
        """Revises the words that are known, or else guesses the next, or else gives the beam up."""
        before, world = beam.best.bits, self.run.world
        world.hard = True
        revised = self.mender.revise(beam.best)
        world.hard = False
        if revised is not beam.best:
            beam.members = self.prune([revised, *beam.members])
        elif not self.grow(beam, Effort.GUESS) or beam.best.bits >= before - 1e-6:
            beam.done = True
        beam.stuck = False

    def grow_hard(self, beam: Beam) -> bool:
        """As ``grow``, and programs of integers are sought hard."""
        world = self.run.world
        if not world.integers or not self.proposer.lacking(beam.best):
            return False
        world.hard = True
        grew = self.grow(beam, Effort.PROPOSE)
        world.hard = False
        return grew

    def remember(self, h: Hypothesis) -> None:
        """Adds the programs of integer operators to the library: others may be made of them."""
        if self.run.world.integers and self.run.config.integers.library:
            for word, entry in sorted(h.entries.items()):
                if entry.sign.arity:
                    self.run.world.learn(entry.term, entry.sign.arity)

    def grow(self, beam: Beam, effort: Effort) -> bool:
        """Adds children with one more group of words, and says whether there are any."""
        parents = beam.members[:2] if effort is Effort.GUESS else beam.members
        children = [child for h in parents for child in self.proposer.expand(h, effort)]
        new = self.prune([*children, *beam.members])
        if [h.entries for h in new] == [h.entries for h in beam.members]:
            return False
        beam.members = new
        self.remember(beam.best)
        self.run.note(beam.best)
        return True

    def prune(self, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        unique: dict[tuple, list[Hypothesis]] = {}
        for h in hypotheses:
            self.run.look()
            alike = unique.setdefault((h.open_class, len(h.entries), h.tally.bits), [])
            same = next((i for i, other in enumerate(alike) if other.entries == h.entries), None)
            if same is None:
                alike.append(h)
            elif alike[same].bits > h.bits:
                alike[same] = h
        shortest = ranked(h for alike in unique.values() for h in alike)
        first: dict[tuple, int] = {}
        order = []
        for i, h in enumerate(shortest):
            kind = (h.open_class, h.latest)
            first[kind] = first.get(kind, -1) + 1
            order.append((first[kind], i))
        chosen = [shortest[i] for _, i in sorted(order)[: self.run.config.search.beam]]
        return ranked(chosen)


def ranked(hypotheses: Iterable[Hypothesis]) -> list[Hypothesis]:
    """The shortest first."""
    return sorted(hypotheses, key=lambda h: h.bits)
