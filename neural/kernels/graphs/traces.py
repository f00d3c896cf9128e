"""Execution traces of graph algorithms, made by the book's own code on small random graphs.

A trace shows, before and after each step, what a person stepping through the algorithm would write
beside the nodes: a state, a key, a parent, and which nodes act. The algorithms here share nothing
with the machine that learns from them: they are written as the book does, on Python's numbers.

Source: Cormen et al. 2022, Introduction to algorithms, chapters 20 to 22; Velickovic et al. 2022,
The CLRS algorithmic reasoning benchmark, for learning from hints.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from abduce.neural.kernels.config import RulesConfig
from abduce.symbolic.machines.graphs.graphs import Graph

NEW, OPEN, DONE = range(3)


@dataclass(frozen=True, slots=True)
class Hints:
    """The states written beside the nodes; keys and parents are None where a node has none."""

    states: tuple[int, ...]
    keys: tuple[int | None, ...]
    parents: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of an algorithm; no node acts in the last, which changes nothing."""

    graph: Graph
    before: Hints
    acting: tuple[int, ...]
    after: Hints


class Nodes:
    """The writing beside the nodes while an algorithm runs."""

    def __init__(self, graph: Graph, source: int) -> None:
        n = len(graph)
        self.graph = graph
        self.states = [NEW] * n
        self.keys: list[int | None] = [None] * n
        self.parents: list[int | None] = [None] * n
        self.states[source], self.keys[source] = OPEN, 0

    def hints(self) -> Hints:
        return Hints(tuple(self.states), tuple(self.keys), tuple(self.parents))

    def edges(self, u: int) -> Iterator[tuple[int, int]]:
        """The neighbours of a node in their order, and the weights."""
        for edge in self.graph.edges_of(u):
            yield int(self.graph.target[edge]), self.graph.weights[edge]

    def take(self, v: int, key: int, parent: int) -> None:
        self.states[v], self.keys[v], self.parents[v] = OPEN, key, parent


Algorithm = Callable[[Nodes], Iterator[tuple[int, ...]]]
"""Changes the nodes, and yields after each step the nodes that acted in it."""


def bfs(nodes: Nodes) -> Iterator[tuple[int, ...]]:
    """Level after level; a node's parent is the first of the level before it."""
    level, depth = [u for u, state in enumerate(nodes.states) if state == OPEN], 0
    while level:
        depth += 1
        following: list[int] = []
        for u in level:
            for v, _ in nodes.edges(u):
                if nodes.states[v] == NEW:
                    nodes.take(v, depth, u)
                    following.append(v)
            nodes.states[u] = DONE
        yield tuple(level)
        level = sorted(following)


def bellman_ford(nodes: Nodes) -> Iterator[tuple[int, ...]]:
    """Rounds of relaxing what leaves the nodes that the round before has changed."""
    changed = [u for u, state in enumerate(nodes.states) if state == OPEN]
    while changed:
        old = list(nodes.keys)
        improved: set[int] = set()
        for u in changed:
            distance = old[u]
            assert distance is not None
            for v, weight in nodes.edges(u):
                known = nodes.keys[v]
                if known is None or distance + weight < known:
                    nodes.take(v, distance + weight, u)
                    improved.add(v)
        for u in range(len(nodes.states)):
            if nodes.states[u] == OPEN and u not in improved:
                nodes.states[u] = DONE
        yield tuple(changed)
        changed = sorted(improved)


def _nearest(nodes: Nodes, key: Callable[[int, int], int]) -> Iterator[tuple[int, ...]]:
    """The open node with the least key is done; its neighbours may come nearer."""
    while opened := [u for u, state in enumerate(nodes.states) if state == OPEN]:
        u = min(opened, key=lambda node: (nodes.keys[node], node))
        nodes.states[u] = DONE
        own = nodes.keys[u]
        assert own is not None
        for v, weight in nodes.edges(u):
            known = nodes.keys[v]
            if nodes.states[v] != DONE and (known is None or key(own, weight) < known):
                nodes.take(v, key(own, weight), u)
        yield (u,)


def dijkstra(nodes: Nodes) -> Iterator[tuple[int, ...]]:
    """Shortest paths, weights of zero or more."""
    return _nearest(nodes, lambda own, weight: own + weight)


