"""The decision: do rows and their values fix the symbols, and if not, what can be exchanged?

Exchanges of two symbols are tried first, all of them. Where there is none, any other relabelling
that keeps symbols apart is looked for, such as one that moves three. Where there is none either,
the rows fix the symbols: only the true labels give every symbol a label of its own and every row
its value. The decision also says whether two symbols may share a label.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal

from abduce.clock import OutOfTime
from abduce.symbolic.nsr.identifying.relabelling import other_relabelling
from abduce.symbolic.nsr.identifying.rows import (
    Readings,
    Relabelling,
    Rows,
    Watch,
    Words,
    rows_of,
)
from abduce.symbolic.nsr.identifying.separating import Separating, separating
from abduce.symbolic.programs.typed.primitives import Value

RELABELLING_FUEL: Final = 20_000_000
MERGING_FUEL: Final = 1_000_000
"""The upper limits on the sentences evaluated: to decide, and to find labels that may be shared."""
A_ROW: Final = 100
"""The number of further sentences that may be evaluated for each row."""
Verdict = Literal["fixed", "exchangeable", "relabelled", "contradicted", "unknown"]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A relabelling with which every row keeps its value.

    Attributes:
        moved: the symbols that it moves, with their labels.
        separating: a shortest sentence that excludes it; None where none was found.
        same: whether what it exchanges means the same, so that only a label can tell.
    """

    moved: Relabelling
    separating: Separating | None
    same: bool = False

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two symbols that it exchanges, if that is all it does."""
        if len(self.moved) != 2:
            return None
        (first, one), (second, other) = self.moved.items()
        return (first, second) if (one, other) == (second, first) else None

    def as_json(self, told: Callable[[Value], Any] = lambda value: value) -> dict[str, Any]:
        """Plain data.

        Args:
            told: how a value is written.
        """
        data: dict[str, Any] = {"moved": dict(self.moved), "means_the_same": self.same}
        found = self.separating
        if found is None:
            return {**data, "separating": None}
        other = None if found.relabelled is None else told(found.relabelled)
        sentence = {"sentence": list(found.words), "value": told(found.value)}
        return {**data, "separating": {**sentence, "relabelled": other}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """What rows and values tell of the symbols.

    Attributes:
        verdict: `fixed`: no relabelling that keeps symbols apart; `exchangeable`: two symbols can
            be exchanged; `relabelled`: no two, but several at once; `contradicted`: the lexicon
            itself does not give the values, so that nothing follows; `unknown`: time or
            fuel was up.
        exchanges: every possible exchange of two symbols of which at least one is seen. Pairs of
            two seen symbols come first. If the time was up, those found until then.
        relabelling: the relabelling that was found, with the verdict `relabelled`.
        merging: with the verdict `fixed`, a relabelling that gives two symbols the same label, if
            there is any.
        merging_known: whether that was decided.
        contradicted: with this verdict, the sentences whose value the lexicon does not give.
        seen, unseen: the symbols of the lexicon that occur in rows, and the others.
        rows: the number of different rows.
        evaluated: the number of sentences evaluated.
    """

    verdict: Verdict
    exchanges: tuple[Shortcut, ...]
    relabelling: Shortcut | None
    merging: Shortcut | None
    merging_known: bool
    contradicted: tuple[Words, ...]
    seen: Words
    unseen: Words
    rows: int
    evaluated: int

    def as_json(self, told: Callable[[Value], Any] = lambda value: value) -> dict[str, Any]:
        """Plain data.

        Args:
            told: how a value is written.
        """
        return {
            "verdict": self.verdict,
            "exchanges": [each.as_json(told) for each in self.exchanges],
            "relabelling": self.relabelling and self.relabelling.as_json(told),
            "merging": self.merging and self.merging.as_json(told),
            "merging_known": self.merging_known,
            "contradicted": [list(words) for words in self.contradicted],
            "seen": list(self.seen),
            "never_seen": list(self.unseen),
            "rows": self.rows,
            "evaluated": self.evaluated,
        }


def identify(
    pairs: Iterable[tuple[Sequence[str], Value]],
    readings: Readings,
    *,
    deadline: float | None = None,
) -> Identification:
    """Decides whether the rows fix the symbols of a lexicon.

    Args:
        pairs: sentences with their values; words of the lexicon only.
        readings: the lexicon's, of all symbols.
        deadline: ``clock.wall_s()`` at which to stop.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Reading, Sign
    >>> readings = {str(n): Reading.of(NULLARY, n) for n in (1, 2)}
    >>> readings["+"] = Reading.of(Sign(Category.INFIX, 1.0), lambda x, y: x + y)
    >>> found = identify([("1+2", 3)], readings)
    >>> found.verdict, found.exchanges[0].pair, found.exchanges[0].separating.words
    ('exchangeable', ('1', '2'), ('1',))
    >>> identify([("1+2", 3), ("1+1", 2)], readings).verdict
    'fixed'
    """
    watch = Watch(deadline)
    rows = rows_of(pairs, readings)
    exchanges: list[Relabelling] = []
    verdict: Verdict = "unknown"
    other: Relabelling | None = None
    merging: Relabelling | None = None
    merging_known = False
    contradicted: tuple[Words, ...] = ()
    try:
        contradicted = rows.contradicted(watch)
        watch.refuel(RELABELLING_FUEL + A_ROW * len(rows.rows))
        for first, second in () if contradicted else _pairs(rows):
            exchange = {first: second, second: first}
            if rows.hold(exchange, watch):
                exchanges.append(exchange)
                verdict = "exchangeable"
        if contradicted:
            verdict = "contradicted"
        elif not exchanges:
            other = other_relabelling(rows, watch, apart=True)
            verdict = "relabelled" if other else "fixed"
        if verdict == "fixed":
            watch.refuel(MERGING_FUEL + A_ROW * len(rows.rows))
            merging = other_relabelling(rows, watch, apart=False)
            merging_known = True
    except OutOfTime:
        pass  # what was found until then stands
    watch.most = None
    return Identification(
        verdict=verdict,
        exchanges=tuple([_shortcut(each, readings, watch) for each in exchanges]),
        relabelling=None if other is None else _shortcut(other, readings, watch),
        merging=None if merging is None else _shortcut(merging, readings, watch),
        merging_known=merging_known,
        contradicted=contradicted,
        seen=rows.seen,
        unseen=rows.unseen,
        rows=len(rows.rows),
        evaluated=watch.evaluated,
    )


def _pairs(rows: Rows) -> Iterable[tuple[str, str]]:
    """Two symbols of which one is seen: pairs seen first, then those with one that is not."""
    yield from combinations(rows.seen, 2)
    for symbol in rows.seen:
        for other in rows.unseen:
            yield symbol, other


def _shortcut(relabelling: Relabelling, readings: Readings, watch: Watch) -> Shortcut:
    """The relabelling without what it leaves alone, and what separates it, if time is left."""
    moved = {symbol: label for symbol, label in relabelling.items() if symbol != label}
    same = all(readings[symbol] == readings[label] for symbol, label in moved.items())
    try:
        return Shortcut(moved, None if same else separating(moved, readings, watch), same)
    except OutOfTime:
        return Shortcut(moved, None, same)
