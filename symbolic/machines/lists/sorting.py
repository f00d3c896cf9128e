"""Sorting programs: they move places about, and every comparison is the kernel's.

Each takes a machine and says the order of its numbers, places (n,). Where a program can ask for
many pairs at once it does, and its docstring says how that is the algorithm of its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from abduce.symbolic.machines.lists.knockout import ABSENT, Knockout
from abduce.symbolic.machines.lists.lists import ListMachine
from abduce.symbolic.programs.definitions.arithmetic import EQUAL, GREATER, LESS

Order = np.ndarray


def selection(machine: ListMachine) -> Order:
    """The least of the remaining numbers, repeatedly; the mask kernel takes it out.

    The winners of earlier comparisons are remembered in a tree (tournament), so that taking the
    next one asks for log n pairs and not for all that are left. Stable.

    Source: Knuth 1998, The art of computer programming 3, section 5.2.3.
    """
    mask = np.zeros(len(machine), dtype=np.int64)
    game = Knockout(len(machine), machine.less)
    game.change((place, True) for place in range(len(machine)))
    order: list[int] = []
    while game.winner != ABSENT:
        order.append(chosen := game.winner)
        machine.masked(mask, chosen)
        game.change([(chosen, not mask[chosen])])
    return np.array(order, dtype=np.int64)


def insertion(machine: ListMachine) -> Order:
    """Each number goes behind the last that is not greater, among those before it; n**2 / 2 pairs.

    It is compared with all of them at once. Stable.
    """
    order = np.zeros(len(machine), dtype=np.int64)
    for n in range(1, len(machine)):
        found = machine.compare(order[:n], np.full(n, n))
        place = int((found != GREATER).sum())
        order[place + 1 : n + 1] = order[place:n]
        order[place] = n
    return order


def bubble(machine: ListMachine) -> Order:
    """Neighbours in the wrong order are exchanged, until there are none; n**2 / 2 pairs.

    All odd pairs at once, then all even ones (odd-even transposition). Stable.

    Source: Habermann 1972, Parallel neighbor-sort.
    """
    order, quiet, start = np.arange(len(machine)), 0, 0
    while quiet < 2:
        end = start + (len(order) - start) // 2 * 2
        pairs = order[start:end].reshape(-1, 2)
        wrong = machine.compare(pairs[:, 0], pairs[:, 1]) == GREATER
        pairs[wrong] = pairs[wrong][:, ::-1]
        quiet = 0 if wrong.any() else quiet + 1
        start = 1 - start
    return order


def merge(machine: ListMachine) -> Order:
    """Sorted runs of 1, 2, 4, ... are merged in pairs.

    A number's place in the merged run is its own and that among the other run's numbers, which all
    numbers look for at once by binary search. Stable.

    Source: Cole 1988, Parallel merge sort, for merging by ranks.
    """
    n = len(machine)
    order, places, width = np.arange(n), np.arange(n), 1
    while width < n:
        first = (places // width) % 2 == 0
        other = np.where(first, places - places % width + width, places - places % width - width)
        low = np.minimum(other, n)
        base, high = low.copy(), np.minimum(other + width, n)
        while len(open_ := np.flatnonzero(low < high)):
            middle = (low[open_] + high[open_]) // 2
            found = machine.compare(order[middle], order[open_])
            before = (found == LESS) | ((found == EQUAL) & ~first[open_])
            low[open_[before]] = middle[before] + 1
            high[open_[~before]] = middle[~before]
        start = places - places % (2 * width)
        merged = np.empty_like(order)
        merged[start + places % width + low - base] = order
        order, width = merged, 2 * width
    return order


def bitonic(machine: ListMachine) -> Order:
    """A network of n log(n)**2 / 4 exchanges that does not depend on the numbers.

    Equal numbers are in the order of their places; places beyond the list count as greater.

    Source: Batcher 1968, Sorting networks and their applications.
    """
    n = len(machine)
    size = 1 << max(0, (n - 1).bit_length())
    order, wires = np.arange(size), np.arange(size)
    block = 2
    while block <= size:
        distance = block // 2
        while distance:
            i = wires[(wires & distance) == 0]
            j = i | distance
            up = (i & block) == 0
            wrong = _after(machine, order[i], order[j]) == up
            order[i[wrong]], order[j[wrong]] = order[j[wrong]], order[i[wrong]]
            distance //= 2
        block *= 2
    return order[order < n]


def _after(machine: ListMachine, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether a comes after b, where places beyond the list are last."""
    after = a > b
    real = np.flatnonzero((a < len(machine)) & (b < len(machine)))
    found = machine.compare(a[real], b[real])
    after[real] = (found == GREATER) | ((found == EQUAL) & after[real])
    return after


def heap(machine: ListMachine) -> Order:
    """A heap with the greatest at its top, which goes to the end, again and again.

    Source: Williams 1964, Algorithm 232: heapsort; Floyd 1964 for building it.
    """
    order = list(range(len(machine)))

    def sift(root: int, end: int) -> None:
        while (child := 2 * root + 1) < end:
            if child + 1 < end and machine.less(order[child], order[child + 1]):
                child += 1
            if not machine.less(order[root], order[child]):
                return
            order[root], order[child] = order[child], order[root]
            root = child

    for root in range(len(order) // 2 - 1, -1, -1):
        sift(root, len(order))
    for end in range(len(order) - 1, 0, -1):
        order[0], order[end] = order[end], order[0]
        sift(0, end)
    return np.array(order, dtype=np.int64)


def quick(machine: ListMachine) -> Order:
    """Each part is cut in three by its middle number: less, equal and greater.

    All parts are cut at once. Stable; n**2 / 2 pairs where the middle numbers are bad ones.

    Source: Hoare 1961, Algorithm 64: quicksort.
    """
    n = len(machine)
    order, part = np.arange(n), np.zeros(n, dtype=np.int64)
    while n:
        starts = np.flatnonzero(np.diff(part, prepend=-1))
        ends = np.append(starts[1:], n)
        sizes = ends - starts
        where = np.repeat(sizes > 1, sizes)
        if not where.any():
            break
        pivots = np.repeat(order[(starts + ends - 1) // 2], sizes)
        side = np.zeros(n, dtype=np.int64)
        side[where] = machine.compare(order[where], pivots[where])
        key = 3 * part + side
        sort = np.argsort(key, kind="stable")  # moves places into their parts; compares no number
        order, part = order[sort], np.unique(key[sort], return_inverse=True)[1]
        done = side[sort] == EQUAL
        part = np.cumsum(np.append(0, (np.diff(part) != 0) | (done[1:] & done[:-1])))
    return order


@dataclass(frozen=True, slots=True)
class SortMethod:
    """A sorting program that is written by hand.

    Attributes:
        order: gives the order of the numbers of a machine.
        kernels: those that it needs beside `compare`.
        quadratic: whether it compares all pairs, so that long lists take long.
    """

    order: Callable[[ListMachine], Order]
    kernels: tuple[str, ...] = ()
    quadratic: bool = False


METHODS: Mapping[str, SortMethod] = MappingProxyType(
    {
        "merge": SortMethod(merge),
        "bitonic": SortMethod(bitonic),
        "selection": SortMethod(selection, kernels=("mask",)),
        "quick": SortMethod(quick),
        "heap": SortMethod(heap),
        "insertion": SortMethod(insertion, quadratic=True),
        "bubble": SortMethod(bubble, quadratic=True),
    }
)
"""The sorting methods by name; the first is the default."""
