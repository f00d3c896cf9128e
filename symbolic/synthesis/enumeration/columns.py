"""Columns: the values of programs at many points at once, as arrays of numbers.

A number stands for itself and a list for its place in a table of the lists met so far; -1 is a
value beyond the limits. What has no function of arrays is run once for each new argument.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, Primitive, Table, Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import Term, numeral_value
from abduce.symbolic.synthesis.enumeration.calling import (
    MOST_CALLED,
    ArrayFunction,
    Kept,
    vectorised,
)
from abduce.symbolic.synthesis.examples import LARGEST
from abduce.symbolic.synthesis.library import Learned, Library

Column = np.ndarray

NATIVE: Final[Mapping[str, ArrayFunction]] = {
    "increment": lambda a: a + 1,
    "decrement": lambda a: np.maximum(a - 1, 0),
    "if_zero": lambda c, a, b: np.where(c == 0, a, b),
}
"""Primitives as functions of arrays."""
LONGEST: Final = 2_000
"""The upper limit on the length of the lists that search looks at."""


class Columns:
    """The functions of arrays of a library's table, and the lists that stand in the arrays."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.table = library.table
        self.lists: list[str] = []
        self.places: dict[str, int] = {}
        self.functions: dict[str, ArrayFunction] = {}

    def encoded(self, value: Value) -> int:
        """The number that stands for a value."""
        if isinstance(value, int):
            return value
        place = self.places.setdefault(value, len(self.lists))
        if place == len(self.lists):
            self.lists.append(value)
        return place

    def constant(self, term: Term) -> int:
        """The number that stands for the value of a leaf without arguments."""
        if term[0] == "token":
            return self.encoded(self.library.alphabet.char(term[1]))
        if term[0] == "nil":
            return self.encoded("")
        number = numeral_value(term)
        assert number is not None, term
        return number

    def function(self, name: str) -> ArrayFunction:
        """The function of arrays of a primitive or a learned program."""
        if name not in self.functions:
            entry = self.library.entry(name)
            if name in NATIVE:
                self.functions[name] = NATIVE[name]
            elif entry is not None and entry.columns is not None:
                self.functions[name] = entry.columns
            elif entry is not None and self._is_straight(entry):
                self.functions[name] = vectorised(entry.program.term, self.function)
            elif entry is not None and _numbers_only(entry, self.table):
                if not entry.kept:
                    body = vectorised(entry.program.term, self.function)
                    entry.kept.append(Kept(body, entry.program.arity))
                self.functions[name] = entry.kept[0]
            else:
                self.functions[name] = self._one_by_one(self.table[name], {})
        return self.functions[name]

    def _is_straight(self, entry: Learned) -> bool:
        """Whether a program of numbers has no iterations, and calls only programs that have none
        or are native. Then it is run on arrays as it is."""
        if not _numbers_only(entry, self.table):
            return False
        for node in _nodes(entry.program.term):
            called = self.library.entry(node[0])
            if node[0] == "iterate":
                return False
            if called is not None and called.columns is None and not self._is_straight(called):
                return False
        return True

    def _one_by_one(self, primitive: Primitive, memo: dict[Any, int]) -> ArrayFunction:
        value = _value(primitive)
        listed = [sort == LIST for sort in primitive.arguments]
        counted = primitive.arguments.count(INTEGER)

        def one(*arguments: int) -> int:
            if counted and any(
                a > MOST_CALLED for a, is_list in zip(arguments, listed, strict=True) if not is_list
            ):
                return -1
            given = [
                self.lists[a] if is_list else a
                for a, is_list in zip(arguments, listed, strict=True)
            ]
            try:
                found = value(*given)
            except TooLargeError:
                return -1
            if isinstance(found, str):
                return self.encoded(found) if len(found) <= LONGEST else -1
            return found if found <= LARGEST else -1

        def function(*columns: Column) -> Column:
            given = np.broadcast_arrays(*columns)
            shape = given[0].shape
            stacked = np.stack([g.reshape(-1) for g in given])
            key = stacked[0] if len(given) == 1 else (stacked[0] << 32) | stacked[1]
            for extra in stacked[2:]:
                key = key * 1_000_003 + extra
            _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
            values = np.empty(len(first), np.int64)
            for at, arguments in enumerate(stacked[:, first].T.tolist()):
                known = tuple(arguments)
                found = memo.get(known)
                if found is None:
                    found = memo[known] = one(*arguments)
                values[at] = found
            return values[inverse].reshape(shape)

        return function


def _numbers_only(entry: Learned, table: Table) -> bool:
    """Whether a program and all that it calls know numbers only, and it has arguments."""
    program = entry.program
    sorts = (*entry.type.arguments, entry.type.result)
    names = {node[0] for node in _nodes(program.term)}
    used = [
        s for name in names if name in table for s in (*table[name].arguments, table[name].result)
    ]
    return program.arity > 0 and LIST not in (*sorts, *used)


def _nodes(term: Term) -> list[Term]:
    found, pending = [], [term]
    while pending:
        node = pending.pop()
        found.append(node)
        pending += [part for part in node[1:] if isinstance(part, tuple)]
    return found


def _value(primitive: Primitive) -> Callable[..., Value]:
    if callable(primitive.value):
        return primitive.value
    if not primitive.value:
        return lambda a, b: a + b  # append is the one that `running` writes itself
    names = [f"a{i}" for i in range(len(primitive.arguments))]
    return eval(f"lambda {', '.join(names)}: {primitive.value.format(*names)}")
