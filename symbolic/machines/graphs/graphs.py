"""Graphs as the arrays that machines read, and from the text that a user writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abduce.symbolic.machines.graphs.edge_lists import read_edge_list
from abduce.symbolic.machines.graphs.edges import Edges
from abduce.symbolic.machines.graphs.node_link import read_node_link
from abduce.symbolic.machines.lists.numbers import scaled


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Nodes by their place, edges by the node they leave, in the order of the node they reach.

    Attributes:
        names: the names of the nodes.
        start: (nodes + 1,), edges of node u are those from start[u] to start[u + 1].
        target: (edges,), where an edge leads.
        weights: the weights of the edges, in units of 10 ** -places.
        loops: (node, weight) of each edge from a node to itself. No path is shorter for one, and
            none is among the edges; but one of negative weight is a cycle of negative weight.
    """

    names: tuple[str, ...]
    start: np.ndarray
    target: np.ndarray
    weights: tuple[int, ...]
    places: int = 0
    loops: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        edges: Sequence[tuple[int, int, int]],
        *,
        directed: bool = False,
        places: int = 0,
    ) -> "Graph":
        """A graph from edges (u, v, weight)."""
        both = [(u, v, w) for u, v, w in edges if u != v]
        if not directed:
            both += [(v, u, w) for u, v, w in both]
        both.sort()
        counts = np.bincount([u for u, _, _ in both], minlength=len(names))
        return cls(
            tuple(names),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            np.array([v for _, v, _ in both], dtype=np.int64),
            tuple(w for _, _, w in both),
            places,
            tuple((u, w) for u, v, w in edges if u == v),
        )

    def edges_of(self, u: int) -> range:
        """The edges that leave a node."""
        return range(int(self.start[u]), int(self.start[u + 1]))


def read_graph(
    text: str,
    path: Path | str | None = None,
    *,
    weighted: bool,
    directed: bool,
    negative: bool = True,
) -> Graph:
    """A graph, as a list of edges or as node-link JSON, which begins with a bracket.

    Nodes are in the order of their names where all are whole numbers, else in that of their first
    line; the order decides between equals.

    Args:
        weighted: whether each edge needs a weight; where not, weights may be there all the same.
        directed: whether edges lead one way; so they do where the text says so.
        negative: whether weights may be negative.

    Raises:
        InputError: the text is neither, a weight is no number, negative or missing.
    """
    read = read_node_link if text.lstrip(" \t\r\n")[:1] in ("{", "[") else read_edge_list
    edges = read(text, path, Edges(weighted=weighted, directed=directed, negative=negative))
    names = list(edges.names)
    if all(name.isdecimal() and name.isascii() for name in names):
        names.sort(key=_by_number)
    at = {name: place for place, name in enumerate(names)}
    weights, places = scaled([weight for _, _, weight in edges.rows], path)
    rows = [(at[u], at[v], w) for (u, v, _), w in zip(edges.rows, weights, strict=True)]
    return Graph.of(names, rows, directed=edges.directed, places=places)


def _by_number(name: str) -> tuple[int, str, str]:
    """Sorts decimal digits of any length as numbers."""
    digits = name.lstrip("0")
    return len(digits), digits, name
