"""Steps of iterations as tables: for each small example, the next state of every state.

A step is a program that sees a state. Over a few examples and all of their states it has a row
like any other program. So steps are enumerated in a bank of their own, and an iteration is a walk
through the row. Walks of all steps are made at once.

    points   the states of the first example from 0, then those of the second, ...
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

import numpy as np

from abduce.grammars import Rule
from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.enumeration.language import ProgramLanguage

MOST_STEPS = 4096
"""The upper limit on the steps of an iteration within a step."""
DEAREST_BRANCH = 5
"""The upper limit on the cost of a branch of a conditional step."""
DEAREST_WALK = 7
"""The upper limit on the cost of a step that is taken until a test stops it."""
MOST_TESTS = 300_000
"""The upper limit on the pairs of parts up to which all tests of two parts are tried."""
MOST_HITS = 256
"""The upper limit on the tests of a batch that are looked at on a whole walk."""
MOST_STOPS = 8
"""The upper limit on the tests of a batch that are tried for a walk."""
BLOCK = 1 << 13
"""The number of walks made at once."""


@dataclass(frozen=True, slots=True)
class SmallEnd:
    """A start or a count: its term, its cost, and its values on the small examples."""

    term: Term
    cost: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Where the states of each small example stand in a row.

    Attributes:
        first: the place of state 0 of each example; one more for the end.
        goals: the wanted value of each example.
    """

    first: tuple[int, ...]
    goals: tuple[int, ...]

    @classmethod
    def of(cls, sizes: Sequence[int], goals: Sequence[int]) -> "Points":
        return cls(tuple([sum(sizes[:i]) for i in range(len(sizes) + 1)]), tuple(goals))

    @property
    def total(self) -> int:
        return self.first[-1]

    def sizes(self) -> list[int]:
        return [b - a for a, b in pairwise(self.first)]

    def block(self, example: int) -> slice:
        return slice(self.first[example], self.first[example + 1])

    def states(self) -> np.ndarray:
        return np.concatenate([np.arange(size) for size in self.sizes()])


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk of a step from a start to the goals.

    Attributes:
        going: the points on the way to them.
        ends: those where it has to end, as the count goes on.
    """

    going: Sequence[int]
    ends: Sequence[int]
    step: Term
    cost: int
    start: SmallEnd
    count: SmallEnd


Tables = Callable[[int, np.ndarray], np.ndarray]
"""A function from an example and the numbers of some steps to their next states."""
Closed = tuple[int, Term, int]
"""The cost of an iteration, its term, and the number of small examples that it misses."""


@dataclass
class Steps:
    """The bank of steps, and the iterations that are made of them.

    Attributes:
        allowed: how many of the small examples may be missed.
        own: the costs of ``iterate`` and of ``if_zero``.
    """

    language: ProgramLanguage
    columns: Columns
    points: Points
    arguments: Sequence[tuple[str, np.ndarray]]
    allowed: int
    own: tuple[int, int]
    tried: int = 0
    tests: dict[int, list[int]] = field(default_factory=dict)
    seen_tests: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        sizes = self.points.sizes()
        leaves = {name: np.repeat(values, sizes) for name, values in self.arguments}
        leaves["state 0"] = self.points.states()
        states = (INTEGER,)
        self.bank = Bank(self.language, self.columns, self.points.total, leaves, states)

    @property
    def rows(self) -> np.ndarray:
        rows = self.bank.rows[INTEGER]
        return rows.values[: rows.size]

    def grow(self, counts: Sequence[SmallEnd], until: Callable[[], bool]) -> None:
        """Add the steps of the next cost, iterations within a step too."""
        self.bank.grow(until)
        level = self.bank.level
        for end in counts:
            inner = level - self.own[0] - end.cost - self.language.costs["state 0"]
            if inner >= 2 and end.cost <= self.language.costs["state 0"] + 2:
                self._powers(end, inner, level)
        rows = self.bank.rows[INTEGER]
        start, stop = rows.span(level)
        found = []
        for index in range(start, min(stop, start + BLOCK)):
            zeros = (rows.values[index] == 0).tobytes()
            if zeros not in self.seen_tests:
                self.seen_tests.add(zeros)
                found.append(index)
        self.tests[level] = found

    def _powers(self, end: SmallEnd, inner: int, level: int) -> None:
        """Steps that iterate a cheap step from the state: the power of its table."""
        rows = self.bank.rows[INTEGER]
        start, stop = rows.span(inner)
        for index in range(start, min(stop, start + 64)):
            if not self.moves(index):
                continue
            row = np.empty(self.points.total, np.int64)
            for e, size in enumerate(self.points.sizes()):
                block = self.points.block(e)
                table = _closed(rows.values[index : index + 1, block], size)[0]
                state = np.arange(size)
                for _ in range(min(end.values[e], MOST_STEPS)):
                    state = table[state]
                row[block] = np.where(state == size, -1, state)
            if (row >= 0).any():
                row = np.where(row < 0, self.points.total, row)  # beyond the states of the table
                term = ("iterate", end.term, self.bank.term(INTEGER, index), ("state", 0))
                self.bank.insert(INTEGER, row, term, level)

    def moves(self, index: int) -> bool:
        """Whether a step depends on the state, and is not the state."""
        row = self.rows[index]
        if (row == self.points.states()).all():
            return False
        return any(
            (row[self.points.block(e)] != row[self.points.first[e]]).any()
            for e in range(len(self.points.goals))
        )

    def plain(self, starts: Sequence[SmallEnd], counts: Sequence[SmallEnd]) -> Iterator[Closed]:
        """Iterations of the steps of the last cost that give the goals."""
        rows = self.bank.rows[INTEGER]
        first, stop = rows.span(self.bank.level)
        for at in range(first, stop, BLOCK):
            block = slice(at, min(stop, at + BLOCK))

            def tables(e: int, some: np.ndarray, block: slice = block) -> np.ndarray:
                return rows.values[block, self.points.block(e)][some]

            for number, start, count, missed in self._closings(
                tables, block.stop - block.start, starts, counts
            ):
                step = self.bank.term(INTEGER, at + number)
                cost = self.own[0] + self.bank.level + start.cost + count.cost
                yield cost, ("iterate", count.term, step, start.term), missed

    def conditional(
        self, starts: Sequence[SmallEnd], counts: Sequence[SmallEnd]
    ) -> Iterator[Closed]:
        """Iterations of conditional steps of the last cost, with small branches."""
        level = self.bank.level
        rows = self.bank.rows[INTEGER]
        small = [
            (cost, index)
            for cost in range(1, DEAREST_BRANCH + 1)
            for index in range(*rows.span(cost))
        ][:32]
        chosen: list[tuple[int, int, int]] = []
        for cost_a, a in small:
            for cost_b, b in small:
                tests = self.tests.get(level - self.own[1] - cost_a - cost_b, ())
                chosen += [(c, a, b) for c in tests if a != b]
        for at in range(0, len(chosen), BLOCK):
            some = np.array(chosen[at : at + BLOCK])

            def tables(e: int, which: np.ndarray, some: np.ndarray = some) -> np.ndarray:
                block = self.points.block(e)
                c, a, b = some[which].T
                values = rows.values[:, block]
                return np.where(values[c] == 0, values[a], values[b])

            for number, start, count, missed in self._closings(tables, len(some), starts, counts):
                c, a, b = [self.bank.term(INTEGER, int(i)) for i in some[number]]
                cost = self.own[0] + level + start.cost + count.cost
                yield cost, ("iterate", count.term, ("if_zero", c, a, b), start.term), missed

    def _closings(
        self, tables: Tables, total: int, starts: Sequence[SmallEnd], counts: Sequence[SmallEnd]
    ) -> Iterator[tuple[int, SmallEnd, SmallEnd, int]]:
        """The walks that end at the goals: the step's number, start, count, how many are missed."""
        self.tried += total * len(starts) * len(counts)
        for start in starts:
            alive = np.arange(total)
            missed = np.zeros((total, len(counts)), np.int8)
            for e, goal in enumerate(self.points.goals):
                size = self.points.first[e + 1] - self.points.first[e]
                if start.values[e] >= size:
                    missed += 1
                else:
                    table = _closed(tables(e, alive), size)
                    lengths = [count.values[e] for count in counts]
                    missed += _walked(table, start.values[e], lengths) != goal
                keep = (missed <= self.allowed).any(axis=1)
                alive, missed = alive[keep], missed[keep]
                if not len(alive):
                    break
            for row, number in enumerate(alive.tolist()):
                for at in np.flatnonzero(missed[row] <= self.allowed).tolist():
                    yield number, start, counts[at], int(missed[row, at])

    def stopped(self, starts: Sequence[SmallEnd], counts: Sequence[SmallEnd]) -> Iterator[Closed]:
        """Iterations of a cheap step until a test says stop: the walk is known, so the test has to
        be of one kind on it and of the other at the goal.

        Tests are the programs of the last cost, and while they are few those of any two parts.
        Those that are 0 at the goal come first: the end is the least zero of the test, as in
        minimisation (Kleene's operator mu).
        """
        walks = list(self._walks(starts, counts))
        if not walks:
            return
        rows = self.bank.rows[INTEGER]
        first, stop = rows.span(self.bank.level)
        index = np.arange(first, stop, dtype=np.int32)
        for zero_stops in (True, False):
            yield from self._stopped_by(walks, zero_stops, rows.values[first:stop], None, (index,))
        rules = [rule for rule in self.bank.rules[INTEGER] if len(rule.args) > 1]
        rules = [rule for rule in rules if rule.name not in self.bank.elsewhere]
        spans = [span for rule in rules for span in self.bank.broad_spans(rule, self.bank.level)]
        if sum([prod([b - a for a, b in span]) for span in spans]) > MOST_TESTS:
            return
        ends = sorted({point for walk in walks for point in walk.ends})
        later: list[tuple[Walk, Rule, tuple[np.ndarray, ...]]] = []
        for rule in rules:
            for values, parts in self.bank.broad(rule, self.bank.level, np.array(ends)):
                self.tried += len(values)
                known = dict(zip(ends, (values == 0).T, strict=True))
                for walk in walks:
                    at_ends = np.array([known[point] for point in walk.ends])
                    some = _some(parts, np.asarray(at_ends.all(axis=0)))
                    if some is not None:
                        yield from self._stopped_by([walk], True, None, rule, some)
                    some = _some(parts, np.asarray(~at_ends.any(axis=0)))
                    if some is not None:
                        later.append((walk, rule, some))
        for walk, rule, some in later:
            yield from self._stopped_by([walk], False, None, rule, some)

    def _stopped_by(
        self,
        walks: "Sequence[Walk]",
        zero_stops: bool,
        tests: np.ndarray | None,
        rule: Rule | None,
        parts: tuple[np.ndarray, ...],
    ) -> Iterator[Closed]:
        """The walks that some tests stop at the goals: rows, or a rule and its parts."""
        rows = self.bank.rows[INTEGER]
        if tests is None:
            assert rule is not None
            function = self.columns.function(rule.name)
            tests = function(*[rows.values[part] for part in parts])
        state = self.language.costs["state 0"]
        for walk in walks:
            self.tried += len(tests)
            on, off = np.array(walk.going, np.int64), np.array(walk.ends, np.int64)
            good = np.flatnonzero(((tests[:, off] == 0) == zero_stops).all(axis=1))
            good = good[((tests[good][:, on] == 0) != zero_stops).all(axis=1)]
            for number in good[:MOST_STOPS].tolist():
                places = [int(part[number]) for part in parts]
                if rule is None:
                    test, cost = self.bank.term(INTEGER, places[0]), self.bank.level
                else:
                    test = self.bank.of_parts(rule, places)
                    cost = self.language.cost(rule) + sum(rows.costs[places].tolist())
                both = (("state", 0), walk.step) if zero_stops else (walk.step, ("state", 0))
                ends = walk.start, walk.count
                term = ("iterate", ends[1].term, ("if_zero", test, *both), ends[0].term)
                total = sum(self.own) + cost + state + walk.cost
                yield total + ends[0].cost + ends[1].cost, term, 0

    def _walks(self, starts: Sequence[SmallEnd], counts: Sequence[SmallEnd]) -> "Iterator[Walk]":
        """The walks of cheap steps to the goals, one for each two sets of points."""
        rows = self.bank.rows[INTEGER]
        seen: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        for cost in range(1, min(DEAREST_WALK, self.bank.level) + 1):
            for index in range(*rows.span(cost)):
                if not self.moves(index):
                    continue
                for start in starts:
                    paths = self._paths(rows.values[index], start)
                    if paths is None:
                        continue
                    going = [p for path in paths for p in path[:-1]]
                    for count in counts:
                        lengths = [len(path) - 1 for path in paths]
                        if any(n > c for n, c in zip(lengths, count.values, strict=True)):
                            continue
                        ends = [
                            path[-1]
                            for path, c in zip(paths, count.values, strict=True)
                            if len(path) - 1 < c
                        ]
                        key = (tuple(going), tuple(ends))
                        if key not in seen and going and ends:
                            seen.add(key)
                            term = self.bank.term(INTEGER, index)
                            yield Walk(going, ends, term, cost, start, count)

    def _paths(self, row: np.ndarray, start: SmallEnd) -> list[list[int]] | None:
        """The points from the start to the goal of each example; None if one is not reached."""
        paths = []
        for e, goal in enumerate(self.points.goals):
            first, size = self.points.first[e], self.points.first[e + 1] - self.points.first[e]
            state, path = start.values[e], []
            while state < size and len(path) <= size:
                path.append(first + state)
                if state == goal:
                    break
                state = int(row[first + state])
            if not path or path[-1] != first + goal:
                return None
            paths.append(path)
        return paths


