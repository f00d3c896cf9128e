"""Exact deduction: a sentence's values over all its derivations and all the readings of its words.

The chart follows from the table in ``syntax`` and two rules, with no stack and no order of reading.
Seen from outside, a phrase is its span, the sort of its values and two numbers:

    left    the least level of the operators that have an operand at its left edge
    right   the least threshold (``Sign.right``) of the operators open at its right edge

An operator of level l takes a left operand with right > l: one of the open operators would have
absorbed it otherwise. An operator of threshold r takes a right operand with left >= r: it would
have ended sooner otherwise. Operands closed by a partner are free. With one reading a word the two
rules leave exactly the derivation that ``parse`` finds. Operands are of the sorts that an operator
takes.

What stands at a position need not be known: a position has any number of weighted readings, of one
word (a homonym) or of several (a symbol that is hard to see).

Derivations are packed into a forest first; those of no use to the whole sentence are dropped, and
only the others are evaluated. Equal values of equal phrases merge, and their weights add up.

Source: Goodman 1999, Semiring parsing (the forest); Huang and Chiang 2005, Better k-best parsing,
algorithm 1 (``derivations``); the two rules restate Pratt 1973 declaratively.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Final

from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category, Reading, Step
from abduce.symbolic.programs.typed.primitives import Sort, Value
from abduce.symbolic.programs.typed.running import TooLargeError, is_too_large

MAX_ITEMS: Final = 500_000
"""The fuel of one chart: the upper limit on splits, rule applications and values tried, where
values count by size."""
TOKENS_AN_ITEM: Final = 64
"""The number of tokens of a list that cost one item of fuel."""
CLOSED: Final = math.inf
"""The bound of a phrase that is closed on a side, so that it fits everywhere."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may stand at a position: a word and a reading of it, with their natural log weight."""

    log_weight: float
    word: str
    reading: Reading


Position = Sequence[Candidate]
Readings = Mapping[str, Sequence[tuple[float, Reading]]]
"""The readings of each word (and of ``JUXTAPOSITION``), each with its natural log weight."""


def positions_of(words: Sequence[str], readings: Readings) -> tuple[list[Position], Position]:
    """The positions of a sentence of certain words, and juxtaposition: arguments of ``deduce``."""
    wanted = dict.fromkeys((*words, JUXTAPOSITION))
    of = {word: [Candidate(w, word, r) for w, r in readings.get(word, ())] for word in wanted}
    return [of[word] for word in words], of[JUXTAPOSITION]


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The fuel ran out: nothing is known about the sentence."""

    reason: str
    items: int


@dataclass(frozen=True, slots=True)
class Deduction:
    """The log weight of every value of a sentence, best first; no values if there is no derivation.

    Of equal weights the lesser value comes first, and integers come before lists.

    A derivation whose value is too large has no value and no weight.
    """

    values: Mapping[Value, float]

    @property
    def log_weight(self) -> float:
        """The log of the summed weight of all values."""
        total = -math.inf
        for weight in self.values.values():
            total = _log_add(total, weight)
        return total

    @property
    def posterior(self) -> dict[Value, float]:
        """The probability of every value, given that the sentence has one; best first."""
        total = self.log_weight
        return {value: math.exp(weight - total) for value, weight in self.values.items()}


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derivation: its log weight, its reverse Polish code, and the reading behind each step."""

    log_weight: float
    code: tuple[Step, ...]
    readings: tuple[Reading, ...]


class _OutOfFuelError(Exception):
    pass


class _Fuel:
    __slots__ = ("left", "most")

    def __init__(self, most: int) -> None:
        self.most = self.left = most

    def spend(self, items: int) -> None:
        self.left -= items
        if self.left < 0:
            raise _OutOfFuelError

    def gave_up(self) -> GaveUp:
        return GaveUp(f"more than {self.most} chart items", self.most)


@dataclass(frozen=True, slots=True, eq=False)
class _Edge:
    """One way to make a phrase: its log weight without the operands, and the operands.

    Attributes:
        index: the position of the candidate; -1 for juxtaposition.
        closing: the position and the candidate of the partner, if any.
    """

    weight: float
    candidate: Candidate
    index: int
    operands: tuple["_Phrase", ...]
    closing: "_Placed | None" = None

    @property
    def reading(self) -> Reading:
        return self.candidate.reading


@dataclass(slots=True, eq=False)
class _Phrase:
    """All derivations of one span with the same left and right bounds."""

    left: float
    right: float
    sort: Sort
    edges: list[_Edge] = field(default_factory=list)


