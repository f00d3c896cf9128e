"""Short tours of points: pointers to near points, and moves whose cost learned kernels tell."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from abduce.neural.machines import tour_search
from abduce.neural.machines.lists import Note
from abduce.verify.discrete.polynomials import Polynomial
from abduce.verify.discrete.tours import EXCHANGE_ENDS, INSERTION_ENDS, pairs

POINTERS = 8
EXTENT_BITS = 30
"""Lengths are whole numbers; the longest has about so many bits."""
KICKS = 20
"""For each point, where no time is given."""
TURN = 1000
"""Kicks between two looks at the clock, at most."""
SMALLEST = 5
"""Fewer points leave no room for kicks, and need none."""


class Search:
    """A tour that is being made shorter.

    Args:
        columns: (2, points), whole numbers, 0 or more; distinct points, not all on a line.
        triangles: of their Delaunay triangulation.
        exchange, insertion: the kernels, polynomials of the lengths between ends.
        seed: of the kicks.
        names: (points,), what to call them.
        note: told each exchange that was kept.

    Attributes:
        kicks: how many there were.
    """

    def __init__(
        self,
        columns: np.ndarray,
        triangles: np.ndarray,
        exchange: Polynomial,
        insertion: Polynomial,
        *,
        seed: int = 0,
        names: np.ndarray | None = None,
        note: Note | None = None,
    ) -> None:
        x, y = _scaled(columns)
        near = pointers(x, y, triangles)
        start = first_tour(x, y, near)
        n = len(start)
        self.note, self._names = note, np.arange(n) if names is None else names
        place = np.empty(n, dtype=np.int64)
        place[start] = np.arange(n)
        queue = np.concatenate([[0, n], start])
        kernels = terms(exchange, EXCHANGE_ENDS), terms(insertion, INSERTION_ENDS)
        log = np.zeros(1 + 4 * TURN, dtype=np.int64)
        self.tour, self.place, self.log = _held(start), _held(place), _held(log)
        self._state = (
            *(self.tour, self.place, self.log, _held(queue), _held(np.ones(n, dtype=np.int64))),
            *(_held(near.ravel()), near.shape[1], _held(x), _held(y)),
            *map(_held, kernels),
        )
        self.seed, self.kicks = seed % 2**31, 0

    def run(
        self,
        *,
        deadline: float | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> np.ndarray:
        """(points,): the tour.

        Args:
            deadline: as `time.monotonic()` counts; where there is one, the search goes on until
                then, else for KICKS a point.
        """
        n = len(self.tour)
        while deadline is None or time.monotonic() < deadline:
            self.log[0] = 0
            tour_search.settle(*self._state)
            self._tell()
            if not self.log[0]:
                break
        if n >= SMALLEST:
            self._kick(KICKS * n, deadline, progress)
        return np.array(self.tour)

    def _kick(
        self, most: int, deadline: float | None, progress: Callable[[str], None] | None
    ) -> None:
        turn, gained = (TURN if tour_search.COMPILED else TURN // 20), 0
        if self.note is not None:
            turn = 1
        while time.monotonic() < deadline if deadline is not None else self.kicks < most:
            count = turn if deadline is not None else min(turn, most - self.kicks)
            gain, self.seed = tour_search.kicks(count, self.seed, *self._state)
            self.kicks, gained = self.kicks + count, gained - gain
            self._tell()
            if progress is not None:
                progress(f"{self.kicks:,} kicks, shorter by {gained / 2**EXTENT_BITS:.4f} extents")

    def _tell(self) -> None:
        if self.note is None:
            return
        for at in range(1, 1 + 4 * self.log[0], 4):
            a, b, c, d = (int(self._names[self.log[at + k]]) for k in range(4))
            self.note(f"exchange    [{a}]-[{b}] [{c}]-[{d}] become [{a}]-[{c}] [{b}]-[{d}]")


def terms(kernel: Polynomial, ends: str) -> np.ndarray:
    """A kernel as triples: the ends of an edge, and how often its length counts."""
    found: list[int] = []
    named = pairs(ends)
    for powers, coefficient in zip(kernel.exponents, kernel.coefficients.tolist(), strict=True):
        (variable,) = np.flatnonzero(powers).tolist()
        found += [*(ends.index(end) for end in named[variable]), coefficient]
    return np.array(found, dtype=np.int64)


def pointers(x: np.ndarray, y: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(points, POINTERS): the nearest of each point among those that are one or two edges of the
    triangulation away, the nearest first; NONE where there are fewer.

    Edges of the best tours are nearly always edges of the triangulation. Which pointers there are
    is a prior, and nothing depends on it but how good a tour is.
    """
    n = len(x)
    edges = np.concatenate([triangles[:, [i, j]] for i in range(3) for j in range(3) if i != j])
    edges = np.unique(edges, axis=0)
    count = np.bincount(edges[:, 0], minlength=n)
    start = np.concatenate([[0], np.cumsum(count)])
    again = count[edges[:, 1]]
    inner = np.arange(again.sum()) - np.repeat(np.cumsum(again) - again, again)
    beyond = edges[np.repeat(start[edges[:, 1]], again) + inner, 1]
    both = np.concatenate([edges, np.stack([np.repeat(edges[:, 0], again), beyond], axis=1)])
    both = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
    away = np.hypot(x[both[:, 0]] - x[both[:, 1]], y[both[:, 0]] - y[both[:, 1]])
    both = both[np.lexsort((both[:, 1], away, both[:, 0]))]
    count = np.bincount(both[:, 0], minlength=n)
    rank = np.arange(len(both)) - np.repeat(np.cumsum(count) - count, count)
    kept = rank < POINTERS
    found = np.full((n, POINTERS), tour_search.NONE)
    found[both[kept, 0], rank[kept]] = both[kept, 1]
    return found


def first_tour(x: np.ndarray, y: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Always on to the nearest point that was not visited, by pointers where they lead on.

    Source: Vinyals et al. 2015, Pointer networks, for tours that are valid because visited points
    are masked.
    """
    left = np.ones(len(x), dtype=bool)
    order = [0]
    left[0] = False
    rows = near.tolist()
    for _ in range(len(x) - 1):
        here = order[-1]
        there = next((i for i in rows[here] if i != tour_search.NONE and left[i]), None)
        if there is None:
            open_ = np.flatnonzero(left)
            there = int(open_[np.hypot(x[open_] - x[here], y[open_] - y[here]).argmin()])
        order.append(there)
        left[there] = False
    return np.array(order)


def _scaled(columns: np.ndarray) -> np.ndarray:
    """(2, points) float64, the extent at most 2 ** EXTENT_BITS."""
    bits = int(columns.max(initial=1)).bit_length()
    if columns.dtype == object and bits > 500:
        columns, bits = columns >> bits - 500, 500
    return columns.astype(np.float64) * 2.0 ** (EXTENT_BITS - bits)


def _held(array: np.ndarray) -> Any:
    """As compiled code wants it, or as plain Python reads it faster."""
    return np.ascontiguousarray(array) if tour_search.COMPILED else array.tolist()
