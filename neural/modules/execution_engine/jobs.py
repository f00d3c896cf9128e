"""What an execution engine is asked: lists in order, sums and products, paths, spanning trees.

Its numbers have a fixed number of bits; larger ones are refused.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate, count
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.neural.modules.answers import Exact, ModuleAnswer, ModuleJob, check_size, differing
from abduce.neural.modules.execution_engine.examples import BITS, PRODUCT_BITS, SUM_BITS
from abduce.neural.modules.execution_engine.numbers import infinity
from abduce.neural.modules.execution_engine.tasks import MERGE, METHOD, SELECT
from abduce.symbolic.machines.graphs.graph_jobs import GraphOptions, source_of
from abduce.symbolic.machines.graphs.graphs import Graph, read_graph
from abduce.symbolic.machines.jobs import Kernels, NoOptions, RunContext
from abduce.symbolic.machines.lists.numbers import decimal, digits, read_whole
from abduce.symbolic.programs.definitions.graph_rules import GRAPH_ALGORITHMS, GraphAlgorithm
from abduce.text import clipped

MOST = 1000
"""The upper limit on the entries of a list or the nodes of a graph. Memory grows as the square,
time as the cube."""


def _sort(
    text: str, models: Kernels, _: NoOptions, context: RunContext, exact: Exact
) -> ModuleAnswer:
    from abduce.neural.modules.execution_engine.programs import merge_sort, selection_sort, written

    values = _fitting(text, context.path, "sort", BITS)
    check_size(len(values), MOST, "numbers", context, "sort")
    note = _noting(context)
    lists = np.array([values])
    if context.method == METHOD:
        found = selection_sort(models[SELECT.name], lists, note)
    else:
        found = merge_sort(models[MERGE.name], lists, note)
    told = [written(value) for value in found[0].tolist()]
    expected = [str(value) for value in sorted(values)]
    return ModuleAnswer(
        lines=told,
        value=told,
        size=len(values),
        right=sum(one == other for one, other in zip(told, expected, strict=True)),
        entries=len(values),
        entry="numbers",
        remarks=differing(told, expected, "number"),
    )


def _calculate(
    task: str,
    bits: int,
    step: Callable[[int, int], int],
    text: str,
    models: Kernels,
    _: NoOptions,
    context: RunContext,
    exact: Exact,
) -> ModuleAnswer:
    """Combines the numbers in turn, each with the result so far."""
    from abduce.neural.modules.execution_engine.programs import Runner, written

    values = _fitting(text, context.path, task, bits)
    most = max(accumulate(values, step))
    if most >= infinity(bits):
        expected = (f"at most {infinity(bits) - 1}, which {bits} bits can write",)
        raise InputError(
            f"a result of {clipped(digits(most))}", expected, context.path, advice=_advice(task)
        )
    engine = Runner(models[f"{METHOD}-{task}"])
    note = _noting(context)
    found = values[0]
    for value in values[1:]:
        result = int(engine.of_pairs(np.array([[found, value]]))[0])
        note(f"{task:<9}{written(found, bits)} {value} -> {written(result, bits)}")
        found = result
    told, expected = written(found, bits), exact().value
    return ModuleAnswer(
        lines=[told],
        value=told,
        size=max(values).bit_length(),
        right=int(told == expected),
        entries=1,
        entry="results",
        remarks=() if told == expected else (f"the exact machine says {expected}",),
    )


def _search(
    row: GraphAlgorithm,
    paths: bool,
    text: str,
    models: Kernels,
    options: GraphOptions,
    context: RunContext,
    exact: Exact,
) -> ModuleAnswer:
    """The answer has keys only, since the engine does not give parents.

    For a spanning tree, the entries are its sorted weights, since equal weights leave a choice.

    Args:
        paths: whether keys are lengths of paths, or else weights of a spanning tree.
    """
    from abduce.neural.modules.execution_engine.programs import search, written

    task, name = row.name, row.key
    assert name is not None
    graph = read_graph(text, context.path, weighted=True, directed=options.directed)
    source = source_of(graph, options.source, context.path)
    check_size(len(graph), MOST, "nodes", context, task)
    weights = _matrix(task, graph, context.path)
    expected = [row[name] for row in exact().value]
    longest = max(int(key) for key in expected if key is not None)
    if longest >= infinity(BITS):
        raise _unfit(f"a {name} of {longest}", task, BITS, context.path)
    engines = {key.removeprefix(f"{METHOD}-"): model for key, model in models.items()}
    note = _noting(context)
    sources = np.array([source])
    keys = search(engines, weights, sources, paths=paths, note=note)[0].tolist()
    told = [None if key == infinity(BITS) else written(key) for key in keys]
    one, other = told, expected
    if not paths:
        one, other = sorted(told, key=_by_size), sorted(expected, key=_by_size)
    shown = ["-" if key is None else key for key in told]
    return ModuleAnswer(
        lines=[f"node  {name}", *(f"{n}  {k}" for n, k in zip(graph.names, shown, strict=True))],
        value=[{"node": n, name: key} for n, key in zip(graph.names, told, strict=True)],
        size=len(graph),
        right=sum(a == b for a, b in zip(one, other, strict=True)),
        entries=len(graph),
        entry="nodes" if paths else "weights of the tree",
        remarks=_wrong_node(graph, told, expected) if paths else (),
    )


def _matrix(task: str, graph: Graph, path: Path | str) -> np.ndarray:
    """(1, nodes, nodes), the least weight of the edges between two nodes, -1 where there is none.

    Raises:
        InputError: a weight that is no whole number of eight bits.
    """
    unit = 10**graph.places
    found = np.full((1, len(graph), len(graph)), -1)
    for u in range(len(graph)):
        for edge in graph.edges_of(u):
            weight, rest = divmod(graph.weights[edge], unit)
            if rest or not 0 <= weight < infinity(BITS):
                text = clipped(decimal(graph.weights[edge], graph.places))
                raise _unfit(f"the weight {text}", task, BITS, path)
            v = graph.target[edge]
            found[0, u, v] = weight if found[0, u, v] < 0 else min(weight, found[0, u, v])
    return found


def _wrong_node(
    graph: Graph, told: Sequence[str | None], expected: Sequence[str | None]
) -> tuple[str, ...]:
    for name, one, other in zip(graph.names, told, expected, strict=True):
        if one != other:
            shown = ("not reached" if key is None else key for key in (one, other))
            return ("node {} is {}; the exact machine says {}".format(name, *shown),)
    return ()


def _by_size(key: str | None) -> tuple[bool, int, str]:
    return (key is None, len(key or ""), key or "")


def _fitting(text: str, path: Path | str, task: str, bits: int) -> list[int]:
    """The numbers of a text, one or more.

    Raises:
        InputError: a number is not a whole number of at most `bits` bits.
    """
    values = read_whole(text, path, least=0)
    for value in values:
        if value >= infinity(bits):
            raise _unfit(clipped(digits(value)), task, bits, path)
    return values


def _unfit(found: str, task: str, bits: int, path: Path | str) -> InputError:
    expected = (f"a whole number from 0 to {infinity(bits) - 1}, of {bits} bits",)
    return InputError(found, expected, path, advice=_advice(task))


def _advice(task: str) -> str:
    return f"The exact machine takes any number: abduce execute {task}"


def _noting(context: RunContext) -> Callable[[str], None]:
    """Passes a step on, and says how many there were."""
    done = count(1)

    def note(text: str) -> None:
        if context.note is not None:
            context.note(text)
        if context.progress is not None:
            context.progress(f"step {next(done):,}")

    return note


EXECUTION_ENGINE_JOBS = (
    ModuleJob(task="sort", machine=("sort", "merge"), run=_sort),
    ModuleJob(
        task="add",
        machine=("add", ""),
        run=partial(_calculate, "add", SUM_BITS, lambda a, b: a + b),
    ),
    ModuleJob(
        task="multiply",
        machine=("multiply", ""),
        run=partial(_calculate, "multiply", PRODUCT_BITS, lambda a, b: a * b),
    ),
    *(
        ModuleJob(
            task=task,
            machine=(task, ""),
            run=partial(_search, GRAPH_ALGORITHMS[task], paths),
            options=GraphOptions,
        )
        for task, paths in (("dijkstra", True), ("prim", False))
    ),
)