def _some(parts: tuple[np.ndarray, ...], good: np.ndarray) -> tuple[np.ndarray, ...] | None:
    """The parts of the first tests that are good; None where there are none."""
    hits = np.flatnonzero(good)[:MOST_HITS]
    return tuple([part[hits] for part in parts]) if len(hits) else None


def _closed(table: np.ndarray, size: int) -> np.ndarray:
    """Next states with one more state, for all that are beyond the table."""
    closed = np.full((len(table), size + 1), size, np.int64)
    closed[:, :size] = np.minimum(table, size)
    return closed


def _walked(tables: np.ndarray, start: int, lengths: Sequence[int]) -> np.ndarray:
    """The states after each number of steps, for every table: [tables, lengths].

    Walks longer than twice the states are followed only where they stand still by then.
    """
    count, width = tables.shape
    flat, base = tables.reshape(-1), np.arange(count) * width
    state = np.full(count, start)
    result = np.full((count, len(lengths)), width - 1)
    done, most = 0, 2 * width
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        for step in range(done, min(lengths[at], most)):
            new = flat[base + state]
            if step % 8 == 0 and (new == state).all():
                most = done = step  # all stand still
                break
            state = new
        done = max(done, min(lengths[at], most))
        if lengths[at] <= most:
            result[:, at] = state
        else:
            result[:, at] = np.where(flat[base + state] == state, state, width - 1)
    return result
