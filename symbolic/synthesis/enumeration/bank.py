"""A bank: programs by sort and cost, one for each row of values, cheapest first.

Two programs with equal rows cannot be told apart by the examples, and only the first is kept
(observational equivalence). A program is stored as its rule and the places of its parts.

Source: Albarghouthi, Gulwani and Kincaid 2013, Recursive program synthesis (ESCHER); Udupa et al.
2013, TRANSIT.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from abduce.grammars import Rule
from abduce.symbolic.programs.typed.primitives import Sort
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.enumeration.hashing import HashSet, hash_weights
from abduce.symbolic.synthesis.enumeration.language import ProgramLanguage
from abduce.symbolic.synthesis.examples import LARGEST

CHUNK = 1 << 15
"""The number of programs that are evaluated at once."""
MOST_PARTS = 3


class Rows:
    """The rows of one sort: values, and how each program is made."""

    def __init__(self, points: int) -> None:
        self.values = np.zeros((64, points), np.int64)
        self.rules = np.zeros(64, np.int16)
        self.parts = np.zeros((64, MOST_PARTS), np.int32)
        self.costs = np.zeros(64, np.int16)
        self.size = 0
        self.spans: dict[int, tuple[int, int]] = {}
        self.seen = HashSet()

    def span(self, cost: int) -> tuple[int, int]:
        """The first row of a cost, and the one after the last."""
        return self.spans.get(cost, (0, 0))

    def append(
        self, values: np.ndarray, rule: int, parts: tuple[np.ndarray, ...], cost: int
    ) -> None:
        count = len(values)
        if self.size + count > len(self.values):
            self._grow(max(2 * len(self.values), self.size + count))
        at = slice(self.size, self.size + count)
        self.values[at] = values
        self.rules[at] = rule
        self.costs[at] = cost
        for i, part in enumerate(parts):
            self.parts[at, i] = part
        self.size += count

    def _grow(self, capacity: int) -> None:
        for name in ("values", "rules", "parts", "costs"):
            old = getattr(self, name)
            new = np.zeros((capacity, *old.shape[1:]), old.dtype)
            new[: self.size] = old[: self.size]
            setattr(self, name, new)


@dataclass
class Bank:
    """The programs of one list of states, over some points.

    Attributes:
        states: the sorts of the states that its programs see.
        leaves: the column of each leaf that is no constant, by the name of its rule.
        elsewhere: the greatest cost of the programs that are made here by some rules, whose dearer
            programs are found in other ways.
        hidden: rules that its programs do not use.
        tried: the number of programs evaluated.
    """

    language: ProgramLanguage
    columns: Columns
    points: int
    leaves: Mapping[str, np.ndarray]
    states: tuple[Sort, ...] = ()
    elsewhere: Mapping[str, int] = field(default_factory=lambda: {"if_zero": 0})
    hidden: Sequence[str] = ()
    tried: int = 0
    cells: int = 0
    level: int = 0
    rows: dict[Sort, Rows] = field(default_factory=dict)
    rules: dict[Sort, tuple[Rule, ...]] = field(default_factory=dict)
    others: list[Term] = field(default_factory=list)
    """Terms of rows that come from elsewhere; their rule is -1."""

    def __post_init__(self) -> None:
        self.weights = hash_weights(self.points)
        start = self.language.grammar.start
        assert isinstance(start, tuple)
        todo: list[Sort] = [start[0]]
        while todo:
            sort = todo.pop()
            if sort in self.rows:
                continue
            self.rows[sort] = Rows(self.points)
            rules = self.language.grammar.rules((sort, self.states))
            self.rules[sort] = tuple(
                [
                    rule
                    for rule in rules
                    if rule.name not in self.language.binders and rule.name not in self.hidden
                ]
            )
            todo += [place[0] for rule in rules for place in rule.args]  # type: ignore[index]

    def column(self, name: str) -> np.ndarray:
        """The row of a leaf."""
        if name in self.leaves:
            return self.leaves[name]
        term = self.language.leaves[name]
        return np.full(self.points, self.columns.constant(term), np.int64)

    def grow(self, until: Callable[[], bool] = lambda: False) -> None:
        """Add all programs of the next cost; `until` stops it early."""
        self.level += 1
        for sort, rows in self.rows.items():
            start = rows.size
            rows.spans[self.level] = (start, start)
            for number, rule in enumerate(self.rules[sort]):
                for values, parts in self.made(rule, self.level):
                    self.keep(sort, values, number, parts, self.level)
                    rows.spans[self.level] = (start, rows.size)
                    if until():
                        return

    def keep(
        self, sort: Sort, values: np.ndarray, rule: int, parts: tuple[np.ndarray, ...], cost: int
    ) -> None:
        """Add the rows that are new and within limits."""
        rows = self.rows[sort]
        self.tried += len(values)
        keys = values @ self.weights
        good = rows.seen.add(keys)
        kept = np.flatnonzero(good)
        if not len(kept):
            return
        values = values[kept]
        valid = (values.view(np.uint64) <= LARGEST).all(axis=1)
        if not valid.all():
            kept, values = kept[valid], values[valid]
        rows.append(values, rule, tuple([part[kept] for part in parts]), cost)
        self.cells += len(kept) * self.points

    def insert(self, sort: Sort, row: np.ndarray, term: Term, cost: int) -> bool:
        """Add a program that was found in another way to the level that is being made; returns
        whether it is new."""
        rows = self.rows[sort]
        before = rows.size
        self.others.append(term)
        number = np.array([len(self.others) - 1], np.int32)
        self.keep(sort, row[None, :], -1, (number,), cost)
        start = rows.span(self.level)[0] if self.level in rows.spans else before
        rows.spans[self.level] = (start, rows.size)
        return rows.size > before

    def made(
        self, rule: Rule, cost: int, points: "slice | np.ndarray" = slice(None), beyond: int = 0
    ) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, ...]]]:
        """The rows of a rule's programs of a cost, chunk by chunk, with the places of their parts.

        Args:
            points: the points at which they are evaluated.
            beyond: the cost that at least one part exceeds.
        """
        left = cost - self.language.cost(rule)
        if not rule.args:
            if left == 0:
                yield self.column(rule.name)[None, points], ()
            return
        if rule.name in self.elsewhere and cost > self.elsewhere[rule.name]:
            return
        pools = [self.rows[place[0]] for place in rule.args]  # type: ignore[index]
        for spans in _shares(pools, left, beyond):
            yield from self._evaluated(rule, spans, points)

    def broad(
        self, rule: Rule, level: int, points: "slice | np.ndarray"
    ) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, ...]]]:
        """The rows of all programs of a rule whose dearest part is of a level."""
        for spans in self.broad_spans(rule, level):
            yield from self._evaluated(rule, spans, points)

    def broad_spans(self, rule: Rule, level: int) -> list[list[tuple[int, int]]]:
        """The spans of parts for `broad`: one part of the level, those before it below."""
        pools = [self.rows[place[0]] for place in rule.args]  # type: ignore[index]
        found = []
        for at in range(len(pools)):
            spans = [
                (0, pool.span(level)[0]) if i < at
                else pool.span(level) if i == at
                else (0, pool.span(level)[1])
                for i, pool in enumerate(pools)
            ]  # fmt: skip
            if all(stop > start for start, stop in spans):
                found.append(spans)
        return found

    def _evaluated(
        self, rule: Rule, spans: list[tuple[int, int]], points: "slice | np.ndarray"
    ) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, ...]]]:
        function = self.columns.function(rule.name)
        pools = [self.rows[place[0]] for place in rule.args]  # type: ignore[index]
        for blocks in _chunks(spans):
            sizes = [stop - start for start, stop in blocks]
            arrays = []
            for at, (pool, (start, stop)) in enumerate(zip(pools, blocks, strict=True)):
                values = pool.values[start:stop, points]
                shape = [1] * len(blocks)
                shape[at] = stop - start
                arrays.append(values.reshape(*shape, values.shape[1]))
            values = function(*arrays)
            yield values.reshape(-1, values.shape[-1]), _places(blocks, sizes)

    def term(self, sort: Sort, index: int) -> Term:
        """The program of a row."""
        rows = self.rows[sort]
        number = int(rows.rules[index])
        if number < 0:
            return self.others[int(rows.parts[index, 0])]
        return self.of_parts(self.rules[sort][number], rows.parts[index].tolist())

    def of_parts(self, rule: Rule, parts: list[int]) -> Term:
        """The program of a rule and the places of its parts."""
        if not rule.args:
            return self.language.leaves[rule.name]
        places = zip(rule.args, parts[: len(rule.args)], strict=True)
        children = [self.term(place[0], part) for place, part in places]  # type: ignore[index]
        return (rule.name, *children)


def _places(blocks: list[tuple[int, int]], sizes: list[int]) -> tuple[np.ndarray, ...]:
    if len(blocks) == 1:
        return (np.arange(blocks[0][0], blocks[0][1], dtype=np.int32),)
    axes = np.meshgrid(
        *[np.arange(start, stop, dtype=np.int32) for start, stop in blocks], indexing="ij"
    )
    return tuple([axis.reshape(-1) for axis in axes])


def _shares(pools: list[Rows], left: int, beyond: int) -> Iterator[list[tuple[int, int]]]:
    """The spans of parts for every way to share out a cost, one part dearer than `beyond`."""
    first, *rest = pools
    if not rest:
        start, stop = first.span(left)
        if stop > start and left > beyond:
            yield [(start, stop)]
        return
    for cost, (start, stop) in first.spans.items():
        if stop > start and cost < left:
            for others in _shares(rest, left - cost, 0 if cost > beyond else beyond):
                yield [(start, stop), *others]


def _chunks(spans: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Blocks of spans with at most about `CHUNK` combinations each."""
    total = 1
    for start, stop in spans:
        total *= stop - start
    if total <= CHUNK:
        yield spans
        return
    at = max(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0])
    start, stop = spans[at]
    half = (start + stop) // 2
    if half == start:
        yield spans
        return
    for piece in ((start, half), (half, stop)):
        yield from _chunks([*spans[:at], piece, *spans[at + 1 :]])