_Cell = dict[tuple[float, float, Sort], _Phrase]
_Placed = tuple[int, Candidate]


def deduce(
    positions: Sequence[Position],
    juxtaposition: Position = (),
    *,
    violation_bits: float = math.inf,
    max_items: int = MAX_ITEMS,
) -> Deduction | GaveUp:
    """The values of a sentence, each with its log weight summed over derivations and readings.

    Args:
        positions: the candidates of each; one without any leaves the sentence without a derivation.
            Candidates exclude each other at one position, not between positions.
        juxtaposition: the readings of two phrases side by side.
        violation_bits: price of every operand that breaks one of the module's two rules; infinity
            forbids it, zero leaves binding powers without effect.
        max_items: fuel; time and memory are linear in it.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Sign
    >>> loose, tight = Sign(Category.INFIX, 10.0), Sign(Category.INFIX, 20.0)
    >>> lexicon = {
    ...     "1": [(0.0, Reading.of(NULLARY, 1))],
    ...     "+": [(0.0, Reading.of(loose, lambda x, y: x + y))],
    ...     "*": [(math.log(0.75), Reading.of(loose, lambda x, y: x * y)),
    ...           (math.log(0.25), Reading.of(tight, lambda x, y: x * y))],
    ...     "2": [(0.0, Reading.of(NULLARY, 2))],
    ... }
    >>> deduction = deduce(*positions_of("1 + 1 * 2".split(), lexicon))
    >>> {value: round(p, 2) for value, p in deduction.posterior.items()}
    {4: 0.75, 3: 0.25}
    """
    fuel = _Fuel(max_items)
    try:
        rules = _Rules(positions, juxtaposition, -violation_bits * math.log(2.0), fuel)
        phrases, whole = _forest(rules)
        values: dict[_Phrase, dict[Value, float]] = {}
        for phrase in phrases:
            values[phrase] = _values(phrase, values, fuel)
    except _OutOfFuelError:
        return fuel.gave_up()
    total: dict[Value, float] = {}
    for phrase in whole:
        for value, weight in values[phrase].items():
            total[value] = _log_add(total.get(value, -math.inf), weight)
    ranked = sorted(total.items(), key=lambda vw: (-vw[1], isinstance(vw[0], str), vw[0]))
    return Deduction(dict(ranked))


def derivations(
    positions: Sequence[Position],
    juxtaposition: Position,
    limit: int,
    *,
    violation_bits: float = math.inf,
    max_items: int = MAX_ITEMS,
) -> tuple[Derivation, ...] | GaveUp:
    """The ``limit`` derivations of greatest weight, best first, whether they have a value or not.

    The arguments are those of ``deduce``.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Sign, evaluate
    >>> minus = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x - y)
    >>> lexicon = {w: [(0.0, Reading.of(NULLARY, int(w)))] for w in "123"} | {"-": [(0.0, minus)]}
    >>> positions, _ = positions_of("3 - 2 - 1".split(), lexicon)
    >>> found = derivations(positions, (), 9, violation_bits=4.0)
    >>> [(evaluate(d.code), round(math.exp(d.log_weight), 4)) for d in found]
    [(0, 1.0), (2, 0.0625)]
    """
    fuel = _Fuel(max_items)
    ranked: dict[_Phrase, list[_Choice]] = {}
    try:
        rules = _Rules(positions, juxtaposition, -violation_bits * math.log(2.0), fuel)
        phrases, whole = _forest(rules)
        for phrase in phrases:
            choices = _choices(phrase, ranked, limit, fuel)
            ranked[phrase] = nlargest(limit, choices, key=lambda choice: choice[0])
    except _OutOfFuelError:
        return fuel.gave_up()
    tops = nlargest(limit, (c for p in whole for c in ranked[p]), key=lambda choice: choice[0])
    return tuple(_unpacked(choice, ranked) for choice in tops)


def _forest(rules: "_Rules") -> tuple[list[_Phrase], list[_Phrase]]:
    """The phrases that are part of some derivation, operands first, and those that span it all."""
    n = rules.size
    for width in range(1, n + 1):
        rules.fuel.spend(n - width + 1)
        for start in range(n - width + 1):
            rules.fill(start, start + width)
    whole = list(rules.cell(0, n).values())
    used = set(whole)
    useful: list[_Phrase] = []
    for phrase in reversed(rules.phrases):
        if phrase in used:
            useful.append(phrase)
            for edge in phrase.edges:
                used.update(edge.operands)
    return useful[::-1], whole


