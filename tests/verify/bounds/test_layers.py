"""A network as nonlinear layers is the same function, and its numbers are not rounded."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import Expression, Layers, layers_of
from abduce.verify.bounds.functions.matrix_products import MatrixProduct
from abduce.verify.bounds.functions.products import EntrywiseProduct
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.exact import exact
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import (
    Add,
    Affine,
    Concat,
    Dense,
    MaxPool,
    Network,
    Pick,
    Sum,
)
from abduce.verify.refutation.gradients import forward, gradient
from tests.networks import PIECEWISE, SMOOTH, STEPS, Builder, grow, random_network

seeds = st.integers(0, 2**32 - 1)
EVERY = (*PIECEWISE, *SMOOTH, *STEPS)


def same(network: Network, points: np.ndarray) -> None:
    layers = layers_of(network)
    ours, _ = forward(layers, points.reshape(len(points), -1))
    theirs = evaluate(network, points).reshape(len(points), -1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    ((source, matrix),) = layers.output.terms.items()
    assert source == len(layers.layers) > 0
    assert matrix is None
    assert not layers.output.bias.any()


@pytest.mark.parametrize("kind", EVERY)
def test_layers_compute_what_the_operation_does(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(4):
        builder = Builder((1, 2, 3, 2))
        grow(builder, kind, rng)
        same(builder.network(), rng.normal(size=(5, 1, 2, 3, 2)))


@given(seeds)
def test_layers_compute_what_the_network_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = [k for k in EVERY if k not in (*STEPS, "product", "matmul")]
    same(random_network(rng, kinds, 4), rng.normal(size=(5, 1, 2, 3, 2)))


@given(seeds)
def test_gradients_are_the_quotients_of_small_differences(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, ["dense", "conv", "pick", "concat", "product", *SMOOTH], 4)
    layers = layers_of(network)
    x, h = rng.normal(size=(1, layers.inputs)), 1e-6
    y, before = forward(layers, x)
    # relu and abs have corners, which quotients see
    corners = [z for z, layer in zip(before, layers.layers, strict=True) if layer.function.is_hinge]
    if any((np.abs(z) < 1e-4).any() for z in corners) or np.abs(y).max() > 1e4:
        return
    outer = rng.normal(size=y.shape)
    ours = gradient(layers, before, outer)[0]
    steps = np.eye(layers.inputs) * h
    up, down = forward(layers, x + steps)[0], forward(layers, x - steps)[0]
    theirs = ((up - down) @ outer[0]) / (2 * h)
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4 * (1 + np.abs(theirs).max()))


def at(x: Expression, values: list[list[Fraction]]) -> list[Fraction]:
    total = [Fraction(b) for b in x.bias.tolist()]
    for source, matrix in x.terms.items():
        for row in range(x.size):
            if matrix is None:
                total[row] += values[source][row]
                continue
            dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
            for column in np.flatnonzero(dense[row]):
                total[row] += Fraction(dense[row, column].item()) * values[source][column]
    return total


def exactly(layers: Layers, x: list[Fraction]) -> list[Fraction]:
    """The output of layers of relu, identity and product in rational arithmetic."""
    values = [x]
    for layer in layers.layers:
        z = at(layer.before, values)
        match layer.function:
            case Nonlinearity(is_hinge=True):
                values.append([max(Fraction(0), entry) for entry in z])
            case Nonlinearity(is_identity=True):
                values.append(z)
            case EntrywiseProduct():
                n = layer.size
                values.append([a * b for a, b in zip(z[:n], z[n:], strict=True)])
            case MatrixProduct() as product:
                u, v = product.parts(np.array(z, object))
                values.append((u @ v).ravel().tolist())
            case other:
                raise AssertionError(other)
    return at(layers.output, values)


@given(seeds)
def test_the_numbers_of_layers_are_those_of_the_network(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, PIECEWISE, 4)
    x = [Fraction(entry) for entry in rng.normal(size=12).tolist()]
    assert exactly(layers_of(network), x) == exact(network, x)


def test_weights_on_copies_of_an_entry_are_not_added_up_in_floating_point() -> None:
    for duplicate in ("pick", "concat"):
        builder = Builder((1,))
        if duplicate == "pick":
            builder.add(Pick(np.zeros(3, int)), (3,))
        else:
            builder.add(Concat(0), (3,), (0, 0, 0))
        builder.add(Dense(np.array([[1e16], [1.0], [-1e16]]), np.zeros(1)), (1,))
        assert exactly(layers_of(builder.network()), [Fraction(1)]) == [1]


def test_copies_are_summed_without_a_layer_where_that_is_exact() -> None:
    builder = Builder((2,))
    builder.add(Pick(np.array([0, 1, 0, 0])), (4,))
    builder.add(Sum((0,), True), (1,))
    layers = layers_of(builder.network())
    assert len(layers.layers) == 1
    assert exactly(layers, [Fraction(1, 3), Fraction(5)]) == [6]


def test_shifts_and_sums_that_would_round_are_layers_of_their_own() -> None:
    builder = Builder((1,))
    first = builder.add(Affine(np.array(0.1), np.array(1e16)))
    second = builder.add(Affine(np.array(0.7), np.array(1.0)))
    builder.add(Affine(np.array(0.3), np.array(-1e16)))
    builder.add(Add(1.0), None, (first, second))
    x = [Fraction(3)]
    assert exactly(layers_of(builder.network()), x) == exact(builder.network(), x)


def test_an_output_that_is_the_input_is_a_layer() -> None:
    network = Builder((2,)).network()
    layers = layers_of(network)
    assert [layer.function.is_identity for layer in layers.layers] == [True]
    same(network, np.array([[1.0, 2.0]]))


def test_outputs_that_are_the_same_entry_are_a_layer() -> None:
    builder = Builder((2,))
    builder.add(RELU)
    builder.add(Pick(np.array([0, 0, -1])), (3,))
    same(builder.network(), np.array([[1.0, 2.0], [-1.0, 0.0]]))


@pytest.mark.parametrize(
    "ends",
    [(-np.inf, np.inf), (-np.inf, 0.5), (-0.5, np.inf), (0.5, -0.5), (-1.0, 1.0), (0.2, 0.2)],
)
def test_clips_of_any_bounds_are_those_of_numpy(ends: tuple[float, float]) -> None:
    builder = Builder((3,))
    builder.add(clip(*ends))
    layers = layers_of(builder.network())
    x = np.array([[-3.0, 0.25, 3.0]])
    assert np.allclose(forward(layers, x)[0], np.minimum(np.maximum(x, ends[0]), ends[1]))


def test_the_largest_of_groups_without_some_entries() -> None:
    builder = Builder((1, 1, 3))
    builder.add(MaxPool(np.array([[[[-1, 0, -1], [2, 1, 0], [1, 1, -1]]]])), (1, 1, 3))
    same(builder.network(), np.array([[[[-3.0, -2.0, -5.0]]], [[[1.0, 0.0, 2.0]]]]))
