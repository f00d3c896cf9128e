"""Bounds on neurons, as assumptions of a case: no proof and no counterexample forgets them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError, UnsupportedError
from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.query import queries
from abduce.verify.ledger import SearchLedger
from abduce.verify.networks.evaluation import evaluate, values
from abduce.verify.networks.exact import exact
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Network
from abduce.verify.refutation.gradients import forward, gradient
from abduce.verify.refutation.witness import Court
from abduce.verify.specifications.hidden import Hidden, node_of, watched
from abduce.verify.specifications.specification import Specification, violated_exactly
from abduce.verify.specifications.vnnlib.writing import write_property
from abduce.verify.strategy import Strategy
from abduce.verify.verdict import Proved, Refuted, Unknown
from abduce.verify.verification import Budget, Semantics, verify
from tests.networks import layered, specification

ENDLESS = Budget(timeout_s=1e9)
SEEDS = st.integers(0, 2**32 - 1)
Split = Literal["inputs", "activations"]


def at_most(network: Network, bound: float, *hidden: Hidden) -> Specification:
    """Unsafe where the output is at most the bound, and the neurons are as assumed."""
    ends = np.ones(network.input_shape[0])
    plain = specification(-ends, ends, [(0 * ends, [1.0], bound, False)])
    return replace(plain, cases=(replace(plain.cases[0], hidden=hidden),))


def bounds_on(node: str, *rows: tuple[int, float, float]) -> Hidden:
    entries, lower, upper = zip(*rows, strict=True)
    return Hidden(node, np.array(entries), np.array(lower, float), np.array(upper, float))


def sampled(network: Network, rng: np.random.Generator, hidden: Sequence[Hidden]) -> np.ndarray:
    """The outputs at points at which the neurons are as assumed."""
    x = np.clip(rng.uniform(-1.3, 1.3, (60_000, *network.input_shape)), -1, 1)
    nodes = values(network, x)
    kept = np.ones(len(x), bool)
    for bounds in hidden:
        z = nodes[node_of(network, bounds.node)].reshape(len(x), -1)[:, bounds.entries]
        kept &= ((bounds.lower <= z) & (z <= bounds.upper)).all(-1)
    return nodes[network.output][kept, 0]


@settings(max_examples=10, deadline=None)
@given(
    SEEDS,
    st.sampled_from(["inputs", "activations"]),
    st.sampled_from([RELU, TANH]),
    st.sampled_from(["n0", "n1", "n2", "n3"]),
    st.sampled_from([0.15, -0.05]),
)
def test_verdicts_are_those_of_sampling_where_neurons_are_as_assumed(
    seed: int, split: Split, function: Nonlinearity, node: str, away: float
) -> None:
    rng = np.random.default_rng(seed)
    network = layered(rng, function, 2, 6, 5, 1)
    nodes = values(network, np.clip(rng.uniform(-1.3, 1.3, (4_000, 2)), -1, 1))
    drawn = nodes[node_of(network, node)]
    middle = drawn[rng.integers(len(drawn))]
    rows = [(0, middle[0], np.inf), (1, -np.inf, middle[1]), (3, middle[3] - 0.2, middle[3] + 0.2)]
    hidden = bounds_on(node, *rows)
    outputs = sampled(network, rng, [hidden])
    if len(outputs) < 500:
        return
    bound = float(outputs.min()) - away
    budget = Budget(timeout_s=3.0)
    properties = at_most(network, bound, hidden)
    verdict = verify(network, properties, budget, Strategy(split=split))
    if isinstance(verdict, Unknown):  # near the border of what is assumed a search may take long
        return
    assert isinstance(verdict, Proved if away > 0 else Refuted)
    if isinstance(verdict, Refuted):
        x = [Fraction(value) for value in verdict.x.ravel().tolist()]
        z = values(network, verdict.x[None])[node_of(network, node)][0]
        assert hidden.hold(z)
        if function is RELU:
            inner = exact(replace(network, output=node_of(network, node)), x)
            y = exact(network, x)
            assert inner is not None
            assert y is not None
            assert violated_exactly(replace(properties.cases[0], hidden=()), x, y)
            assert all(
                low <= inner[entry] <= high
                for entry, low, high in zip(
                    hidden.entries, hidden.lower.tolist(), hidden.upper.tolist(), strict=True
                )
            )


@pytest.mark.parametrize("split", ["inputs", "activations"])
@pytest.mark.parametrize("semantics", ["real", "float32"])
def test_an_assumption_makes_a_refuted_property_proved(split: Split, semantics: Semantics) -> None:
    """An activation pattern: neurons of two layers are off, or on."""
    rng = np.random.default_rng(3)
    network = layered(rng, RELU, 3, 8, 6, 1)
    nodes = values(network, rng.uniform(-1, 1, (1, 3)))
    pattern = [
        bounds_on(name, *[(i, 0.0, np.inf) if z > 0 else (i, -np.inf, 0.0) for i, z in rows])
        for name in ("n0", "n2")
        for rows in [list(enumerate(nodes[node_of(network, name)][0].tolist()))]
    ]
    inside = sampled(network, rng, pattern)
    everywhere = sampled(network, rng, [])
    bound = float(inside.min()) - 0.1
    assert everywhere.min() < bound
    strategy = Strategy(split=split)
    plain, assumed = (
        verify(network, at_most(network, bound, *hidden), ENDLESS, strategy, semantics=semantics)
        for hidden in ((), pattern)
    )
    assert isinstance(plain, Refuted)
    assert isinstance(assumed, Proved)
    reached = at_most(network, float(inside.min()) + 0.02, *pattern)
    verdict = verify(network, reached, ENDLESS, strategy, semantics=semantics)
    assert isinstance(verdict, Refuted)
    found = values(network, verdict.x[None], np.float32)
    assert all(part.hold(found[node_of(network, part.node)][0]) for part in pattern)


@pytest.mark.parametrize("split", ["inputs", "activations"])
def test_assumptions_that_contradict_each_other_leave_nothing_to_refute(split: Split) -> None:
    network = layered(np.random.default_rng(0), RELU, 2, 4, 1)
    never = bounds_on("n0", (1, 50.0, np.inf))
    crossed = bounds_on("n1", (0, 2.0, 1.0))
    for hidden in (never, crossed):
        verdict = verify(network, at_most(network, 1e6, hidden), ENDLESS, Strategy(split=split))
        assert isinstance(verdict, Proved)


def test_the_root_of_a_ledger_has_the_assumptions() -> None:
    rng = np.random.default_rng(3)
    network = layered(rng, RELU, 3, 8, 6, 1)
    hidden = bounds_on("n0", (2, 0.0, np.inf))
    ledger = SearchLedger()
    bound = float(sampled(network, rng, [hidden]).min()) - 0.2
    verify(network, at_most(network, bound, hidden), ENDLESS, ledger=ledger)
    (root,) = [node for node in ledger.subdomains.values() if node.parent is None]
    (inner,) = [a for a in root.assumed if a.layer > 0]
    assert (inner.entry, inner.low, inner.high) == (2, 0.0, np.inf)


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        (bounds_on("relu_7", (0, 0.0, 1.0)), "relu_7"),
        (bounds_on("n0", (4, 0.0, 1.0)), "entry 4 of 'n0'"),
    ],
)
def test_a_node_or_an_entry_that_is_not_there_is_named(hidden: Hidden, told: str) -> None:
    network = layered(np.random.default_rng(0), RELU, 2, 4, 1)
    with pytest.raises(InputError, match=told):
        verify(network, at_most(network, 0.0, hidden), ENDLESS)


def test_arrays_of_other_shapes_are_named() -> None:
    for entries, lower, upper in (
        ([0, 1], [0.0], [1.0, 1.0]),
        ([[0]], [[0.0]], [[1.0]]),
        ([-1], [0.0], [1.0]),
        ([0.5], [0.0], [1.0]),
        ([0], [np.nan], [1.0]),
    ):
        with pytest.raises(InputError, match="'dense_3'"):
            Hidden("dense_3", np.array(entries), np.array(lower), np.array(upper))


def test_a_case_with_assumptions_cannot_be_judged_without_its_nodes() -> None:
    network = layered(np.random.default_rng(0), RELU, 2, 4, 1)
    hidden = bounds_on("n0", (0, 0.0, 1.0))
    properties = at_most(network, 1e6, hidden)
    x = np.zeros(2)
    with pytest.raises(ValueError, match="n0"):
        properties.violated_by(x, evaluate(network, x[None])[0])
    for value, place in ((0.5, 0), (1.5, None), (np.nan, None)):
        nodes = {"n0": np.full(4, value)}
        assert properties.violated_by(x, np.zeros(1), nodes=nodes) == place
    with pytest.raises(UnsupportedError, match="n0"):
        write_property(properties)


class Told:
    """A runtime that says of its own what a node is."""

    def __init__(self, network: Network, shift: float) -> None:
        self.network, self.shift = network, shift

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return evaluate(self.network, x[None], np.float32)[0]

    def nodes(self, x: np.ndarray, names: Sequence[str]) -> Mapping[str, np.ndarray]:
        found = values(self.network, x[None], np.float32)
        return {name: found[node_of(self.network, name)][0] + self.shift for name in names}


def test_a_point_counts_only_where_the_runtime_too_has_the_neurons_as_assumed() -> None:
    network = layered(np.random.default_rng(1), RELU, 2, 4, 1)
    hidden = bounds_on("n0", (0, -100.0, 100.0))
    properties = at_most(network, 1e6, hidden)
    (query,) = queries(properties)
    layers = layers_of(network, watched=watched(network, properties.hidden))
    for shift, counts in ((0.0, True), (1000.0, False)):
        court = Court(network, properties, layers, Told(network, shift))
        assert (court.judged(query, np.zeros(2)) is not None) == counts
    narrow = replace(hidden, upper=np.array([-100.0]))
    court = Court(network, at_most(network, 1e6, narrow), layers, Told(network, 0.0))
    assert court.judged(query, np.zeros(2)) is None


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_watched_layers_are_the_same_network(seed: int) -> None:
    """And the pre-activation of each one is the value of its node."""
    rng = np.random.default_rng(seed)
    network = layered(rng, TANH, 2, 4, 3, 2)
    names = {1: ("n0",), 2: ("n1",), 3: ("n2", "n2 again")}
    layers = layers_of(network, watched=names)
    x = rng.uniform(-1, 1, (20, 2))
    y, before = forward(layers, x)
    nodes = values(network, x)
    np.testing.assert_allclose(y, nodes[-1])
    seen: set[str] = set()
    for layer, z in zip(layers.layers, before, strict=True):
        seen |= set(layer.watched)
        for index, told in names.items():
            if set(told) & set(layer.watched):
                np.testing.assert_allclose(z, nodes[index])
    assert seen == {"n0", "n1", "n2", "n2 again"}


def test_gradients_of_neurons_are_those_of_differences() -> None:
    rng = np.random.default_rng(0)
    network = layered(rng, TANH, 3, 5, 4, 1)
    layers = layers_of(network)
    x, outer = rng.normal(size=(1, 3)), rng.normal(size=(1, 1))
    inner = {1: rng.normal(size=(1, 5)), 2: rng.normal(size=(1, 4))}

    def total(x: np.ndarray) -> float:
        y, before = forward(layers, x)
        parts = [(inner[j] * before[j - 1]).sum() for j in inner]
        return float((outer * y).sum() + sum(parts))

    _, before = forward(layers, x)
    slope = gradient(layers, before, outer, inner)[0]
    for i, step in enumerate(1e-6 * np.eye(3)):
        expected = (total(x + step) - total(x - step)) / 2e-6
        assert slope[i] == pytest.approx(expected, rel=1e-4)
