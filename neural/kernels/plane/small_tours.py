"""Examples of pointers: random points, few of them, and their shortest tours, found exactly."""

from dataclasses import astuple, dataclass

import numpy as np

from abduce.neural.kernels.config import PointerConfig
from abduce.neural.kernels.shortest_tours import shortest_tours
from abduce.symbolic.machines.plane.pairs_seen import NONE, near_points, seen
from abduce.symbolic.programs.pointers import NEAR


@dataclass(frozen=True, slots=True, eq=False)
class TourPairs:
    """Pairs of points that are near each other.

    Attributes:
        seen: (pairs, 4), what a pointer sees of each.
        joined: (pairs,), whether they are neighbours in the shortest tour.
        tours: how many tours they come from.
    """

    seen: np.ndarray
    joined: np.ndarray
    tours: int

    def __len__(self) -> int:
        return self.tours


def tour_pairs(config: PointerConfig, generator: np.random.Generator) -> TourPairs:
    """Pairs from the shortest tours of random points, which have whole coordinates."""
    views, joined = [], []
    for n, count in map(astuple, (config.smaller, config.larger)):
        points = generator.integers(0, config.extent, (count, 2, n))
        apart = points[:, :, :, None] - points[:, :, None, :]
        shortest = shortest_tours(np.rint(np.hypot(apart[:, 0], apart[:, 1])).astype(np.int64))
        for (x, y), tour in zip(points, shortest, strict=True):
            edges = sides(x, y)
            near = near_points(x, y, edges, NEAR)
            there = near != NONE
            place = np.argsort(tour)
            between = np.abs(place[:, None] - place[near])
            views.append(np.stack(seen(x, y, edges, near), axis=-1)[there])
            joined.append(((between == 1) | (between == n - 1))[there])
    return TourPairs(
        np.concatenate(views), np.concatenate(joined), config.smaller.tours + config.larger.tours
    )


def sides(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(edges, 2): the pairs that have a circle through both with no point inside, in both
    directions, sorted; in a triangulation by that rule they share a side.

    Where the centre lies on the bisector, every other point bounds from one side.
    """
    n = len(x)
    found = []
    for i, j in np.ndindex(n, n):
        if i == j:
            continue
        others = np.delete(np.arange(n), [i, j])
        u, v = x[others] - (x[i] + x[j]) / 2, y[others] - (y[i] + y[j]) / 2
        over = u * (y[i] - y[j]) + v * (x[j] - x[i])
        beyond = u * u + v * v - ((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2) / 4
        if (beyond[over == 0] < 0).any():
            continue
        left, right = over > 0, over < 0
        most = (beyond[left] / over[left]).min(initial=np.inf)
        least = (beyond[right] / over[right]).max(initial=-np.inf)
        if least <= most:
            found.append((i, j))
    return np.array(found)
