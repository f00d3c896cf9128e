"""A new task is a row and the algorithm that it is learned from: with them it runs."""

from collections.abc import Iterator
from dataclasses import replace

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.benchmarks.execution.graph_tests import graph_search
from abduce.benchmarks.execution.list_tests import searching
from abduce.benchmarks.execution.word_tests import product
from abduce.benchmarks.records.score import Size
from abduce.neural.kernels.graphs.rules_tasks import rules_task
from abduce.neural.kernels.graphs.traces import Nodes, random_graph, result
from abduce.neural.kernels.graphs.traces import bfs as bfs_by_hand
from abduce.neural.kernels.jobs import kernels_at
from abduce.neural.kernels.kernel import KernelTask, one_thread, train
from abduce.neural.kernels.lists.list_traces import Page
from abduce.neural.kernels.lists.program_tasks import program_task
from abduce.neural.kernels.words.state_tasks import group_task
from abduce.symbolic.machines.graphs.graph_jobs import graph_job
from abduce.symbolic.machines.jobs import Kernels, MachineAnswer, MachineJob, RunContext
from abduce.symbolic.machines.lists.list_jobs import list_job, sort_job
from abduce.symbolic.machines.words.state_jobs import word_jobs
from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.arithmetic import EQUAL, GREATER, LESS
from abduce.symbolic.programs.definitions.graph_rules import GRAPH_ALGORITHMS
from abduce.symbolic.programs.definitions.list_rules import (
    LIST_ALGORITHMS,
    PLACE,
    ListAlgorithm,
    specification,
)
from abduce.symbolic.programs.groups import PERMUTATIONS, GroupSpecification, WordTask

LEVELS = pytest.mark.parametrize("level", ["L0", "L1"])


def run(job: MachineJob, text: str, kernels: Kernels, method: str = "") -> MachineAnswer:
    return job.run(text, kernels, job.options(), RunContext(path="<t>", method=method))


FOREST = replace(
    GRAPH_ALGORITHMS["bfs"],
    name="forest",
    about="breadth-first search of all nodes: parents and numbers of edges",
    again=True,
)
"""The row of a graph algorithm."""


def forest(nodes: Nodes) -> Iterator[tuple[int, ...]]:
    """Breadth-first search, again and again."""
    while True:
        yield from bfs_by_hand(nodes)
        if 0 not in nodes.states:
            return
        root = nodes.states.index(0)
        nodes.states[root], nodes.keys[root] = 1, 0


def depths(edges: list[tuple[int, int]], count: int) -> list[int]:
    """The expected answer, by networkx: the depth of each node below the root of its part."""
    graph = networkx.Graph(edges)
    graph.add_nodes_from(range(count))
    found: dict[int, int] = {}
    for root in range(count):
        if root not in found:
            found |= networkx.single_source_shortest_path_length(graph, root)
    return [found[node] for node in range(count)]


@LEVELS
@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1))
def test_a_graph_algorithm_is_a_row(level: str, edges: list[tuple[int, int]]) -> None:
    job = graph_job(FOREST)
    kernels, _ = kernels_at(level, job.needs("", level))
    text = "\n".join(f"{u} {v}" for u, v in [*edges, *((n, n) for n in range(9))])
    answer = run(job, text, kernels)
    assert [int(row["hops"]) for row in answer.value] == depths(edges, 9)


def test_a_graph_algorithm_is_tested_by_the_benchmark() -> None:
    kernels, _ = kernels_at("L0", graph_job(FOREST).kernels)
    score = graph_search(FOREST, forest, Size("40", 1, 40), 3, kernels)
    assert score.right == score.entries == 40
    graph = random_graph(12, 1.0, np.random.default_rng(0))
    assert None not in result(forest, graph, 0).keys


HIGHEST = ListAlgorithm(
    name="maximum",
    about="the largest number and its first position",
    asked=PLACE,
    register="i",
    expected=lambda numbers, _: numbers.index(max(numbers)),
    program=specification(
        "the search for the greatest number",
        """
        scan: j ? r      | < look | = halt
        look: [j] ? [i]  | > scan, i = j, j = j + 1 | <= scan, j = j + 1
        """,
    ),
)
"""The row of a list algorithm."""


def maximum(p: Page) -> Iterator[tuple[str, int]]:
    while p.j < p.r:
        yield "scan", LESS
        yield "look", p.order(p.j, p.i)
        if p.order(p.j, p.i) == GREATER:
            p.i = p.j
        p.j += 1
    yield "scan", EQUAL


@LEVELS
@settings(max_examples=20)
@given(st.lists(st.integers(), min_size=1))
def test_a_list_algorithm_is_a_row(level: str, values: list[int]) -> None:
    job = list_job(HIGHEST)
    kernels, _ = kernels_at(level, job.needs("", level))
    answer = run(job, " ".join(map(str, values)), kernels)
    assert answer.value["place"] == values.index(max(values))
    score = searching(HIGHEST, Size("20", 1, 20), 5, kernels)
    assert score.right == score.entries == 1


@LEVELS
@settings(max_examples=20)
@given(st.lists(st.integers()))
def test_a_program_that_sorts_is_a_method_of_sort(level: str, values: list[int]) -> None:
    row = replace(LIST_ALGORITHMS["insertion"], name="other")
    job = sort_job((row,))
    kernels, _ = kernels_at(level, job.needs("other", level))
    answer = run(job, " ".join(map(str, values)), kernels, "other")
    assert [int(text) for text in answer.value] == sorted(values)
    assert job.method(None, "L2") == "other"


FOUR = WordTask(
    name="v4",
    about="the product of double swaps",
    group=GroupSpecification.generated("V4", ((1, 0, 3, 2), (2, 3, 0, 1))),
    letters=PERMUTATIONS,
)
"""The row of a task on words: Klein's group."""


def test_a_task_on_words_is_a_row() -> None:
    (job,) = word_jobs((FOUR,))
    kernels = {name: compiled(group_task(FOUR).specification) for name in job.needs("", "L0")}
    assert run(job, "2143 3412 2143", kernels).value == {"final": "3412", "length": 3}
    score = product(FOUR, Size("50", 1, 50), 1, kernels)
    assert score.right == score.entries == 50


@pytest.mark.slow
@pytest.mark.parametrize(
    "task", [rules_task(FOREST, forest), program_task(HIGHEST, maximum), group_task(FOUR)]
)
def test_the_kernels_of_new_tasks_are_learned_and_proved(task: KernelTask) -> None:
    one_thread()
    learned = train(task, seed=1)
    assert learned.proved
