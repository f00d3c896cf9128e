"""A run of learning: what all its steps share, and the best that they have found so far."""

from collections.abc import Callable, Mapping, Sequence

from abduce import clock
from abduce.symbolic.nsr.deduction.syntax import Reading
from abduce.symbolic.nsr.hypothesis import (
    Example,
    Hypothesis,
    Look,
    OutOfTimeError,
    Workbench,
    World,
    answer_of,
    spaced,
    unhurried,
)
from abduce.symbolic.nsr.learning.association import associated_values, lone_values
from abduce.symbolic.programs.typed.primitives import Value


class Run:
    """One data set with its working examples, the clock, the log, and the leading hypothesis.

    Attributes:
        all: every example.
        bench: the working examples; the first ``drawn`` are a sample, the others failures.
        associated: the lists that seem to be words' own.
        lone: the lists of words that are a sentence by themselves.
        seen: the identities of the working examples.
        leader: the shortest hypothesis on the working examples so far.
        first, last: the words with which examples begin and end.
        kept: the shortest on all examples so far, of those that were scored on all.
    """

    def __init__(
        self,
        world: World,
        examples: Sequence[Example],
        deadline: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self.world = world
        self.config = config = world.config
        self.deadline = world.deadline = deadline
        self.all = examples
        self.look = unhurried if deadline is None else self.check
        working = select(examples, config.mending.working, self.look)
        self.bench = Workbench(world, working, self.look)
        self.drawn = len(self.bench.examples)
        self.seen = {id(example) for example in working}
        self.associated = associated_values(examples, config.search.association, self.look)
        self.lone = lone_values(examples)
        self.first = frozenset([example.words[0] for example in examples])
        self.last = frozenset([example.words[-1] for example in examples])
        self.log: Callable[[str], None] = progress or (lambda _: None)
        self.leader: Hypothesis | None = None
        self.compared = 0  # working examples by which the leader is one
        self.kept: Hypothesis | None = None
        self._evidence: dict[str, Sequence[Example]] = {}

    def extend(self, examples: Sequence[Example]) -> None:
        """Further working examples."""
        self.seen |= {id(example) for example in examples}
        self.bench.extend(examples)

    def evidence(self, word: str) -> Sequence[Example]:
        """All examples with a word, the shortest first."""
        if word not in self._evidence:
            mine = [e for e in self.all if word in e.vocabulary]
            self._evidence[word] = sorted(mine, key=lambda e: len(e.words))
        return self._evidence[word]

    def check(self) -> None:
        """Raises OutOfTimeError after the deadline."""
        if clock.passed(self.deadline):
            raise OutOfTimeError

    def answer(self, words: Sequence[str], readings: Mapping[str, Reading]) -> Value | None:
        """As ``answer_of``, after a look at the clock."""
        self.look()
        return answer_of(words, readings)

    def note(self, h: Hypothesis) -> None:
        """Keeps the shortest hypothesis so far, for when time is up.

        On more working examples than before all are compared anew.
        """
        size = len(self.bench.examples)
        if self.leader is None or size > self.compared or h.bits < self.leader.bits:
            self.leader, self.compared = h, size


def select(examples: Sequence[Example], size: int, look: Look = unhurried) -> list[Example]:
    """For each word its shortest sentences, then every n-th of the rest; shortest first."""
    ordered = sorted(range(len(examples)), key=lambda i: (len(examples[i].words), i))
    seen: dict[str, int] = {}
    chosen: list[int] = []
    each = max(4, size // 16)
    for i in ordered:
        look()
        fresh = [w for w in examples[i].vocabulary if seen.get(w, 0) < each]
        if not fresh or len(chosen) >= size:
            continue
        chosen.append(i)
        for w in examples[i].vocabulary:
            seen[w] = seen.get(w, 0) + 1
    taken = set(chosen)
    rest = [i for i in ordered if i not in taken]
    extra = max(1, size // 2, size - len(chosen))
    chosen += spaced(rest, extra)
    return [examples[i] for i in sorted(set(chosen), key=lambda i: (len(examples[i].words), i))]