class _Rules:
    """The table of ``syntax`` as the ways to fill a cell of the chart."""

    def __init__(
        self,
        positions: Sequence[Position],
        juxtaposition: Position,
        violation: float,
        fuel: _Fuel,
    ) -> None:
        def possible(position: Position) -> list[Candidate]:
            return [c for c in position if c.log_weight > -math.inf]

        self.size = len(positions)
        self.violation = violation
        self.fuel = fuel
        self.phrases: list[_Phrase] = []
        self.cells: dict[tuple[int, int], _Cell] = {}
        self.empty: _Cell = {}
        self.juxtaposition = possible(juxtaposition)
        self.at: dict[Category, list[list[Candidate]]] = {
            category: [
                [c for c in possible(p) if c.reading.category is category] for p in positions
            ]
            for category in Category
        }

    def cell(self, start: int, end: int) -> _Cell:
        return self.cells.get((start, end), self.empty)

    def fill(self, start: int, end: int) -> None:
        cell: _Cell = {}
        if end - start == 1:
            for word in self.at[Category.NULLARY][start]:
                self._add(cell, CLOSED, CLOSED, word.log_weight, (start, word))
        else:
            self._fill_unary(cell, start, end)
            self._fill_binary(cell, start, end)
            self._fill_mixfix(cell, start, end)
            self._fill_paired(cell, start, end)
        if cell:
            self.cells[start, end] = cell
            self.phrases += cell.values()

    def _fill_unary(self, cell: _Cell, start: int, end: int) -> None:
        last = end - 1
        for word in self.at[Category.POSTFIX][last]:
            reading = word.reading
            for operand in self.cell(start, last).values():
                extra = 0.0 if operand.right > reading.left else self.violation
                left = min(reading.left, operand.left)
                weight = word.log_weight + extra
                self._add(cell, left, CLOSED, weight, (last, word), operand)
        for word in self.at[Category.PREFIX][start]:
            reading = word.reading
            for operand in self.cell(start + 1, end).values():
                extra = 0.0 if operand.left >= reading.right else self.violation
                right = min(reading.right, operand.right)
                weight = word.log_weight + extra
                self._add(cell, CLOSED, right, weight, (start, word), operand)
        for word in self.at[Category.CIRCUMFIX][start]:
            for closing in self._closing(last, word.reading):
                weight = word.log_weight + closing[1].log_weight
                for operand in self.cell(start + 1, last).values():
                    placed = (start, word)
                    self._add(cell, CLOSED, CLOSED, weight, placed, operand, closing=closing)

    def _fill_binary(self, cell: _Cell, start: int, end: int) -> None:
        self.fuel.spend(end - start - 1)
        for at in range(start + 1, end):
            lefts = self.cell(start, at)
            if not lefts:
                continue
            for word in self.at[Category.INFIX][at]:
                self._join(cell, lefts, self.cell(at + 1, end), (at, word))
            for side in self.juxtaposition:
                self._join(cell, lefts, self.cell(at, end), (-1, side))

    def _fill_mixfix(self, cell: _Cell, start: int, end: int) -> None:
        for word in self.at[Category.MIXFIX][start]:
            reading = word.reading
            self.fuel.spend(end - start)
            for at in range(start + 2, end - 1):
                for closing in self._closing(at, reading):
                    weight = word.log_weight + closing[1].log_weight
                    for inner in self.cell(start + 1, at).values():
                        for operand in self.cell(at + 1, end).values():
                            extra = 0.0 if operand.left >= reading.right else self.violation
                            total = weight + extra
                            right = min(reading.right, operand.right)
                            placed, both = (start, word), (inner, operand)
                            self._add(cell, CLOSED, right, total, placed, *both, closing=closing)

    def _fill_paired(self, cell: _Cell, start: int, end: int) -> None:
        for word in self.at[Category.POLISH][start]:
            reading, placed = word.reading, (start, word)
            self.fuel.spend(end - start)
            for at in range(start + 2, end):
                for operand in self.cell(at, end).values():
                    extra = 0.0 if operand.left >= reading.right else self.violation
                    right = min(reading.right, operand.right)
                    total = word.log_weight + extra
                    for first in self.cell(start + 1, at).values():
                        self._add(cell, CLOSED, right, total, placed, first, operand)
        for word in self.at[Category.REVERSE_POLISH][end - 1]:
            placed = (end - 1, word)
            self.fuel.spend(end - start)
            for at in range(start + 1, end - 1):
                for first in self.cell(start, at).values():
                    extra = 0.0 if first.right == CLOSED else self.violation
                    total = word.log_weight + extra
                    for second in self.cell(at, end - 1).values():
                        self._add(cell, first.left, CLOSED, total, placed, first, second)

    def _closing(self, at: int, reading: Reading) -> Iterator[_Placed]:
        """The partners that the reading asks for."""
        for candidate in self.at[Category.PARTNER][at]:
            if candidate.word == reading.partner:
                yield at, candidate

    def _join(self, cell: _Cell, lefts: _Cell, rights: _Cell, placed: _Placed) -> None:
        weight, reading = placed[1].log_weight, placed[1].reading
        for first in lefts.values():
            one = weight if first.right > reading.left else weight + self.violation
            left = min(reading.left, first.left)
            for second in rights.values():
                two = one if second.left >= reading.right else one + self.violation
                right = min(reading.right, second.right)
                self._add(cell, left, right, two, placed, first, second)

    def _add(
        self,
        cell: _Cell,
        left: float,
        right: float,
        weight: float,
        placed: _Placed,
        *operands: _Phrase,
        closing: _Placed | None = None,
    ) -> None:
        self.fuel.spend(1)
        index, candidate = placed
        sort = candidate.reading.sort([operand.sort for operand in operands])
        if sort is not None and weight > -math.inf:
            phrase = cell.get((left, right, sort))
            if phrase is None:
                phrase = cell[left, right, sort] = _Phrase(left, right, sort)
            phrase.edges.append(_Edge(weight, candidate, index, operands, closing))


