"""Rows as the check sees them: sentences of symbols, and the value that each of them has to have.

What a symbol means is its reading in a lexicon. A *relabelling* takes symbols to symbols; those it
does not name stay as they are. A row *holds* under it when the relabelled sentence has the value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from abduce import clock
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Reading, evaluate, parse
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError

Words = tuple[str, ...]
Readings = Mapping[str, Reading]
Relabelling = Mapping[str, str]
LOOK = 64
"""The number of sentences evaluated between two looks at the clock."""


def value_of(words: Sequence[str], readings: Readings) -> Value | None:
    """The value of a sentence; None where it has no derivation, or its derivation no value.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Sign
    >>> over = Reading.of(Sign(Category.INFIX, 1.0), lambda x, y: x // y)
    >>> readings = {"0": Reading.of(NULLARY, 0), "6": Reading.of(NULLARY, 6), "/": over}
    >>> [value_of(sentence, readings) for sentence in ("6/6", "6/0", "6/")]
    [1, None, None]
    """
    code = parse(words, readings)
    if code is None:
        return None
    try:
        return evaluate(code)
    except (TooLargeError, ArithmeticError):
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A sentence, its value and its different symbols in the order in which they appear.

    Rows are compared by identity, which makes sets of them cheap.
    """

    words: Words
    value: Value
    symbols: Words

    def holds(self, relabelling: Relabelling, readings: Readings) -> bool:
        words = [relabelling.get(word, word) for word in self.words]
        return value_of(words, readings) == self.value


@dataclass(slots=True)
class Watch:
    """Counts sentences, and looks at the clock now and then.

    Attributes:
        deadline: ``clock.wall_s()`` at which the time is up; None for never.
        evaluated: the number of sentences evaluated so far.
        most: the number at which to stop; None for never.
    """

    deadline: float | None = None
    evaluated: int = 0
    most: int | None = None

    def count(self) -> None:
        """Raises: OutOfTime, where the deadline has passed or enough was evaluated."""
        self.evaluated += 1
        if self.most is not None and self.evaluated > self.most:
            raise clock.OutOfTime
        if self.evaluated % LOOK == 0:
            clock.check(self.deadline)

    def refuel(self, most: int) -> None:
        """Sets the number of sentences that may be evaluated from now on."""
        self.most = self.evaluated + most


@dataclass(frozen=True, slots=True)
class Rows:
    """Different rows, the shortest first, and the symbols of a lexicon.

    Attributes:
        labels: the symbols of the lexicon, in its order.
        seen: those that occur in rows.
        of: the rows that hold each symbol.
    """

    rows: tuple[Row, ...]
    labels: Words
    seen: Words
    readings: Readings = field(repr=False)
    of: Mapping[str, tuple[Row, ...]] = field(repr=False)

    @property
    def unseen(self) -> Words:
        known = set(self.seen)
        return tuple([label for label in self.labels if label not in known])

    def contradicted(self, watch: Watch) -> tuple[Words, ...]:
        """The sentences whose value is not the one that the lexicon gives.

        Raises:
            OutOfTime: the deadline passed.
        """
        wrong: list[Words] = []
        for row in self.rows:
            watch.count()
            if not row.holds({}, self.readings):
                wrong.append(row.words)
        return tuple(wrong)

    def hold(self, relabelling: Relabelling, watch: Watch) -> bool:
        """Whether every row holds; the relabelling names all symbols that it moves.

        Raises:
            OutOfTime: the deadline passed.
        """
        moved = [symbol for symbol, label in relabelling.items() if symbol != label]
        touched = {row: None for symbol in moved for row in self.of.get(symbol, ())}
        for row in touched:
            watch.count()
            if not row.holds(relabelling, self.readings):
                return False
        return True


def rows_of(pairs: Iterable[tuple[Sequence[str], Value]], readings: Readings) -> Rows:
    """The rows of sentences with values; equal ones count once."""
    unique = dict.fromkeys((tuple(words), value) for words, value in pairs)
    rows = [Row(words, value, tuple(dict.fromkeys(words))) for words, value in unique]
    rows.sort(key=lambda row: (len(row.symbols), len(row.words)))
    labels = tuple([word for word in readings if word != JUXTAPOSITION])
    of: dict[str, list[Row]] = {}
    for row in rows:
        for symbol in row.symbols:
            of.setdefault(symbol, []).append(row)
    seen = tuple([label for label in labels if label in of])
    return Rows(tuple(rows), labels, seen, readings, {s: tuple(own) for s, own in of.items()})
