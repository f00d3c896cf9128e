"""Relabellings under which every row holds, found by search with propagation.

First roles are chosen for the symbols (`categories`), then labels of these roles. A row in which a
single symbol is open leaves this symbol the labels with which the row holds. When nothing follows
any more, the search branches on the row with the fewest choices. It is complete: if it ends without
a relabelling, there is none.

Source: Mackworth 1977, Consistency in networks of relations (the propagation).
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Final

from abduce.symbolic.nsr.identifying.categories import casts, roles_of
from abduce.symbolic.nsr.identifying.rows import Relabelling, Row, Rows, Watch

Domains = dict[str, int]
"""The labels that each symbol of the rows may still have: the bits of a number, by their place
among the labels of the lexicon."""
Choices = list[Mapping[str, int]]
"""Labels for the open symbols of a row, one bit each, with which it holds."""
COMPARED: Final = 8
"""The number of rows that are compared to find the one with the fewest choices."""
SMALL: Final = 4_096
"""The upper limit on the choices of labels that are tried to compare a row with others."""


def other_relabelling(rows: Rows, watch: Watch, *, apart: bool) -> Relabelling | None:
    """A relabelling of the symbols seen, other than none at all, under which every row holds.

    Args:
        apart: whether different symbols must get different labels, as in a permutation.

    Raises:
        OutOfTime: the deadline passed; nothing is known then.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Reading, Sign
    >>> from abduce.symbolic.nsr.identifying.rows import rows_of
    >>> readings = {str(n): Reading.of(NULLARY, n) for n in (1, 2)}
    >>> readings["+"] = Reading.of(Sign(Category.INFIX, 1.0), lambda x, y: x + y)
    >>> rows = rows_of([(("1", "+", "2"), 3)], readings)
    >>> other_relabelling(rows, Watch(), apart=True)
    {'1': '2', '+': '+', '2': '1'}
    >>> rows = rows_of([(("1", "+", "2"), 3), (("2",), 2)], readings)
    >>> print(other_relabelling(rows, Watch(), apart=False))
    None
    """
    search = _Search(rows, watch, apart)
    place = {label: n for n, label in enumerate(rows.labels)}
    masks = {
        role: sum([1 << place[word] for word in words])
        for role, words in roles_of(rows.readings).items()
    }
    for cast in casts(rows, apart, watch):
        for found in search.solutions({symbol: masks[role] for symbol, role in cast.items()}):
            if any(symbol != label for symbol, label in found.items()):
                return found
    return None


class _Search:
    """What does not change while relabellings are searched for."""

    def __init__(self, rows: Rows, watch: Watch, apart: bool) -> None:
        self.rows = rows
        self.watch = watch
        self.apart = apart

    def solutions(self, domains: Domains) -> Iterator[Relabelling]:
        """All relabellings within the domains under which every row holds."""
        stack = [domains] if self._narrow(domains, self.rows.rows) else []
        while stack:
            domains = stack.pop()
            open_ = {symbol for symbol, labels in domains.items() if labels & (labels - 1)}
            if not open_:
                yield {symbol: self._label(labels) for symbol, labels in domains.items()}
                continue
            row, choices = self._branching(domains, open_)
            still = open_.difference(row.symbols)
            touched = [r for r in self._with(open_ - still) if _nearly(r, still)]
            for chosen in choices:
                narrowed = {**domains, **chosen}
                if self._narrow(narrowed, touched, chosen):
                    stack.append(narrowed)

    def _narrow(
        self, domains: Domains, touched: Iterable[Row], fixed: Iterable[str] | None = None
    ) -> bool:
        """Narrows the domains to what the rows touched leave, and what follows; False where a row
        or a symbol has nothing left.

        Args:
            fixed: the symbols that have just got their label; None for all that have one.
        """
        if fixed is None:
            fixed = [symbol for symbol, labels in domains.items() if not labels & (labels - 1)]
        more = self._parted(domains, fixed)
        if more is None:
            return False
        waiting = [touched, *[self.rows.of[symbol] for symbol in more]]
        for group in waiting:  # grows while it is gone through
            for row in group:
                open_ = [s for s in row.symbols if domains[s] & (domains[s] - 1)]
                if len(open_) > 1:
                    continue
                known = {s: self._label(domains[s]) for s in row.symbols if s not in open_}
                if not open_:
                    if not self._holds(row, known):
                        return False
                    continue
                (symbol,) = open_
                left = 0
                for bit in _bits(domains[symbol]):
                    known[symbol] = self._label(bit)
                    if self._holds(row, known):
                        left |= bit
                domains[symbol] = left
                if not left:
                    return False
                if not left & (left - 1):
                    more = self._parted(domains, (symbol,))
                    if more is None:
                        return False
                    waiting += [self.rows.of[s] for s in (symbol, *more)]
        return True

    def _parted(self, domains: Domains, fixed: Iterable[str]) -> list[str] | None:
        """Takes the labels of fixed symbols from all others; the symbols that this leaves one
        label, or None where one has none left. Nothing is taken unless symbols are kept apart."""
        more: list[str] = []
        waiting = list(fixed) if self.apart else []
        for symbol in waiting:  # grows while it is gone through
            given = domains[symbol]
            for other, labels in domains.items():
                if labels & given and other != symbol:
                    left = labels & ~given
                    domains[other] = left
                    if not left:
                        return None
                    if not left & (left - 1):
                        more.append(other)
                        waiting.append(other)
        return more

    def _branching(self, domains: Domains, open_: set[str]) -> tuple[Row, Choices]:
        """A row with few choices for its open symbols, and these choices."""
        sizes = {symbol: labels.bit_count() for symbol, labels in domains.items()}
        sized = [(prod([sizes[s] for s in row.symbols]), row) for row in self._with(open_)]
        sized.sort(key=lambda each: (each[0], len(each[1].words)))
        best: tuple[Row, Choices] | None = None
        for size, row in sized[:COMPARED]:
            if best is not None and size > SMALL:
                break
            choices = self._choices(row, domains)
            if best is None or len(choices) < len(best[1]):
                best = row, choices
        assert best is not None, "every symbol is in a row"
        return best

    def _choices(self, row: Row, domains: Domains) -> Choices:
        open_ = [symbol for symbol in row.symbols if domains[symbol] & (domains[symbol] - 1)]
        known = {s: self._label(domains[s]) for s in row.symbols if s not in open_}
        found: Choices = []
        for bits in product(*[_bits(domains[symbol]) for symbol in open_]):
            if self.apart and len(set(bits)) < len(bits):
                continue
            known |= zip(open_, map(self._label, bits), strict=True)
            if self._holds(row, known):
                found.append(dict(zip(open_, bits, strict=True)))
        return found

    def _with(self, symbols: set[str]) -> list[Row]:
        """The rows that hold any of the symbols, the shortest first."""
        return [row for row in self.rows.rows if not symbols.isdisjoint(row.symbols)]

    def _label(self, bit: int) -> str:
        return self.rows.labels[bit.bit_length() - 1]

    def _holds(self, row: Row, known: Relabelling) -> bool:
        self.watch.count()
        return row.holds(known, self.rows.readings)


def _nearly(row: Row, open_: set[str]) -> bool:
    """Whether at most one symbol of the row is open; only then the row can exclude labels."""
    return len(open_.intersection(row.symbols)) <= 1


def _bits(number: int) -> list[int]:
    """The bits of a number, one by one.

    >>> _bits(0b1011)
    [1, 2, 8]
    """
    found: list[int] = []
    while number:
        found.append(number & -number)
        number &= number - 1
    return found