def _values(
    phrase: _Phrase, values: Mapping[_Phrase, dict[Value, float]], fuel: _Fuel
) -> dict[Value, float]:
    """The values of a phrase, given those of its operands."""
    found: dict[Value, float] = {}
    for edge in phrase.edges:
        for weight, arguments in _arguments(edge, values):
            fuel.spend(1)
            value = _applied(edge.reading, arguments)
            if value is not None:
                if isinstance(value, str):
                    fuel.spend(len(value) // TOKENS_AN_ITEM)
                found[value] = _log_add(found.get(value, -math.inf), weight)
    return found


def _arguments(
    edge: _Edge, values: Mapping[_Phrase, dict[Value, float]]
) -> Iterator[tuple[float, tuple[Value, ...]]]:
    """The values that the operands can have together, with the log weight of step and operands."""
    match [values[operand] for operand in edge.operands]:
        case []:
            yield edge.weight, ()
        case [only]:
            for x, weight in only.items():
                yield edge.weight + weight, (x,)
        case [first, second]:
            for x, one in first.items():
                for y, two in second.items():
                    yield edge.weight + one + two, (x, y)


def _applied(reading: Reading, arguments: tuple[Value, ...]) -> Value | None:
    """The meaning of a word at these arguments, or None if it has none, as in ``evaluate``."""
    meaning = reading.meaning
    if not callable(meaning):
        return meaning
    try:
        value = meaning(*arguments)
    except TooLargeError:
        return None
    return None if is_too_large(value) else value


_Choice = tuple[float, _Edge, tuple[int, ...]]
"""A derivation of a phrase: its log weight, its last step, and the rank of each operand's
derivation."""


def _choices(
    phrase: _Phrase, ranked: Mapping[_Phrase, list[_Choice]], limit: int, fuel: _Fuel
) -> Iterator[_Choice]:
    """Derivations of a phrase, among them its ``limit`` best.

    Ranks (a, b), from 0, are beaten by (a + 1)(b + 1) - 1 others, so that few pairs need a look.
    """
    for edge in phrase.edges:
        fuel.spend(1)
        match [ranked[operand] for operand in edge.operands]:
            case []:
                yield edge.weight, edge, ()
            case [only]:
                for a, choice in enumerate(only):
                    yield edge.weight + choice[0], edge, (a,)
            case [first, second]:
                for a, one in enumerate(first):
                    for b, two in enumerate(second[: limit // (a + 1)]):
                        yield edge.weight + one[0] + two[0], edge, (a, b)


def _unpacked(choice: _Choice, ranked: Mapping[_Phrase, list[_Choice]]) -> Derivation:
    backwards: list[tuple[Step, Reading]] = []
    todo = [choice]
    while todo:
        _, edge, ranks = todo.pop()
        step = (len(edge.operands), edge.reading.meaning, edge.index)
        backwards.append((step, edge.reading))
        todo += [ranked[p][rank] for p, rank in zip(edge.operands, ranks, strict=True)]
    steps = backwards[::-1]
    return Derivation(choice[0], tuple(s for s, _ in steps), tuple(r for _, r in steps))


def _log_add(a: float, b: float) -> float:
    """log(exp a + exp b), without overflow."""
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))
