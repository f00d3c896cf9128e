"""Who each point points to, and the tour that a search begins with: by distance, or by a learned
pointer.

With any pointers, a tour visits every point once: the walk goes on to who was not visited, and
edges are joined to paths only where both ends are free and no round closes. How good pointers are
shows in how short tours become, and nowhere else.

Source: Vinyals, Fortunato and Jaitly 2015, Pointer networks, section 2.3, for tours that are valid
because what was visited is masked; Bentley 1992, Fast algorithms for geometric traveling salesman
problems, for joining edges to paths, there by length.
"""

from dataclasses import dataclass

import numpy as np

from abduce.symbolic.machines.lists.lists import Note
from abduce.symbolic.machines.plane.pairs_seen import NONE, near_points, seen
from abduce.symbolic.programs.pointers import NEAR, Pointers

NEAREST = 8
"""The number of pointers of a point that are chosen by distance."""
POINTED = 6
"""The number of pointers of a point that are chosen by the learned score."""
ROWS = 512
"""The number of rows of the distance matrix computed at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Pointing:
    """The start of a search for tours.

    Attributes:
        near: (points, pointers), the first to be tried first; NONE where there are fewer.
        start: (points,), a tour.
    """

    near: np.ndarray
    start: np.ndarray


def by_distance(x: np.ndarray, y: np.ndarray, triangles: np.ndarray) -> Pointing:
    """The nearest, and a walk to the nearest; a prior, nothing of it is learned.

    Edges of the best tours are nearly always edges of the triangulation.
    """
    near = near_points(x, y, sides(triangles), NEAREST)
    return Pointing(near, _walk(x, y, near))


def by_score(
    x: np.ndarray,
    y: np.ndarray,
    triangles: np.ndarray,
    pointer: Pointers,
    *,
    names: np.ndarray | None = None,
    note: Note | None = None,
) -> Pointing:
    """The pointers with the highest scores, and paths joined in the order of scores.

    Among equal scores the nearer point comes first, then the lesser place.
    Paths that no pointer leads on from are joined by distance.

    Args:
        names: (points,), what to call them.
        note: called with each edge of the start and why it was taken.
    """
    n = len(x)
    edges = sides(triangles)
    near = near_points(x, y, edges, NEAR)
    scores = pointer(*seen(x, y, edges, near))
    order = np.lexsort((-scores, near == NONE), axis=1)
    pointed = np.take_along_axis(near, order, axis=1)[:, :POINTED]
    here, rank = np.nonzero(near != NONE)
    there, score = near[here, rank], scores[here, rank]
    _, once = np.unique(np.minimum(here, there) * n + np.maximum(here, there), return_index=True)
    here, there, score = here[once], there[once], score[once]
    away = np.hypot(x[here] - x[there], y[here] - y[there])
    paths = _Paths(n)
    called = np.arange(n) if names is None else names
    for k in np.lexsort((there, here, away, -score)).tolist():
        i, j = int(here[k]), int(there[k])
        if paths.join(i, j) and note is not None:
            note(f"pointer     [{called[i]}]-[{called[j]}] is joined, score {score[k]}")
    for i, j in _rest(x, y, paths):
        if note is not None:
            note(f"distance    [{called[i]}]-[{called[j]}] is joined, no pointer leads on")
    return Pointing(pointed, paths.tour())


def sides(triangles: np.ndarray) -> np.ndarray:
    """(edges, 2): of a triangulation, in both directions, sorted."""
    edges = [triangles[:, [i, j]] for i in range(3) for j in range(3) if i != j]
    return np.unique(np.concatenate(edges), axis=0)


def _walk(x: np.ndarray, y: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Always on to the nearest point that was not visited, by pointers where they lead on."""
    left = np.ones(len(x), dtype=bool)
    order = [0]
    left[0] = False
    rows = near.tolist()
    for _ in range(len(x) - 1):
        here = order[-1]
        there = next((i for i in rows[here] if i != NONE and left[i]), None)
        if there is None:
            open_ = np.flatnonzero(left)
            there = int(open_[np.hypot(x[open_] - x[here], y[open_] - y[here]).argmin()])
        order.append(there)
        left[there] = False
    return np.array(order)


class _Paths:
    """Paths that grow together: the neighbours of each point, and of each end the other end."""

    def __init__(self, points: int) -> None:
        self.beside: list[list[int]] = [[] for _ in range(points)]
        self.other = list(range(points))
        self.edges = 0

    def join(self, i: int, j: int) -> bool:
        """Whether both are ends, of two paths, and so are joined."""
        if len(self.beside[i]) > 1 or len(self.beside[j]) > 1 or self.other[i] == j:
            return False
        self.beside[i].append(j)
        self.beside[j].append(i)
        one, two = self.other[i], self.other[j]
        self.other[one], self.other[two] = two, one
        self.edges += 1
        return True

    def ends(self) -> list[int]:
        return [i for i, beside in enumerate(self.beside) if len(beside) < 2]

    def tour(self) -> np.ndarray:
        """Along the one path that is left."""
        here = self.ends()[0]
        order = [here]
        before = here
        while len(order) < len(self.beside):
            here, before = next(i for i in self.beside[here] if i != before), here
            order.append(here)
        return np.array(order)


def _rest(x: np.ndarray, y: np.ndarray, paths: _Paths) -> list[tuple[int, int]]:
    """Join what is left, in rounds: for each end, the nearest end of another path, the shortest
    first; a path finds at least one partner in each, so that rounds are few."""
    joined: list[tuple[int, int]] = []
    while paths.edges < len(x) - 1:
        ends = np.array(paths.ends())
        other = np.array(paths.other)[ends]
        found = []
        for at in range(0, len(ends), ROWS):
            some = ends[at : at + ROWS, None]
            away = np.hypot(x[some] - x[ends], y[some] - y[ends])
            away[(some == ends) | (other[at : at + ROWS, None] == ends)] = np.inf
            nearest = away.argmin(1)
            found += zip(
                away.min(1).tolist(), some[:, 0].tolist(), ends[nearest].tolist(), strict=True
            )
        joined += [(i, j) for _, i, j in sorted(found) if paths.join(i, j)]
    return joined
