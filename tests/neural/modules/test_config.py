"""Every field of a module's configuration is read: another value changes what is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
import torch

from abduce.configuration import configured, leaves
from abduce.neural.modules.catalogue import MODULES
from abduce.neural.modules.pointer_network.beam import beam_search
from abduce.neural.modules.pointer_network.rules import RULES
from abduce.neural.training.experiment import Experiment, ModuleConfig
from abduce.neural.training.loop import train

EXPERIMENTS: Final = {each.name: each for task in MODULES for each in task.experiments}
BRIEF: Final[Mapping[str, Sequence[str]]] = {
    "execution-engine-select": ("network.layers=1", "network.hidden=8", "schedule.batch=4"),
    "deltanet-parity": ("network.width=8", "network.heads=2", "schedule.batch=4"),
    "attention-hull": ("network.width=8", "schedule.batch=4"),
    "convergent-value-iteration": (
        "network.width=4", "network.hidden=4", "network.layers=1", "schedule.batch=1",
    ),
    "transformer-lambda": (
        "network.width=16", "network.heads=2", "network.inner=16", "network.layers=1",
        "schedule.batch=2",
    ),
}  # fmt: skip
"""A model of each architecture, with what makes it small."""
STEPS: Final = ("schedule.steps=3", "schedule.warm_up=1", "schedule.clip=0.001")
OTHERS: Final[Mapping[str, Any]] = {
    "schedule.clip": 1e9,
    "schedule.warm_up": 2,
    "network.negative": False,
    "network.tolerance": 0.5,
    "network.limit": 1,
}
"""Other values, where half of a number or twice as much of a whole number is none."""
FIELDS: Final = [
    (name, field)
    for name in BRIEF
    for field in leaves(EXPERIMENTS[name].config)
    if field not in ("network.beams", "network.grown")
]


def brief(name: str, settings: Sequence[str] = ()) -> Experiment:
    default = EXPERIMENTS[name].config
    config = configured(configured(default, None, (*STEPS, *BRIEF[name])), None, settings)
    return EXPERIMENTS[name].with_config(asdict(config.schedule), asdict(config.network))


def other(config: ModuleConfig, field: str) -> Any:
    value = leaves(config)[field]
    changed = 2 * value if isinstance(value, int) else value / 2
    return str(OTHERS.get(field, changed)).lower()


@cache
def outcome(experiment: Experiment) -> Mapping[str, list[float]]:
    trained = train(experiment)
    assert trained.ended == "complete"
    return {name: value.tolist() for name, value in trained.module.state_dict().items()}


def test_there_is_a_model_of_each_architecture() -> None:
    kinds = {type(each.config.network) for each in EXPERIMENTS.values()}
    assert {type(EXPERIMENTS[name].config.network) for name in BRIEF} == kinds


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_another_value_of_a_field_changes_what_is_trained(name: str, field: str) -> None:
    before = brief(name)
    after = brief(name, [f"{field}={other(before.config, field)}"])
    assert after.config != before.config
    assert outcome(after) != outcome(before)


def test_words_grow_for_as_long_as_is_said() -> None:
    experiment, grown = EXPERIMENTS["deltanet-parity"], "network.grown=1"
    changed = configured(experiment.config, None, [grown]).network
    batches = [
        experiment.batch(network, np.random.default_rng(0), 2, 0.5)["tokens"].shape[1]
        for network in (experiment.config.network, changed)
    ]
    assert batches[0] > batches[1]


def test_a_search_keeps_as_many_beginnings_as_is_said() -> None:
    answers: list[list[list[int]]] = []
    points = torch.rand(8, 9, 2, generator=torch.Generator().manual_seed(0))
    for beams in (1, 8):
        network = brief("attention-hull", [f"network.beams={beams}"]).made(0)
        answers.append(beam_search(network, points, RULES["hull"]))
    assert answers[0] != answers[1]
