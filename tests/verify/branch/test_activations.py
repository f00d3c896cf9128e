"""A search over activations loses no part, ends no sooner for a refinement, and reads no clock."""

from dataclasses import astuple, dataclass
from itertools import pairwise, product
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds as Ends
from scipy.optimize import LinearConstraint, milp

from abduce import clock
from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.effort import SECOND
from abduce.verify.bounds.propagation.backward import Bounds
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.slopes import Frame, Objectives, Subdomains
from abduce.verify.bounds.query import queries
from abduce.verify.branch.activations import ActivationSplitting
from abduce.verify.branch.refining import better, refined
from abduce.verify.branch.steps import LONGEST, tree_size
from abduce.verify.branch.trees import Trees
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Conv, Dense, Network, Pick
from abduce.verify.refutation.gradients import forward
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import ActivationConfig, AttackConfig, Strategy
from abduce.verify.verdict import Proved, Refuted, Verdict
from abduce.verify.verification import Budget, verify
from tests.networks import Builder, relu_network, specification

SEEDS = st.integers(0, 2**32 - 1)
ENDLESS = Budget(timeout_s=1e9)


@dataclass(frozen=True)
class Known:
    """A network whose output is ``slope @ relu(x @ weight + bias) + start`` on its box."""

    network: Network
    weight: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    start: float

    @property
    def inputs(self) -> int:
        return len(self.weight)

    def least(self, radius: float) -> float:
        """The least output where all inputs are within the radius: a mixed-integer program."""
        n, h = self.weight.shape
        reach = radius * np.abs(self.weight).sum(0)
        under, over = np.minimum(self.bias - reach, 0), np.maximum(self.bias + reach, 0)
        eye, z, none = np.eye(h), self.weight.T, np.zeros((h, n))
        # v >= z + bias; v <= z + bias - under (1 - d); v <= over d, for v >= 0 and d in {0, 1}
        rows = [[-z, eye, 0 * eye], [-z, eye, np.diag(-under)], [none, eye, np.diag(-over)]]
        no_end = np.full(h, np.inf)
        ends = (
            np.concatenate([self.bias, -no_end, -no_end]),
            np.concatenate([no_end, self.bias - under, np.zeros(h)]),
        )
        low = np.concatenate([np.full(n, -radius), np.zeros(2 * h)])
        high = np.concatenate([np.full(n, radius), over, np.ones(h)])
        found = milp(
            np.concatenate([np.zeros(n), self.slope, np.zeros(h)]),
            constraints=LinearConstraint(np.block(rows), *ends),  # type: ignore[arg-type]
            integrality=np.concatenate([np.zeros(n + h), np.ones(h)]),
            bounds=Ends(low, high),  # type: ignore[arg-type]
        )
        assert found.status == 0
        return float(found.fun) + self.start


def one_hidden(rng: np.random.Generator) -> Known:
    n, h = int(rng.integers(25, 40)), int(rng.integers(6, 13))
    weight, bias = rng.normal(size=(n, h)) / np.sqrt(n), rng.normal(size=h) / 9
    slope = rng.normal(size=h)
    network = relu_network((weight, bias), (slope[:, None], np.zeros(1)))
    return Known(network, weight, bias, slope, 0.0)


def stable_later(rng: np.random.Generator) -> Known:
    """The relus of the second layer are decided by their biases."""
    first, last = one_hidden(rng), rng.normal(size=4)
    weight, bias = rng.normal(size=(len(first.slope), 4)) / 3, 50.0 * rng.choice([-1, 1, 1], 4)
    layers = (first.weight, first.bias), (weight, bias), (last[:, None], np.zeros(1))
    on = np.where(bias > 0, last, 0)
    return Known(relu_network(*layers), first.weight, first.bias, weight @ on, float(bias @ on))


def convolution(rng: np.random.Generator) -> Known:
    builder = Builder((1, 1, 7, 7))
    kernel, each = rng.normal(size=(2, 1, 3, 3)) / 3, rng.normal(size=2) / 9
    builder.add(Conv(kernel, each, (2, 2), ((0, 0), (0, 0)), (1, 1), 1), (1, 2, 3, 3))
    builder.add(RELU)
    builder.add(Pick(np.arange(18)), (18,))
    slope = rng.normal(size=18) / 4
    builder.add(Dense(slope[:, None], np.zeros(1)), (1,))
    weight = np.zeros((7, 7, 2, 3, 3))
    for i, k in product(range(3), range(3)):
        weight[2 * i : 2 * i + 3, 2 * k : 2 * k + 3, :, i, k] = kernel[:, 0].transpose(1, 2, 0)
    return Known(builder.network(), weight.reshape(49, 18), np.repeat(each, 9), slope, 0.0)


KINDS = {
    "one hidden layer": one_hidden,
    "stable later layers": stable_later,
    "a convolution": convolution,
}


def below(known: Known, radius: float, bound: float) -> Specification:
    """Unsafe where the output is at most the bound."""
    ends = np.full(known.inputs, radius)
    return specification(-ends, ends, [([0.0] * known.inputs, [1.0], bound, False)])


