"""Searching programs: minimum, the k-th least, binary search."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from abduce.symbolic.machines.lists.lists import ListMachine
from abduce.symbolic.programs.definitions.arithmetic import EQUAL, GREATER, LESS


def minimum(machine: ListMachine) -> int:
    """The first place of the least number, by a knockout tournament: n - 1 pairs.

    Args:
        machine: a machine with one number or more.
    """
    left = np.arange(len(machine))
    while len(left) > 1:
        a, b = left[: len(left) // 2 * 2 : 2], left[1::2]
        winners = np.where(machine.compare(a, b) == GREATER, b, a)
        left = np.append(winners, left[len(winners) * 2 :])
    return int(left[0])


def select(machine: ListMachine, rank: int) -> int:
    """The place of the number of a rank, 0 for the least; equal numbers count by their places.

    Each round keeps what is on the right side of a middle number.

    Source: Hoare 1961, Algorithm 65: find.
    """
    left = np.arange(len(machine))
    while True:
        pivot = left[len(left) // 2]
        side = machine.compare(left, np.full(len(left), pivot))
        less, equal = left[side == LESS], left[side == EQUAL]
        if rank < len(less):
            left = less
        elif rank < len(less) + len(equal):
            return int(equal[rank - len(less)])
        else:
            rank -= len(less) + len(equal)
            left = left[side == GREATER]


def binary_search(machine: ListMachine, wanted: int) -> int:
    """How many of the numbers before the place `wanted` are less than the number there.

    Args:
        machine: the numbers before `wanted` are sorted.
    """
    low, high = 0, wanted
    while low < high:
        middle = (low + high) // 2
        if machine.less(middle, wanted):
            low = middle + 1
        else:
            high = middle
    return low


WRITTEN: Mapping[str, Callable[[ListMachine, int], int]] = MappingProxyType(
    {
        "minimum": lambda machine, _: minimum(machine),
        "select": select,
        "search": binary_search,
    }
)
"""The programs by the name of the list algorithm. Each takes a machine and what register t would
hold, and returns the place that answers."""
