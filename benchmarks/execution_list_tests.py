"""Tests of lists and of numbers: sorted, searched, calculated with.

Expected answers come from Python's own integers and its sort, never from a kernel.
"""

import operator
import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from abduce.benchmarks.execution_score import Score, Size
from abduce.neural.machines.arithmetic import Arithmetic
from abduce.neural.machines.list_programs import run_program
from abduce.neural.machines.lists import ListMachine
from abduce.neural.machines.searching import binary_search, minimum, select
from abduce.neural.machines.sorting import METHODS

CALCULATIONS: Mapping[str, Callable[[int, int], int]] = MappingProxyType(
    {"add": operator.add, "subtract": operator.sub, "multiply": operator.mul}
)


def sorting(method: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Every place is an entry."""
    draw = random.Random(seed)
    values = [draw.getrandbits(size.bits) for _ in range(size.n)]
    expected = sorted(values)
    program = kernels.get(f"{method}-program")
    if program is None:
        machine = ListMachine(values, kernels["compare"], kernels.get("mask"))
        order, steps = METHODS[method](machine).tolist(), machine.pairs
    else:
        run = run_program(method, program, values, kernels["compare"])
        order, steps = run.places.tolist(), run.steps
    right = sum(values[place] == value for place, value in zip(order, expected, strict=True))
    return Score(right, size.n, steps)


def searching(task: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Of `minimum`, of `select` with any rank, of `search` for numbers that are there or not."""
    draw = random.Random(seed)
    values = [draw.getrandbits(size.bits) for _ in range(size.n)]
    rank, wanted = draw.randrange(size.n), draw.choice(values) + draw.randrange(2)
    order = sorted(values)
    given = [*order, wanted] if task == "search" else values
    program = kernels.get(f"{task}-program")
    if program is None:
        machine = ListMachine(given, kernels["compare"])
        if task == "search":
            place = binary_search(machine, size.n)
        else:
            place = minimum(machine) if task == "minimum" else select(machine, rank)
        steps = machine.pairs
    else:
        t = {"minimum": 0, "select": rank, "search": size.n}[task]
        run = run_program(task, program, given, kernels["compare"], length=size.n, t=t)
        held = {"minimum": run.registers["i"], "search": run.registers["l"]}
        place = held[task] if task in held else int(run.places[rank])
        steps = run.steps
    if task == "search":
        right = place == sum(value < wanted for value in values)
    else:
        right = values[place] == order[rank if task == "select" else 0]
    return Score(int(right), 1, steps)


def calculating(task: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Two numbers of at most so many bits."""
    draw = random.Random(seed)
    a, b = draw.getrandbits(size.n), draw.getrandbits(size.n)
    found = getattr(Arithmetic(kernels), task)(a, b)
    return Score(int(found == CALCULATIONS[task](a, b)), 1, 1)
