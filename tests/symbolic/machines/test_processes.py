"""Fixed points of layers: certified values, exact distances, against linear equations and scipy."""

from dataclasses import replace
from fractions import Fraction

import networkx
import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, eye_array
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import spsolve

from abduce.errors import InputError
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.graphs.decisions import paths, policy_iteration, processes
from abduce.neural.kernels.graphs.traces import random_graph
from abduce.neural.kernels.kernel import train
from abduce.symbolic.machines.graphs.fixed_points import fixed_point, shortest_paths
from abduce.symbolic.machines.graphs.graphs import Graph
from abduce.symbolic.machines.graphs.processes import Process, read_process
from abduce.symbolic.programs.bellman import LAYERS, MEAN, MIN, Layer, compiled_layer
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown

BELLMAN = compiled_layer(LAYERS["value-iteration"])
SHORTEST = compiled_layer(LAYERS["shortest-path"])


def random_process(
    states: int, actions: int, outcomes: int, discount: Fraction, rng: np.random.Generator
) -> Process:
    """Chances are whole numbers over their sum, so that they add to 1 exactly."""
    choices = {}
    for state in range(states):
        for action in range(int(rng.integers(1, actions + 1))):
            weights = rng.integers(1, 100, outcomes).tolist()
            targets = rng.integers(0, states, outcomes).tolist()
            rewards = rng.integers(-100, 101, outcomes).tolist()
            choices[state, str(action)] = [
                (target, Fraction(weight, sum(weights)), Fraction(reward, 10))
                for target, weight, reward in zip(targets, weights, rewards, strict=True)
            ]
    return Process.of(tuple(map(str, range(states))), choices, discount)


def values_of_policy(process: Process, choices: np.ndarray) -> np.ndarray:
    """What a process is worth where every state makes its choice, from linear equations."""
    ends = [*process.branch.tolist(), len(process.target)]
    taken = np.concatenate([np.arange(ends[c], ends[c + 1]) for c in choices.tolist()])
    rows = np.repeat(np.arange(len(process)), np.diff(ends)[choices])
    shape = (len(process), len(process))
    moves = coo_array((process.chance[taken], (rows, process.target[taken])), shape=shape)
    system = eye_array(len(process)) - float(process.discount) * moves.tocsc()
    return np.asarray(spsolve(system.tocsc(), process.reward[choices]))


@pytest.mark.parametrize("name", ["value-iteration", "shortest-path"])
def test_layers_are_learned_from_fixed_points_and_proved(name: str) -> None:
    torch.set_num_threads(1)
    learned = train(TASKS[name], seed=4)
    assert learned.proved
    assert learned.attempts <= 5
    assert learned.exact.coefficients.tolist() == list(LAYERS[name].coefficients)


def test_examples_are_fixed_points_of_the_layers() -> None:
    rng = np.random.default_rng(0)
    for layer, examples in (
        (BELLMAN, processes(CONFIG.value_iteration, rng)),
        (SHORTEST, paths(CONFIG.shortest_path, rng)),
    ):
        for one in examples:
            states, actions = one.reward.shape
            start = np.arange(states) * actions
            after = layer(one.reward.ravel(), one.after.ravel(), one.discount, start)[1]
            np.testing.assert_allclose(after, one.values, rtol=1e-9, atol=1e-9)


def test_another_layer_is_refuted() -> None:
    for told in LAYERS.values():
        right = compiled_layer(told)
        assert isinstance(prove(right, told), Proved)
        for term in range(5):
            wrong = right.coefficients.copy()
            wrong[term] += 1
            verdict = prove(Layer(wrong, right.choice), told)
            assert isinstance(verdict, Refuted)
            assert verdict.x.tolist() == [term]
        assert isinstance(prove(Layer(right.coefficients, MEAN), told), Refuted)
        assert isinstance(prove(Layer(right.coefficients[:3], right.choice), told), Unknown)


def test_a_layer_takes_most_least_or_mean() -> None:
    reward, value, start = np.array([1.0, 2.0, 5.0]), np.array([10.0, 0.0, 1.0]), np.array([0, 2])
    coefficients = np.array([1, 0, 0, 2, 1])
    for choice, expected in ((0, [12.0, 7.0]), (MIN, [3.0, 7.0]), (MEAN, [7.5, 7.0])):
        worth, found = Layer(coefficients, choice)(reward, value, 0.5, start)
        assert worth.tolist() == [12.0, 3.0, 7.0]
        assert found.tolist() == expected


@pytest.mark.parametrize("nines", range(1, 4))
def test_values_are_found_where_each_step_gains_next_to_nothing(nines: int) -> None:
    """Two states that never meet: a step leaves as much as it can, the discount."""
    discount = 1 - Fraction(1, 10**nines)
    choices = {(s, "0"): [(s, Fraction(1), Fraction(reward))] for s, reward in ((0, 1), (1, -3))}
    found = fixed_point(Process.of(("0", "1"), choices, discount), BELLMAN)
    exact = [float(reward / (1 - discount)) for reward in (1, -3)]
    assert np.abs(found.values - exact).max() <= found.bound <= 1e-12 * 10 ** (2 * nines)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 50, 90, 99]), st.integers(1, 30))
@example(10360, 99, 1)
def test_the_bound_holds_wherever_it_ends(seed: int, hundredths: int, sweeps: int) -> None:
    rng = np.random.default_rng(seed)
    process = random_process(int(rng.integers(1, 12)), 4, 2, Fraction(hundredths, 100), rng)
    exact = fixed_point(process, BELLMAN)
    found = fixed_point(process, BELLMAN, sweeps=sweeps)
    rest = float(1 - process.discount)
    scale = np.abs(process.reward).max() + np.abs(exact.values).max()
    assert exact.bound <= 1e-13 * scale / rest
    assert np.abs(found.values - exact.values).max() <= found.bound + exact.bound
    by_solving = values_of_policy(process, exact.choices)
    assert np.abs(exact.values - by_solving).max() <= exact.bound + 1e-12 * scale / rest


