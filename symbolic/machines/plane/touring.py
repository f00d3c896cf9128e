"""Short tours of points: pointers to other points, and moves whose cost learned kernels tell."""

from collections.abc import Callable
from typing import Any

import numpy as np

from abduce import clock
from abduce.symbolic.machines.lists.lists import Note
from abduce.symbolic.machines.plane import tour_search
from abduce.symbolic.machines.plane.pointing import Pointing
from abduce.symbolic.programs.definitions.tours import EXCHANGE_ENDS, INSERTION_ENDS, pairs
from abduce.symbolic.programs.polynomials import Polynomial

EXTENT_BITS = 30
"""The approximate number of bits of the longest length; lengths are whole numbers."""
KICKS = 20
"""The number of kicks per point, if no time limit is given."""
TURN = 1000
"""The upper limit on the kicks between two checks of the clock."""
SMALLEST = 5
"""The least number of points for which kicks can change a tour."""


class Search:
    """A tour that is being made shorter.

    Args:
        x, y: (points,), as `scaled` makes them; distinct points, not all on a line.
        pointing: who points to whom in which order, and the tour to begin with.
        exchange, insertion: the kernels, polynomials of the lengths between ends.
        seed: the random seed of the kicks.
        names: (points,), what to call them.
        note: called with each exchange that was kept.

    Attributes:
        kicks: the number of kicks.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray,
        pointing: Pointing,
        exchange: Polynomial,
        insertion: Polynomial,
        *,
        seed: int = 0,
        names: np.ndarray | None = None,
        note: Note | None = None,
    ) -> None:
        near, start = pointing.near, pointing.start
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
            deadline: the time of `clock.wall_s()` until which the search goes on; None for KICKS
                kicks a point.
        """
        n = len(self.tour)
        while deadline is None or clock.wall_s() < deadline:
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
        while self.kicks < most if deadline is None else not clock.passed(deadline):
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


def scaled(columns: np.ndarray) -> np.ndarray:
    """Whole numbers, 0 or more, as (2, points) float64, the extent at most 2 ** EXTENT_BITS."""
    bits = int(columns.max(initial=1)).bit_length()
    if columns.dtype == object and bits > 500:
        columns, bits = columns >> bits - 500, 500
    return columns.astype(np.float64) * 2.0 ** (EXTENT_BITS - bits)


def _held(array: np.ndarray) -> Any:
    """The data in the form that compiled code needs, or that plain Python reads faster."""
    return np.ascontiguousarray(array) if tour_search.COMPILED else array.tolist()
