"""Verdicts: proved is never wrong, refuted is replayed, and what is not known is said to be."""

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from abduce.errors import InputError
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.exact import exact
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.reciprocal import RECIPROCAL
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Affine, Dense, Network, Pick, Product, Softmax
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.specification import Specification, violated, violated_exactly
from abduce.verify.specifications.vnnlib.reading import parse_property, read_property
from abduce.verify.strategy import AscentConfig, AttackConfig, CheckConfig, Strategy
from abduce.verify.verdict import Proved, Refuted, Unknown, Verdict, Work
from abduce.verify.verification import TOO_NEAR, Budget, verify
from tests.networks import Builder, random_relu_network, relu_network, specification

ENOUGH = Budget(timeout_s=1e4)
BRIEF = Budget(timeout_s=0.3)
seeds = st.integers(0, 2**32 - 1)


def least(network: Network, low: float, high: float) -> float:
    """The least first output over a box, by a linear program for each pattern of relus.

    The network is two Dense layers with relu between.
    """
    first, second = [n.operation for n in network.nodes if isinstance(n.operation, Dense)]
    n, hidden = first.weight.shape
    found = np.inf
    for pattern in product([0.0, 1.0], repeat=hidden):
        on = np.array(pattern)
        signs = np.where(on > 0, -1.0, 1.0)  # z >= 0 where on, z <= 0 elsewhere
        rows, limits = (first.weight * signs).T, -signs * first.bias
        cost = first.weight @ (on * second.weight[:, 0])
        answer = linprog(cost, rows, limits, bounds=[(low, high)] * n)
        if answer.status == 0:
            start = (on * first.bias) @ second.weight[:, 0] + second.bias[0]
            found = min(found, answer.fun + start)
    return float(found)


def replays(network: Network, properties: Specification, verdict: Verdict) -> None:
    if isinstance(verdict, Refuted):
        y = evaluate(network, verdict.x[None])[0]
        np.testing.assert_array_equal(y, verdict.y)
        assert violated(properties.cases[verdict.case], verdict.x, y)
        assert (verdict.x.astype(np.float32) == verdict.x).all()


Split = Literal["inputs", "activations"]
splits = pytest.mark.parametrize("split", ["inputs", "activations"])


@splits
@settings(max_examples=25)
@given(seeds, st.sampled_from([-0.5, -1e-3, 1e-3, 0.5]))
def test_verdicts_of_small_networks_are_those_of_linear_programs(
    split: Split, seed: int, away: float
) -> None:
    rng = np.random.default_rng(seed)
    network = random_relu_network(rng, 2, 4, 1)
    bottom = least(network, -1.0, 1.0)
    properties = specification([-1, -1], [1, 1], [([0, 0], [1], bottom + away, False)])
    verdict = verify(network, properties, ENOUGH, Strategy(split=split))
    replays(network, properties, verdict)
    if away > 1e-6:
        assert not isinstance(verdict, Proved)
    else:
        assert not isinstance(verdict, Refuted)
    if abs(away) == 0.5:
        assert isinstance(verdict, Refuted if away > 0 else Proved)


def test_a_bound_that_is_reached_is_proved_only_where_it_is_strict() -> None:
    network = relu_network((np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1)))
    for strict in (False, True):
        properties = specification([-1], [1], [([0], [1], 0.0, strict)])
        verdict = verify(network, properties, BRIEF)
        replays(network, properties, verdict)
        assert isinstance(verdict, Refuted) != strict


def needle(rng: np.random.Generator, radius: float) -> tuple[Network, np.ndarray]:
    """A small network of two inputs, less ``k relu(radius - |x - p|)`` around a point p."""
    p = np.round(rng.uniform(-0.9, 0.9, 2), 3).astype(np.float32).astype(float)
    weight = np.concatenate([np.eye(2), -np.eye(2), rng.normal(size=(2, 3)) / 4], 1)
    bias = np.concatenate([-p, p, rng.normal(size=3) / 4])
    second = np.zeros((7, 4))
    second[:4, 0] = -1.0
    second[4:, 1:] = np.eye(3)
    third = np.concatenate([[-4.0 / radius], rng.normal(size=3) / 4])[:, None]
    layers = (weight, bias), (second, np.array([radius, 0, 0, 0])), (third, np.zeros(1))
    return relu_network(*layers), p


@splits
@settings(max_examples=8)
@given(seeds, st.sampled_from([1e-1, 1e-2, 1e-3, 1e-5]))
def test_needles_are_never_proved_away(split: Split, seed: int, radius: float) -> None:
    network, p = needle(np.random.default_rng(seed), radius)
    y = evaluate(network, p[None])[0, 0]
    properties = specification([-1, -1], [1, 1], [([0, 0], [1], y + 0.5, False)])
    verdict = verify(network, properties, Budget(timeout_s=0.5), Strategy(split=split))
    assert not isinstance(verdict, Proved)
    replays(network, properties, verdict)


