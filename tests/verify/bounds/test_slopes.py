"""Slopes and multipliers: whatever is chosen a bound holds, and choosing well makes it better."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.propagation.backward import AlphaBeta, Bounds, lower_bounds
from abduce.verify.bounds.propagation.certified import certified
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.slopes import Frame, Objectives, Subdomains, climb
from abduce.verify.branch.refining import refined
from abduce.verify.branch.trees import Trees
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.sine import SIN
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Network
from abduce.verify.refutation.gradients import forward
from tests.networks import Builder, Dense, attention, random_relu_network

SEEDS = st.integers(0, 2**32 - 1)
FUNCTIONS = (RELU, SIGMOID, TANH, SIN, EXP)


class Exact(Frame):
    """In float64 always."""

    def _cancels(self) -> bool:
        return True


def smooth_network(rng: np.random.Generator, function: Nonlinearity, *sizes: int) -> Network:
    """Dense layers with a function between them."""
    builder = Builder((sizes[0],))
    for i, (n, m) in enumerate(pairwise(sizes)):
        if i:
            builder.add(function)
        builder.add(Dense(rng.normal(size=(n, m)) / np.sqrt(n), rng.normal(size=m) / 2), (m,))
    return builder.network()


def count_active(known: Bounds, j: int, size: int) -> int:
    active = known.active[j]
    return size if active is None else len(active)


def known_of(network: Network, radius: float = 0.5) -> tuple[Layers, Bounds]:
    layers = layers_of(network)
    ones = np.ones((1, layers.inputs))
    return layers, bound_layers(layers, (-radius * ones, radius * ones))


def outputs_of(layers: Layers, rng: np.random.Generator, rows: int) -> Objectives:
    """Two objectives over the outputs."""
    size = layers.layers[-1].size
    given = rng.integers(-2, 3, (2, rows, size)).astype(float)
    constant = rng.integers(-2, 3, (2, rows)).astype(float)
    return Objectives({len(layers.layers): given}, constant, np.ones((2, rows), bool))


def sampled(network: Network, objectives: Objectives, x: np.ndarray) -> np.ndarray:
    """Rows of the objectives at points, (P, C, K)."""
    y = evaluate(network, x)
    (rows,) = objectives.rows.values()
    return np.einsum("cks,ps->pck", rows, y) + objectives.constant


@given(SEEDS, st.sampled_from(FUNCTIONS))
@settings(max_examples=60, deadline=None)
def test_any_choice_gives_bounds_that_hold(seed: int, function: Nonlinearity) -> None:
    rng = np.random.default_rng(seed)
    network = smooth_network(rng, function, 3, 5, 4, 2)
    layers, known = known_of(network)
    sizes = {
        j: low.shape[1]
        for j, (low, _) in enumerate(known.before, 1)
        if layers.layers[j - 1].function is function
    }
    actives = {j: count_active(known, j, n) for j, n in sizes.items()}
    drawn = [{j: rng.normal(size=(1, 2, n)) for j, n in actives.items()} for _ in range(3)]
    choice = AlphaBeta(drawn[0], {} if function.is_hinge else drawn[1], drawn[2])
    rows = np.eye(2)
    found = lower_bounds(layers, known, {len(layers.layers): rows}, np.zeros(2), choice=choice)
    x = rng.uniform(-0.5, 0.5, (500, 3))
    y = evaluate(network, x)
    assert (y >= found.value[0]).all()
    assert (y >= x @ found.slope[0].T + found.offset[0] - 1e-12).all()


@given(SEEDS, st.sampled_from(FUNCTIONS), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_climbing_never_loses_and_its_bounds_hold(
    seed: int, function: Nonlinearity, rows: int
) -> None:
    rng = np.random.default_rng(seed)
    network = smooth_network(rng, function, 3, 6, 5, 3)
    layers, known = known_of(network)
    objectives = outputs_of(layers, rng, rows)
    frame = Frame(layers, known, objectives)
    parts = frame.whole(np.zeros(2, int), np.arange(2))
    frame.back(parts, {})
    before = certified(layers, known, objectives, parts).value[:, 0]
    climb(frame, parts, 20, 0.3)
    after = certified(layers, known, objectives, parts).value[:, 0]
    assert (after >= before - 1e-4 * (1 + np.abs(before))).all()
    np.testing.assert_allclose(after, parts.value, rtol=1e-5, atol=1e-3)  # that is float32
    values = sampled(network, objectives, rng.uniform(-0.5, 0.5, (500, 3)))
    combined = (values * parts.weight).sum(-1)
    assert (combined >= after - 1e-6).all()


@given(SEEDS, st.sampled_from((RELU, TANH)))
@settings(max_examples=25, deadline=None)
def test_gradients_are_those_of_differences(seed: int, function: Nonlinearity) -> None:
    """One step along a slope or a multiplier changes the bound as its gradient says."""
    rng = np.random.default_rng(seed)
    layers, known = known_of(smooth_network(rng, function, 3, 6, 5, 2))
    frame = Exact(layers, known, outputs_of(layers, rng, 1))
    parts = frame.whole(np.zeros(1, int), np.zeros(1, int))
    for j in frame.free:
        parts.beta[j] = rng.normal(size=parts.beta[j].shape) / 10
    lines: dict = {}
    _, slope = frame.back(parts, lines)
    before = frame.forth(parts, frame.worst(parts, slope), lines)
    for j in frame.free:
        m = parts.beta[j]
        gradient = before[j] - np.where(m > 0, parts.high[j], parts.low[j])
        if not gradient.size:
            continue
        at = np.abs(gradient[0]).argmax()
        step = 1e-7
        m[0, at] += step
        more = frame.back(parts, {})[0]
        m[0, at] -= 2 * step
        less = frame.back(parts, {})[0]
        m[0, at] += step
        assert (more - less)[0] / (2 * step) == pytest.approx(gradient[0, at], rel=1e-4, abs=1e-5)


@given(SEEDS, st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_gradients_through_attention_are_those_of_differences(
    seed: int, smooth: bool, last: bool
) -> None:
    """Of the bound in the coefficients of the objective: the values of the worst input."""
    rng = np.random.default_rng(seed)
    layers, known = known_of(attention(rng, smooth), 0.2)
    outputs = layers.layers[-1].size
    # of the outputs, or of what the relus read
    j = len(layers.layers) if last else len(layers.layers) - 1
    rows = rng.normal(size=(1, 1, outputs if last else layers.layers[j - 1].size))
    frame = Exact(layers, known, Objectives({j: rows}, np.zeros((1, 1)), np.ones((1, 1), bool)))
    parts = frame.whole(np.zeros(1, int), np.zeros(1, int))
    lines: dict = {}
    _, slope = frame.back(parts, lines)
    values = frame.forth(parts, frame.worst(parts, slope), lines)[-1 - j][0]
    for at in rng.permutation(len(values))[:3]:
        ends = []
        for step in (1e-7, -1e-7):
            frame.rows[j][0, 0, at] += step
            ends.append(frame.back(parts, {})[0][0])
            frame.rows[j][0, 0, at] -= step
        expected = (ends[0] - ends[1]) / 2e-7
        assert expected == pytest.approx(values[at], rel=1e-4, abs=1e-5)


@pytest.mark.slow
@given(SEEDS, st.booleans())
@settings(max_examples=10, deadline=None)
def test_trees_through_attention_give_bounds_that_hold(seed: int, smooth: bool) -> None:
    rng = np.random.default_rng(seed)
    network = attention(rng, smooth)
    layers, known = known_of(network, 0.2)
    objectives = outputs_of(layers, rng, 2)
    trees = Trees(Frame(layers, known, objectives), np.full(2, np.inf), sharp=True)
    for _ in range(4):
        if trees.open:
            trees.round(8)
    x = rng.uniform(-0.2, 0.2, (2_000, 12)).reshape(-1, *network.input_shape)
    y = evaluate(network, x).reshape(len(x), -1)
    (rows,) = objectives.rows.values()
    values = np.einsum("cks,ps->pck", rows, y) + objectives.constant
    assert (trees.bounds() <= values.max(-1).min(0) + 1e-6).all()
    assert (trees.bounds() >= trees.root).all()


@pytest.mark.parametrize("smooth", [False, True])
def test_trees_through_attention_may_be_settled_at_once(smooth: bool) -> None:
    rng = np.random.default_rng(0)
    layers, known = known_of(attention(rng, smooth), 0.2)
    objectives = replace(outputs_of(layers, rng, 2), constant=np.full((2, 2), 1e6))
    trees = Trees(Frame(layers, known, objectives), np.zeros(2), sharp=True)
    assert not trees.open
    assert trees.refuted().all()
    assert not any(loss.any() for loss in trees.losses.values())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15))
def test_trees_close_in_on_the_least_value(seed: int) -> None:
    """On these networks. On some a part with nothing left to cut keeps a loose bound, which a
    search leaves to a linear program."""
    rng = np.random.default_rng(seed)
    network = random_relu_network(rng, 2, 5, 4, 1)
    layers, known = known_of(network)
    ones = np.ones((1, 1, 1))
    objectives = Objectives({len(layers.layers): ones}, np.zeros((1, 1)), np.ones((1, 1), bool))
    trees = Trees(Frame(layers, known, objectives), np.full(1, np.inf))
    root = trees.bounds()[0]
    for _ in range(200):
        if not trees.open:
            break
        trees.round(16)
    found = trees.bounds()[0]
    assert not trees.open
    x = np.clip(rng.uniform(-0.6, 0.6, (20_000, 2)), -0.5, 0.5)  # with points on the sides
    least = evaluate(network, x).min()
    assert root <= found <= least
    assert least - found <= 0.05 + 0.02 * abs(least)


@pytest.mark.parametrize("function", [SIGMOID, TANH])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_cuts_of_smooth_functions_close_most_of_the_gap(function: Nonlinearity, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = smooth_network(rng, function, 3, 8, 8, 1)
    layers, known = known_of(network, 1.0)
    ones = np.ones((1, 1, 1))
    objectives = Objectives({len(layers.layers): ones}, np.zeros((1, 1)), np.ones((1, 1), bool))
    trees = Trees(Frame(layers, known, objectives), np.full(1, np.inf))
    root = trees.bounds()[0]
    for _ in range(60):
        trees.round(16)
    least = evaluate(network, rng.uniform(-1, 1, (20_000, 3))).min()
    assert least - trees.bounds()[0] < 0.6 * (least - root)


def test_a_linear_network_has_nothing_to_cut() -> None:
    layers, known = known_of(random_relu_network(np.random.default_rng(0), 3, 1))
    ones = np.ones((1, 1, 1))
    objectives = Objectives({len(layers.layers): ones}, np.zeros((1, 1)), np.ones((1, 1), bool))
    trees = Trees(Frame(layers, known, objectives), np.full(1, np.inf))
    assert trees.losses == {}
    trees.round(16)
    assert not trees.open
    (low, _), rounding = known.before[-1], 1e-6
    assert low[0, 0] - rounding <= trees.bounds()[0] <= low[0, 0] + rounding


@pytest.mark.slow
@given(SEEDS, st.sampled_from(FUNCTIONS))
@settings(max_examples=20, deadline=None)
def test_refined_bounds_hold_and_are_no_worse(seed: int, function: Nonlinearity) -> None:
    rng = np.random.default_rng(seed)
    network = smooth_network(rng, function, 3, 6, 5, 4, 2)
    layers, known = known_of(network)
    losses = {
        j: np.ones(count_active(known, j, low.shape[1]))
        for j, (low, _) in enumerate(known.before, 1)
        if layers.layers[j - 1].function is function
    }
    *_, better = refined(layers, known, losses, 3)
    assert isinstance(better, Bounds)
    x = rng.uniform(-0.5, 0.5, (500, 3))
    _, before = forward(layers, x)
    for (low, high), (old_low, old_high), z in zip(
        better.before, known.before, before, strict=True
    ):
        assert (low >= old_low).all()
        assert (high <= old_high).all()
        assert (z >= low - 1e-9).all()
        assert (z <= high + 1e-9).all()


def test_parts_are_taken_and_put_back_alike() -> None:
    layers, known = known_of(random_relu_network(np.random.default_rng(0), 3, 5, 2))
    frame = Frame(layers, known, outputs_of(layers, np.random.default_rng(1), 2))
    parts = frame.whole(np.zeros(2, int), np.arange(2))
    again = parts.take(np.arange(2))
    assert isinstance(again, Subdomains)
    for a, b in zip(parts.arrays(), again.arrays(), strict=True):
        np.testing.assert_array_equal(a, b)
        assert not np.shares_memory(a, b)
