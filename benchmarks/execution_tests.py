"""Test sets of executed programs: inputs drawn from fixed seeds, answers from elsewhere.

Expected answers come from Python's own integers and sort, from the book's graph algorithms on them,
and from `execution_points`; never from a kernel. The test sets do not depend on the seed of what is
learned.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any

import numpy as np

from abduce.benchmarks.execution_machine_tests import MACHINES, SEARCHES, machine_score
from abduce.benchmarks.execution_points import POINT_TASKS, drawn
from abduce.benchmarks.execution_score import Score, Size
from abduce.benchmarks.lambda_tests import LambdaSize, cases, lambda_sizes, reduced
from abduce.neural.kernels.traces import ALGORITHMS, random_graph, result
from abduce.neural.lambda_reducer.machine import STEP, LambdaReducer
from abduce.neural.machines.arithmetic import Arithmetic
from abduce.neural.machines.graph_machine import GraphMachine
from abduce.neural.machines.list_programs import run_program
from abduce.neural.machines.lists import ListMachine
from abduce.neural.machines.sorting import METHODS
from abduce.verify.discrete.beta import BETA
from abduce.verify.discrete.graph_rules import GRAPH_RULES
from abduce.verify.discrete.rules import compiled_rules
from abduce.verify.discrete.step_tables import compiled_step

TEST_SEED = 3


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
PROGRAMS = LISTS[:3]
"""For machines that take one step after the other."""
GRAPHS = (Size("64", 32, 64), Size("1600", 2, 1600), Size("10000", 1, 10_000))
POINTS = (Size("50", 20, 50), Size("500", 5, 500), Size("100000", 1, 100_000))
TOURS = (Size("50", 20, 50), Size("1000", 3, 1000))
WIDTHS = (Size("8", 100, 8), Size("64", 100, 64), Size("1000", 10, 1000), Size("10000", 2, 10_000))
WORDS = (Size("100", 100, 100), Size("10000", 10, 10_000), Size("1000000", 1, 1_000_000))
BITS = (Size("10", 1, 10), Size("1000", 10, 1000), Size("1000000", 1, 1_000_000))
PROCESSES = (Size("50", 20, 50), Size("500", 4, 500), Size("5000", 1, 5000))
NUMBERS: Mapping[str, Callable[[int, int], int]] = MappingProxyType(
    {
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
    }
)
SLOW = ("insertion", "bubble")


def sizes(task: str, method: str, level: str) -> Sequence[Size | LambdaSize]:
    """What a task is tested on; the methods of lambda are families of terms."""
    if task == "lambda":
        return lambda_sizes(method)
    if task == "sort":
        return PROGRAMS if level == "L2" else SQUARE if method in SLOW else LISTS
    if task in SEARCHES:
        return PROGRAMS
    if task in POINT_TASKS:
        return TOURS if task == "tsp" else POINTS
    if task == "permutation":
        return BITS if method == "mean" else BITS[:1]
    if task in MACHINES:
        return {"value-iteration": PROCESSES, "shortest-path": GRAPHS}.get(task, WORDS)
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
        elif task in MACHINES:
            yield machine_score(task, method, size, seed, kernels)
        elif task in GRAPH_RULES:
            yield _searched(task, size, seed, kernels)
        elif task in POINT_TASKS:
            yield drawn(task, size.n, seed, kernels)
        else:
            yield _calculated(task, size, seed, kernels)


def _reduced(family: str, size: LambdaSize, kernels: Mapping[str, Any]) -> Iterator[Score]:
    machine = LambdaReducer({STEP: compiled_step(BETA), **kernels})
    for term, expected in islice(cases(size.task, family, size.tokens, TEST_SEED), size.inputs):
        start = time.process_time()
        found, steps = reduced(machine, size.task, term)
        cpu_s = time.process_time() - start
        yield Score(int(found == expected), 1, steps, cpu_s)


def _sorted(method: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    draw = random.Random(seed)
    values = [draw.getrandbits(size.bits) for _ in range(size.n)]
    expected = sorted(values)
    program = kernels.get(f"{method}-program")
    if program is None:
        machine = ListMachine(values, kernels["compare"], kernels["mask"])
        order, steps = METHODS[method](machine).tolist(), machine.pairs
    else:
        run = run_program(method, program, values, kernels["compare"])
        order, steps = run.places.tolist(), run.steps
    right = sum(values[place] == value for place, value in zip(order, expected, strict=True))
    return Score(right, size.n, steps)


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
