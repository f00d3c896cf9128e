"""A branching score decides what is split and how soon a search ends, never how it ends."""

from dataclasses import replace
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.configuration import configured
from abduce.errors import InputError
from abduce.verify.branch.scored import ActivationBounds, InputBounds
from abduce.verify.branch.scores import (
    SCORES,
    babsr,
    largest_width,
    relaxation_loss,
    slope_width,
)
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Network
from abduce.verify.strategy import AUTOMATIC, ActivationConfig, InputConfig, Strategy
from abduce.verify.verdict import Proved, Refuted, Verdict
from abduce.verify.verification import Budget, verify
from tests.networks import layered, specification

ENDLESS = Budget(timeout_s=1e9)
SEEDS = st.integers(0, 2**32 - 1)
Array = np.ndarray


def odd_inputs(given: InputBounds) -> Array:
    """The score of somebody else: the input whose width has the oddest digits."""
    return np.modf(given.width * 997.0)[0]


def odd_activations(given: ActivationBounds) -> Array:
    return np.modf(np.abs(given.low) * 997.0)[0]


OWN = replace(
    SCORES,
    inputs={**SCORES.inputs, "odd": odd_inputs},
    activations={**SCORES.activations, "odd": odd_activations},
)


def judged(network: Network, bound: float, strategy: Strategy) -> Verdict:
    """Whether the one output is always above the bound."""
    ends = np.ones(network.input_shape[0])
    below = specification(-ends, ends, [(0 * ends, [1.0], bound, False)])
    return verify(network, below, ENDLESS, strategy, scores=OWN)


def least_of(network: Network, rng: np.random.Generator) -> float:
    n = network.input_shape[0]
    x = np.clip(rng.uniform(-1.3, 1.3, (40_000, n)), -1, 1)
    return float(evaluate(network, x).min())


@settings(max_examples=8, deadline=None)
@given(SEEDS, st.sampled_from([RELU, TANH]), st.sampled_from([0.2, -0.03]))
def test_verdicts_are_the_same_whatever_the_score_is(
    seed: int, function: Nonlinearity, away: float
) -> None:
    rng = np.random.default_rng(seed)
    network = layered(rng, function, 2, 8, 6, 1)
    bound = least_of(network, rng) - away
    strategies = [
        *[Strategy(split="inputs", inputs=InputConfig(score=word)) for word in OWN.inputs],
        Strategy(split="inputs", inputs=InputConfig(lookahead=False)),
    ]
    if function is RELU:  # splitting at tanh may end at no number between the bounds
        strategies += [
            Strategy(split="activations", activations=ActivationConfig(score=word))
            for word in OWN.activations
            if word != "none"  # which splits nothing
        ]
    kinds = {type(judged(network, bound, strategy)) for strategy in strategies}
    assert kinds == {Proved if away > 0 else Refuted}


@pytest.mark.parametrize(
    ("field", "words", "away"),
    [
        ("inputs.score", tuple(SCORES.inputs), 0.05),
        ("inputs.lookahead", ("true", "false"), 0.05),
        ("activations.score", tuple(word for word in SCORES.activations if word != "none"), 0.3),
    ],
)
def test_each_field_of_branching_changes_the_work(field: str, words: tuple, away: float) -> None:
    rng = np.random.default_rng(3)
    network = layered(rng, RELU, 5, 24, 24, 1)
    bound = least_of(network, rng) - away
    split = f"split={field.partition('.')[0]}"
    strategies = [configured(AUTOMATIC, None, [split, f"{field}={word}"]) for word in words]
    found = [judged(network, bound, strategy) for strategy in strategies]
    assert all(isinstance(verdict, Proved) for verdict in found)
    assert len({verdict.work.domains for verdict in found}) > 1


def test_a_word_that_no_table_has_is_an_error_that_lists_those_it_has() -> None:
    network = layered(np.random.default_rng(0), RELU, 2, 3, 1)
    for wrong, table in (
        (Strategy(inputs=InputConfig(score="babsr")), OWN.inputs),
        (Strategy(activations=ActivationConfig(score="slope-width")), OWN.activations),
    ):
        with pytest.raises(InputError, match="score of") as error:
            judged(network, 0.0, wrong)
        assert all(word in str(error.value) for word in table)


@pytest.mark.parametrize(("part", "table"), [(InputConfig, SCORES.inputs),
                                             (ActivationConfig, SCORES.activations)])  # fmt: skip
def test_the_words_that_the_command_takes_are_those_of_the_table(part: type, table: dict) -> None:
    words, _ = get_args(get_type_hints(part)["score"])
    assert get_args(words) == tuple(table)


def activations(function: Nonlinearity, **given: list[list[float]]) -> ActivationBounds:
    arrays: dict[str, Any] = {name: np.array(rows) for name, rows in given.items()}
    bias = arrays.pop("bias")[0]
    return ActivationBounds(function=function, bias=bias, lower_share=0.03, margin=0.1, **arrays)


def test_babsr_is_the_formula_of_its_paper() -> None:
    """Worked by hand: u = 3, l = -1, so that the chord has the slope 3/4 and the offset 3/4."""
    relus = activations(
        RELU,
        low=[[-1.0, -1.0]],
        high=[[3.0, 3.0]],
        coefficient=[[2.0, -2.0]],
        slope=[[0.5, 0.75]],
        offset=[[0.0, 0.75]],
        worst=[[0.0, 0.0]],
        bias=[[0.4, 0.4]],
    )
    positive = max(2 * 0.4 * (0.75 - 1), 2 * 0.4 * 0.75)
    negative = max(-2 * 0.4 * (0.75 - 1), -2 * 0.4 * 0.75) - 2 * 0.75
    np.testing.assert_allclose(babsr(relus), [[abs(positive), abs(negative)]])


@given(SEEDS)
def test_a_line_that_meets_the_function_loses_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(3, 4))
    slope = 1 - np.tanh(z) ** 2
    tangents = ActivationBounds(
        TANH,
        z - 1,
        z + 1,
        rng.normal(size=z.shape),
        slope,
        np.tanh(z) - slope * z,
        z,
        np.zeros(4),
        0.03,
        0.1,
    )
    for score in (relaxation_loss, babsr):
        np.testing.assert_allclose(score(tangents), 0, atol=1e-12)
    points = tangents.split_points
    assert ((points > tangents.low) & (points < tangents.high)).all()


def test_scores_of_inputs_prefer_wide_inputs_and_those_that_count() -> None:
    given = InputBounds(
        np.array([[1.0, 2.0, 0.0]]), np.array([1.0, 2.0, 5.0]), np.array([[[3.0, 1.0, np.nan]]])
    )
    assert largest_width(given).argmax() == 1
    assert slope_width(given).argmax() == 0
    assert np.isfinite(slope_width(given)).all()
    assert slope_width(given)[0, 2] == 0
