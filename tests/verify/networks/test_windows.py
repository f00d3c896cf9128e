"""Bounds through convolutions are those of their matrices, and hold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.propagation import layerwise
from abduce.verify.bounds.propagation.backward import Bounds, lower_bounds
from abduce.verify.bounds.propagation.forward import bound_layers_forward
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.exact import exact
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Add, Affine, Conv, Dense, Network, Pick
from abduce.verify.refutation.gradients import forward, gradient
from abduce.verify.strategy import BoundsConfig
from tests.networks import PIECEWISE, SMOOTH, Builder, grow, random_network

seeds = st.integers(0, 2**32 - 1)
Bounding = Callable[..., Bounds]
WAYS: tuple[Bounding, ...] = (
    bound_layers,
    partial(bound_layers, linear=False),
    bound_layers_forward,
    partial(bound_layers_forward, linear=True),
)


@contextmanager
def kept(many: int = 1) -> Iterator[BoundsConfig]:
    """Convolutions are not multiplied out, and rows are bounded few at a time.

    Args:
        many: from so many on, one end is bounded first, and perhaps alone.

    Yields:
        how bounds are improved.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("abduce.verify.bounds.affine.matrices.SMALL", 0)
        patch.setattr("abduce.verify.bounds.affine.matrices.MAX_FILLED", 0)
        patch.setattr("abduce.verify.bounds.affine.groups.TOGETHER", 2)
        yield BoundsConfig(one_end=many, least_gain=0.0)