@splits
@settings(max_examples=40)
@given(seeds, st.integers(6, 16))
def test_networks_that_cancel_are_not_proved_where_a_point_violates(
    split: Split, seed: int, digits: int
) -> None:
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(2, 4)), 10.0**digits * (1 + rng.random(4))
    second = rng.normal(size=(4, 1))
    network = relu_network(first, (second, -first[1] @ second))
    x = rng.random(2).astype(np.float32).astype(float)
    y = exact(network, [Fraction(value) for value in x.tolist()])
    assert y is not None
    bound = float(y[0])
    bound = float(np.nextafter(bound, np.inf)) if Fraction(bound) < y[0] else bound
    properties = specification(x - 0.01, x + 0.01, [([0, 0], [1], bound, False)])
    assert violated_exactly(properties.cases[0], [Fraction(v) for v in x.tolist()], y)
    verdict = verify(
        network,
        properties,
        Budget(timeout_s=0.1),
        Strategy(split=split, attack=AttackConfig(steps=3)),
    )
    assert not isinstance(verdict, Proved)


def test_weights_on_copies_of_an_input_are_not_added_up_before_a_proof() -> None:
    """1e16 x + x - 1e16 x is x, and not the 0 that floating point makes of it."""
    builder = Builder((1,))
    builder.add(Pick(np.zeros(3, int)), (3,))
    builder.add(Dense(np.array([[1e16], [1.0], [-1e16]]), np.zeros(1)), (1,))
    properties = specification([1], [1], [([0], [-1], -0.5, False)])  # y >= 0.5
    assert not isinstance(verify(builder.network(), properties, BRIEF), Proved)


@pytest.mark.parametrize(
    "function", [LOG, RECIPROCAL, EXP, RELU, SQRT, TANH, power(3.0)], ids=lambda f: f.name
)
@pytest.mark.parametrize("tail", ["softmax", "product"])
def test_poles_and_overflows_are_not_proved_and_raise_nothing(
    function: Nonlinearity, tail: str
) -> None:
    builder = Builder((2,))
    builder.add(Affine(np.array(1e300), np.array(0.0)))
    builder.add(function)
    at = builder.add(Dense(np.array([[1e10, -1.0], [-1.0, 1e300]]), np.zeros(2)), (2,))
    if tail == "softmax":
        builder.add(Softmax(0))
    else:
        builder.add(Product(), None, (at, at))
    builder.add(Dense(np.array([[1e200], [-1.0]]), np.zeros(1)), (1,))
    properties = specification([-1, -1], [1, 1], [([0, 0], [1], 1.0, False)])
    verdict = verify(builder.network(), properties, Budget(timeout_s=0.1))
    assert not isinstance(verdict, Proved)


def test_each_case_has_its_own_box_and_rows() -> None:
    network = relu_network((np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1)))
    safe = specification([-1], [-0.5], [([0], [-1], -0.25, False)])  # y >= 0.25
    both = [([0], [-1], -0.5, False), ([0], [1], 0.75, False)]  # 0.5 <= y <= 0.75
    hit = specification([0], [1], [([0], [1], -1.0, False)], both)
    assert isinstance(verify(network, safe, ENOUGH), Proved)
    verdict = verify(network, Specification(1, 1, (*safe.cases, *hit.cases)), ENOUGH)
    assert isinstance(verdict, Refuted)
    assert verdict.case == 2
    assert 0.5 <= verdict.x.item() <= 0.75
    apart = [([0], [-1], -0.5, False), ([0], [1], 0.25, False)]  # y >= 0.5 and y <= 0.25
    assert isinstance(verify(network, specification([0], [1], apart), ENOUGH), Proved)


def test_rows_may_relate_inputs_and_outputs() -> None:
    network = relu_network((np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1)))
    below = specification([-1], [1], [([-1], [1], -0.01, False)])  # relu(x) <= x - 0.01
    assert isinstance(verify(network, below, ENOUGH), Proved)
    above = specification([-1], [1], [([1], [-1], -0.5, False)])  # relu(x) >= x + 0.5
    assert isinstance(verify(network, above, ENOUGH), Refuted)


def test_a_network_that_only_copies_its_input_is_verified() -> None:
    network = Builder((2,)).network()
    rows = [([1, 0], [1, 0], -1.5, False)]
    hit = specification([-1, -1], [1, 1], rows, outputs=2)
    miss = specification([-0.5, -1], [1, 1], rows, outputs=2)
    assert isinstance(verify(network, hit, ENOUGH), Refuted)
    assert isinstance(verify(network, miss, ENOUGH), Proved)


def test_an_empty_specification_is_proved_and_a_case_without_rows_refuted() -> None:
    network = random_relu_network(np.random.default_rng(0), 2, 3, 1)
    assert isinstance(verify(network, Specification(2, 1, ()), ENOUGH), Proved)
    assert isinstance(verify(network, specification([0, 0], [1, 1], []), ENOUGH), Refuted)


