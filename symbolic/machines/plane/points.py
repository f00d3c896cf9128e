"""Points of the plane as a user writes them, and as exact whole numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.machines.fields import fields
from abduce.symbolic.machines.lists.lists import ListMachine, Note
from abduce.symbolic.machines.lists.numbers import Exact, exact, scaled
from abduce.symbolic.machines.lists.sorting import merge
from abduce.symbolic.programs.definitions.arithmetic import EQUAL
from abduce.symbolic.programs.mealy import Mealy
from abduce.text import lines

FORM = "two numbers, X Y"
LARGEST_BITS = 62
"""The upper limit on the bits of coordinates that, with their differences, fit numpy's integers."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points by their place in the file, 0 for the first.

    Attributes:
        texts: the points as they were written, 'x y'.
        columns: (2, points), the least of each row 0, in units of 10 ** -places; int64 where
            LARGEST_BITS bits are enough, else Python's integers.
    """

    texts: tuple[str, ...]
    columns: np.ndarray
    places: int = 0

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(
        cls,
        x: Iterable[int],
        y: Iterable[int],
        *,
        texts: Iterable[str] | None = None,
        places: int = 0,
    ) -> "Points":
        """Points from whole coordinates, in units of 10 ** -places."""
        rows = [_from_0(list(x)), _from_0(list(y))]
        largest = max((max(row, default=0) for row in rows), default=0)
        kind = np.int64 if largest.bit_length() <= LARGEST_BITS else object
        columns = np.array(rows, dtype=kind).reshape(2, -1)
        named = texts if texts is not None else (f"{a} {b}" for a, b in columns.T.tolist())
        return cls(tuple(named), columns, places)

    @property
    def bits(self) -> int:
        """The number of bits of the largest coordinate, at least 1."""
        return max(int(self.columns.max(initial=0)).bit_length(), 1)


def read_points(text: str, path: Path | str | None = None, *, least: int) -> Points:
    """Points, one a line: two numbers. Comments after a # and empty lines are skipped.

    Args:
        least: the least number of points.

    Raises:
        InputError: something else stands in a line, or there are too few.
    """
    texts: list[str] = []
    rows: list[Exact] = []
    for line in lines(text, path, comment="#"):
        words = fields(line, row=True)
        rows += [exact(line, word, column) for word, column in words]
        if len(words) not in (0, 2):
            count = f"{len(words)} number{'s' if len(words) > 1 else ''}"
            column = words[2][1] if len(words) > 2 else len(line.code.rstrip()) + 1
            raise line.wrong(count, (FORM,), column)
        if words:
            texts.append(" ".join(word for word, _ in words))
    if len(texts) < least:
        found = f"{len(texts)} point{'s' if len(texts) != 1 else ''}"
        raise InputError(found, (f"{least} or more",), path)
    values, places = scaled(rows, path)
    return Points.of(values[::2], values[1::2], texts=texts, places=places)


def in_order(
    points: Points, compare: Mealy, note: Note | None = None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Places from the left to the right, from below where they are above each other, by the kernel.

    Returns:
        (distinct,): the first place of each point. (points,): the first place of a point's equals.
        How many pairs were compared.
    """
    x, y = (row.tolist() for row in points.columns)
    bits = points.bits
    machine = ListMachine([a << bits | b for a, b in zip(x, y, strict=True)], compare, note=note)
    order = merge(machine)
    new = np.ones(len(order), dtype=bool)
    if len(order) > 1:
        new[1:] = machine.compare(order[:-1], order[1:]) != EQUAL
    distinct = order[new]
    first = np.empty_like(order)
    first[order] = distinct[np.cumsum(new) - 1]
    return distinct, first, machine.pairs


def _from_0(row: list[int]) -> list[int]:
    least = min(row, default=0)
    return [value - least for value in row]
