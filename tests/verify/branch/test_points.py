"""Points at which nonlinearities are split, and estimates of what a split gains."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.slopes import Frame, LinesInUse, Objectives
from abduce.verify.bounds.query import queries
from abduce.verify.branch.points import SHARES, WIDTHS, loose_area, optimised, shares
from abduce.verify.branch.scored import ActivationBounds, Shortcut, middle, midway
from abduce.verify.branch.scores import SCORES
from abduce.verify.branch.shortcuts import gains, linear_bounds
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.gates.gelu import gelu
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.sine import SIN
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.refutation.gradients import forward
from abduce.verify.strategy import ActivationConfig, Strategy
from abduce.verify.verdict import Proved, Unknown, Verdict
from abduce.verify.verification import Budget, verify
from tests.networks import layered, specification

SEEDS = st.integers(0, 2**32 - 1)
SMOOTH = st.sampled_from([SIGMOID, TANH, SIN, gelu()])
Array = np.ndarray


def bounds_on(function: Nonlinearity, low: Array, high: Array) -> ActivationBounds:
    """Intervals of one layer, bounded from below by their lines at the middle."""
    zero, one = np.zeros_like(low), np.ones_like(low)
    return ActivationBounds(
        function, low, high, one, zero, zero, (low + high) / 2, zero[0], 0.03, 0.1
    )


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.sampled_from([SIGMOID, TANH, SIN, gelu(), LOG, RELU]))
def test_every_point_lies_inside_of_its_interval(seed: int, function: Nonlinearity) -> None:
    rng = np.random.default_rng(seed)
    low = rng.normal(size=(3, 20)) * 10.0 ** rng.integers(-6, 4, (3, 20))
    high = low + 10.0 ** rng.uniform(-5, 5, low.shape)
    if function is RELU:
        low, high = -np.abs(low), np.abs(high)
    given = bounds_on(function, low, high)
    for rule in (optimised, middle, midway):
        points = rule(given)
        assert ((points > low) & (points < high)).all()
    if function is RELU:
        assert not optimised(given).any()


@settings(max_examples=6, deadline=None)
@given(SEEDS, SMOOTH)
def test_the_point_of_the_table_is_about_the_best(seed: int, function: Nonlinearity) -> None:
    """Against the areas of many points of intervals that are on no grid; half of all splits gain
    something over the middle at most."""
    rng = np.random.default_rng(seed)
    low = rng.uniform(-6, 4, (1, 20))
    high = low + rng.uniform(0.5, 6, low.shape)
    given = bounds_on(function, low, high)
    at = optimised(given)
    loss = loose_area(function, low, at) + loose_area(function, at, high)
    halved = loose_area(function, low, middle(given)) + loose_area(function, middle(given), high)
    assert loss.sum() <= 1.02 * halved.sum()
    every = [low + share * (high - low) for share in SHARES]
    least = np.min([loose_area(function, low, p) + loose_area(function, p, high) for p in every], 0)
    assert loss.sum() <= 1.25 * least.sum() + 1e-3


def test_an_odd_function_is_split_symmetrically() -> None:
    table = shares(TANH)
    np.testing.assert_allclose(table[::-1], 1 - table, atol=0.8)  # 0.25 or 0.75 around 0
    np.testing.assert_allclose(table[:32], 1 - table[:32:-1], atol=1e-9)
    assert len(WIDTHS) == table.shape[1]


@settings(max_examples=10, deadline=None)
@given(SEEDS, SMOOTH)
def test_shortcuts_and_gains_hold_at_every_input(seed: int, function: Nonlinearity) -> None:
    """The linear bounds hold at sampled inputs. In each half, the bound plus the gain is at most
    the objective at the inputs of that half."""
    rng = np.random.default_rng(seed)
    network = layered(rng, function, 4, 6, 5, 1)
    ends = np.ones(4)
    (query,) = queries(specification(-ends, ends, [(0 * ends, [1.0], 0.0, False)]))
    layers = layers_of(network)
    known = bound_layers(layers, query.box, query.within(layers))
    last = len(layers.layers)
    rows = {last: rng.normal(size=(1, 1, layers.sizes[last]))}
    objectives = Objectives(rows, np.zeros((1, 1)), np.ones((1, 1), bool))
    frame = Frame(layers, known, objectives)
    parts = frame.whole(np.zeros(1, int), np.zeros(1, int))
    lines: dict[int, LinesInUse] = {}
    value, slope = frame.back(parts, lines)
    x = rng.uniform(-1, 1, (4000, 4))
    _, before = forward(layers, x)
    y = layers.layers[-1].function.value(before[-1]) @ rows[last][0, 0]
    for j in frame.free:
        found = linear_bounds(frame, j)
        assert found is not None
        z = before[j - 1]
        assert (x @ found[0].T + found[1] <= z + 1e-4).all()
        assert (x @ found[2].T + found[3] >= z - 1e-4).all()
        line = lines[j]
        bounds = ActivationBounds(
            function,
            parts.low[j],
            parts.high[j],
            line.coefficient,
            line.slope,
            line.offset,
            z[:1].astype(np.float32),
            frame.bias[j],
            0.03,
            0.1,
            shortcut=Shortcut(*found, slope, frame.middle, frame.half),
        )
        at = np.arange(z.shape[1])[None]
        halves, points = gains(bounds, at), bounds.split_points
        for entry in range(z.shape[1]):
            inside = z[:, entry] <= points[0, entry]
            for gain, mine in zip(halves, (inside, ~inside), strict=True):
                assert gain[0, entry] >= 0
                assert (y[mine] >= value[0] + gain[0, entry] - 1e-3).all()


ENDLESS = Budget(timeout_s=1e9)


def judged(score: str, budget: Budget = ENDLESS) -> Verdict:
    """A network of tanh whose output is above a bound, which alpha bounds alone do not prove."""
    rng = np.random.default_rng(1)
    network, ends = layered(rng, TANH, 30, 20, 20, 1), 0.6 * np.ones(30)
    x = np.sign(rng.uniform(-1, 1, (2000, 30))) * 0.6
    bound = float(evaluate(network, x).min()) - 0.75
    unsafe = specification(-ends, ends, [(0 * ends, [1.0], bound, False)])
    strategy = Strategy(split="activations", activations=ActivationConfig(score=score))
    return verify(network, unsafe, budget, strategy)


@pytest.mark.parametrize("score", [word for word in SCORES.activations if word != "none"])
def test_every_score_branches_to_a_proof_that_alpha_bounds_do_not_find(score: str) -> None:
    assert isinstance(judged(score), Proved)


def test_without_branching_nothing_is_split() -> None:
    verdict = judged("none")
    assert isinstance(verdict, Unknown)
    assert verdict.work.domains < 200  # the whole box again and again, with better slopes


def test_a_search_ends_when_its_work_is_used_up() -> None:
    found = [judged("relaxation-loss", Budget(timeout_s=1e9, work_s=0.001)) for _ in range(2)]
    assert found[0] == found[1]
    assert isinstance(found[0], Unknown)
    assert found[0].reason == "out of work after 0.001 work seconds"
