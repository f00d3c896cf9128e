"""What is to be learned: convex hulls, Delaunay triangulations and shortest tours of points.

Answers are sequences of places of points, each in one order of several that mean the same.
"""

import numpy as np

from abduce.neural.kernels.shortest_tours import shortest_tours


def hull(points: np.ndarray) -> list[int]:
    """The corners of points (points, 2), counter-clockwise, from the lowest place."""
    from scipy.spatial import ConvexHull

    return from_lowest(ConvexHull(points).vertices.tolist())


def delaunay(points: np.ndarray) -> list[int]:
    """The triangles of points (points, 2), one after the other: each in the order of places, they
    in the order of their in-centres, from left to right."""
    from scipy.spatial import Delaunay

    triangles = np.sort(Delaunay(points).simplices, 1)
    corners = points[triangles]
    opposite = np.linalg.norm(np.roll(corners, 1, 1) - np.roll(corners, 2, 1), axis=2)
    centres = (opposite[:, :, None] * corners).sum(1) / opposite.sum(1, keepdims=True)
    order = np.lexsort((centres[:, 1], centres[:, 0]))
    return triangles[order].ravel().tolist()


def tours(points: np.ndarray) -> np.ndarray:
    """The shortest tours of (batch, points, 2), 2 points or more: (batch, points). They begin at
    the first point, and go on to the lower of its two neighbours."""
    return shortest_tours(np.linalg.norm(points[:, :, None] - points[:, None], axis=-1))


def from_lowest(cycle: list[int]) -> list[int]:
    """A cycle turned so that it begins with its least entry.

    >>> from_lowest([3, 1, 2])
    [1, 2, 3]
    """
    start = cycle.index(min(cycle))
    return cycle[start:] + cycle[:start]


def area(corners: np.ndarray) -> float:
    """The area of a polygon with corners (corners, 2) in order. If it crosses itself, parts that
    are traversed the other way are subtracted."""
    x, y = corners.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def length(points: np.ndarray, tour: list[int]) -> float:
    """The length of a closed tour."""
    steps = points[tour] - points[np.roll(tour, -1)]
    return float(np.linalg.norm(steps, axis=1).sum())
