"""Mining: the definition counted in another way, what is measured, and data that is refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Network
from abduce.verify.specifications.activation_pattern.data import read_data
from abduce.verify.specifications.activation_pattern.measuring import measured
from abduce.verify.specifications.activation_pattern.mining import mine, split
from abduce.verify.specifications.activation_pattern.observing import (
    layer_sizes,
    observed,
    relu_layers,
)
from abduce.verify.specifications.activation_pattern.pattern import Patterns
from tests.networks import layered, relu_network

SEEDS = st.integers(0, 2**32 - 1)


def case(seed: int, count: int = 200) -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    network = layered(rng, RELU, 3, 8, 6, 3)
    return network, rng.uniform(-1, 1, (count, 3)), rng.integers(0, 3, count)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.sampled_from([0.9, 0.95, 0.99, 1.0]))
def test_a_neuron_has_a_sign_where_the_share_of_right_inputs_is_delta(
    seed: int, delta: float
) -> None:
    network, inputs, labels = case(seed)
    layers = relu_layers(network)
    assert layers == ("n0", "n2")
    seen = observed(network, inputs, layers)
    if not (seen.answers == labels).any():
        return
    for pattern in mine(seen, labels, delta, layers):
        mined = (labels == pattern.label) & (seen.answers == labels)
        assert pattern.mined == mined.sum()
        for signs in pattern.signs:
            for place, share in enumerate(seen.active[signs.node][mined].mean(0)):
                assert (place in signs.active) == (share >= delta - 1e-12)
                assert (place in signs.inactive) == (1 - share >= delta - 1e-12)
        follows = pattern.followed(seen.active)
        assert delta < 1 or follows[mined].all()
        for example in pattern.examples:
            assert pattern.followed(observed(network, example[None], layers).active).all()


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_recall_and_wrong_classes_are_counted_one_by_one(seed: int) -> None:
    network, inputs, labels = case(seed)
    layers = relu_layers(network)
    seen = observed(network, inputs, layers)
    patterns = mine(seen, seen.answers, 0.9, layers)
    low, high = np.full(3, -0.9), np.full(3, 0.9)
    whole = Patterns(0.9, layers, layer_sizes(network, layers), low, high, patterns)
    told = measured(whole, seen, labels)
    own = wrong = 0
    for x, label in zip(inputs, labels, strict=True):
        active = observed(network, x[None], layers).active
        inside = (np.abs(x) <= 0.9).all()
        following = [p.label for p in patterns if inside and p.followed(active)[0]]
        own += label in following
        wrong += any(found != label for found in following)
    assert told.recall == pytest.approx(own / len(labels))
    assert told.wrong == pytest.approx(wrong / len(labels))


def test_zero_is_inactive() -> None:
    zero = relu_network((np.zeros((3, 2)), np.zeros(2)), (np.zeros((2, 2)), np.zeros(2)))
    seen = observed(zero, np.zeros((4, 3)), relu_layers(zero))
    assert not seen.active["n0"].any()
    (pattern,) = mine(seen, np.zeros(4, int), 1.0, ("n0",))
    assert pattern.signs[0].inactive.tolist() == [0, 1]


def test_the_last_share_of_each_class_is_held_out() -> None:
    labels = np.array([0] * 5 + [1] * 10 + [2])
    mined = split(labels, 0.2)
    assert [int((~mined[labels == c]).sum()) for c in range(3)] == [1, 2, 0]
    assert not mined[4]
    assert split(labels, 0.0).all()


def test_a_network_without_a_relu_and_a_delta_that_says_nothing_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="relu"):
        relu_layers(layered(np.random.default_rng(0), TANH, 2, 3, 2))
    network, inputs, labels = case(0)
    seen = observed(network, inputs, relu_layers(network))
    for delta in (0.5, 1.01, float("nan")):
        with pytest.raises(InputError, match="delta"):
            mine(seen, labels, delta, relu_layers(network))
    with pytest.raises(InputError, match="rightly"):
        mine(seen, (seen.answers + 1) % 3, 0.9, relu_layers(network))


GOOD = {"inputs": np.zeros((4, 3), np.float32), "labels": np.array([0, 1, 2, 0])}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"inputs": np.zeros((4, 2))}, "one row for each input"),
        ({"inputs": np.array(["a"] * 12).reshape(4, 3)}, "real numbers"),
        ({"inputs": np.full((4, 3), np.nan)}, "inputs.0., entry 0"),
        ({"labels": np.array([0, 1, 2])}, "4 whole numbers"),
        ({"labels": np.array([0.0, 1.0, 2.0, 0.0])}, "4 whole numbers"),
        ({"labels": np.array([0, 1, 3, 0])}, "label 3 at labels.2."),
        ({"labels": np.array([0, -1, 2, 0])}, "label -1 at labels.1."),
        ({"labels": None}, "no 'labels' among inputs"),
    ],
)
def test_data_that_does_not_suit_the_network_is_refused_with_its_place(
    tmp_path: Path, changed: dict[str, np.ndarray | None], told: str
) -> None:
    network, _, _ = case(0)
    path = tmp_path / "data.npz"
    np.savez(path, **GOOD)  # pyright: ignore[reportArgumentType]
    inputs, labels = read_data(path, network)
    assert inputs.shape == (4, 3)
    assert labels.dtype == np.int64
    kept = {key: a for key, a in (GOOD | changed).items() if a is not None}
    np.savez(path, **kept)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match=told):
        read_data(path, network)


def test_files_that_are_no_arrays_are_refused(tmp_path: Path) -> None:
    network, _, _ = case(0)
    path = tmp_path / "data.npz"
    with pytest.raises(InputError, match="No such file"):
        read_data(path, network)
    for content in (b"", b"PK\x03\x04 no archive", b"x,y\n1,2\n"):
        path.write_bytes(content)
        with pytest.raises(InputError, match="numpy"):
            read_data(path, network)
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(InputError, match="a single array"):
        read_data(tmp_path / "one.npy", network)
