"""What every program is tested on: one table.

A row is a method of a task, and what it is tested on at each level; the levels that it has and the
kernels that it needs are those of its machine. Inputs are drawn from fixed seeds, whatever the seed
of what is learned; expected answers come from elsewhere, never from a kernel.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

from abduce.benchmarks.execution.graph_tests import graph_search, paths, values
from abduce.benchmarks.execution.lambda_tests import UNIT, LambdaSize, lambda_sizes, reducing
from abduce.benchmarks.execution.list_tests import CALCULATIONS, calculating, searching, sorting
from abduce.benchmarks.execution.points import delaunay, hull, tour
from abduce.benchmarks.execution.word_tests import brackets, by_ensemble, by_mean, product
from abduce.benchmarks.records.score import TEST_SEED, Score, Size
from abduce.neural.kernels.config import Config
from abduce.neural.kernels.graphs import traces
from abduce.neural.kernels.jobs import JOBS
from abduce.symbolic.lambda_calculus.terms.sampling import FAMILIES
from abduce.symbolic.machines.jobs import LEVELS, MachineJob
from abduce.symbolic.machines.lists.sorting import METHODS
from abduce.symbolic.programs.definitions.graph_rules import GRAPH_ALGORITHMS
from abduce.symbolic.programs.definitions.list_rules import LIST_ALGORITHMS, ORDER
from abduce.symbolic.programs.groups import WORD_TASKS

Seen = Callable[[Config], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Trial:
    """How a method of a task is tested.

    Attributes:
        task: the name of the task in records.
        method: the name of the method in records; '' where there is only one.
        unit: what the size of an input counts.
        sizes: the sizes at all levels, except L2 where `sizes_l2` has others.
        scores: the score of each input, given a size and exact kernels by name.
        trained_on: the least and the largest size that something was learned from, given a level
            and the configuration of training; missing where nothing was learned, or nothing that
            has such a size. For the shaded part of a figure only: a proof has no use for it.
        machine: the job and its method, where they are not called as records have it.
        beside_peer: whether answers are compared with those of another program.
    """

    task: str
    method: str
    unit: str
    sizes: Sequence[Size | LambdaSize]
    scores: Callable[[Any, Mapping[str, Any]], Iterator[Score]]
    trained_on: Mapping[str, Seen] = field(default_factory=dict)
    machine: tuple[str, str] | None = None
    sizes_l2: Sequence[Size] = ()
    beside_peer: bool = False

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels: L1 if there is a kernel to learn, L2 if there is a program to learn."""
        job, method = self._own
        has = {"L0": True, "L1": job.needs(method, "L1"), "L2": method in job.controllers}
        return tuple(level for level in LEVELS if has[level])

    def kernels(self, level: str) -> tuple[str, ...]:
        """The names of the kernels that it needs."""
        job, method = self._own
        return job.needs(method, level)

    def sizes_at(self, level: str) -> Sequence[Size | LambdaSize]:
        return self.sizes_l2 if level == "L2" and self.sizes_l2 else self.sizes

    @property
    def _own(self) -> tuple[MachineJob, str]:
        job, method = self.machine or (self.task, self.method)
        return JOBS[job], method


def each(
    score: Callable[[Size, int, Mapping[str, Any]], Score],
) -> Callable[[Size, Mapping[str, Any]], Iterator[Score]]:
    """The scores of inputs that are drawn from a seed each."""

    def scores(size: Size, kernels: Mapping[str, Any]) -> Iterator[Score]:
        for place in range(size.inputs):
            yield score(size, TEST_SEED + 1000 * place, kernels)

    return scores


NUMBERS, NODES, LETTERS = "numbers of a list", "nodes of a graph", "letters of a word"
LISTS = (
    Size("64 of 64 bits", 32, 64),
    Size("1600 of 64 bits", 4, 1600),
    Size("10000 of 64 bits", 1, 10_000),
    Size("100000 of 8 bits", 1, 100_000, 8),
    Size("100000 of 64 bits", 1, 100_000),
    Size("100000 of 1000 bits", 1, 100_000, 1000),
)
SHORT = LISTS[:3]
"""The sizes for methods that compare all pairs, and for machines that take one step at a time."""
GRAPHS = (Size("64", 32, 64), Size("1600", 2, 1600), Size("10000", 1, 10_000))
POINTS = (Size("50", 20, 50), Size("500", 5, 500), Size("100000", 1, 100_000))
TOURS = (Size("50", 20, 50), Size("1000", 3, 1000))
WIDTHS = (Size("8", 100, 8), Size("64", 100, 64), Size("1000", 10, 1000), Size("10000", 2, 10_000))
WORDS = (Size("100", 100, 100), Size("10000", 10, 10_000), Size("1000000", 1, 1_000_000))
BITS = (Size("10", 1, 10), Size("1000", 10, 1000), Size("1000000", 1, 1_000_000))
PROCESSES = (Size("50", 20, 50), Size("500", 4, 500), Size("5000", 1, 5000))


