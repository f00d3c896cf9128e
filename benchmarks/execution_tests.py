"""Test sets of executed programs: inputs drawn from fixed seeds, answers from elsewhere.

Expected answers come from Python's own integers and sort, and from the book's graph algorithms on
them; never from a kernel. The test sets do not depend on the seed of what is learned.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any

import numpy as np

from abduce.benchmarks.lambda_tests import LambdaSize, cases, lambda_sizes, reduced
from abduce.neural.kernels.traces import ALGORITHMS, random_graph, result
from abduce.neural.lambda_reducer.machine import STEP, LambdaReducer
from abduce.neural.machines.arithmetic import Arithmetic
from abduce.neural.machines.graph_machine import GraphMachine
from abduce.neural.machines.lists import ListMachine
from abduce.neural.machines.sorting import METHODS
from abduce.verify.discrete.beta import BETA
from abduce.verify.discrete.graph_rules import GRAPH_RULES
from abduce.verify.discrete.rules import compiled_rules
from abduce.verify.discrete.step_tables import compiled_step

TEST_SEED = 3


@dataclass(frozen=True, slots=True)
class Score:
    """Of one input: how many entries were right, of how many, and what was counted."""

    right: int
    entries: int
    steps: int


@dataclass(frozen=True, slots=True)
class Size:
    """Inputs of one size.

    Attributes:
        name: as records have it.
        inputs: how many.
        n: numbers of a list, nodes of a graph, bits of a number to calculate with.
        bits: of the numbers of a list.
    """

    name: str
    inputs: int
    n: int
    bits: int = 64


LISTS = (
    Size("64 of 64 bits", 32, 64),
    Size("1600 of 64 bits", 4, 1600),
    Size("10000 of 64 bits", 1, 10_000),
    Size("100000 of 8 bits", 1, 100_000, 8),
    Size("100000 of 64 bits", 1, 100_000),
    Size("100000 of 1000 bits", 1, 100_000, 1000),
)
SQUARE = LISTS[:2]
"""For methods that compare all pairs."""
GRAPHS = (Size("64", 32, 64), Size("1600", 2, 1600), Size("10000", 1, 10_000))
WIDTHS = (Size("8", 100, 8), Size("64", 100, 64), Size("1000", 10, 1000), Size("10000", 2, 10_000))
NUMBERS: Mapping[str, Callable[[int, int], int]] = MappingProxyType(
    {
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
    }
)
SLOW = ("insertion", "bubble")


def sizes(task: str, method: str) -> Sequence[Size | LambdaSize]:
    """What a task is tested on; the methods of lambda are families of terms."""
    if task == "lambda":
        return lambda_sizes(method)
    if task == "sort":
        return SQUARE if method in SLOW else LISTS
    return GRAPHS if task in GRAPH_RULES else WIDTHS


def scores(
    task: str, method: str, size: Size | LambdaSize, kernels: Mapping[str, Any]
) -> Iterator[Score]:
    """The score of each input of a size.

    Args:
        kernels: exact, by name; of a graph task its rules are compiled where they are not among
            them.
    """
    if isinstance(size, LambdaSize):
        yield from _reduced(method, size, kernels)
        return
    for place in range(size.inputs):
        seed = TEST_SEED + 1000 * place
        if task == "sort":
            yield _sorted(method, size, seed, kernels)
        elif task in GRAPH_RULES:
            yield _searched(task, size, seed, kernels)
        else:
            yield _calculated(task, size, seed, kernels)


def _reduced(family: str, size: LambdaSize, kernels: Mapping[str, Any]) -> Iterator[Score]:
    machine = LambdaReducer({STEP: compiled_step(BETA), **kernels})
    for term, expected in islice(cases(size.task, family, size.tokens, TEST_SEED), size.inputs):
        found, steps = reduced(machine, size.task, term)
        yield Score(int(found == expected), 1, steps)


def _sorted(method: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    draw = random.Random(seed)
    values = [draw.getrandbits(size.bits) for _ in range(size.n)]
    machine = ListMachine(values, kernels["compare"], kernels["mask"])
    order = METHODS[method](machine).tolist()
    expected = sorted(values)
    right = sum(values[place] == value for place, value in zip(order, expected, strict=True))
    return Score(right, size.n, machine.pairs)


def _searched(task: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """A node is right where its state, its key and its parent are."""
    generator = np.random.default_rng(seed)
    graph = random_graph(size.n, float(generator.uniform(4, 12)), generator)
    source = int(generator.integers(0, size.n))
    told = GRAPH_RULES[task]
    machine = GraphMachine(
        graph,
        kernels.get(f"{task}-rules") or compiled_rules(told),
        kernels["compare"],
        kernels["add"],
        least=told.least,
        first=told.first,
    )
    found = machine.run(source, again=task == "dfs")
    expected = result(ALGORITHMS[task], graph, source)
    parents = [None if parent < 0 else parent for parent in found.parents.tolist()]
    nodes = zip(found.states.tolist(), found.keys, parents, strict=True)
    wanted = zip(expected.states, expected.keys, expected.parents, strict=True)
    right = sum(node == other for node, other in zip(nodes, wanted, strict=True))
    return Score(right, size.n, found.steps)


def _calculated(task: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    draw = random.Random(seed)
    a, b = draw.getrandbits(size.n), draw.getrandbits(size.n)
    found = getattr(Arithmetic(kernels), task)(a, b)
    return Score(int(found == NUMBERS[task](a, b)), 1, 1)
