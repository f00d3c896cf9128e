"""Tests of graphs and of decision processes: searches, shortest paths, values.

Expected answers come from the book's algorithms on Python's integers, and from linear equations;
never from a kernel.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.records.score import Score, Size
from abduce.neural.kernels.graphs.traces import Algorithm, dijkstra, random_graph, result
from abduce.symbolic.machines.graphs.fixed_points import Values, fixed_point, shortest_paths
from abduce.symbolic.machines.graphs.graph_jobs import machine_of
from abduce.symbolic.machines.graphs.processes import Process
from abduce.symbolic.programs.definitions.graph_rules import GraphAlgorithm

RELATIVE = 1e-6
"""The upper limit on the error of a value, and on a certified error, relative to the largest
value."""


def graph_search(
    row: GraphAlgorithm, algorithm: Algorithm, size: Size, seed: int, kernels: Mapping[str, Any]
) -> Score:
    """A node is right where its state, its key and its parent are.

    Args:
        algorithm: how it runs by hand, which says what is right.
    """
    generator = np.random.default_rng(seed)
    graph = random_graph(size.n, float(generator.uniform(4, 12)), generator)
    source = int(generator.integers(0, size.n))
    found = machine_of(row, graph, kernels).run(source, again=row.again)
    expected = result(algorithm, graph, source)
    parents = [None if parent < 0 else parent for parent in found.parents.tolist()]
    nodes = zip(found.states.tolist(), found.keys, parents, strict=True)
    wanted = zip(expected.states, expected.keys, expected.parents, strict=True)
    right = sum(node == other for node, other in zip(nodes, wanted, strict=True))
    return Score(right, size.n, found.steps)


def paths(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """A node is right where its distance is."""
    generator = np.random.default_rng(seed)
    graph = random_graph(size.n, float(generator.uniform(4, 12)), generator)
    source = int(generator.integers(0, size.n))
    start = clock.cpu_s()
    found = shortest_paths(graph, source, kernels["shortest-path"])
    cpu_s = clock.cpu_s() - start
    expected = result(dijkstra, graph, source)
    pairs = zip(found.distances, expected.keys, strict=True)
    return Score(sum(ours == theirs for ours, theirs in pairs), size.n, found.sweeps, cpu_s)


def values(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """A value is right where it is near that of the linear equations of the choices made; none is
    where the certified error is too large."""
    process = random_process(size.n, np.random.default_rng(seed))
    start = clock.cpu_s()
    found = fixed_point(process, kernels["value-iteration"])
    cpu_s = clock.cpu_s() - start
    expected = value_of_choices(process, found)
    near = RELATIVE * np.abs(expected).max()
    right = (np.abs(found.values - expected) <= near) & (found.bound <= near)
    return Score(int(right.sum()), size.n, found.sweeps, cpu_s)


def random_process(states: int, generator: np.random.Generator) -> Process:
    """5 to 10 actions a state, three outcomes each, a discount of 0.99; all in exact fractions."""
    choices: dict[tuple[int, str], list[tuple[int, Fraction, Fraction]]] = {}
    for state in range(states):
        for action in range(int(generator.integers(5, 11))):
            weights = generator.integers(1, 100, 3).tolist()
            targets = generator.integers(0, states, 3).tolist()
            rewards = generator.integers(-100, 101, 3).tolist()
            choices[state, str(action)] = [
                (target, Fraction(weight, sum(weights)), Fraction(reward, 100))
                for target, weight, reward in zip(targets, weights, rewards, strict=True)
            ]
    return Process.of(tuple(map(str, range(states))), choices, Fraction(99, 100))


def value_of_choices(process: Process, found: Values) -> np.ndarray:
    """(states,), the value of a process in which each state always makes its choice."""
    from scipy.sparse import coo_array, eye_array
    from scipy.sparse.linalg import spsolve

    ends = [*process.branch.tolist(), len(process.target)]
    taken = np.concatenate([np.arange(ends[c], ends[c + 1]) for c in found.choices.tolist()])
    rows = np.repeat(np.arange(len(process)), np.diff(ends)[found.choices])
    shape = (len(process), len(process))
    moves = coo_array((process.chance[taken], (rows, process.target[taken])), shape=shape)
    system = eye_array(len(process)) - float(process.discount) * moves.tocsc()
    return np.asarray(spsolve(system.tocsc(), process.reward[found.choices]))
