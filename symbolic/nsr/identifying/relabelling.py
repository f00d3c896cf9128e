"""Relabellings under which every row holds, found by search with propagation.

First roles are chosen for the symbols (`categories`), then labels of these roles. A row with one
open symbol leaves it the labels with which the row holds; where nothing follows any more, the row
with the fewest choices is branched on. The search is complete: where it ends without a relabelling,
there is none.

Source: Mackworth 1977, Consistency in networks of relations (the propagation).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final

from abduce.symbolic.nsr.identifying.categories import casts, roles_of
from abduce.symbolic.nsr.identifying.rows import Relabelling, Row, Rows, Watch, Words

Domains = dict[str, Words]
"""The labels that each symbol of the rows may still have."""
COMPARED: Final = 8
"""The number of rows of which the one with the fewest choices is branched on."""
SMALL: Final = 4_096
"""The upper limit on the choices of labels that are tried for a row only to compare it."""


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
    words = roles_of(rows.readings)
    for cast in casts(rows, apart, watch):
        domains = {symbol: words[role] for symbol, role in cast.items()}
        for found in _solutions(rows, domains, apart, watch):
            if any(symbol != label for symbol, label in found.items()):
                return found
    return None


def _solutions(rows: Rows, domains: Domains, apart: bool, watch: Watch) -> Iterator[Relabelling]:
    """All relabellings within the domains under which every row holds."""
    stack = [domains] if _narrow(domains, rows.rows, rows, apart, watch) else []
    while stack:
        domains = stack.pop()
        open_ = {symbol for symbol, labels in domains.items() if len(labels) > 1}
        if not open_:
            yield {symbol: labels[0] for symbol, labels in domains.items()}
            continue
        row, choices = _branching(rows, domains, open_, apart, watch)
        still = open_.difference(row.symbols)
        touched = [other for other in _rows_with(open_ - still, rows) if _nearly(other, still)]
        for chosen in choices:
            narrowed = domains | {symbol: (label,) for symbol, label in chosen.items()}
            if _narrow(narrowed, touched, rows, apart, watch):
                stack.append(narrowed)


def _rows_with(symbols: Iterable[str], rows: Rows) -> Iterable[Row]:
    """The rows that hold any of the symbols, the shortest first."""
    wanted = set(symbols)
    return [row for row in rows.rows if not wanted.isdisjoint(row.symbols)]


def _nearly(row: Row, open_: set[str]) -> bool:
    """Whether at most one symbol of the row is open: only then it leaves less than it found."""
    return len(open_.intersection(row.symbols)) <= 1


def _narrow(
    domains: Domains, touched: Iterable[Row], rows: Rows, apart: bool, watch: Watch
) -> bool:
    """Narrows the domains to what the rows touched leave, and what follows; False where a row or a
    symbol has nothing left."""
    fixed = _parted(domains) if apart else ()
    if fixed is None:
        return False
    waiting = [touched, *[rows.of[symbol] for symbol in fixed]]
    while waiting:
        for row in waiting.pop(0):
            open_ = [symbol for symbol in row.symbols if len(domains[symbol]) > 1]
            if len(open_) > 1:
                continue
            known = {symbol: domains[symbol][0] for symbol in row.symbols}
            if not open_:
                watch.count()
                if not row.holds(known, rows.readings):
                    return False
                continue
            (symbol,) = open_
            left = _left(row, symbol, domains[symbol], known, rows, watch)
            if not left:
                return False
            domains[symbol] = left
            if len(left) == 1:
                fixed = _parted(domains) if apart else ()
                if fixed is None:
                    return False
                waiting += [rows.of[s] for s in (symbol, *fixed)]
    return True


def _left(
    row: Row, symbol: str, labels: Words, known: dict[str, str], rows: Rows, watch: Watch
) -> Words:
    """The labels of the symbol with which the row holds."""
    left: list[str] = []
    for label in labels:
        watch.count()
        known[symbol] = label
        if row.holds(known, rows.readings):
            left.append(label)
    return tuple(left)


def _parted(domains: Domains) -> list[str] | None:
    """Takes labels that are given away from all other symbols; the symbols that this leaves one
    label, or None where two symbols have the same label or one has none."""
    given: dict[str, str] = {}
    fixed: list[str] = []
    changed = True
    while changed:
        changed = False
        for symbol, labels in domains.items():
            if len(labels) == 1:
                if given.setdefault(labels[0], symbol) != symbol:
                    return None
                continue
            left = tuple([label for label in labels if label not in given])
            if not left:
                return None
            if len(left) < len(labels):
                domains[symbol] = left
                changed = True
                if len(left) == 1:
                    fixed.append(symbol)
    return fixed


def _branching(
    rows: Rows, domains: Domains, open_: set[str], apart: bool, watch: Watch
) -> tuple[Row, list[Mapping[str, str]]]:
    """A row with few choices for its open symbols, and these choices."""
    sizes = {symbol: len(labels) for symbol, labels in domains.items()}
    sized = [(prod([sizes[s] for s in row.symbols]), row) for row in _rows_with(open_, rows)]
    sized.sort(key=lambda each: (each[0], len(each[1].words)))
    best: tuple[Row, list[Mapping[str, str]]] | None = None
    for size, row in sized[:COMPARED]:
        if best is not None and size > SMALL:
            break
        choices = _choices(row, domains, apart, rows, watch)
        if best is None or len(choices) < len(best[1]):
            best = row, choices
    assert best is not None, "every symbol is in a row"
    return best


def _choices(
    row: Row, domains: Domains, apart: bool, rows: Rows, watch: Watch
) -> list[Mapping[str, str]]:
    """The labels of the row's open symbols with which it holds."""
    open_: Sequence[str] = [symbol for symbol in row.symbols if len(domains[symbol]) > 1]
    known = {symbol: domains[symbol][0] for symbol in row.symbols}
    found: list[Mapping[str, str]] = []
    for labels in product(*[domains[symbol] for symbol in open_]):
        if apart and len(set(labels)) < len(labels):
            continue
        watch.count()
        chosen = dict(zip(open_, labels, strict=True))
        if row.holds(known | chosen, rows.readings):
            found.append(chosen)
    return found