def prim(nodes: Nodes) -> Iterator[tuple[int, ...]]:
    """A least spanning tree of the nodes that are reached."""
    return _nearest(nodes, lambda own, weight: weight)


def dfs(nodes: Nodes) -> Iterator[tuple[int, ...]]:
    """Depth-first search from every node that was not visited; keys are depths, counted down."""
    stack = [u for u, state in enumerate(nodes.states) if state == OPEN]
    while stack:
        u = stack[-1]
        new = next((v for v, _ in nodes.edges(u) if nodes.states[v] == NEW), None)
        if new is None:
            nodes.states[u] = DONE
            stack.pop()
        else:
            nodes.take(new, -len(stack), u)
            stack.append(new)
        yield (u,)
        if not stack and NEW in nodes.states:
            root = nodes.states.index(NEW)
            nodes.states[root], nodes.keys[root] = OPEN, 0
            stack = [root]


ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType(
    {
        "bfs": bfs,
        "dfs": dfs,
        "bellman-ford": bellman_ford,
        "dijkstra": dijkstra,
        "prim": prim,
    }
)
"""The algorithms, by the name of the job."""


def result(algorithm: Algorithm, graph: Graph, source: int) -> Hints:
    """The states written beside the nodes when the algorithm has ended."""
    nodes = Nodes(graph, source)
    for _ in algorithm(nodes):
        pass
    return nodes.hints()


def steps(algorithm: Algorithm, graph: Graph, source: int) -> list[Step]:
    """The trace of an algorithm.

    Between two steps a search may begin again elsewhere (`dfs`): the step after it starts from
    there.
    """
    nodes = Nodes(graph, source)
    found: list[Step] = []
    before = nodes.hints()
    for acting in algorithm(nodes):
        after = nodes.hints()
        if acting and before.states[acting[0]] == NEW:  # it began again there
            root = acting[0]
            states, keys = list(before.states), list(before.keys)
            states[root], keys[root] = OPEN, 0
            before = Hints(tuple(states), tuple(keys), before.parents)
        found.append(Step(graph, before, acting, after))
        before = after
    found.append(Step(graph, before, (), before))
    return found


def traces(
    algorithm: Algorithm,
    config: RulesConfig,
    generator: np.random.Generator,
    *,
    negative: bool = False,
) -> list[Step]:
    """Traces on small random graphs, some directed, some not connected.

    Args:
        negative: whether weights of directed graphs may be negative; no cycle's sum is.
    """
    found: list[Step] = []
    for _ in range(config.graphs):
        n = int(generator.integers(1, config.nodes + 1))
        directed = bool(generator.integers(0, 2))
        degree = float(generator.uniform(config.least_degree, config.most_degree))
        graph = random_graph(n, degree, generator, directed=directed, largest=config.weight)
        if negative and directed:
            graph = _with_negative(graph, generator)
        found += steps(algorithm, graph, int(generator.integers(0, n)))
    return found


def random_graph(
    nodes: int,
    degree: float,
    generator: np.random.Generator,
    *,
    directed: bool = False,
    largest: int = 10**6,
) -> Graph:
    """A random graph (Erdos and Renyi) whose nodes are named by their numbers.

    Args:
        degree: the mean number of edges of a node.
        largest: weights are whole numbers from 0 to this.
    """
    count = int(generator.poisson(degree * nodes / (1 if directed else 2)))
    ends = np.unique(generator.integers(0, nodes, (count, 2)), axis=0)
    if not directed:
        ends = np.unique(np.sort(ends, 1), axis=0)
    weights = generator.integers(0, largest + 1, len(ends)).tolist()
    edges = [(u, v, w) for (u, v), w in zip(ends.tolist(), weights, strict=True)]
    return Graph.of([str(node) for node in range(nodes)], edges, directed=directed)


def _with_negative(graph: Graph, generator: np.random.Generator) -> Graph:
    """The graph with potentials added: weights may be negative, and the sum of a cycle stays."""
    height = generator.integers(0, 6, len(graph)).tolist()
    edges = [
        (u, v := int(graph.target[edge]), graph.weights[edge] + height[u] - height[v])
        for u in range(len(graph))
        for edge in graph.edges_of(u)
    ]
    return Graph.of(graph.names, edges, directed=True)
