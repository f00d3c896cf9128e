"""Triangulations as half-edges, which many points enter and many edges flip in at once."""

import numpy as np

NONE = -1


class Triangulation:
    """Triangles, counter-clockwise; the first is that of the three points after the others.

    A half-edge keeps its neighbour across for ever: points entering and edges flipping only change
    what lies inside of the outline that they touch. So whatever has triangles of its own can happen
    at once.

    Args:
        points: how many will enter.

    Attributes:
        origin, following, twin, owner: (half-edges,), of each the point it leaves, the next of its
            triangle, the same edge seen from across (NONE outside), its triangle.
        edge: (triangles,), one half-edge of each.
        triangles: the number of triangles so far.
    """

    def __init__(self, points: int) -> None:
        size = 2 * points + 1
        self.origin = np.full(3 * size, NONE)
        self.following = np.full(3 * size, NONE)
        self.twin = np.full(3 * size, NONE)
        self.owner = np.full(3 * size, NONE)
        self.edge = np.full(size, NONE)
        self.triangles = 1
        self.origin[:3] = points + np.arange(3)
        self.following[:3] = [1, 2, 0]
        self.owner[:3], self.edge[0] = 0, 0

    def sides(self, h: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Half-edges and the two that follow them."""
        second = self.following[h]
        return h, second, self.following[second]

    def corners(self) -> np.ndarray:
        """(triangles, 3)."""
        return self.origin[np.stack(self.sides(self.edge[: self.triangles]), axis=1)]

    def enter(self, points: np.ndarray, first: np.ndarray) -> np.ndarray:
        """Points into triangles, one each, whose half-edges are `first` and what follows.

        Returns:
            (3, points): the triangles on those half-edges, in their order.
        """
        count, old = len(points), self.owner[first]
        sides = self.sides(first)
        ends = [self.origin[side] for side in sides]
        new = self.triangles + np.arange(2 * count).reshape(2, count)
        # each of the three triangles has one old side, and two that are new
        inner = 3 * self.triangles + np.arange(6 * count).reshape(3, 2, count)
        owners = np.stack([old, *new])
        for k in range(3):
            to, back = inner[k]
            self.origin[to], self.origin[back] = ends[(k + 1) % 3], points
            self.following[sides[k]], self.following[to], self.following[back] = to, back, sides[k]
            self.owner[sides[k]] = self.owner[to] = self.owner[back] = owners[k]
            self.edge[owners[k]] = sides[k]
            self.twin[to] = inner[(k + 1) % 3, 1]
            self.twin[inner[(k + 1) % 3, 1]] = to
        self.triangles += 2 * count
        return owners

    def across(self, h: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """For half-edges from a to b: a, b, the third point c, and that of the neighbour, d."""
        a, b, c = (self.origin[side] for side in self.sides(h))
        return a, b, c, self.origin[self.sides(self.twin[h])[2]]

    def flip(self, h: np.ndarray) -> np.ndarray:
        """Exchange the diagonals of quadrilaterals; what was from a to b leads from d to c.

        Args:
            h: no two have a triangle in common.

        Returns:
            (4, edges): the half-edges around each quadrilateral.
        """
        _, h1, h2 = self.sides(h)
        g, g1, g2 = self.sides(self.twin[h])
        self.origin[h], self.origin[g] = self.origin[g2], self.origin[h2]
        one, other = self.owner[h], self.owner[g]
        self.following[g1], self.following[h], self.following[h2] = h, h2, g1
        self.following[g2], self.following[h1], self.following[g] = h1, g, g2
        self.owner[g1], self.owner[h1] = one, other
        self.edge[one], self.edge[other] = h, g
        return np.stack([g1, h2, g2, h1])


def winners(claims: np.ndarray, size: int) -> np.ndarray:
    """Which of the claimants get all they claim, where each thing goes to the first of its
    claimants; the first of all gets it always.

    Args:
        claims: (claimants, things), numbers below size; NONE for nothing.
        size: how many things there are.
    """
    count, width = claims.shape
    holder = np.empty(size + 1, dtype=np.int64)  # the last is what NONE stands for
    rank = np.arange(count)[::-1].repeat(width)
    holder[claims[::-1].ravel()] = rank  # of equal places the last one written stays
    return ((holder[claims] == np.arange(count)[:, None]) | (claims == NONE)).all(1)
