"""The convex hull of points, by the orientation predicate."""

import numpy as np

from abduce.symbolic.machines.plane.plane import Plane, Predicate

FEW = 16
"""If a pass removes less than one point in FEW, the remaining points are examined one by one."""


def convex_hull(plane: Plane, orientation: Predicate, order: np.ndarray) -> np.ndarray:
    """The corners of the hull, counter-clockwise from the one whose place is least.

    Points on a side are no corners. The hull of points on one line is the two ends; that of one
    point is the point.

    Args:
        order: (distinct,) places from the left to the right, from below where they are above each
            other.

    Source: Andrew 1979, Another efficient algorithm for convex hulls in two dimensions; that many
    points are taken out at once is ours.
    """
    if len(order) < 2:
        return order
    lower = _chain(plane, orientation, order)
    upper = _chain(plane, orientation, order[::-1])
    corners = np.concatenate([lower[:-1], upper[:-1]])
    return np.roll(corners, -int(corners.argmin()))


def _chain(plane: Plane, orientation: Predicate, order: np.ndarray) -> np.ndarray:
    """The corners below the line from the first to the last point.

    A point that does not turn left between two others lies on or above the line from one to the
    other, and those are points too: it is no corner, whatever becomes of them. So all such points
    go at once, pass after pass; in a chain without any, all are corners.
    """
    while len(order) > 2:
        turns = plane.signs(orientation, order[:-2], order[1:-1], order[2:])
        kept = np.flatnonzero(turns > 0) + 1
        gone = len(order) - 2 - len(kept)
        order = np.concatenate([order[:1], order[kept], order[-1:]])
        if gone * FEW < len(order):
            return order if not gone else _one_by_one(plane, orientation, order)
    return order


def _one_by_one(plane: Plane, orientation: Predicate, order: np.ndarray) -> np.ndarray:
    found: list[int] = []
    for place in order.tolist():
        while len(found) > 1 and plane.sign(orientation, found[-2], found[-1], place) <= 0:
            found.pop()
        found.append(place)
    return np.array(found)
