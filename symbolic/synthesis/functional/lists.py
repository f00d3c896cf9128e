"""Primitives of lists. Positions count from 0; what is not there is undefined.

`take` and `drop` allow more than there is, and refuse a negative number.
"""

from collections.abc import Callable
from typing import Any, Final

from abduce.symbolic.synthesis.functional.numbers import NUMBERS
from abduce.symbolic.synthesis.functional.primitives import (
    Primitive,
    Table,
    Undefined,
    primitive,
    table_of,
)
from abduce.symbolic.synthesis.functional.types import LARGEST, LONGEST

MOST_STEPS: Final = 1000
"""The upper limit on the steps of `iterate`."""


def _limited(values: tuple) -> tuple:
    if len(values) > LONGEST:
        raise Undefined
    return values


def _natural(n: int) -> int:
    if n < 0:
        raise Undefined
    return n


def _at(n: int, xs: tuple) -> Any:
    return xs[_natural(n)]


def _init(xs: tuple) -> tuple:
    if not xs:
        raise Undefined
    return xs[:-1]


def _tail(xs: tuple) -> tuple:
    if not xs:
        raise Undefined
    return xs[1:]


def _repeat(x: Any, n: int) -> tuple:
    if _natural(n) > LONGEST:
        raise Undefined
    return (x,) * n


def _range(n: int) -> tuple:
    if _natural(n) > LONGEST:
        raise Undefined
    return tuple(range(n))


def _sum(xs: tuple) -> int:
    total = sum(xs)
    if abs(total) > LARGEST:
        raise Undefined
    return total


def _fold(f: Callable, start: Any, xs: tuple) -> Any:
    for x in xs:
        start = f(start, x)
    return start


def _iterate(f: Callable, n: int, x: Any) -> Any:
    if _natural(n) > MOST_STEPS:
        raise Undefined
    for _ in range(n):
        x = f(x)
    return x


def _numbered(f: Callable, xs: tuple) -> tuple:
    return tuple([f(i, x) for i, x in enumerate(xs)])


def _numbered_filter(f: Callable, xs: tuple) -> tuple:
    return tuple([x for i, x in enumerate(xs) if f(i, x)])


def _zip(f: Callable, xs: tuple, ys: tuple) -> tuple:
    return tuple([f(x, y) for x, y in zip(xs, ys, strict=False)])


def _flat_map(f: Callable, xs: tuple) -> tuple:
    return _limited(tuple([y for x in xs for y in f(x)]))


HIGHER: Final[tuple[Primitive, ...]] = (
    primitive("map", "(a -> b) [a] -> [b]", lambda f, xs: tuple([f(x) for x in xs]), 3),
    primitive("flat_map", "(a -> [b]) [a] -> [b]", _flat_map, 4),
    primitive("filter", "(a -> bool) [a] -> [a]", lambda f, xs: tuple([x for x in xs if f(x)]), 3),
    primitive("fold", "(b a -> b) b [a] -> b", _fold, 4),
    primitive("map_numbered", "(int a -> b) [a] -> [b]", _numbered, 4),
    primitive("filter_numbered", "(int a -> bool) [a] -> [a]", _numbered_filter, 4),
    primitive("zip_with", "(a a -> a) [a] [a] -> [a]", _zip, 4),
    primitive("all", "(a -> bool) [a] -> bool", lambda f, xs: all(f(x) for x in xs), 4),
    primitive("any", "(a -> bool) [a] -> bool", lambda f, xs: any(f(x) for x in xs), 4),
    primitive("iterate", "(a -> a) int a -> a", _iterate, 4),
    primitive("count", "(a -> bool) [a] -> int", lambda f, xs: sum([f(x) for x in xs]), 4),
)
"""Primitives with a function among their arguments; `fold` begins at the left."""

PLAIN: Final[tuple[Primitive, ...]] = (
    primitive("length", "[a] -> int", len, 3),
    primitive("head", "[a] -> a", lambda xs: xs[0], 3),
    primitive("last", "[a] -> a", lambda xs: xs[-1], 3),
    primitive("tail", "[a] -> [a]", _tail, 3),
    primitive("init", "[a] -> [a]", _init, 3),
    primitive("at", "int [a] -> a", _at, 3),
    primitive("take", "int [a] -> [a]", lambda n, xs: xs[: _natural(n)], 3),
    primitive("drop", "int [a] -> [a]", lambda n, xs: xs[_natural(n) :], 3),
    primitive("reverse", "[a] -> [a]", lambda xs: xs[::-1], 3),
    primitive("cons", "a [a] -> [a]", lambda x, xs: _limited((x, *xs)), 3),
    primitive("append", "[a] a -> [a]", lambda xs, x: _limited((*xs, x)), 3),
    primitive("concat", "[a] [a] -> [a]", lambda xs, ys: _limited(xs + ys), 3),
    primitive("singleton", "a -> [a]", lambda x: (x,), 3),
    primitive("repeat", "a int -> [a]", _repeat, 4),
    primitive("flatten", "[[a]] -> [a]", lambda xs: _limited(sum(xs, ())), 4),
    primitive("member", "a [a] -> bool", lambda x, xs: x in xs, 4),
    primitive("is_empty", "[a] -> bool", lambda xs: not xs, 4),
    primitive("same", "[a] [a] -> bool", lambda xs, ys: xs == ys, 5),
    primitive("unique", "[a] -> [a]", lambda xs: tuple(dict.fromkeys(xs)), 4),
    primitive("sort", "[int] -> [int]", lambda xs: tuple(sorted(xs)), 4),
    primitive("sum", "[int] -> int", _sum, 3),
    primitive("greatest", "[int] -> int", max, 3),
    primitive("least", "[int] -> int", min, 3),
    primitive("range", "int -> [int]", _range, 4),
)

LISTS: Final[Table] = table_of(*NUMBERS, *PLAIN, *HIGHER)
"""The primitives of integers, booleans and lists."""
