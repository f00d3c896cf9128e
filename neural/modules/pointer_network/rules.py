"""Which outputs are valid: the outputs that may follow a prefix, so that it can always be
completed.

A rule says of a beginning, places of `points` points, which choices may be next; the last choice is
the end. It never leaves none.
"""

from collections.abc import Callable, Sequence

import numpy as np

Rule = Callable[[Sequence[int], int], np.ndarray]


def polygon(beginning: Sequence[int], points: int) -> np.ndarray:
    """Three points or more, none twice."""
    allowed = _unused(beginning, points)
    allowed[points] = len(beginning) >= 3
    return allowed


def tour(beginning: Sequence[int], points: int) -> np.ndarray:
    """Tours: all points once, from the first."""
    allowed = _unused(beginning, points)
    if not beginning:
        allowed[1:] = False
    allowed[points] = len(beginning) == points
    return allowed


def triangles(beginning: Sequence[int], points: int) -> np.ndarray:
    """Triangles, none twice, the corners of each in the order of their places; at most as many as
    points can have, 2 * points - 5."""
    allowed = np.zeros(points + 1, dtype=bool)
    whole, begun = divmod(len(beginning), 3)
    known = {tuple(beginning[3 * n : 3 * n + 3]) for n in range(whole)}
    started = tuple(beginning[3 * whole :])
    allowed[points] = begun == 0 and whole > 0
    if whole < 2 * points - 5:
        first = started[-1] + 1 if started else 0
        for place in range(first, points - 2 + begun):
            allowed[place] = _can_be_new((*started, place), known, points)
    return allowed


RULES: dict[str, Rule] = {"hull": polygon, "delaunay": triangles, "tsp": tour}


def _unused(beginning: Sequence[int], points: int) -> np.ndarray:
    allowed = np.ones(points + 1, dtype=bool)
    allowed[list(beginning)] = False
    return allowed


def _can_be_new(started: tuple[int, ...], known: set[tuple[int, ...]], points: int) -> bool:
    """Whether not all triangles that start so are known."""
    left = points - 1 - started[-1]
    following = {1: left * (left - 1) // 2, 2: left, 3: 1}[len(started)]
    return sum(triangle[: len(started)] == started for triangle in known) < following