def test_a_strategy_is_checked_and_finds_the_same_verdict() -> None:
    for wrong in (
        {"split": "weights"},
        {"seed": -1},
        {"attack": AttackConfig(restarts=0)},
        {"attack": AttackConfig(steps=-1)},
        {"checks": CheckConfig(work=-1.0)},
        {"ascent": AscentConfig(smooth=np.nan)},
    ):
        with pytest.raises(InputError):
            Strategy(**wrong)  # type: ignore[arg-type]
    network = random_relu_network(np.random.default_rng(2), 2, 4, 1)
    bottom = least(network, -1.0, 1.0)
    for away, kind in ((-0.3, Proved), (0.3, Refuted)):
        properties = specification([-1, -1], [1, 1], [([0, 0], [1], bottom + away, False)])
        for split in ("auto", "inputs", "activations"):
            strategy = Strategy(split=split, attack=AttackConfig(restarts=1, steps=1), seed=5)
            assert isinstance(verify(network, properties, ENOUGH, strategy), kind)


def test_work_is_told_while_it_is_done() -> None:
    network, p = needle(np.random.default_rng(1), 1e-5)
    y = evaluate(network, p[None])[0, 0]
    properties = specification([-1, -1], [1, 1], [([0, 0], [1], y + 0.5, False)])
    told: list[Work] = []
    verdict = verify(network, properties, Budget(timeout_s=1.0), progress=told.append)
    assert len(told) > 1
    domains = [work.domains for work in told]
    assert domains == sorted(domains)
    assert verdict.work.domains >= domains[-1]
    assert all(work.bound is None or np.isfinite(work.bound) for work in told)


def test_out_of_time_nothing_is_known() -> None:
    network, p = needle(np.random.default_rng(1), 1e-3)
    y = evaluate(network, p[None])[0, 0]
    properties = specification([-1, -1], [1, 1], [([0, 0], [1], y + 0.5, False)])
    verdict = verify(network, properties, Budget(timeout_s=0.0))
    assert isinstance(verdict, Unknown)
    assert "out of time" in verdict.reason


@splits
def test_what_only_rounding_could_settle_is_given_up_at_once(split: Split) -> None:
    """At x = 0.1 the output is 0.1 and violates, but 0.1 is no number of a runtime."""
    network = relu_network((np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1)))
    text = "(declare-const X_0 Real)(declare-const Y_0 Real)(assert (<= Y_0 0.1))"
    for high in ("0.1", "0.100000001"):
        box = f"(assert (>= X_0 0.1))(assert (<= X_0 {high}))"
        verdict = verify(network, parse_property(text + box), ENOUGH, Strategy(split=split))
        assert isinstance(verdict, Unknown)
        assert verdict.reason == TOO_NEAR


@splits
@pytest.mark.parametrize("away", [0.5, 1e-3])
def test_the_bound_of_a_proof_is_less_than_the_margin(split: Split, away: float) -> None:
    network = random_relu_network(np.random.default_rng(1), 2, 4, 1)
    bottom = least(network, -1.0, 1.0)
    properties = specification([-1, -1], [1, 1], [([0, 0], [1], bottom - away, False)])
    verdict = verify(network, properties, ENOUGH, Strategy(split=split))
    assert isinstance(verdict, Proved)
    assert verdict.work.bound is not None
    assert 0 < verdict.work.bound <= away + 1e-9
    assert verify(network, Specification(2, 1, ()), ENOUGH).work.bound is None


def test_a_counterexample_counts_only_where_it_is_replayed() -> None:
    network = relu_network((np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1)))
    properties = specification([-1], [1], [([0], [-1], -0.5, False)])
    elsewhere = verify(network, properties, Budget(timeout_s=0.3), replay=lambda x: x * 0.0)
    assert isinstance(elsewhere, Unknown)
    assert isinstance(verify(network, properties, ENOUGH, replay=lambda x: np.abs(x)), Refuted)


SATISFIABLE = {
    "needles": ["acas_1_1_p1", "acas_3_5_p3", "cartpole_unsafe_0"],
    "rounding": ["cancel_0", "cancel_1"],
    "reshaped": ["reshape_0"],
}


@pytest.mark.parametrize(
    ("folder", "name"), [(f, name) for f, names in SATISFIABLE.items() for name in names]
)
def test_properties_with_a_known_counterexample_are_not_proved(
    folder: str, name: str, data: Path
) -> None:
    place = data / "verify" / folder
    (path,) = place.glob(f"{name}.onnx*")
    network = read_network(path)
    properties = read_property(place / f"{name}.vnnlib")
    verdict = verify(network, properties, Budget(timeout_s=1.5))
    assert not isinstance(verdict, Proved)
    replays(network, properties, verdict)
