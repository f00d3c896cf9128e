"""Bounds end at their deadline, in the middle of a layer; what was begun stays to be decided."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import numpy as np
import pytest

from abduce import clock
from abduce.clock import OutOfTime
from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.propagation.backward import Bounds
from abduce.verify.bounds.propagation.forward import bound_layers_forward
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.query import queries
from abduce.verify.branch.inputs import InputSplitting
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Conv, Network, Pick
from abduce.verify.strategy import BoundsConfig
from abduce.verify.verdict import Unknown
from abduce.verify.verification import Budget, verify
from tests.networks import Builder, random_relu_network, specification

WAYS = (bound_layers, bound_layers_forward, partial(bound_layers_forward, linear=True))


class GainingClock:
    """A clock that gains a second each time that it is read."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1.0
        return self.seconds


@pytest.mark.parametrize("way", WAYS)
def test_the_clock_is_read_on_the_way_and_not_only_between_layers(
    way: Callable[..., Bounds], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    layers = layers_of(random_relu_network(np.random.default_rng(seed), 3, 8, 8, 8, 2))
    box = np.full((2, 3), -1.0), np.full((2, 3), 1.0)
    ticking = GainingClock()
    monkeypatch.setattr(clock, "wall_s", ticking)
    way(layers, box, deadline=np.inf)
    taken = int(ticking.seconds)
    assert taken >= len(layers.layers)
    for seconds in range(2 * taken):
        ticking.seconds = 0.0
        with suppress(OutOfTime):
            way(layers, box, deadline=seconds)
        assert ticking.seconds <= seconds + 2


def test_after_too_much_work_the_last_layers_are_left_to_intervals() -> None:
    layers = layers_of(random_relu_network(np.random.default_rng(2), 3, 8, 8, 8, 2))
    box = np.full((1, 3), -1.0), np.full((1, 3), 1.0)
    plain = bound_layers(layers, box, linear=False)
    hurried = bound_layers(layers, box, config=BoundsConfig(patience=0.0))
    for ours, theirs in zip(hurried.before, plain.before, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_what_is_not_decided_in_time_is_still_to_be_decided() -> None:
    layers = layers_of(random_relu_network(np.random.default_rng(0), 3, 8, 8, 1))
    property_ = specification([-1.0] * 3, [1.0] * 3, [([0.0] * 3, [1.0], -1e9, False)])
    (query,) = queries(property_)
    search = InputSplitting(layers, query, deadline=clock.wall_s() - 1)
    assert not list(search.step())
    assert len(search.stack) == 1
    assert search.work.domains == 0
    search.deadline = np.inf
    assert not list(search.step())
    assert not search.stack


def test_a_batch_that_is_too_large_for_memory_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = layers_of(random_relu_network(np.random.default_rng(1), 3, 8, 8, 1))
    property_ = specification([-1.0] * 3, [1.0] * 3, [([0.0] * 3, [1.0], -1e9, False)])
    (query,) = queries(property_)
    search = InputSplitting(layers, query)
    (whole,) = search.stack
    search.stack = [whole] * 8
    bound = search.bound

    def narrow(network: Layers, box: tuple[np.ndarray, np.ndarray], *rest, **options) -> Bounds:
        if len(box[0]) > 2:
            raise MemoryError
        return bound(network, box, *rest, **options)

    def never(*rest, **options) -> Bounds:
        raise MemoryError

    monkeypatch.setattr(search, "bound", narrow)
    assert not list(search.run(np.inf))
    assert search.work.domains == 8
    search.stack = [whole]
    monkeypatch.setattr(search, "bound", never)
    with pytest.raises(MemoryError):
        list(search.run(np.inf))


def slow_network(rng: np.random.Generator) -> Network:
    """Six convolutions of 32 channels of 32 x 32 entries; minutes to be bounded."""
    builder = Builder((1, 3, 32, 32))
    for channels in (3, *[32] * 5):
        if channels > 3:
            builder.add(RELU)
        weight = rng.normal(size=(32, channels, 3, 3)) / np.sqrt(9 * channels)
        conv = Conv(weight, np.zeros(32), (1, 1), ((1, 1), (1, 1)), (1, 1), 1)
        builder.add(conv, (1, 32, 32, 32))
    builder.add(Pick(np.arange(1)), (1,))
    return builder.network()


@pytest.mark.slow
def test_slow_networks_are_given_up_a_few_looks_after_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a second between two looks at the clock, however long they are apart here."""
    ticking = GainingClock()
    monkeypatch.setattr(clock, "wall_s", ticking)
    network = slow_network(np.random.default_rng(0))
    n = 3 * 32 * 32
    property_ = specification([-1.0] * n, [1.0] * n, [([0.0] * n, [1.0], -1e3, False)])
    for limit in (5.0, 50.0):
        ticking.seconds = 0.0
        verdict = verify(network, property_, Budget(timeout_s=limit))
        assert isinstance(verdict, Unknown)
        assert limit < ticking.seconds <= limit + 10


def test_no_time_at_all_is_an_answer_too() -> None:
    network = random_relu_network(np.random.default_rng(0), 3, 8, 1)
    property_ = specification([-1.0] * 3, [1.0] * 3, [([0.0] * 3, [1.0], -1e9, False)])
    verdict = verify(network, property_, Budget(timeout_s=-1.0))
    assert isinstance(verdict, Unknown)
    assert "out of time" in verdict.reason