def deep(rng: np.random.Generator, *sizes: int) -> Network:
    pairs = pairwise(sizes)
    return relu_network(
        *[(rng.normal(size=(n, m)) / np.sqrt(n), rng.normal(size=m) / 3) for n, m in pairs]
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4, deadline=None)
@given(SEEDS, st.sampled_from([0.02, -0.02]))
def test_where_only_first_relus_are_open_verdicts_are_those_of_integer_programs(
    kind: str, seed: int, away: float
) -> None:
    known = KINDS[kind](np.random.default_rng(seed))
    least = known.least(0.5)
    bound = least - away * (1 + abs(least))
    verdict = verify(known.network, below(known, 0.5, bound), ENDLESS)
    assert isinstance(verdict, Proved if away > 0 else Refuted)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_a_refinement_that_changes_nothing_costs_the_search_no_part(kind: str, seed: int) -> None:
    known = KINDS[kind](np.random.default_rng(seed))
    least = known.least(0.5)
    (query,) = queries(below(known, 0.5, least - 0.02 * (1 + abs(least))))
    domains = []
    for first in (0.0, 1e12):
        config = ActivationConfig(first_search=first, least_search=1 / SECOND)
        strategy = Strategy(activations=config)
        search = ActivationSplitting(layers_of(known.network), query, strategy=strategy)
        list(search.run(np.inf))
        assert not search.open
        assert not search.stuck
        domains.append(search.work.domains)
    assert domains[0] == domains[1]


def held(parts: Subdomains, frame: Frame, before: list[np.ndarray]) -> np.ndarray:
    """Which points (P,) of these pre-activations lie in a part, within float32."""
    found = np.zeros(len(before[0]), bool)
    for place in range(len(parts)):
        inside = np.ones(len(found), bool)
        for j in frame.free:
            active = frame.known.active[j]
            z = before[j - 1] if active is None else before[j - 1][:, active]
            inside &= (z >= parts.low[j][place] - 1e-5).all(1)
            inside &= (z <= parts.high[j][place] + 1e-5).all(1)
        found |= inside
    return found


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_parts_that_are_carried_still_hold_every_input_that_violates(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = deep(rng, 3, 7, 7, 1)
    layers = layers_of(network)
    ones = np.ones((1, 3))
    known = bound_layers(layers, (-ones, ones))
    x = rng.uniform(-1, 1, (1_000, 3))
    y, before = forward(layers, x)
    rows = {len(layers.layers): np.ones((1, 1, 1))}
    constant = np.full((1, 1), -float(np.quantile(y, 0.2)))
    objectives = Objectives(rows, constant, np.ones((1, 1), bool))
    trees = Trees(Frame(layers, known, objectives), np.zeros(1))
    for cuts in (4, 8):
        for _ in range(cuts):
            if trees.open:
                trees.round(4)
        *_, found = refined(layers, known, trees.losses, 1)
        assert isinstance(found, Bounds)
        known = found
        trees = trees.carried(Frame(layers, known, objectives), np.arange(1))
        parts = [trees.pool.parts.take(trees.pool.places), *trees.failed]
        inside = np.any([held(some, trees.frame, before) for some in parts], 0)
        assert inside[y[:, 0] + constant[0, 0] < 0].all()
        assert not trees.refuted().any()


def test_bounds_are_better_only_where_one_of_them_is() -> None:
    layers = layers_of(deep(np.random.default_rng(0), 3, 6, 6, 1))
    ones = np.ones((1, 3))
    wide, narrow = (bound_layers(layers, (-r * ones, r * ones)) for r in (1.0, 0.5))
    assert better(narrow, wide)
    assert not better(wide, wide)
    assert not better(wide, narrow)


class Restless:
    """A clock that runs at another rate, and jumps."""

    def __init__(self, rate: float) -> None:
        self.rate, self.now = rate, 0.0

    def __call__(self) -> float:
        self.now += self.rate * (1 + np.sin(self.now))
        return self.now


@pytest.mark.parametrize("split", ["inputs", "activations"])
@pytest.mark.parametrize("away", [0.2, 0.0, -0.01])
def test_a_run_is_the_same_whatever_the_clock_says(
    split: Literal["inputs", "activations"], away: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = deep(np.random.default_rng(7), 3, 10, 10, 1)
    x = np.random.default_rng(0).uniform(-1, 1, (4_000, 3))
    least = float(forward(layers_of(network), x)[0].min())
    properties = specification([-1] * 3, [1] * 3, [([0] * 3, [1], least - away, False)])
    strategy = Strategy(
        split=split,
        attack=AttackConfig(steps=3, restarts=1, pause=1e7 / SECOND),
        activations=ActivationConfig(least_search=1e7 / SECOND),
    )
    told: list[list[tuple]] = []
    verdicts: list[Verdict] = []
    for rate in (1e-6, 1.0, 1e3):
        monkeypatch.setattr(clock, "wall_s", Restless(rate))
        works: list[tuple] = []
        budget = Budget(timeout_s=1e12)
        verdict = verify(
            network, properties, budget, strategy, progress=lambda w, k=works: k.append(astuple(w))
        )
        verdicts.append(verdict)
        told.append([*works, astuple(verdict.work)])
    assert told[0] == told[1] == told[2]
    assert len({type(verdict) for verdict in verdicts}) == 1
    assert all(
        np.array_equal(verdict.x, verdicts[0].x)
        for verdict in verdicts
        if isinstance(verdict, Refuted) and isinstance(verdicts[0], Refuted)
    )
    if away:
        assert isinstance(verdicts[0], Proved if away > 0 else Refuted)


@given(st.integers(1, 20))
def test_a_tree_of_even_cuts_has_the_size_of_a_full_one(depth: int) -> None:
    before, after = np.full(8, -1.0), np.full(8, -1.0 + 1 / depth)
    size = tree_size(before, after, np.full(8, 1e-9))
    assert size == pytest.approx(depth, rel=1e-3)


def test_trees_that_end_are_small_and_those_that_gain_nothing_endless() -> None:
    gap = np.full(4, -1.0)
    assert tree_size(gap, np.array([1.0, 1.0, 1.0, -0.5]), np.zeros(4)) == 0.0
    assert tree_size(gap, gap, np.zeros(4)) == LONGEST
    endless = np.full(4, -np.inf)
    assert tree_size(endless, gap, np.zeros(4)) == LONGEST
