"""Graphs as a person writes them, and as the arrays that machines read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.neural.machines.numbers import read_numbers


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Nodes by their place, edges by the node they leave, in the order of the node they reach.

    Attributes:
        names: of the nodes.
        start: (nodes + 1,), edges of node u are those from start[u] to start[u + 1].
        target: (edges,), where an edge leads.
        weights: of the edges, in units of 10 ** -places.
    """

    names: tuple[str, ...]
    start: np.ndarray
    target: np.ndarray
    weights: tuple[int, ...]
    places: int = 0

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
        """From edges (u, v, weight); loops lead nowhere and are left out."""
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
        )

    def edges_of(self, u: int) -> range:
        """The edges that leave a node."""
        return range(int(self.start[u]), int(self.start[u + 1]))


def read_graph(
    text: str, path: Path | str | None = None, *, weighted: bool, directed: bool
) -> Graph:
    """A graph, one edge a line: two names, and a weight where there are any.

    A line with one name is a node. What follows a # is passed over. Nodes are in the order of their
    names where all are whole numbers, else in that of their first line; the order decides between
    equals.

    Raises:
        InputError: a line is no edge, a weight is no number or is missing.
    """
    rows: list[tuple[str, str, str]] = []
    places: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        places |= {name: len(places) for name in words[:2] if name not in places}
        if len(words) > 3 or (weighted and len(words) == 2):
            form = "NODE NODE WEIGHT" if weighted else "NODE NODE"
            raise InputError(f"{len(words)} words", (form, "NODE"), path, number, text=line)
        if len(words) == 3:
            try:
                read_numbers(words[2])
            except InputError as error:
                column = line.rindex(words[2]) + 1
                raise InputError(
                    repr(words[2]), ("a number",), path, number, column, line, error.advice
                ) from error
        if len(words) > 1:
            rows.append((words[0], words[1], words[2] if len(words) == 3 else "1"))
    names = list(places)
    if all(name.isdecimal() and name.isascii() for name in names):
        names.sort(key=lambda name: (int(name), name))
    at = {name: place for place, name in enumerate(names)}
    weights = read_numbers(" ".join(weight for _, _, weight in rows), path)
    edges = [(at[u], at[v], weight) for (u, v, _), weight in zip(rows, weights.values, strict=True)]
    return Graph.of(names, edges, directed=directed, places=weights.places)
