"""Jobs on graphs: one for each row of `GRAPH_ALGORITHMS`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from abduce.errors import InputError
from abduce.symbolic.machines.graphs.graph_machine import GraphMachine, Note, Outcome
from abduce.symbolic.machines.graphs.graphs import Graph, read_graph
from abduce.symbolic.machines.jobs import Kernels, MachineAnswer, MachineJob, RunContext, option
from abduce.symbolic.machines.lists.numbers import decimal
from abduce.symbolic.programs.definitions.graph_rules import GRAPH_ALGORITHMS, GraphAlgorithm
from abduce.symbolic.programs.rules import compiled_rules
from abduce.text import clipped, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOptions:
    """The start node of a search, and whether edges are directed."""

    source: str | None = option("The start node. Default: the first in the input.", metavar="NODE")
    directed: bool = option("Treat the edges as directed.", default=False)


def graph_job(algorithm: GraphAlgorithm) -> MachineJob:
    """The job of a graph algorithm."""
    return MachineJob(
        name=algorithm.name,
        about=algorithm.about,
        kernels=("compare", "add"),
        run=partial(_run, algorithm),
        options=GraphOptions,
        controllers={"": algorithm.kernel},
    )


def _run(
    algorithm: GraphAlgorithm,
    text: str,
    kernels: Kernels,
    options: GraphOptions,
    context: RunContext,
) -> MachineAnswer:
    graph = read_graph(
        text,
        context.path,
        weighted=algorithm.weighted,
        directed=options.directed,
        negative=algorithm.negative,
    )
    source = source_of(graph, options.source, context.path)
    machine = machine_of(algorithm, graph, kernels, context.note)
    limit = len(graph) + 1 if algorithm.cycles else None
    outcome = machine.run(source, again=algorithm.again, limit=limit)
    if algorithm.cycles:
        reached = [key is not None for key in outcome.keys]
        check_cycles(graph, reached, outcome.ended, context.path)
    return _answer(algorithm, graph, outcome)


def machine_of(
    algorithm: GraphAlgorithm, graph: Graph, kernels: Kernels, note: Note | None = None
) -> GraphMachine:
    """The machine of an algorithm on a graph; its rules are compiled where they are no kernel."""
    learned = kernels.get(algorithm.kernel)
    return GraphMachine(
        graph,
        compiled_rules(algorithm.rules) if learned is None else learned,
        kernels["compare"],
        kernels["add"],
        least=algorithm.rules.least,
        first=algorithm.rules.first,
        note=note,
    )


def check_cycles(graph: Graph, reached: Sequence[bool], ended: bool, path: Path | str) -> None:
    """Check that distances have a least value.

    Args:
        reached: whether the source leads to each node.
        ended: whether the machine came to an end; loops are none of its edges.

    Raises:
        InputError: the source leads to a cycle of negative weight; a loop is named.
    """
    loops = [(u, w) for u, w in graph.loops if w < 0 and reached[u]]
    if ended and not loops:
        return
    found = "a cycle of negative weight"
    if loops:
        node, weight = loops[0]
        told = clipped(decimal(weight, graph.places))
        found += f": the edge of weight {told} from {quoted(graph.names[node])} to itself"
    expected = ("none that --source leads to",)
    advice = "Distances along it have no least value."
    raise InputError(found, expected, path, advice=advice)


def source_of(graph: Graph, source: str | None, path: Path | str) -> int:
    """The node to start from.

    Raises:
        InputError: there is no node, or none of that name.
    """
    if not graph.names:
        raise InputError("no nodes", ("one node or more",), path)
    if source is None:
        return 0
    if source not in graph.names:
        names = map(clipped, graph.names[:8])
        shown = (*names, *(("...",) if len(graph) > 8 else ()))
        raise InputError(f"the node {quoted(source)}", shown, path)
    return graph.names.index(source)


def _answer(algorithm: GraphAlgorithm, graph: Graph, outcome: Outcome) -> MachineAnswer:
    rows: list[dict[str, str | None]] = []
    places = graph.places if algorithm.weighted else 0
    for node, key in enumerate(outcome.keys):
        parent = int(outcome.parents[node])
        row = {"node": graph.names[node], "parent": graph.names[parent] if parent >= 0 else None}
        if algorithm.key is not None:
            row[algorithm.key] = None if key is None else decimal(key, places)
        rows.append(row)
    reached = sum(key is not None for key in outcome.keys)
    lines = ["  ".join("-" if value is None else value for value in row.values()) for row in rows]
    steps = {"steps": outcome.steps, "nodes reached": reached, "nodes": len(graph)}
    return MachineAnswer(lines=["  ".join(rows[0]), *lines], value=rows, steps=steps)


GRAPH_JOBS = tuple(map(graph_job, GRAPH_ALGORITHMS.values()))
