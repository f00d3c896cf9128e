"""Bounds on layers and on rows hold: at many points, and exactly at rational ones."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import Expression, Layers, layers_of
from abduce.verify.bounds.propagation.backward import Bounds, lower_bounds
from abduce.verify.bounds.propagation.forward import bound_layers_forward
from abduce.verify.bounds.propagation.interval import affine
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.networks.exact import exact
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.reciprocal import RECIPROCAL
from abduce.verify.networks.network import Add, Affine, Dense, Network
from abduce.verify.refutation.gradients import forward
from tests.networks import (
    PIECEWISE,
    SMOOTH,
    STEPS,
    Builder,
    grow,
    random_network,
    relu_network,
)

seeds = st.integers(0, 2**32 - 1)
EVERY = (*PIECEWISE, *SMOOTH, *STEPS)
Bounding = Callable[[Layers, tuple[np.ndarray, np.ndarray]], Bounds]
WAYS = (bound_layers, partial(bound_layers, linear=False), bound_layers_forward)


def boxes(
    rng: np.random.Generator, count: int, size: int, widest: float = 2.0
) -> tuple[np.ndarray, np.ndarray]:
    low = rng.normal(size=(count, size))
    return low, low + rng.random((count, size)) * widest ** rng.integers(-20, 2, (count, 1))


def inside(rng: np.random.Generator, low: np.ndarray, high: np.ndarray, count: int) -> np.ndarray:
    """Points of a box, half of them corners, (count, size)."""
    share = rng.random((count, len(low)))
    share[::2] = np.round(share[::2])
    return np.clip(low + share * (high - low), low, high)


def holds(network: Network, rng: np.random.Generator, bounding: Bounding = bound_layers) -> None:
    """Bounds of layers, rows and their lines, but for what rounding does to the values."""
    layers = layers_of(network)
    low, high = boxes(rng, 3, layers.inputs)
    known = bounding(layers, (low, high))
    last = layers.sizes[-1]
    rows = {len(layers.layers): rng.normal(size=(4, last)), 0: rng.normal(size=(4, layers.inputs))}
    constant = rng.normal(size=4)
    found = lower_bounds(layers, known, rows, constant)
    for d in range(3):
        x = inside(rng, low[d], high[d], 20)
        y, before = forward(layers, x)
        for (below, above), z in zip(known.before, before, strict=True):
            room = 1e-9 * (1 + np.abs(z))
            assert not (z < below[d] - room).any()
            assert not (z > above[d] + room).any()
        values = y @ rows[len(layers.layers)].T + x @ rows[0].T + constant
        room = 1e-7 * (1 + np.abs(values) + np.abs(y).sum(-1, keepdims=True))
        assert not (values < found.value[d] - room).any()
        line = x @ np.where(np.isfinite(found.slope[d]), found.slope[d], np.nan).T + found.offset[d]
        assert not (values < line - room).any()
        assert not np.isnan(found.value).any()


@pytest.mark.parametrize("kind", EVERY)
def test_bounds_contain_the_values_of_each_operation(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for bounding in WAYS:
        builder = Builder((1, 2, 3, 2))
        grow(builder, "conv", rng)
        grow(builder, kind, rng)
        grow(builder, "dense", rng)
        grow(builder, "relu", rng)
        holds(builder.network(), rng, bounding)


@settings(max_examples=40)
@given(seeds)
def test_bounds_contain_the_values_of_random_networks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, [k for k in EVERY if k not in ("product", "matmul")], 5)
    for bounding in WAYS:
        holds(network, rng, bounding)


@settings(max_examples=25)
@given(seeds)
def test_boxes_of_a_batch_are_bounded_as_they_are_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers = layers_of(random_network(rng, ["dense", "conv", "relu", "sigmoid", "add"], 5))
    low, high = boxes(rng, 4, layers.inputs)
    rows = {len(layers.layers): rng.normal(size=(2, layers.sizes[-1]))}
    together = lower_bounds(layers, bound_layers(layers, (low, high)), rows, np.zeros(2))
    for d in range(4):
        one = bound_layers(layers, (low[d : d + 1], high[d : d + 1]))
        alone = lower_bounds(layers, one, rows, np.zeros(2))
        np.testing.assert_allclose(alone.value[0], together.value[d], rtol=1e-9, atol=1e-9)


@settings(max_examples=25)
@given(seeds)
def test_bounds_of_a_box_help_its_parts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers = layers_of(random_network(rng, ["dense", "relu", "tanh", "add"], 5))
    low, high = boxes(rng, 1, layers.inputs)
    whole = bound_layers(layers, (low, high))
    part = bound_layers(layers, (low, (low + high) / 2), whole.before)
    for (a, b), (c, d) in zip(whole.before, part.before, strict=True):
        assert not (c < a).any()
        assert not (d > b).any()


def exactly_holds(network: Network, rng: np.random.Generator, widest: float = 2.0) -> None:
    """Bounds of the outputs at rational points, without any tolerance."""
    layers = layers_of(network)
    low, high = boxes(rng, 2, layers.inputs, widest)
    if rng.integers(2):
        high = low.copy()
    size = layers.sizes[-1]
    both = np.concatenate([np.eye(size), -np.eye(size)])
    for bounding in WAYS:
        known = bounding(layers, (low, high))
        found = lower_bounds(layers, known, {len(layers.layers): both}, np.zeros(2 * size))
        for d in range(2):
            for x in inside(rng, low[d], high[d], 3).tolist():
                y = exact(network, list(map(Fraction, x)))
                assert y is not None
                for i, value in enumerate(y):
                    ends = found.value[d, i], -found.value[d, size + i]
                    if np.isfinite(ends).all():
                        assert Fraction(ends[0]) <= value <= Fraction(ends[1])
                    assert known.after[-1][0][d, i] <= value <= known.after[-1][1][d, i]


@settings(max_examples=30)
@given(seeds)
def test_bounds_contain_exact_values(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exactly_holds(random_network(rng, PIECEWISE, 4), rng)


@settings(max_examples=40)
@given(seeds, st.integers(5, 8))
def test_bounds_contain_exact_values_where_large_biases_cancel(seed: int, digits: int) -> None:
    rng = np.random.default_rng(seed)
    big = 10.0**digits * rng.normal()
    first = rng.normal(size=(3, 4)), np.full(4, abs(big)) + rng.normal(size=4)
    second = rng.normal(size=(4, 4)), np.zeros(4)
    second[1][:] = -first[1] @ second[0]  # what is left are small numbers
    exactly_holds(relu_network(first, second, (rng.normal(size=(4, 2)), np.zeros(2))), rng, 1.5)


def test_many_sums_that_cancel_on_the_way_back_are_covered() -> None:
    """A value read by many layers: 1e16, then ones that vanish beside it, then -1e16."""
    builder = Builder((1,))
    start = builder.add(Affine(np.array(1.0), np.array(0.5)))
    start = builder.add(RELU, None, (start,))
    builder.add(Dense(np.array([[1e16]]), np.zeros(1)), None, (start,))
    total = builder.add(RELU)
    for _ in range(60):
        builder.add(Affine(np.array(0.75), np.array(0.25)), None, (start,))
        part = builder.add(RELU)
        total = builder.add(Add(1.0), None, (total, part))
    builder.add(Dense(np.array([[1e16]]), np.zeros(1)), None, (start,))
    part = builder.add(RELU)
    builder.add(Add(-1.0), None, (total, part))
    layers = layers_of(builder.network())
    box = np.array([[1.0]]), np.array([[1.0]])
    y = exact(builder.network(), [Fraction(1)])
    assert y is not None
    known = bound_layers(layers, box)
    rows = np.array([[1.0], [-1.0]])
    found = lower_bounds(layers, known, {len(layers.layers): rows}, np.zeros(2)).value[0]
    assert Fraction(found[0]) <= y[0] <= -Fraction(found[1])


def test_a_long_bias_before_a_function_without_a_matrix_is_covered() -> None:
    """3,000 shifts of one size that a dot product adds up in floating point."""
    n = 3_000
    rng = np.random.default_rng(0)
    builder = Builder((n,))
    builder.add(RELU)
    shift = rng.normal(size=n) * 1e8
    builder.add(Affine(np.array(1.0), shift))
    builder.add(RELU)
    weight = rng.normal(size=(n, 1))
    builder.add(Dense(weight, np.zeros(1)), (1,))
    layers = layers_of(builder.network())
    box = np.zeros((1, n)), np.zeros((1, n))
    known = bound_layers(layers, box)
    rows = np.array([[1.0], [-1.0]])
    found = lower_bounds(layers, known, {len(layers.layers): rows}, np.zeros(2)).value[0]
    y = exact(builder.network(), [Fraction(0)] * n)
    assert y is not None
    assert Fraction(found[0]) <= y[0] <= -Fraction(found[1])


def test_intervals_without_bounds_give_none_and_never_nan() -> None:
    x = Expression({0: np.array([[1.0, -1.0], [0.0, 1.0]])}, np.zeros(2))
    low, high = affine(x, [(np.array([[-np.inf, 0.0]]), np.array([[np.inf, 1.0]]))])
    assert low[0, 0] == -np.inf
    assert high[0, 0] == np.inf
    assert not np.isnan([low, high]).any()


@pytest.mark.parametrize("function", [RECIPROCAL, LOG, EXP], ids=lambda f: f.name)
def test_of_functions_without_bounds_nothing_is_claimed(function: Nonlinearity) -> None:
    """A pole, and an overflow; then weights, and a relu that is not off."""
    builder = Builder((2,))
    builder.add(Affine(np.array(1e4), np.array(0.0)))
    builder.add(function)
    builder.add(Dense(np.array([[1.0], [-1.0]]), np.zeros(1)), (1,))
    builder.add(RELU)
    builder.add(Affine(np.array(-1.0), np.array(0.0)))
    layers = layers_of(builder.network())
    known = bound_layers(layers, (np.full((1, 2), -1.0), np.full((1, 2), 1.0)))
    rows = {len(layers.layers): np.ones((1, 1))}
    assert lower_bounds(layers, known, rows, np.zeros(1)).value.item() == -np.inf
