"""Fixed points of layers: values of decision processes with a certified error, exact distances."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.machines.graphs.graphs import Graph
from abduce.symbolic.machines.graphs.processes import Process
from abduce.symbolic.programs.bellman import Layer

ROUNDING = 2.0**-53
LARGEST = 2.0**1000
"""The upper limit on values, so that sums of a few values do not overflow float64."""
LEAST, UNDERFLOW = 2.0**-900, 2.0**-1000
"""If no reward is larger than LEAST, UNDERFLOW is added to the bound on the float64 error."""
SWEEPS = 1_000_000
PATIENCE = 20
Note = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """The values that were found for a process.

    Attributes:
        values: (states,).
        choices: (states,), the first of the best choices by these values.
        bound: no value is farther from the true one, rounding included.
        certain: (states,), whether the choice is the only best one for certain.
        sweeps: steps of the layer.
    """

    values: np.ndarray
    choices: np.ndarray
    bound: float
    certain: np.ndarray
    sweeps: int


def fixed_point(
    process: Process, layer: Layer, *, sweeps: int = SWEEPS, note: Note | None = None
) -> Values:
    """The values of a process: apply Bellman's layer until rounding hides the rest.

    Let l and h be the least and the greatest entry of T v - v. Then v* - T v lies between
    d l / (1 - d) and d h / (1 - d), and the next v is in the middle of that.

    The bound is independent of how v was found: ``|v - v*| <= (|T v - v| + e) / (1 - d)``, where e
    is at least the float64 error of T v. A choice sums at most b products of a chance and a value,
    each rounded. With the roundings of chance, discount and reward these are fewer than b + 6, and
    each errs by at most 2^-53 of ``|r| + d max |v|``; the factor 2 takes care of their products.
    What is lost where numbers are too small for float64 is far less than UNDERFLOW, and counts only
    where all rewards are below LEAST.

    Without rounding a step leaves d of h - l at most. So rounding hides the rest where the last
    step is at most e, or where `PATIENCE` steps together gain less than half of what they should.

    Args:
        layer: proved to be ``max(reward + discount * value)``.
        sweeps: the upper limit on sweeps; the bound holds wherever it ends.
        note: called with the bound after each step.

    Raises:
        InputError: values could be larger than LARGEST.

    Source: MacQueen 1966, A modified dynamic programming method for Markovian decision problems;
    Puterman 1994, Markov decision processes, section 6.3, for the bounds.
    """
    discount = float(process.discount)
    rest = float(1 - process.discount)
    outcomes = np.diff(np.append(process.branch, len(process.target))).max()
    largest = float(np.abs(process.reward).max())
    if not largest < LARGEST * rest:
        found = f"rewards up to {largest:.3g} with the discount {discount:.17g}"
        raise InputError(found, (f"values of at most {LARGEST:.3g}",))
    lost = UNDERFLOW if 0 < largest < LEAST else 0.0
    values, found, best = np.zeros(len(process)), np.zeros(len(process)), np.inf
    sweep, slack, before = 0, 0.0, np.inf
    while sweep < sweeps:
        sweep += 1
        with np.errstate(over="ignore", invalid="ignore"):
            _, after = _step(process, layer, values, discount)
        error = 2 * (outcomes + 6) * ROUNDING * (largest + discount * float(np.abs(values).max()))
        error += lost
        low, high = float((after - values).min()), float((after - values).max())
        bound = (max(-low, high) + error) / rest * (1 + 16 * ROUNDING)
        if not isfinite(bound):  # with a discount very near 1 rounding errors grow beyond float64
            break
        if note is not None:
            note(f"layer    sweep {sweep}: values within {bound:.3g}")
        if bound < best:
            found, best, slack = values, bound, error
        if max(-low, high) <= error:
            break
        if sweep % PATIENCE == 0:
            if best > before * (1 + discount**PATIENCE) / 2:
                break
            before = best
        values = after + discount / rest * (low + high) / 2
    worth, _ = _step(process, layer, found, discount)
    choices, certain = _best(process, worth, 2 * (slack + discount * best))
    return Values(found, choices, best, certain, sweep)


def _step(
    process: Process, layer: Layer, values: np.ndarray, discount: float
) -> tuple[np.ndarray, np.ndarray]:
    expected = np.add.reduceat(process.chance * values[process.target], process.branch)
    return layer(process.reward, expected, discount, process.start)


def _best(process: Process, worth: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """The first of the best choices of each state, and whether it leads by more than a margin."""
    counts = np.diff(np.append(process.start, len(worth)))
    states = np.repeat(np.arange(len(process)), counts)
    most = np.maximum.reduceat(worth, process.start)
    best = np.flatnonzero(worth == most[states])
    choices = best[np.unique(states[best], return_index=True)[1]]
    others = worth.copy()
    others[choices] = -np.inf
    return choices, most - np.maximum.reduceat(others, process.start) > margin


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Shortest paths from a source.

    Attributes:
        distances: the distance of each node; None where no path leads to it.
        parents: (nodes,), the node before it; -1 for none.
        sweeps: steps of the layer.
        ended: whether the last step changed nothing; False where a cycle is negative.
    """

    distances: tuple[int | None, ...]
    parents: np.ndarray
    sweeps: int
    ended: bool


def shortest_paths(
    graph: Graph, source: int, layer: Layer, *, note: Note | None = None
) -> Distances:
    """Distances as the fixed point of a layer, in exact whole numbers.

    Every node has an edge to itself of weight 0, so that what it has it keeps. After k steps a node
    has the least weight of the paths of at most k edges; without negative cycles n - 1 suffice, and
    the n-th changes nothing.

    Args:
        layer: proved to be ``min(reward + value)``.
    """
    n = len(graph)
    senders = np.concatenate([np.arange(n), np.repeat(np.arange(n), np.diff(graph.start))])
    receivers = np.concatenate([np.arange(n), graph.target])
    sort = np.argsort(receivers, kind="stable")
    senders, receivers = senders[sort], receivers[sort]
    start = np.flatnonzero(np.diff(receivers, prepend=-1))
    farthest = n * max((abs(weight) for weight in graph.weights), default=0) + 1
    wide = np.int64 if farthest < 1 << 60 else object
    weights = np.array([0] * n + list(graph.weights), dtype=wide)[sort]
    nowhere = 2 * farthest
    distances = np.full(n, nowhere, dtype=wide)
    distances[source] = 0
    parents = np.full(n, -1)
    for sweep in range(1, n + 1):
        worth, after = layer(weights, distances[senders], 0, start)
        after = np.where(after >= farthest, nowhere, after)
        nearer = np.flatnonzero(after < distances)
        if note is not None:
            note(f"layer    sweep {sweep}: {len(nearer)} nodes are nearer")
        if not len(nearer):
            break
        through = np.flatnonzero((after < distances)[receivers] & (worth == after[receivers]))
        nodes, first = np.unique(receivers[through], return_index=True)
        parents[nodes] = senders[through[first]]
        distances = after
    else:
        sweep, nearer = n, np.zeros(1)
    reached = [None if d >= farthest else int(d) for d in distances.tolist()]
    return Distances(tuple(reached), parents, sweep, not len(nearer))
