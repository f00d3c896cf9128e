"""Neurons that nothing activates are raised, and what is behind them is found."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.configuration import configured
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.strategy import AUTOMATIC
from abduce.verify.verdict import Proved, Refuted
from abduce.verify.verification import Budget, verify
from tests.networks import relu_network, specification

ENDLESS = Budget(timeout_s=1e9)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 10, 40]))
def test_a_needle_is_found_before_any_branching(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    place, eye = rng.uniform(-0.9, 0.9, size), np.eye(size)
    radius = 0.02 * 2 * size
    network = relu_network(
        (np.concatenate([eye, -eye], axis=1), np.concatenate([-place, place])),
        (-np.ones((2 * size, 1)), np.array([radius])),
        (np.array([[-1.5 / radius]]), np.zeros(1)),
    )
    asked = specification([-1.0] * size, [1.0] * size, [([0.0] * size, [1.0], -1.0, False)])
    verdict = verify(network, asked, ENDLESS)
    assert isinstance(verdict, Refuted)
    assert evaluate(network, verdict.x[None])[0].item() <= -1.0
    assert verdict.work.domains == 0


def test_raising_no_more_than_there_is_changes_no_verdict() -> None:
    """Where no neuron behind the row is inactive there is nothing to raise."""
    network = relu_network((np.eye(2), np.ones(2) * 3), (np.ones((2, 1)), np.zeros(1)))
    asked = specification([-1.0] * 2, [1.0] * 2, [([0.0] * 2, [1.0], 3.0, False)])
    for most in ("1", "8"):
        strategy = configured(AUTOMATIC, None, [f"attack.raised={most}"])
        assert isinstance(verify(network, asked, ENDLESS, strategy), Proved)
