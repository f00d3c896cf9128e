"""Tests of lists and of numbers: sorted, searched, calculated with.

Expected answers come from Python's own integers and its sort, never from a kernel.
"""

import operator
import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from abduce.benchmarks.records.score import Score, Size
from abduce.symbolic.machines.lists.arithmetic import Arithmetic
from abduce.symbolic.machines.lists.list_algorithms import place_of, sorted_by
from abduce.symbolic.machines.lists.lists import ListMachine
from abduce.symbolic.programs.definitions.list_rules import (
    LIST_ALGORITHMS,
    RANK,
    WANTED,
    ListAlgorithm,
)

CALCULATIONS: Mapping[str, Callable[[int, int], int]] = MappingProxyType(
    {"add": operator.add, "subtract": operator.sub, "multiply": operator.mul}
)


def sorting(method: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Every place is an entry."""
    draw = random.Random(seed)
    values = [draw.getrandbits(size.bits) for _ in range(size.n)]
    expected = sorted(values)
    order, counts = sorted_by(method, LIST_ALGORITHMS, values, kernels)
    pairs = zip(order.tolist(), expected, strict=True)
    return Score(sum(values[place] == value for place, value in pairs), size.n, _steps(counts))


def searching(row: ListAlgorithm, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Tests with one position as the answer: of any rank, and of numbers that are in the list or
    not.

    Where numbers are equal, the place of each is right; but a wanted number has one place.
    """
    draw = random.Random(seed)
    values = [draw.getrandbits(size.bits) for _ in range(size.n)]
    rank, wanted = draw.randrange(size.n), draw.choice(values) + draw.randrange(2)
    sought = row.asked == WANTED
    given = [*sorted(values), wanted] if sought else values
    t = {RANK: rank, WANTED: size.n}.get(row.asked, 0)
    machine = ListMachine(given, kernels["compare"])
    place, counts = place_of(row, machine, kernels, length=size.n, t=t)
    assert row.expected is not None
    true = row.expected(given, t)
    right = place == true if sought else given[place] == given[true]
    return Score(int(right), 1, _steps(counts))


def _steps(counts: Mapping[str, int]) -> int:
    """The steps of a program, or the pairs where it takes none."""
    return counts.get("steps", counts["pairs compared"])


def calculating(task: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """The score of a calculation on two random numbers, whose upper limit on bits is the size."""
    draw = random.Random(seed)
    a, b = draw.getrandbits(size.n), draw.getrandbits(size.n)
    found = getattr(Arithmetic(kernels), task)(a, b)
    return Score(int(found == CALCULATIONS[task](a, b)), 1, 1)
