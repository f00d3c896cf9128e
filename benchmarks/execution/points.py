"""Tests of programs on points: the hull and the triangulation that scipy finds, tours beside LKH.

Points are drawn from the unit square. A tour is right when it visits every point once; how much
longer it is than that of LKH (elkai), where that is installed, is its gap.

Source: Barber, Dobkin and Huhdanpaa 1996, The Quickhull algorithm for convex hulls; Helsgaun 2000,
An effective implementation of the Lin-Kernighan traveling salesman heuristic.
"""

import importlib.util
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.records.score import Score, Size
from abduce.neural.kernels.jobs import JOBS
from abduce.symbolic.machines.jobs import MachineAnswer, RunContext

UNIT = 10**6
"""The number of units of length in the side of the square; LKH computes with whole lengths."""
LARGE = 200
"""The number of points beyond which LKH makes one run instead of ten, which take minutes."""


def has_peer() -> bool:
    """Whether elkai, which has LKH in it, is installed."""
    return importlib.util.find_spec("elkai") is not None


def hull(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """The corners are one entry.

    Raises:
        ModuleNotFoundError: scipy is not installed, which knows hulls and triangulations.
    """
    points, answer, cpu_s = _placed("hull", size, seed, kernels)
    expected = _spatial().ConvexHull(points).vertices
    found = [row["place"] for row in answer.value]
    right = found == np.roll(expected, -int(expected.argmin())).tolist()
    return Score(int(right), 1, sum(answer.steps.values()), cpu_s)


def delaunay(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Every triangle is an entry.

    Raises:
        ModuleNotFoundError: scipy is not installed, which knows hulls and triangulations.
    """
    points, answer, cpu_s = _placed("delaunay", size, seed, kernels)
    expected = _triangles(_spatial().Delaunay(points).simplices)
    found = _triangles(np.array(answer.value["triangles"]))
    right = found & expected if len(found) == len(expected) else set()
    return Score(len(right), len(expected), sum(answer.steps.values()), cpu_s)


def tour(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """A tour is one entry; its gap is measured where LKH is there."""
    points, answer, cpu_s = _placed("tsp", size, seed, kernels)
    found = answer.value["tour"]
    valid = sorted(found) == list(range(size.n))
    gap = peer_s = None
    if has_peer():
        best, peer_s = _peer(size.n, seed)
        gap = _cost(points, np.array(found)) / best - 1
    return Score(int(valid), 1, answer.steps["kicks"], cpu_s, gap, peer_s)


def _placed(
    task: str, size: Size, seed: int, kernels: Mapping[str, Any]
) -> tuple[np.ndarray, MachineAnswer, float]:
    """The points of a seed, the answer of a job, and its CPU seconds."""
    points, job = _points(size.n, seed), JOBS[task]
    text = "\n".join(f"{x!r} {y!r}" for x, y in points.tolist())
    start = clock.cpu_s()
    answer = job.run(text, kernels, job.options(), RunContext(path="points"))
    return points, answer, clock.cpu_s() - start


@lru_cache(maxsize=256)
def _peer(count: int, seed: int) -> tuple[float, float]:
    """The length of LKH's tour, and its CPU seconds."""
    import elkai

    points = _points(count, seed)
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    lengths = elkai.DistanceMatrix(np.rint(UNIT * apart).astype(int).tolist())
    start = clock.cpu_s()
    tour = lengths.solve_tsp(runs=1 if count > LARGE else 10)
    return _cost(points, np.array(tour[:-1])), clock.cpu_s() - start


def _points(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((count, 2))


def _cost(points: np.ndarray, tour: np.ndarray) -> float:
    along = points[tour] - points[np.roll(tour, -1)]
    return float(np.hypot(*along.T).sum())


def _triangles(corners: np.ndarray) -> set[tuple[int, ...]]:
    return {*map(tuple, np.sort(corners, axis=1).tolist())}


def _spatial() -> Any:
    import scipy.spatial

    return scipy.spatial
