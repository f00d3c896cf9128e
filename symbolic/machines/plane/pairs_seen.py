"""The features by which a pointer judges two points: nothing that depends on where they are, on the
direction they lie in, or on the unit of length.

Ranks, counts and sides are the same for points that are moved, turned, mirrored or scaled.
"""

from typing import NamedTuple

import numpy as np

from abduce.symbolic.programs.pointers import INSIDE, NEAR

NONE = -1


class Seen(NamedTuple):
    """The arguments of a score, in order, all of one shape."""

    lesser: np.ndarray
    greater: np.ndarray
    inside: np.ndarray
    side: np.ndarray


def near_points(x: np.ndarray, y: np.ndarray, edges: np.ndarray, most: int) -> np.ndarray:
    """(points, most): the nearest of each point among those that are one or two edges away, the
    nearest first; NONE where there are fewer.

    Args:
        edges: (edges, 2), in both directions, each once, sorted.
    """
    n = len(x)
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
    kept = rank < most
    found = np.full((n, most), NONE)
    found[both[kept, 0], rank[kept]] = both[kept, 1]
    return found


def seen(x: np.ndarray, y: np.ndarray, edges: np.ndarray, near: np.ndarray) -> Seen:
    """The features of each point and those near it, (points, NEAR) each; what stands at NONE means
    nothing.

    A point k lies in the circle over i and j where the angle at k is obtuse. Those that are looked
    at are nearer to i than j is, which all in the circle are.

    Args:
        near: (points, NEAR), of `near_points` with these edges.
    """
    n = len(x)
    own = np.arange(n)
    back = np.full((n, NEAR), NEAR)
    for rank in range(NEAR):
        back[(near[near, rank] == own[:, None]) & (near != NONE)] = rank
    there = np.broadcast_to(np.arange(NEAR), near.shape)
    inside = np.zeros((n, NEAR), dtype=np.int64)
    for rank in range(NEAR):
        for nearer in range(rank):
            j, k = near[:, rank], near[:, nearer]
            along = (x - x[k]) * (x[j] - x[k]) + (y - y[k]) * (y[j] - y[k])
            inside[:, rank] += along < 0
    names = edges[:, 0] * n + edges[:, 1]
    side = np.isin(own[:, None] * n + near, names).astype(np.int64)
    lesser, greater = np.minimum(there, back), np.maximum(there, back)
    return Seen(lesser, greater, np.minimum(inside, INSIDE - 1), side)