def resnet(rng: np.random.Generator) -> Network:
    """A residual block between strided convolutions, of 1 x 9 x 7 images."""

    def conv(source: int, of: int, kernel: int, stride: int, pad: int) -> int:
        _, channels, *space = builder.nodes[source].shape
        sizes = [(n + 2 * pad - kernel) // stride + 1 for n in space]
        weight = rng.normal(size=(of, channels, kernel, kernel)) / kernel
        pads = ((pad, pad), (pad, pad))
        operation = Conv(weight, rng.normal(size=of), (stride,) * 2, pads, (1, 1), 1)
        return builder.add(operation, (1, of, *sizes), (source,))

    builder = Builder((1, 1, 9, 7))
    first = builder.add(RELU, None, (conv(0, 2, 3, 1, 1),))
    middle = builder.add(RELU, None, (conv(first, 3, 3, 2, 1),))
    long, short = conv(middle, 3, 3, 1, 1), conv(first, 3, 1, 2, 0)
    total = builder.add(Add(1.0), None, (long, short))
    builder.add(Affine(rng.normal(size=(3, 1, 1)), rng.normal(size=(3, 1, 1))), None, (total,))
    last = builder.add(RELU)
    last = builder.add(RELU, None, (conv(last, 2, 2, 1, 0),))
    size = int(np.prod(builder.shape))
    builder.add(Pick(None), (size,))
    builder.add(Dense(rng.normal(size=(size, 2)), rng.normal(size=2)), (2,))
    return builder.network()


def layered(network: Network) -> Layers:
    with kept():
        return layers_of(network)


def boxes(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    low = rng.normal(size=(int(rng.integers(1, 3)), size))
    return low, low + rng.random(low.shape) * 2.0 ** rng.integers(-8, 1)


@settings(max_examples=20)
@given(seeds)
def test_bounds_are_those_of_the_matrices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = resnet(rng)
    ours, theirs = layered(network), layers_of(network)
    assert ours.convolved
    assert not theirs.convolved
    box = boxes(rng, ours.inputs)
    rows = rng.normal(size=(3, 2))
    for bounding in (bound_layers, partial(bound_layers, linear=False)):
        with kept(many=1_000) as config:
            known = bounding(ours, box, config=config)
        values = []
        for layers, inside in ((ours, known), (theirs, bounding(theirs, box))):
            found = lower_bounds(layers, inside, {len(layers.layers): rows}, np.zeros(3))
            values.append(found.value)
        np.testing.assert_allclose(*values, rtol=1e-9, atol=1e-9)


@settings(max_examples=10)
@given(seeds)
def test_values_and_gradients_are_those_of_the_matrices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = resnet(rng)
    ours, theirs = layered(network), layers_of(network)
    x, outer = rng.normal(size=(3, ours.inputs)), rng.normal(size=(3, 2))
    (y, before), (z, after) = forward(ours, x), forward(theirs, x)
    np.testing.assert_allclose(y, z, rtol=1e-9)
    np.testing.assert_allclose(y, evaluate(network, x.reshape(3, 1, 1, 9, 7)), rtol=1e-9)
    np.testing.assert_allclose(
        gradient(ours, before, outer), gradient(theirs, after, outer), rtol=1e-9, atol=1e-12
    )


@settings(max_examples=30)
@given(seeds)
def test_bounds_contain_the_values_of_random_networks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = [k for k in (*PIECEWISE, *SMOOTH) if k not in ("product", "matmul")]
    builder = Builder((1, 2, 3, 2))
    for kind in ("conv", *rng.choice(kinds, 3), "transposed", "relu"):
        grow(builder, str(kind), rng)
    network = builder.network()
    layers = layered(network)
    low, high = boxes(rng, layers.inputs)
    rows = {len(layers.layers): rng.normal(size=(3, layers.sizes[-1]))}
    for bounding in WAYS:
        with kept() as config:
            known = bounding(layers, (low, high), config=config)
        found = lower_bounds(layers, known, rows, np.zeros(3))
        assert not np.isnan(found.value).any()
        for d in range(len(low)):
            share = rng.random((16, layers.inputs))
            x = low[d] + np.where(rng.random((16, 1)) < 0.5, share, np.round(share)) * (
                high[d] - low[d]
            )
            y, before = forward(layers, x)
            for (below, above), z in zip(known.before, before, strict=True):
                room = 1e-9 * (1 + np.abs(z))
                assert not (z < below[d] - room).any()
                assert not (z > above[d] + room).any()
            values = y @ rows[len(layers.layers)].T
            room = 1e-7 * (1 + np.abs(values) + np.abs(y).sum(-1, keepdims=True))
            assert not (values < found.value[d] - room).any()


@settings(max_examples=25)
@given(seeds)
def test_bounds_contain_exact_values(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = ["conv", "transposed", "relu", "affine", "add", "pick", "maxpool", "abs", "dense"]
    network = random_network(rng, kinds, 5)
    layers = layered(network)
    low, high = boxes(rng, layers.inputs)
    if rng.integers(2):
        high = low.copy()
    size = layers.sizes[-1]
    both = {len(layers.layers): np.concatenate([np.eye(size), -np.eye(size)])}
    for bounding in WAYS:
        with kept() as config:
            known = bounding(layers, (low, high), config=config)
        found = lower_bounds(layers, known, both, np.zeros(2 * size)).value
        for x in (low[0], high[0]):
            y = exact(network, list(map(Fraction, x.tolist())))
            assert y is not None
            for i, value in enumerate(y):
                assert Fraction(found[0, i]) <= value <= -Fraction(found[0, size + i])
                assert known.after[-1][0][0, i] <= value <= known.after[-1][1][0, i]


def test_rows_are_bounded_in_smaller_groups_where_memory_ends(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    layers = layers_of(resnet(rng))
    box = boxes(rng, layers.inputs)
    theirs = bound_layers(layers, box)
    few = layerwise.lower_bounds

    def narrow(network: Layers, known: Bounds, rows: dict, *rest, **options) -> object:
        if max(len(a) for a in rows.values()) > 3:
            raise MemoryError
        return few(network, known, rows, *rest, **options)

    monkeypatch.setattr(layerwise, "lower_bounds", narrow)
    ours = bound_layers(layers, box)
    for (a, b), (c, d) in zip(ours.before, theirs.before, strict=True):
        np.testing.assert_allclose(a, c, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(b, d, rtol=1e-12, atol=1e-12)
