"""Abduction for one example: the smallest revision under which a lexicon gives the target.

Sets of edits are searched best first; ``repertoire`` states what they cost. A set is put together
in this order: misreadings from left to right; entries replaced by *simple* programs; a derivation
against binding; and last one entry whose program is induced from the value wanted of it, through
all its ancestors. The priority of a set in the queue is at most its cost, so the first set that
gives the target is the smallest of all sets of this form. If fuel or time ends first, the smallest
known set is returned, and says that it may not be the smallest. The form is limited in five ways:

    of several replaced entries all but one have simple programs (``Repertoire.simple``);
    an operator that occurs more than once has a simple program;
    a value of which the ancestors drop a token is not solved for, nor is an integer;
    ``MAX_REBOUND`` derivations of a sentence are examined, those with the fewest violations;
    only a word without an entry gets a sign: nullary, or one in use.

Source: Li et al. 2024, NSR, section 3.3, which samples revisions; here they are searched in order.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol

from abduce import clock
from abduce.symbolic.nsr.abduction.edits import (
    Edit,
    Misread,
    Rebound,
    Redefined,
    Revision,
    Steps,
    bracketed,
    code_of,
    drawn,
    readings_of,
    tokens_of,
)
from abduce.symbolic.nsr.abduction.repertoire import Repertoire
from abduce.symbolic.nsr.deduction import chart
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Reading, Sign
from abduce.symbolic.nsr.hypothesis import Entry
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.programs.typed.typing import lists

FUEL: Final = 20_000
MAX_REBOUND: Final = 24
MAX_CHART_ITEMS: Final = 20_000
HOLE_FUEL: Final = 10
"""The fuel that solving for one program takes; trying a short sentence takes 1."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """No revision was found: why, and how many were tried."""

    reason: str
    tried: int


def explain_target(
    lexicon: Lexicon,
    sentence: str | Sequence[str],
    target: str | Sequence[str],
    *,
    fuel: int = FUEL,
    deadline: float | None = None,
) -> Revision | GaveUp:
    """The smallest revision of perception, syntax and meaning under which the target is given.

    When ``Revision.smallest`` is false, fuel or time did not suffice to rule out smaller ones. The
    rivals of the lexicon are ignored. See the module for what is searched.

    Args:
        sentence: words, or a string of words between blanks.
        target: output tokens, or a string of them; it may be empty.
        fuel: units of work; to try a revision of a sentence of up to 16 words takes one.
        deadline: ``clock.wall_s()`` after which the search gives up.

    >>> from abduce.symbolic.nsr.learn import learn
    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> revision = explain_target(lexicon, "dax fep", "BLUE BLUE BLUE")
    >>> print(revision.show())
    word 1, 'dax', is read as 'lug'
    (5.6 bits)
    """
    words = tuple(sentence.split() if isinstance(sentence, str) else sentence)
    tokens = tuple(target.split() if isinstance(target, str) else target)
    if not words:
        return GaveUp("the sentence is empty", 0)
    return _Search(lexicon, tokens, fuel, deadline).run(words)


@dataclass(frozen=True, slots=True)
class _State:
    """Some edits with their bits, and the readings and derivation that they give the sentence."""

    words: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    bits: float = 0.0
    steps: Steps | None = None
    last: bool = False

    @property
    def changes(self) -> dict[str, Entry]:
        return {e.word: e.new for e in self.edits if isinstance(e, Redefined)}

    def edited(self, edit: Edit, cost: float) -> "_State":
        return replace(self, edits=(*self.edits, edit), bits=self.bits + cost)


class _Trial(Protocol):
    def __call__(self) -> Revision | None: ...


_Stream = Iterator[tuple[float, _Trial]]
"""Trials in ascending order of cost; further edits of a trial never cost less."""


class _OutOfFuelError(Exception):
    pass


class _Search:
    """The queue, and the ways to edit a state further."""

    def __init__(
        self, lexicon: Lexicon, target: tuple[str, ...], fuel: int, deadline: float | None
    ) -> None:
        self.lexicon = lexicon
        self.repertoire = Repertoire(lexicon, target)
        self.target = target
        self.fuel = self.left = fuel
        self.deadline = deadline
        self.tried = 0
        self.queue: list[tuple[float, int, _Trial, _Stream]] = []
        self.queued = 0
        self.known: list[_State] = []  # states that give the target and wait in the queue

    def run(self, words: tuple[str, ...]) -> Revision | GaveUp:
        self.push(0.0, partial(self.attempt, _State(words)))
        try:
            while self.queue:
                if clock.passed(self.deadline):
                    return self.best_known("out of time")
                _, _, trial, stream = heapq.heappop(self.queue)
                found = trial()
                if found is not None:
                    return found
                self.push_next(stream)
        except _OutOfFuelError:
            return self.best_known(f"out of fuel ({self.fuel} units of work)")
        return GaveUp("no revision of the kinds searched gives the target", self.tried)

    def best_known(self, reason: str) -> Revision | GaveUp:
        if not self.known:
            return GaveUp(reason, self.tried)
        best = min(self.known, key=lambda state: state.bits)
        revision = self.revision(best)
        return GaveUp(reason, self.tried) if revision is None else replace(revision, smallest=False)

    def revision(self, state: _State) -> Revision | None:
        """The revision, if the edits of the state give the target."""
        changes = state.changes
        readings = readings_of(self.lexicon, state.words, changes)
        code = code_of(state.words, readings, state.steps)
        if code is None or tokens_of(self.lexicon, code) != self.target:
            return None
        tree = drawn(self.lexicon, state.words, code, changes)
        return Revision(state.edits, state.bits, tree)

    def push(self, cost: float, trial: _Trial) -> None:
        self.push_next(iter([(cost, trial)]))

    def push_all(self, trials: Iterable[tuple[float, _Trial]]) -> None:
        self.push_next(iter(sorted(trials, key=lambda trial: trial[0])))

    def push_next(self, stream: _Stream) -> None:
        """Queues the next trial of a stream; the one after it is queued when this one is done."""
        following = next(stream, None)
        if following is not None:
            self.queued += 1
            heapq.heappush(self.queue, (following[0], self.queued, following[1], stream))

    def spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise _OutOfFuelError

    def attempt(self, state: _State) -> Revision | None:
        """The revision, if its edits give the target; otherwise all further edits are queued."""
        self.spend(1 + len(state.words) // 16)
        self.tried += 1
        revision = self.revision(state)
        if revision is not None or state.last:
            return revision
        least = state.bits + self.ahead(state)
        if state.steps is None:
            if not state.changes:
                self.push_next(self.misreadings(state))
            self.push(least + self.repertoire.violation_bits, partial(self.rebind, state))
            once = max(least, state.bits + self.repertoire.least_redefined)
            self.push(once, partial(self.push_all, self.simple(state)))
        if state.edits:
            once = max(least, state.bits + self.repertoire.least_redefined)
            self.push(once, partial(self.push_all, self.holes(state)))
        else:  # at once, to have something to fall back on when the fuel ends
            for _, trial in self.holes(state):
                trial()
        return None

    def ahead(self, state: _State) -> float:
        return self.repertoire.ahead(state.words, state.changes)

    def misreadings(self, state: _State) -> _Stream:
        """Each word after the last misread one, read as each other symbol."""
        bits = state.bits + self.repertoire.misread_bits
        least = bits + self.ahead(state)
        start = max([e.position + 1 for e in state.edits if isinstance(e, Misread)], default=0)
        for i in range(start, len(state.words)):
            for symbol in self.repertoire.symbols:
                if symbol != state.words[i]:
                    edit = Misread(i, state.words[i], symbol)
                    words = (*state.words[:i], symbol, *state.words[i + 1 :])
                    new = _State(words, (*state.edits, edit), bits)
                    yield least, partial(self.attempt, new)

    def rebind(self, state: _State) -> None:
        """Queues the derivations of a state that break binding."""
        self.spend(len(state.words) ** 2)
        readings = readings_of(self.lexicon, state.words, state.changes)
        ahead = self.ahead(state)
        found = chart.derivations(
            *chart.positions_of(state.words, {w: [(0.0, r)] for w, r in readings.items()}),
            MAX_REBOUND,
            violation_bits=1.0,
            max_items=MAX_CHART_ITEMS,
        )
        trials: list[tuple[float, _Trial]] = []
        for derivation in () if isinstance(found, chart.GaveUp) else found:
            violations = round(-derivation.log_weight / math.log(2.0))
            if violations:
                steps = tuple([(arity, index) for arity, _, index in derivation.code])
                edit = Rebound(violations, steps, bracketed(state.words, steps, readings))
                new = state.edited(edit, violations * self.repertoire.violation_bits)
                trials.append((new.bits + ahead, partial(self.attempt, replace(new, steps=steps))))
        self.push_all(trials)

    def simple(self, state: _State) -> _Stream:
        """Each word after the last redefined one (in their order) with each simple program."""
        last = max(state.changes, default=None)
        for word in self.repertoire.redefinable(state.words):
            if last is None or word > last:
                for bits, entry in self.repertoire.simple(word):
                    new = state.edited(Redefined(word, self.repertoire.entry(word), entry), bits)
                    yield new.bits + self.ahead(new), partial(self.attempt, new)

    def holes(self, state: _State) -> _Stream:
        """Each word, as the one whose program is to be solved for."""
        changes = state.changes
        for word in self.repertoire.redefinable(state.words):
            if word not in changes:
                for sign in self.repertoire.signs(word):
                    least = self.repertoire.least(word, sign, state.words, changes)
                    yield state.bits + least, partial(self.solve, state, word, sign)

    def solve(self, state: _State, word: str, sign: Sign) -> None:
        """Queues the state with the program that the word must have to give the target, if there is
        one."""
        size = 1 + (len(state.words) + len(self.target)) // 16
        self.spend(HOLE_FUEL + size * (len(self.target) if state.words.count(word) > 1 else 1))
        readings = readings_of(self.lexicon, state.words, state.changes)
        readings[word] = Reading.of(sign, "", lists(sign.arity))
        code = code_of(state.words, readings, state.steps)
        if code is not None:
            names = (*state.words, JUXTAPOSITION)  # its steps have index -1
            at = [k for k, (_, _, index) in enumerate(code) if names[index] == word]
            entry = self.repertoire.solved(word, sign, code, at)
            if entry is not None:
                edit = Redefined(word, self.repertoire.entry(word), entry)
                new = replace(state.edited(edit, self.repertoire.bits(word, entry)), last=True)
                self.known.append(new)
                self.push(new.bits, partial(self.attempt, new))
