"""Charts of many sentences under one lexicon, compiled: what stands where, given the value.

The result is that of ``outside.posteriors``, for symbols that are seen with some probability. Three
limits keep it fast, and the share of the derivations that they leave out is told: the likeliest
symbols of each position, the weight below which a part is negligible, and the values told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from abduce.errors import UnsupportedError
from abduce.symbolic.nsr.deduction import compiled
from abduce.symbolic.nsr.deduction.syntax import Category, Reading
from abduce.symbolic.nsr.deduction.tables import OTHER, Tables
from abduce.symbolic.programs.typed.primitives import Value

Meanings = Mapping[str, Sequence[tuple[float, Reading]]]
"""The readings of each symbol, with their probabilities. A symbol that is a partner has no other
name than that which operators give their partner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What of a sentence is looked at.

    Attributes:
        exact: the number of positions up to which every symbol of a position is looked at.
        symbols: the likeliest symbols of a position in longer sentences.
        symbol: the least probability of a symbol that is looked at in longer sentences.
        share: the least probability of a symbol that is looked at in any sentence, the least share
            of the forest for its parts, and the least share of a phrase for its values.
        values: the upper limit on the values of a phrase that are kept apart, the likeliest first.
        edges: the upper limit on the ways to make phrases.
        steps: the upper limit on pairs of values.
    """

    exact: int = 7
    symbols: int = 4
    symbol: float = 1e-6
    share: float = 1e-9
    values: int = 1024
    edges: int = 300_000
    steps: int = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What is known of a sentence, given its value.

    Attributes:
        probability: the probability of the value, among the derivations; 0 where none has it.
        symbols: [positions, symbols], the probability of each symbol given the value.
        readings: the expected number of uses of each reading, symbol by symbol.
        dropped: the upper limit on the share of derivations that were left out.
    """

    probability: float
    symbols: np.ndarray
    readings: np.ndarray
    dropped: float


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The fuel ran out: nothing is known of the sentence."""

    reason: str


class Charts:
    """Charts under one lexicon.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Sign
    >>> plus = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x + y)
    >>> meanings = {"1": [(1.0, Reading.of(NULLARY, 1))], "2": [(1.0, Reading.of(NULLARY, 2))]}
    >>> charts = Charts(meanings | {"+": [(1.0, plus)]}, Tables(lambda value: True))
    >>> seen = np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0], [0.25, 0.75, 0.0]])
    >>> charts.given(seen, 3).symbols.tolist()
    [[0.75, 0.25, 0.0], [0.0, 0.0, 1.0], [0.25, 0.75, 0.0]]
    >>> charts.likeliest(seen[::2]), charts.likeliest(seen)
    (None, [0, 2, 1])
    """

    def __init__(self, meanings: Meanings, tables: Tables, limits: Limits = Limits()) -> None:
        self.symbols = list(meanings)
        self.tables, self.limits = tables, limits
        self.readings = [reading for name in meanings for _, reading in meanings[name]]
        self.shares = np.array([share for name in meanings for share, _ in meanings[name]])
        sizes = [len(meanings[name]) for name in meanings]
        self._spans = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.owners = np.repeat(np.arange(len(sizes)), sizes)
        self._refuse()
        self._signs = self._sign_table()
        self._meanings = np.array([self._meaning(each) for each in self.readings], np.int64)
        self._room = _Room(limits, tables.most)

    def _refuse(self) -> None:
        """Refuses signs that the compiled chart has no rule for.

        Raises:
            UnsupportedError: there are some; names them.
        """
        named = zip(self.owners, self.readings, strict=True)
        strange = [
            f"{self.symbols[owner] or 'two phrases side by side'}: {each.category.name.lower()}"
            for owner, each in named
            if each.kind > Category.REVERSE_POLISH or not self.symbols[owner]
        ]
        if strange:
            raise UnsupportedError("the compiled chart", tuple(dict.fromkeys(strange)))

    def _sign_table(self) -> np.ndarray:
        bounds = {bound for each in self.readings for bound in (each.left, each.right)}
        rank = {bound: n for n, bound in enumerate(sorted(bounds))}
        self._levels = len(rank) + 1
        number = {name: n for n, name in enumerate(self.symbols)}
        rows = [
            (each.kind, rank[each.left], rank[each.right], owner, number.get(each.partner, -1))
            for each, owner in zip(self.readings, self.owners, strict=True)
        ]
        return np.array(rows, np.int64).reshape(-1, 5)

    def _meaning(self, reading: Reading) -> int:
        meaning = reading.meaning
        if reading.category is Category.PARTNER:
            return OTHER
        return self.tables.operator(meaning) if callable(meaning) else self.tables.number(meaning)

    def given(self, seen: np.ndarray, value: Value) -> Found | TooMuch:
        """What stands at each position, given the value of the sentence.

        Args:
            seen: [positions, symbols], the probability of each symbol at each position.
        """
        built = self._forest(seen, len(seen) > self.limits.exact)
        if isinstance(built, TooMuch):
            return built
        none = Found(0.0, np.zeros_like(seen), np.zeros(len(self.readings)), built.dropped)
        target = self.tables.number(value)
        if built.root == built.count or target == OTHER:
            return none
        return self._valued(built, seen, target) or none

    @property
    def lexicon(self) -> dict[str, Reading]:
        """The likeliest reading of each symbol."""
        chosen = [
            self.readings[start + int(np.argmax(self.shares[start:end]))]
            for start, end in pairwise(self._spans.tolist())
        ]
        return dict(zip(self.symbols, chosen, strict=True))

    def estimate(self, uses: np.ndarray, added: float) -> None:
        """Sets the shares of the readings of each symbol in proportion to their expected uses.

        Args:
            added: the number added to the uses of each reading that has a share.
        """
        weight = np.where(self.shares > 0.0, uses + added, 0.0)
        total = np.bincount(self.owners, weight, len(self.symbols))
        self.shares = weight / np.maximum(total, 1e-300)[self.owners]

    def likeliest(self, seen: np.ndarray, *, every: bool = False) -> list[int] | None:
        """The symbols of the derivation of greatest weight; None where there is none.

        Args:
            every: whether to look at every symbol of each position, in longer sentences too.
        """
        built = self._forest(seen, len(seen) > self.limits.exact and not every)
        room = self._room
        reading = np.zeros(len(seen), np.int64)
        if isinstance(built, TooMuch) or not compiled.best(
            built.count, built.root, built.begin, built.order, room.edges, room.weight,
            built.found, reading,
        ):  # fmt: skip
            return None
        return [int(self.owners[each]) for each in reading]

    def _forest(self, seen: np.ndarray, longer: bool) -> "_Built | TooMuch":
        limits, room, n = self.limits, self._room, len(seen)
        most = limits.symbols if longer else seen.shape[1]
        floor = limits.symbol if longer else limits.share
        found = np.empty((n * len(self.readings), 2), np.int64)
        given = np.empty(len(found))
        weights = np.ascontiguousarray(seen, np.float64)
        first, left_out = compiled.candidates(
            weights, most, floor, self._spans, self.shares, found, given
        )
        state, root = compiled.forest(
            n, self._levels, first, found, given, self._signs,
            room.phrases, room.weights, room.edges, room.weight,
        )  # fmt: skip
        count, size, ended = (int(each) for each in state)
        if ended == compiled.FULL:
            return TooMuch(f"more than {limits.edges:,} ways to make its phrases")
        begin, order = compiled.by_phrase(count, room.edges, size)
        return _Built(count, int(root), int(first[-1]), found, begin, order, left_out)

    def _valued(self, built: "_Built", seen: np.ndarray, target: int) -> Found | TooMuch | None:
        limits, room, tables = self.limits, self._room, self.tables
        count, root, begin, order = built.count, built.root, built.begin, built.order
        forest = (count, root, begin, order, room.edges, room.weight)
        total = room.weights[root:count].sum()
        negligible = compiled.useful(*forest, room.weights, room.outside, limits.share)
        read = np.empty(built.candidates)
        while True:
            common = (built.found, self._meanings, tables.rows, tables.unary, tables.binary)
            store = (room.phrases, room.number, room.inside)
            asked = compiled.values_inside(
                *forest, room.outside, *common, *store, room.sums, room.asked,
                limits.values, limits.share, limits.steps,
            )  # fmt: skip
            right = other = 0.0
            if asked == 0:
                read[:] = 0.0
                asked, right, other = compiled.values_outside(
                    target, *forest, room.outside, *common, *store, room.around, room.sums,
                    room.asked, read, limits.steps,
                )  # fmt: skip
            if asked == compiled.FULL:
                room.sums[:] = 0.0
                return TooMuch(f"more than {limits.steps:,} pairs of values")
            if asked == 0:
                break
            tables.asked(np.unique(room.asked[:asked], axis=0))
        if right == 0.0:
            return None
        dropped = min(1.0, built.dropped + negligible + other / total)
        symbols = np.zeros(seen.shape)
        readings = np.zeros(len(self.readings))
        at, reading = built.found[: built.candidates].T
        np.add.at(symbols, (at, self.owners[reading]), read / right)
        np.add.at(readings, reading, read / right)
        return Found(float(right / total), symbols, readings, float(dropped))


@dataclass(frozen=True, slots=True, eq=False)
class _Built:
    """A forest: its size, and its edges by phrase."""

    count: int
    root: int
    candidates: int
    found: np.ndarray
    begin: np.ndarray
    order: np.ndarray
    dropped: float


class _Room:
    """Arrays that all charts of a lexicon use one after the other."""

    def __init__(self, limits: Limits, values: int) -> None:
        size = limits.edges
        self.phrases = np.zeros((size, 4), np.int64)
        self.weights = np.zeros(size)
        self.outside = np.zeros(size)
        self.edges = np.zeros((size, 5), np.int64)
        self.weight = np.zeros(size)
        self.number = np.zeros(4 * size, np.int64)
        self.inside = np.zeros(4 * size)
        self.around = np.zeros(4 * size)
        self.sums = np.zeros(values)
        self.asked = np.zeros((4096, 3), np.int64)
