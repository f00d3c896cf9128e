"""Jobs on graphs: breadth and depth first, shortest paths, least spanning trees."""

from collections.abc import Sequence
from functools import partial

from abduce.errors import InputError
from abduce.symbolic.machines.graphs.graph_machine import GraphMachine, Outcome
from abduce.symbolic.machines.graphs.graphs import Graph, read_graph
from abduce.symbolic.machines.jobs import Answer, Job, Request
from abduce.symbolic.machines.lists.numbers import decimal
from abduce.symbolic.programs.definitions.graph_rules import GRAPH_RULES
from abduce.symbolic.programs.rules import compiled_rules
from abduce.text import clipped, quoted

KERNELS = ("compare", "add")
WEIGHTED = ("bellman-ford", "dijkstra", "prim")
NAMES = {"bfs": "hops", "bellman-ford": "distance", "dijkstra": "distance", "prim": "weight"}
"""The name of the key of a node; the key of a depth-first search is not printed."""


def _run(name: str, request: Request) -> Answer:
    specification = GRAPH_RULES[name]
    graph = read_graph(
        request.text,
        request.path,
        weighted=name in WEIGHTED,
        directed=request.directed,
        negative=name != "dijkstra",
    )
    source = source_of(graph, request)
    learned = request.kernels.get(f"{name}-rules")
    machine = GraphMachine(
        graph,
        learned if learned is not None else compiled_rules(specification),
        request.kernels["compare"],
        request.kernels["add"],
        least=specification.least,
        first=specification.first,
        note=request.note,
    )
    limit = len(graph) + 1 if name == "bellman-ford" else None
    outcome = machine.run(source, again=name == "dfs", limit=limit)
    if name == "bellman-ford":
        check_cycles(graph, [key is not None for key in outcome.keys], outcome.ended, request)
    return _answer(name, graph, outcome)


def check_cycles(graph: Graph, reached: Sequence[bool], ended: bool, request: Request) -> None:
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
    raise InputError(found, expected, request.path, advice=advice)


def source_of(graph: Graph, request: Request) -> int:
    """The node to start from.

    Raises:
        InputError: there is no node, or none of that name.
    """
    if not graph.names:
        raise InputError("no nodes", ("one node or more",), request.path)
    if request.source is None:
        return 0
    if request.source not in graph.names:
        names = map(clipped, graph.names[:8])
        shown = (*names, *(("...",) if len(graph) > 8 else ()))
        raise InputError(f"the node {quoted(request.source)}", shown, request.path)
    return graph.names.index(request.source)


def _answer(name: str, graph: Graph, outcome: Outcome) -> Answer:
    rows: list[dict[str, str | None]] = []
    places = graph.places if name in WEIGHTED else 0
    for node, key in enumerate(outcome.keys):
        parent = int(outcome.parents[node])
        row = {"node": graph.names[node], "parent": graph.names[parent] if parent >= 0 else None}
        if name in NAMES:
            row[NAMES[name]] = None if key is None else decimal(key, places)
        rows.append(row)
    reached = sum(key is not None for key in outcome.keys)
    lines = ["  ".join("-" if value is None else value for value in row.values()) for row in rows]
    steps = {"steps": outcome.steps, "nodes reached": reached, "nodes": len(graph)}
    return Answer(lines=["  ".join(rows[0]), *lines], value=rows, steps=steps)


GRAPH_JOBS = tuple(
    Job(
        name=name,
        about=about,
        kernels=KERNELS,
        run=partial(_run, name),
        controllers={"": f"{name}-rules"},
        options=("source", "directed"),
    )
    for name, about in (
        ("bfs", "breadth-first search: parents and numbers of edges from --source"),
        ("dfs", "depth-first search of all nodes: parents"),
        ("bellman-ford", "shortest paths from --source; weights of any sign"),
        ("dijkstra", "shortest paths from --source; weights of 0 or more"),
        ("prim", "a minimum spanning tree of the nodes reachable from --source"),
    )
)
