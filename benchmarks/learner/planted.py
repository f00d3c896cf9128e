"""Rows of HINT's arithmetic in which two symbols can be exchanged, and the same with one row more.

No row is a single symbol. In a *planted* set, exchanging two symbols leaves every value as it is,
and no other two can be exchanged; its *twin* has one row more, which separates the two. The
planted pairs are checked by an evaluator that shares nothing with that of the learner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from random import Random
from typing import Final

from abduce.benchmarks.data.hint import HintRow
from abduce.benchmarks.data.hint_making import MAIN, buckets

ROWS: Final = 2_000
SYMBOLS: Final = "0123456789+-*/()"
PAIRS: Final = ("35", "01", "+-", "89", "*/", "27", "+*", "46", "-/", "19")
"""The symbols that are exchanged in each planted set."""
POOL: Final = 2.5
"""The number of rows drawn with each number of operators, for each row of a set."""
TOLD: Final = 0.1
"""The upper limit on the share of rows with one of the two symbols."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A set of rows and its twin.

    Attributes:
        pair: the symbols that can be exchanged in the rows.
        rows: expressions with their values.
        separating: the row that the twin has besides.
    """

    pair: tuple[str, str]
    rows: tuple[HintRow, ...]
    separating: HintRow

    @property
    def twin(self) -> tuple[HintRow, ...]:
        return (*self.rows, self.separating)


def planted(number: int, rows: int = ROWS) -> Planted:
    """The planted set of a number from 0 to 9.

    >>> one = planted(0, 200)
    >>> one.pair, len(one.rows), exchangeable(one.rows), exchangeable(one.twin)
    (('3', '5'), 200, [('3', '5')], [])
    """
    rng = Random(number)
    first, second = PAIRS[number]
    exchange = {first: second, second: first}
    pool = [row for row in _pool(round(POOL * rows)) if row.n_op]
    rng.shuffle(pool)
    kept: list[HintRow] = []
    told: list[HintRow] = []
    changed: list[HintRow] = []
    for row in pool:
        if first not in row.expr and second not in row.expr:
            kept.append(row)
        elif keeps(row, exchange):
            told.append(row)
        else:
            changed.append(row)
    told = told[: round(TOLD * rows)]
    chosen = [*told, *kept[: rows - len(told)]]
    rng.shuffle(chosen)
    return Planted((first, second), tuple(chosen), changed[-1])


def exchangeable(rows: tuple[HintRow, ...]) -> list[tuple[str, str]]:
    """Every two of HINT's symbols, one of them seen, whose exchange leaves all values as they are.

    Every exchange is tried; the rows need not be right in anything else.
    """
    seen = {symbol for row in rows for symbol in row.expr}
    return [
        (first, second)
        for first, second in combinations(SYMBOLS, 2)
        if seen & {first, second}
        and all(keeps(row, {first: second, second: first}) for row in rows)
    ]


def keeps(row: HintRow, relabelling: Mapping[str, str]) -> bool:
    """Whether the relabelled expression has the value of the row."""
    if relabelling.keys().isdisjoint(row.expr):
        return True
    return arithmetic("".join([relabelling.get(s, s) for s in row.expr])) == row.value


def arithmetic(expr: str) -> int | None:
    """The value of an expression of HINT's; None where it has none.

    >>> arithmetic("9/2-1*(1-2)"), arithmetic("1/0"), arithmetic("(1")
    (5, None, None)
    """
    try:
        value, rest = _sum(expr)
    except (ZeroDivisionError, ValueError):
        return None
    return None if rest else value


def _sum(text: str) -> tuple[int, str]:
    value, rest = _product(text)
    while rest[:1] in ("+", "-"):
        right, after = _product(rest[1:])
        value = value + right if rest[0] == "+" else max(0, value - right)
        rest = after
    return value, rest


def _product(text: str) -> tuple[int, str]:
    value, rest = _single(text)
    while rest[:1] in ("*", "/"):
        right, after = _single(rest[1:])
        value = value * right if rest[0] == "*" else -(-value // right)
        rest = after
    return value, rest


def _single(text: str) -> tuple[int, str]:
    """A digit or a bracketed sum at the beginning of the text, and the rest of the text.

    Raises:
        ValueError: there is none.
    """
    if text[:1] != "(":
        return int(text[:1]), text[1:]
    value, rest = _sum(text[1:])
    if rest[:1] != ")":
        raise ValueError(text)
    return value, rest[1:]


@cache
def _pool(train: int) -> tuple[HintRow, ...]:
    """Different rows of 0 to 10 operators, so many of each."""
    plan = replace(MAIN, train=train, val=0, test=0, most=10, copies=())
    return tuple(dict.fromkeys([row for bucket in buckets(plan) for row in bucket.train]))
