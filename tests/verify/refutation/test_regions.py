"""Counterexamples by linear programs: their values are least, and the assumptions hold there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.query import queries
from abduce.verify.networks.evaluation import evaluate, values
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Network
from abduce.verify.refutation.regions import Regions, has_regions, region_candidates
from abduce.verify.specifications.hidden import Hidden, node_of, watched
from abduce.verify.specifications.specification import Specification
from abduce.verify.verdict import Refuted
from abduce.verify.verification import Budget, verify
from tests.networks import layered, specification

ENDLESS = Budget(timeout_s=1e9)


def signs_at(network: Network, x: np.ndarray, *nodes: str) -> tuple[Hidden, ...]:
    """The signs of all neurons of nodes at an input."""
    found = values(network, x[None])
    hidden = []
    for node in nodes:
        on = found[node_of(network, node)][0] > 0
        low, high = np.where(on, 0.0, -np.inf), np.where(on, np.inf, 0.0)
        hidden.append(Hidden(node, np.arange(len(on)), low, high))
    return tuple(hidden)


def at_most(network: Network, bound: float, hidden: tuple[Hidden, ...]) -> Specification:
    ends = np.ones(network.input_shape[0])
    plain = specification(-ends, ends, [(0 * ends, [1.0], bound, False)])
    return replace(plain, cases=(replace(plain.cases[0], hidden=hidden),))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([("n0", "n2"), ("n0",), ("n2",)]))
def test_the_least_value_of_a_region_is_at_most_that_of_its_points(
    seed: int, nodes: tuple[str, ...]
) -> None:
    rng = np.random.default_rng(seed)
    network = layered(rng, RELU, 2, 6, 4, 1)
    start = rng.uniform(-1, 1, 2)
    hidden = signs_at(network, start, *nodes)
    asked = at_most(network, 1e6, hidden)
    (query,) = queries(asked)
    layers = layers_of(network, watched=watched(network, asked.hidden))
    assert has_regions(layers, query)
    given_ = Regions(starts=start[None], inside=0.0)
    found = list(region_candidates(layers, query, given_))
    points = rng.uniform(-1, 1, (4000, 2))
    inner = values(network, points)
    same = np.ones(len(points), bool)  # as the start, of all neurons
    for node in ("n0", "n2"):
        z = inner[node_of(network, node)]
        same &= ((z > 0) == (values(network, start[None])[node_of(network, node)] > 0)).all(1)
    (x,) = found
    least = evaluate(network, x[None])[0, 0]
    assert (
        least
        <= inner[network.output][same].min(initial=evaluate(network, start[None])[0, 0]) + 1e-6
    )
    at = values(network, x[None])
    for bounds in hidden:
        z = at[node_of(network, bounds.node)][0]
        assert (z >= bounds.lower - 1e-6).all()
        assert (z <= bounds.upper + 1e-6).all()


def test_a_counterexample_is_found_and_judged_where_only_a_region_has_it() -> None:
    """Signs of both layers are assumed; the bound is just above the least value of the region."""
    rng = np.random.default_rng(7)
    network = layered(rng, RELU, 5, 12, 8, 1)
    start = rng.uniform(-1, 1, 5)
    hidden = signs_at(network, start, "n0", "n2")
    everywhere = at_most(network, 1e6, hidden)
    (query,) = queries(everywhere)
    layers = layers_of(network, watched=watched(network, everywhere.hidden))
    (x,) = region_candidates(layers, query, Regions(starts=start[None]))
    bound = float(evaluate(network, x[None])[0, 0]) + 1e-3
    asked = at_most(network, bound, hidden)
    verdict = verify(network, asked, ENDLESS, regions=Regions(starts=start[None]))
    assert isinstance(verdict, Refuted)
    inner = values(network, verdict.x[None])
    assert all(h.hold(inner[node_of(network, h.node)]) for h in hidden)
    assert evaluate(network, verdict.x[None])[0, 0] <= bound


@pytest.mark.parametrize("function", [RELU, TANH])
def test_nothing_is_looked_for_without_signs_or_with_other_functions(
    function: Nonlinearity,
) -> None:
    network = layered(np.random.default_rng(0), function, 2, 4, 1)
    start = np.zeros((1, 2))
    hidden = signs_at(network, start[0], "n0") if function is TANH else ()
    asked = at_most(network, 1e6, hidden)
    (query,) = queries(asked)
    layers = layers_of(network, watched=watched(network, asked.hidden))
    assert not list(region_candidates(layers, query, Regions(starts=start)))


def test_no_time_is_no_search() -> None:
    network = layered(np.random.default_rng(0), RELU, 2, 4, 1)
    start = np.zeros((1, 2))
    asked = at_most(network, 1e6, signs_at(network, start[0], "n0"))
    (query,) = queries(asked)
    layers = layers_of(network, watched=watched(network, asked.hidden))
    assert not list(region_candidates(layers, query, Regions(starts=start), deadline=-np.inf))