def test_values_agree_with_policy_iteration() -> None:
    rng = np.random.default_rng(5)
    states, actions = 30, 4
    target = rng.integers(0, states, (states, actions, 2))
    reward = rng.integers(-50, 51, (states, actions)) / 8
    half = Fraction(1, 2)
    choices = {
        (s, str(a)): [(int(t), half, Fraction(reward[s, a])) for t in target[s, a]]
        for s in range(states)
        for a in range(actions)
    }
    process = Process.of(tuple(map(str, range(states))), choices, Fraction(3, 4))
    found = fixed_point(process, BELLMAN)
    chance = np.full(target.shape, 0.5)
    expected = policy_iteration(reward, target, chance, 0.75)
    np.testing.assert_allclose(found.values, expected, atol=1e-10)
    assert found.certain.all()


@pytest.mark.slow
def test_five_thousand_states_are_certified() -> None:
    process = random_process(5000, 5, 3, Fraction(99, 100), np.random.default_rng(1))
    found = fixed_point(process, BELLMAN)
    assert found.bound <= 1e-9 * np.abs(found.values).max()
    expected = values_of_policy(process, found.choices)
    close = found.bound + 1e-12 * np.abs(expected).max() / float(1 - process.discount)
    assert np.abs(found.values - expected).max() <= close


def test_a_tie_is_not_certain() -> None:
    text = "discount 1/2\na left b 1 1\na right b 1 1\na stay a 1 -1\nb on b 1/3 3\nb on a 2/3 0\n"
    process = read_process(text)
    found = fixed_point(process, BELLMAN)
    assert found.certain.tolist() == [False, True]
    assert process.actions[found.choices[0]] == "left"
    # v_a = 1 + v_b / 2, v_b = 1 + v_b / 6 + v_a / 3
    assert abs(found.values[1] - 2) <= found.bound
    assert abs(found.values[0] - 2) <= found.bound


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([5, 10**25]))
def test_distances_are_those_of_networkx(seed: int, negative: bool, scale: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    ends = rng.integers(0, n, (int(rng.integers(0, 30)), 2)).tolist()
    weights = {
        (u, v): scale * int(rng.integers(-2 if negative else 0, 9)) for u, v in ends if u != v
    }
    edges = [(u, v, weight) for (u, v), weight in weights.items()]
    graph = Graph.of([str(k) for k in range(n)], edges, directed=True)
    other = networkx.DiGraph()
    other.add_nodes_from(range(n))
    other.add_weighted_edges_from(edges)
    found = shortest_paths(graph, 0, SHORTEST)
    try:
        expected = networkx.single_source_bellman_ford_path_length(other, 0)
    except networkx.NetworkXUnbounded:
        assert not found.ended
        return
    assert found.ended
    assert {k: d for k, d in enumerate(found.distances) if d is not None} == expected
    for node, parent in enumerate(found.parents.tolist()):
        if parent >= 0:
            assert expected[node] == expected[parent] + weights[parent, node]


def test_distances_in_a_large_graph_are_those_of_scipy() -> None:
    graph = random_graph(5000, 6.0, np.random.default_rng(2), largest=10**6)
    found = shortest_paths(graph, 7, SHORTEST)
    rows = np.repeat(np.arange(5000), np.diff(graph.start))
    # scipy takes an edge of weight 0 for none
    weights = np.array(graph.weights, dtype=float) + 1e-9
    matrix = coo_array((weights, (rows, graph.target)), shape=(5000, 5000)).tocsr()
    expected = dijkstra(matrix, indices=7)
    ours = np.array([np.inf if d is None else float(d) for d in found.distances])
    np.testing.assert_array_equal(ours, np.round(expected))


@pytest.mark.parametrize("exponent", [-299, -290, -272, -20, 0, 150, 199])
@pytest.mark.parametrize("discount", ["0", "0.3", "0.99", "1/3"])
def test_the_bound_holds_for_rewards_of_every_size(exponent: int, discount: str) -> None:
    """Of two states that lead to each other the values are a fraction, which is exact."""
    d, one, other = Fraction(discount), Fraction(3), Fraction(-7, 9)
    scale = Fraction(10) ** exponent
    r, s = one * scale, other * scale
    process = Process.of(
        ("a", "b"), {(0, "x"): [(1, Fraction(1), r)], (1, "x"): [(0, Fraction(1), s)]}, d
    )
    found = fixed_point(process, BELLMAN)
    wanted = ((r + d * s) / (1 - d * d), (s + d * r) / (1 - d * d))
    assert np.isfinite(found.bound)
    for value, right in zip(found.values.tolist(), wanted, strict=True):
        assert abs(Fraction(value) - right) <= Fraction(found.bound)


@pytest.mark.parametrize(
    ("reward", "discount"), [("1e308", "0.99"), ("-1e302", "0"), ("1e290", "0.999999999999999")]
)
def test_values_that_float64_has_not_are_refused(reward: str, discount: str) -> None:
    choices = {(0, "x"): [(0, Fraction(1), Fraction(1))]}
    process = Process.of(("a",), choices, Fraction(discount))
    with pytest.raises(InputError, match="rewards up to"):
        fixed_point(replace(process, reward=np.array([float(reward)])), BELLMAN)
