"""The Delaunay triangulation of points, by the orientation and in-circle predicates.

All points lie in the triangle of three that are far away. In each round one point is inserted into
every triangle that contains points. Then wrong edges are flipped, all at once that share no
triangle, until no edge is wrong. The far points are outside of the circle of any three others that
are not on a line: whole coordinates of b bits have circles of radius less than ``2 ** (3 * b +
1)``. So the triangles without a far point are those of the points alone.

Where four points lie on a circle, both diagonals would do. The one that has the first of the four
in the file is taken. For this, each point counts as lifted a little less than it is, an earlier one
by far more than a later one. So no four points count as on a circle, and all choices agree. Flips
lower the lifted surface, strictly, so no edge comes back and they end; the outcome does not depend
on their order. Polygons of points on a circle come out as fans from their first point.

Source: Lawson 1977, Software for C1 surface interpolation, for flips; Cao et al. 2014, A GPU
accelerated algorithm for 3D Delaunay triangulation, for rounds; Edelsbrunner and Muecke 1990,
Simulation of simplicity, for the order of what is infinitely small.
"""

import numpy as np

from abduce.symbolic.machines.plane.plane import Plane, Predicate
from abduce.symbolic.machines.plane.triangulation import NONE, Triangulation, winners

FAR = ((-1, -1), (3, -1), (-1, 3))
"""The three outer points, in the unit of `Plane`; each is at least one unit away from all
points."""


class Delaunay:
    """A triangulation that is being made.

    Args:
        plane: distinct points, and the FAR ones.
    """

    def __init__(self, plane: Plane, orientation: Predicate, in_circle: Predicate) -> None:
        self.plane, self.orientation, self.in_circle = plane, orientation, in_circle
        self.mesh = Triangulation(plane.points)
        self.left = np.random.default_rng(0).permutation(plane.points)  # no outcome depends on it
        self.home = np.zeros(plane.points, dtype=np.int64)
        self.flips = 0

    def run(self) -> np.ndarray:
        """(triangles, 3): the least place first, counter-clockwise; sorted."""
        while len(self.left):
            self._legalise(self._round())
        corners = self.mesh.corners()
        corners = corners[(corners < self.plane.points).all(1)]
        start = corners.argmin(1)[:, None]
        corners = np.take_along_axis(corners, (start + np.arange(3)) % 3, axis=1)
        return corners[np.lexsort(corners.T[::-1])]

    def _round(self) -> np.ndarray:
        """One point into each triangle that has any; the half-edges around what has changed."""
        mesh, left = self.mesh, self.left
        first = np.full(mesh.triangles, NONE)
        first[self.home[left[::-1]]] = left[::-1]
        points = left[first[self.home[left]] == left]
        sides = np.stack(mesh.sides(mesh.edge[self.home[points]]))
        ends = mesh.origin[sides], mesh.origin[mesh.following[sides]]
        turns = [
            self.plane.signs(self.orientation, a, b, points) for a, b in zip(*ends, strict=True)
        ]
        on = np.stack(turns) == 0
        side = sides[on.argmax(0), np.arange(len(points))]
        on_edge = on.any(0)
        beyond = np.where(on_edge, mesh.owner[mesh.twin[side]], NONE)
        claims = np.stack([self.home[points], beyond], axis=1)
        chosen = winners(claims, mesh.triangles)
        points, side, on_edge = points[chosen], side[chosen], on_edge[chosen]
        outline = np.stack(mesh.sides(side))
        self._enter(points, side)
        around = self._flip(side[on_edge])
        return np.concatenate([outline[1:].ravel(), outline[0][~on_edge], around])

    def _enter(self, points: np.ndarray, side: np.ndarray) -> None:
        """Points split triangles in three; the triangles of the points that wait in them are
        updated."""
        mesh = self.mesh
        corners = [mesh.origin[h] for h in mesh.sides(side)]
        slot = np.full(mesh.triangles, NONE)
        slot[mesh.owner[side]] = np.arange(len(points))
        entered = np.zeros(self.plane.points, dtype=bool)
        entered[points] = True
        self.left = self.left[~entered[self.left]]
        owners = mesh.enter(points, side)
        here = slot[self.home[self.left]]
        waiting, at = self.left[here != NONE], here[here != NONE]
        a, b, c = (
            self.plane.signs(self.orientation, points[at], corner[at], waiting)
            for corner in corners
        )
        part = np.where((a >= 0) & (b < 0), 0, np.where((b >= 0) & (c < 0), 1, 2))
        self.home[waiting] = owners[part, at]

    def _legalise(self, suspects: np.ndarray) -> None:
        """Flip edges until none is wrong."""
        mesh = self.mesh
        while len(suspects):
            twin = mesh.twin[suspects]
            suspects = np.unique(np.minimum(suspects, twin)[twin != NONE])
            a, b, c, d = mesh.across(suspects)
            sign = self.plane.signs(self.in_circle, a, b, c, d)
            wrong = (sign > 0) | ((sign == 0) & (np.minimum(c, d) < np.minimum(a, b)))
            suspects = suspects[wrong]
            claims = np.stack([mesh.owner[suspects], mesh.owner[mesh.twin[suspects]]], axis=1)
            now = winners(claims, mesh.triangles)
            suspects = np.concatenate([suspects[~now], self._flip(suspects[now])])

    def _flip(self, edges: np.ndarray) -> np.ndarray:
        """Flip, and tell the points that wait there where they are; the half-edges around."""
        mesh = self.mesh
        self.flips += len(edges)
        slot = np.full(mesh.triangles, NONE)
        one, other = mesh.owner[edges], mesh.owner[mesh.twin[edges]]
        slot[one] = slot[other] = np.arange(len(edges))
        around = mesh.flip(edges)
        here = slot[self.home[self.left]]
        moved = np.flatnonzero(here != NONE)
        waiting, at = self.left[moved], here[moved]
        d, c = mesh.origin[edges][at], mesh.origin[mesh.twin[edges]][at]
        left = self.plane.signs(self.orientation, d, c, waiting) >= 0
        self.home[waiting] = np.where(left, one[at], other[at])
        return around.ravel()
