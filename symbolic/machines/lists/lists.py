"""The memory of list programs: numbers that only the compare kernel may look at, and a mask."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from abduce.symbolic.machines.lists.lanes import Comparator
from abduce.symbolic.machines.lists.numbers import columns
from abduce.symbolic.programs.definitions.arithmetic import GREATER, LESS
from abduce.symbolic.programs.mealy import Mealy
from abduce.symbolic.programs.table import Table

Note = Callable[[str], None]
SIGNS = ("<", "=", ">")


class ListMachine:
    """Numbers by their place, an order of them that is asked for pair by pair.

    Args:
        values: whole numbers of any size and sign.
        compare: the compare kernel.
        mask: the mask kernel; only `selection` has a use for it.
        note: called with each step and the kernel that took it.

    Attributes:
        pairs: how many were compared so far.
    """

    def __init__(
        self,
        values: Sequence[int],
        compare: Mealy,
        mask: Table | None = None,
        note: Note | None = None,
    ) -> None:
        self.values, self.note, self.pairs = tuple(values), note, 0
        self._mask = mask
        self._comparator = Comparator.of(compare)
        self._columns = columns(self.values)
        self._compare_two = self._comparator.scalar()

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def _rows(self) -> list[bytes]:
        return [row.tobytes() for row in np.ascontiguousarray(self._columns.T)]

    def compare(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """0, 1 or 2 for each pair of places, as the number at i is less, equal or greater."""
        self.pairs += len(i)
        found = self._comparator(self._columns, i, j)
        if self.note is not None:
            for a, b, order in zip(i.tolist(), j.tolist(), found.tolist(), strict=True):
                self.note(f"compare  [{a}] {SIGNS[order]} [{b}]")
        return found

    def less(self, i: int, j: int) -> bool:
        """Whether the number at i is less than the one at j."""
        self.pairs += 1
        order = self._compare_two(self._rows[i], self._rows[j])
        if self.note is not None:
            self.note(f"compare  [{i}] {SIGNS[order]} [{j}]")
        return order == LESS

    def masked(self, mask: np.ndarray, pointer: int) -> None:
        """Update a mask (entries,) after an entry was pointed at.

        What the kernel says of an entry depends on its window of width 3, so only the windows that
        the pointer is in are read again.
        """
        around = range(max(0, pointer - 1), min(len(mask), pointer + 2))
        after = [self._next_mask(mask, pointer, entry) for entry in around]
        mask[around.start : around.stop] = after
        if self.note is not None:
            self.note(f"mask     [{pointer}] is done")

    def _next_mask(self, mask: np.ndarray, pointer: int, entry: int) -> int:
        window = range(entry - 1, entry + 2)
        assert self._mask is not None
        done = [int(mask[k]) if 0 <= k < len(mask) else 1 for k in window]
        return self._mask(*done, *(int(k == pointer) for k in window))

    def is_sorted(self, order: np.ndarray) -> bool:
        """Whether no number is greater than the next of an order, by the kernel."""
        return not (self.compare(order[:-1], order[1:]) == GREATER).any()
