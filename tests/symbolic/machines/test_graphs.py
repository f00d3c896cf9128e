"""Graph machines: what the rules do is what the book's algorithms do, compiled and learned."""

from dataclasses import replace

import networkx
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.graphs.traces import (
    ALGORITHMS,
    Hints,
    random_graph,
    result,
    steps,
    traces,
)
from abduce.neural.kernels.kernel import train
from abduce.symbolic.machines.graphs.graph_jobs import machine_of
from abduce.symbolic.machines.graphs.graph_machine import Outcome
from abduce.symbolic.machines.graphs.graphs import Graph
from abduce.symbolic.programs.definitions.arithmetic import ADD, COMPARE
from abduce.symbolic.programs.definitions.graph_rules import GRAPH_ALGORITHMS
from abduce.symbolic.programs.mealy import compiled_stream
from abduce.symbolic.programs.rules import Rules, all_seen, compiled_rules
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted

COMPARES, ADDS = compiled_stream(COMPARE), compiled_stream(ADD)


def run(name: str, graph: Graph, source: int, rules: Rules | None = None) -> Outcome:
    row = GRAPH_ALGORITHMS[name]
    kernels = {"compare": COMPARES, "add": ADDS} | ({} if rules is None else {row.kernel: rules})
    return machine_of(row, graph, kernels).run(source, again=row.again)


def same(outcome: Outcome, hints: Hints) -> bool:
    parents = tuple(None if parent < 0 else parent for parent in outcome.parents.tolist())
    states = tuple(outcome.states.tolist())
    return (states, outcome.keys, parents) == (hints.states, hints.keys, hints.parents)


@st.composite
def drawings(draw: st.DrawFn, least: int = 0) -> tuple[int, list[tuple[int, int, int]], bool]:
    """Nodes, edges and whether they are directed; made into a graph outside of the strategy, whose
    checked arguments draw random numbers of their own."""
    n = draw(st.integers(1, 12))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(least, 5)), max_size=40))
    kept = {(min(u, v), max(u, v)): w for u, v, w in edges}
    directed = draw(st.booleans())
    plain = [(u, v, w) for (u, v), w in kept.items()]
    return n, plain, directed


def graph_of(drawing: tuple[int, list[tuple[int, int, int]], bool]) -> Graph:
    n, edges, directed = drawing
    return Graph.of([str(k) for k in range(n)], edges, directed=directed)


@pytest.mark.parametrize("name", GRAPH_ALGORITHMS)
@settings(max_examples=40)
@given(data=st.data())
def test_rules_do_what_the_book_does(name: str, data: st.DataObject) -> None:
    graph = graph_of(data.draw(drawings()))
    source = data.draw(st.integers(0, len(graph) - 1))
    outcome = run(name, graph, source)
    assert outcome.ended
    assert same(outcome, result(ALGORITHMS[name], graph, source))


@settings(max_examples=40)
@given(st.data())
def test_negative_weights_and_cycles(data: st.DataObject) -> None:
    graph = graph_of(data.draw(drawings(-3)))
    source = data.draw(st.integers(0, len(graph) - 1))
    other = networkx.DiGraph()
    other.add_nodes_from(range(len(graph)))
    for u in range(len(graph)):
        for edge in graph.edges_of(u):
            other.add_edge(u, int(graph.target[edge]), weight=graph.weights[edge])
    outcome = run("bellman-ford", graph, source)
    try:
        expected = networkx.single_source_bellman_ford_path_length(other, source)
    except networkx.NetworkXUnbounded:
        assert not outcome.ended
    else:
        assert outcome.ended
        assert {n: key for n, key in enumerate(outcome.keys) if key is not None} == expected


@settings(max_examples=40)
@given(st.data())
def test_a_spanning_tree_is_least(data: st.DataObject) -> None:
    graph = graph_of(data.draw(drawings()))
    undirected = Graph.of(
        graph.names,
        [
            (u, int(graph.target[edge]), graph.weights[edge])
            for u in range(len(graph))
            for edge in graph.edges_of(u)
        ],
    )
    other = networkx.Graph()
    other.add_nodes_from(range(len(graph)))
    for u in range(len(graph)):
        for edge in undirected.edges_of(u):
            v, weight = int(undirected.target[edge]), undirected.weights[edge]
            if not other.has_edge(u, v) or other[u][v]["weight"] > weight:
                other.add_edge(u, v, weight=weight)
    outcome = run("prim", undirected, 0)
    tree = networkx.minimum_spanning_tree(
        other.subgraph(networkx.node_connected_component(other, 0))
    )
    total = sum(weight for _, _, weight in tree.edges(data="weight"))
    assert sum(key for key in outcome.keys if key is not None) == total


LONG = [pytest.param(name, marks=pytest.mark.slow) for name in ("bfs", "dfs", "dijkstra", "prim")]


@pytest.mark.parametrize("name", ["bellman-ford", *LONG])
def test_learned_rules_are_proved_and_run_far_beyond_their_traces(name: str) -> None:
    torch.set_num_threads(1)
    rules = train(TASKS[f"{name}-rules"], seed=5)
    assert rules.proved
    rng = np.random.default_rng(7)
    for n in (64, 64, 400):
        graph = random_graph(n, float(rng.uniform(1, 8)), rng)
        assert same(run(name, graph, 3, rules.exact), result(ALGORITHMS[name], graph, 3))


def test_one_wrong_entry_of_any_table_is_refuted() -> None:
    for told in (row.rules for row in GRAPH_ALGORITHMS.values()):
        right = compiled_rules(told)
        assert isinstance(prove(right, told), Proved)
        seen = [s for s in all_seen(told) if told.expected(s) is not None]
        for here in (seen[0], seen[len(seen) // 2], seen[-1]):
            take = right.take.copy()
            take[here.place] = 1 - take[here.place]
            verdict = prove(replace(right, take=take), told)
            assert isinstance(verdict, Refuted)
            assert tuple(verdict.x.tolist()) == here.place
        assert isinstance(prove(replace(right, open=1 - right.open), told), Refuted)
        assert isinstance(prove(replace(right, offer=(right.offer + 1) % 4), told), Refuted)


@pytest.mark.parametrize("name", GRAPH_ALGORITHMS)
def test_traces_begin_and_end_where_the_algorithm_does(name: str) -> None:
    graph = random_graph(12, 2.0, np.random.default_rng(1))
    trace = steps(ALGORITHMS[name], graph, 2)
    assert trace[0].before.states[2] == 1
    assert trace[-1].acting == ()
    assert trace[-1].after == result(ALGORITHMS[name], graph, 2)
    few = replace(CONFIG.rules, graphs=50)
    found = traces(ALGORITHMS[name], few, np.random.default_rng(2))
    assert max(len(step.graph) for step in found) <= CONFIG.rules.nodes