def _bits(config: Config) -> tuple[int, int]:
    return 1, config.stream.bits


def _list(config: Config) -> tuple[int, int]:
    return 1, config.program.longest


def _graph(config: Config) -> tuple[int, int]:
    return 1, config.rules.nodes


def _tours(config: Config) -> tuple[int, int]:
    return config.pointer.smaller.points, config.pointer.larger.points


def _brackets(config: Config) -> tuple[int, int]:
    return 1, config.brackets.longest


def _states(config: Config) -> tuple[int, int]:
    return config.value_iteration.samples.least_states, config.value_iteration.samples.most_states


def _nodes(config: Config) -> tuple[int, int]:
    return config.shortest_path.samples.least_states, config.shortest_path.samples.most_states


def _tokens(config: Config) -> tuple[int, int]:
    return 2, config.step.longest


def _fixed(least: int, most: int) -> Seen:
    """The part of the task that does not depend on the configuration."""
    return lambda config: (least, most)


NUMBERS_SEEN: Mapping[str, Seen] = {"L1": lambda config: (1, config.mask.longest), "L2": _list}
"""The sizes of the lists in training. At L1 only the mask is learned from lists."""
GRAPHS_SEEN: Mapping[str, Seen] = {"L2": _graph}
"""The sizes of the graphs in training. At L1 only numbers of eight bits are seen, and no graphs."""


def _trials() -> Iterator[Trial]:
    for method in JOBS["sort"].methods:
        sizes = SHORT if method not in METHODS or METHODS[method].quadratic else LISTS
        scores = each(partial(sorting, method))
        yield Trial("sort", method, NUMBERS, sizes, scores, NUMBERS_SEEN, sizes_l2=SHORT)
    for row in LIST_ALGORITHMS.values():
        if row.asked != ORDER:
            yield Trial(row.name, "", NUMBERS, SHORT, each(partial(searching, row)), NUMBERS_SEEN)
    for task in CALCULATIONS:
        scores = each(partial(calculating, task))
        yield Trial(task, "", "bits of a number", WIDTHS, scores, {"L1": _bits})
    for row in GRAPH_ALGORITHMS.values():
        scores = each(partial(graph_search, row, traces.ALGORITHMS[row.name]))
        yield Trial(row.name, "", NODES, GRAPHS, scores, GRAPHS_SEEN)
    yield Trial("hull", "", "points", POINTS, each(hull))
    yield Trial("delaunay", "", "points", POINTS, each(delaunay))
    yield Trial("tsp", "", "points", TOURS, each(tour), {"L2": _tours}, beside_peer=True)
    for task in WORD_TASKS.values():
        scores, seen = each(partial(product, task)), {"L1": _fixed(2, 2)}
        yield Trial(task.name, "", LETTERS, WORDS, scores, seen, machine=task.machine)
    yield Trial("dyck", "", LETTERS, WORDS, each(brackets), {"L1": _brackets})
    seen = {"L1": _fixed(10, 10)}
    yield Trial("permutation", "mean", "bits", BITS, each(by_mean), seen)
    yield Trial("permutation", "ensemble", "bits", BITS[:1], each(by_ensemble), seen)
    states = "states of a decision process"
    yield Trial("value-iteration", "", states, PROCESSES, each(values), {"L1": _states})
    yield Trial("shortest-path", "", NODES, GRAPHS, each(paths), {"L1": _nodes})
    for family in FAMILIES:
        scores, seen = partial(reducing, family), {"L1": _tokens, "L2": _tokens}
        sizes, machine = lambda_sizes(family), ("lambda", "")
        yield Trial("lambda", family, UNIT, sizes, scores, seen, machine=machine)


TRIALS: Mapping[tuple[str, str], Trial] = MappingProxyType(
    {(trial.task, trial.method): trial for trial in _trials()}
)
"""The trials by task and method, in the order of the benchmark."""
