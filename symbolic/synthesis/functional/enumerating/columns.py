"""Columns: values of programs on several points as 64-bit integers, and primitives over them.

Integers and booleans stand for themselves. All other values are numbered as they appear, so two
values of a type are equal just if their numbers are. A primitive without a version for columns is
called once for each distinct tuple of arguments.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.functions import LAZY
from abduce.symbolic.synthesis.functional.numbers import HOLE
from abduce.symbolic.synthesis.functional.primitives import UNDEFINED, Primitive
from abduce.symbolic.synthesis.functional.types import (
    BOOL,
    INT,
    LARGEST,
    LONGEST,
    Type,
    belongs,
)

MISSING = HOLE + 1
"""What a table of a primitive holds where it was not called yet."""


class Columns:
    """The numbers of values, and what primitives gave so far."""

    def __init__(self) -> None:
        self.numbers: dict[Type, dict[Any, int]] = {}
        self.values: dict[Type, list[Any]] = {}
        self.called: dict[tuple, dict[tuple, int]] = {}
        self.tables: dict[tuple, np.ndarray] = {}

    def encoded(self, type: Type, value: Any) -> int:
        """A value as a number of a column."""
        if type in (INT, BOOL):
            return int(value)
        numbers = self.numbers.setdefault(type, {})
        number = numbers.get(value)
        if number is None:
            number = numbers[value] = len(numbers)
            self.values.setdefault(type, []).append(value)
        return number

    def column(self, type: Type, values: Sequence[Any]) -> np.ndarray:
        return np.array([self.encoded(type, value) for value in values], np.int64)

    def decoded(self, type: Type, number: int) -> Any:
        if type == INT:
            return number
        return bool(number) if type == BOOL else self.values[type][number]

    def apply(
        self, primitive: Primitive, types: Sequence[Type], result: Type, parts: Sequence[np.ndarray]
    ) -> np.ndarray:
        """The values of a primitive on columns of its arguments, of one shape, ``HOLE`` where it
        is undefined."""
        if primitive.name == LAZY:
            condition, first, second = parts
            chosen = np.where(condition == 1, first, second)
            return np.where(condition == HOLE, HOLE, chosen)
        holes = parts[0] == HOLE
        for part in parts[1:]:
            holes = holes | (part == HOLE)
        if primitive.columns is not None:
            values = primitive.columns(*[np.where(holes, 0, part) for part in parts])
            values = values.astype(np.int64, copy=False)
            if result == INT:
                holes = holes | (np.abs(values) > LARGEST)
            return np.where(holes, HOLE, values)
        call = self._caller(primitive, types, result)
        key = (primitive.name, tuple(types), result)
        if len(parts) == 1 and types[0] not in (INT, BOOL):
            return self._looked_up(key, call, types[0], parts[0], holes)
        return self._distinct(key, call, parts, holes)

    def _caller(
        self, primitive: Primitive, types: Sequence[Type], result: Type
    ) -> Callable[..., int]:
        function, trusted = primitive.value, primitive.trusted
        getters = [self._getter(each) for each in types]
        scalar = result in (INT, BOOL)
        numbered = self.numbers.setdefault(result, {})
        kept = self.values.setdefault(result, [])

        def call(*numbers: int) -> int:
            try:
                value = function(*[get(n) for get, n in zip(getters, numbers, strict=True)])
            except UNDEFINED:
                return HOLE
            if not trusted:
                return self._checked(value, result, primitive.name)
            if scalar:
                return int(value) if -LARGEST <= value <= LARGEST else HOLE
            number = numbered.get(value)
            if number is None:
                if len(value) > LONGEST:
                    return HOLE
                number = numbered[value] = len(numbered)
                kept.append(value)
            return number

        return call

    def _getter(self, type: Type) -> Callable[[int], Any]:
        if type == INT:
            return int
        return bool if type == BOOL else self.values.setdefault(type, []).__getitem__

    def _checked(self, value: Any, result: Type, name: str) -> int:
        """The number of a value of a primitive of the user's."""
        if belongs(value, result):
            return self.encoded(result, value)
        if is_large(value):
            return HOLE
        found = f"{value!r:.80} as the value of the primitive {name}"
        raise InputError(found, (f"a value of the type {result}",))

    def _looked_up(
        self, key: tuple, call: Callable[..., int], type: Type, part: np.ndarray, holes: np.ndarray
    ) -> np.ndarray:
        """Values by a table over the numbers of the argument."""
        size = len(self.values.get(type, ()))
        table = self.tables.get(key)
        if table is None or len(table) < size:
            grown = np.full(max(64, 2 * size), MISSING, np.int64)
            if table is not None:
                grown[: len(table)] = table
            table = self.tables[key] = grown
        at = np.where(holes, 0, part)
        values = table[at]
        absent = (values == MISSING) & ~holes
        if absent.any():
            for number in np.unique(at[absent]).tolist():
                table[number] = call(number)
            values = table[at]
        return np.where(holes, HOLE, values)

    def _distinct(
        self, key: tuple, call: Callable[..., int], parts: Sequence[np.ndarray], holes: np.ndarray
    ) -> np.ndarray:
        """Values by one call for each distinct tuple of arguments."""
        known = self.called.setdefault(key, {})
        shape = holes.shape
        flat = [np.where(holes, 0, part).ravel() for part in parts]
        codes = flat[0]
        for part in flat[1:]:
            _, left = np.unique(codes, return_inverse=True)
            uniques, right = np.unique(part, return_inverse=True)
            codes = left.ravel() * len(uniques) + right.ravel()
        _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
        dead = holes.ravel()[first]
        values = np.full(len(first), HOLE, np.int64)
        for at, arguments in enumerate(zip(*[part[first].tolist() for part in flat], strict=True)):
            value = known.get(arguments)
            if value is None:
                if dead[at]:
                    continue
                value = known[arguments] = call(*arguments)
            values[at] = value
        return np.where(holes, HOLE, values[inverse.ravel()].reshape(shape))


def is_large(value: Any) -> bool:
    """Whether a value is of a type, but beyond the limits on its size."""
    if isinstance(value, int):
        return abs(value) > LARGEST
    return isinstance(value, str | tuple) and len(value) > LONGEST
