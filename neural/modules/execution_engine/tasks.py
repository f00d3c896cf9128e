"""The models of an execution engine, and the programs that they are tested in."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from abduce.neural.kernels.graphs.traces import Algorithm, dijkstra, prim, random_graph, result
from abduce.neural.modules.config import EngineConfig
from abduce.neural.modules.execution_engine import examples
from abduce.neural.modules.execution_engine.numbers import infinity
from abduce.neural.training.experiment import (
    Batch,
    Experiment,
    ModuleConfig,
    ModuleScore,
    ModuleTask,
    Schedule,
)

METHOD = "execution-engine"
SOURCE = "Yan et al. 2020, Neural execution engines"
LARGEST_WEIGHT = 20
DEGREE = 5.0
LIST_SIZES = (8, 16, 25, 50, 75, 100)
GRAPH_SIZES = (8, 25, 50, 100)


def _model(fixed: Mapping[str, Any], config: EngineConfig, seed: int) -> Any:
    from abduce.neural.modules.execution_engine.model import ExecutionEngine

    return ExecutionEngine(config, seed, **fixed)


def _batch(
    examples_of: Callable[[np.random.Generator, int], Batch],
    config: EngineConfig,
    generator: np.random.Generator,
    count: int,
    done: float,
) -> Batch:
    return examples_of(generator, count)


def _experiment(
    name: str, about: str, examples_of: Any, steps: int, width: int = 16, **fixed: Any
) -> Experiment:
    return Experiment(
        name=f"{METHOD}-{name}",
        about=about,
        model=partial(_model, fixed),
        batch=partial(_batch, examples_of),
        config=ModuleConfig(
            schedule=Schedule(steps=steps, batch=64, rate=2e-3, warm_up=500),
            network=EngineConfig(width=width),
        ),
    )


LISTS = {"bits": examples.BITS, "pointing": True}
SELECT = _experiment("select", "the least visible number", examples.select, 6000, **LISTS)
MERGE = _experiment("merge", "the lesser of two heads", examples.merge, 4000, **LISTS)
PAIRS = {"pointing": False, "places": 2}
ADD = _experiment("add", "a + b", examples.add, 8000, bits=examples.SUM_BITS, width=24, **PAIRS)
MULTIPLY = _experiment(
    "multiply", "a * b", examples.multiply, 8000, bits=examples.PRODUCT_BITS, width=28, **PAIRS
)


def _sorted(
    program: str, modules: Mapping[str, Any], n: int, inputs: int, generator: np.random.Generator
) -> Iterator[ModuleScore]:
    from abduce.neural.modules.execution_engine import programs

    values = generator.integers(0, infinity(examples.BITS), (inputs, n))
    expected = np.sort(values, 1)
    if program == "merge":
        found = programs.merge_sort(modules[MERGE.name], values)
    else:
        found = programs.selection_sort(modules[SELECT.name], values)
    for right in (found == expected).sum(1).tolist():
        yield ModuleScore(right, n)


def _calculated(
    task: str, modules: Mapping[str, Any], bits: int, inputs: int, generator: np.random.Generator
) -> Iterator[ModuleScore]:
    """Pairs that no training has seen; the larger number has `bits` bits."""
    from abduce.neural.modules.execution_engine.programs import Runner

    pairs = examples.pairs_of(bits, generator, 16 * inputs, seen=False)
    pairs = pairs[pairs.max(1) >= (1 << bits) // 2][:inputs]
    expected = pairs.sum(1) if task == "add" else pairs.prod(1)
    found = Runner(modules[f"{METHOD}-{task}"]).of_pairs(pairs)
    for right in (found == expected).tolist():
        yield ModuleScore(right, 1)


def _searched(
    algorithm: Algorithm,
    paths: bool,
    modules: Mapping[str, Any],
    n: int,
    inputs: int,
    generator: np.random.Generator,
) -> Iterator[ModuleScore]:
    """An entry is the key of a node; where keys are no lengths of paths but weights of a spanning
    tree, of which equal weights leave a choice, the n-th least key."""
    from abduce.neural.modules.execution_engine.programs import search

    graphs = [random_graph(n, DEGREE, generator, largest=LARGEST_WEIGHT) for _ in range(inputs)]
    weights = np.full((inputs, n, n), -1)
    for matrix, graph in zip(weights, graphs, strict=True):
        for u in range(n):
            for edge in graph.edges_of(u):
                matrix[u, graph.target[edge]] = graph.weights[edge]
    sources = generator.integers(0, n, inputs)
    engines = {name.removeprefix(f"{METHOD}-"): module for name, module in modules.items()}
    found = search(engines, weights, sources, paths=paths)
    for keys, graph, source in zip(found, graphs, sources.tolist(), strict=True):
        told = result(algorithm, graph, source).keys
        expected = [infinity(examples.BITS) if key is None else key for key in told]
        same = keys == expected if paths else np.sort(keys) == np.sort(expected)
        yield ModuleScore(int(same.sum()), n)


def _task(
    task: str,
    about: str,
    experiments: tuple[Experiment, ...],
    score: Callable[..., Iterator[ModuleScore]],
    sizes: tuple[int, ...],
    unit: str,
    trained_on: tuple[int, int],
    *,
    method: str = METHOD,
    inputs: int = 16,
    given: str = "the program, and when it ends",
) -> ModuleTask:
    return ModuleTask(
        task=task,
        method=method,
        about=about,
        experiments=experiments,
        sizes=sizes,
        unit=unit,
        trained_on=trained_on,
        inputs=inputs,
        score=score,
        given=given,
        source=SOURCE,
    )


NUMBERS = "8-bit numbers of a list"
NODES = "nodes of a graph"
GIVEN = "the program, rows of weights, which edges there are"
EXECUTION_ENGINE: tuple[ModuleTask, ...] = (
    _task("sort", "sorting by selection sort", (SELECT,), partial(_sorted, "selection"),
          LIST_SIZES, NUMBERS, (1, 8)),
    _task("sort", "sorting by merge sort", (MERGE,), partial(_sorted, "merge"),
          LIST_SIZES, NUMBERS, (1, 16), method=f"{METHOD}-merge"),
    _task("add", "the sum of two numbers", (ADD,), partial(_calculated, "add"),
          (2, 4, 6, 8, 9, 10, 11), "bits of a number", (1, 8), inputs=500, given="nothing"),
    _task("multiply", "the product of two numbers", (MULTIPLY,), partial(_calculated, "multiply"),
          (2, 4, 6, 7), "bits of a number", (1, 6), inputs=500, given="nothing"),
    _task("dijkstra", "shortest paths", (SELECT, ADD), partial(_searched, dijkstra, True),
          GRAPH_SIZES, NODES, (1, 8), inputs=8, given=GIVEN),
    _task("prim", "minimum spanning trees", (SELECT,), partial(_searched, prim, False),
          GRAPH_SIZES, NODES, (1, 8), inputs=8, given=GIVEN),
)  # fmt: skip
