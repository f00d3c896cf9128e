"""The loop: a run that goes on is the run that was never interrupted; what is kept comes back."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from abduce import clock
from abduce.errors import ChecksumError, InputError
from abduce.neural.modules.catalogue import MODULES, module_task
from abduce.neural.training import loop
from abduce.neural.training.experiment import Experiment, ModuleTask
from abduce.neural.training.files import checkpoint_path, load, save
from abduce.neural.training.loop import Trained, measured, train

PARITY = module_task("parity", "deltanet")


def small(task: ModuleTask, steps: int = 7) -> Experiment:
    experiment = task.experiments[0]
    return experiment.with_config(
        {"steps": steps, "batch": 4, "warm_up": 2}, {"width": 8, "heads": 2}
    )


def stopping_after(steps: int) -> Callable[[], bool]:
    asked = iter(range(1000))
    return lambda: next(asked) >= steps


def never_a_number(config: Any, seed: int) -> torch.nn.Module:
    module = PARITY.experiments[0].model(config, seed)
    torch.nn.init.constant_(module.embedding.weight, torch.nan)
    return module


def same(one: Trained, other: Trained) -> bool:
    a, b = one.module.state_dict(), other.module.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("steps", [0, 1, 4, 6])
def test_a_run_that_goes_on_is_the_run_that_was_not_interrupted(
    tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "TOLD_EVERY", 3)
    experiment = small(PARITY)
    path = tmp_path / "c.safetensors"
    whole = train(experiment, seed=5)
    part = train(experiment, seed=5, checkpoint=path, stop=stopping_after(steps))
    assert (part.ended, part.steps) == ("interrupted", steps)
    assert not same(part, whole)
    rest = train(experiment, seed=5, checkpoint=path, resume=True)
    assert same(rest, whole)
    assert (rest.ended, rest.steps, rest.losses) == ("complete", 7, whole.losses)
    assert [step for step, _ in whole.losses] == [3, 6]
    assert list(tmp_path.iterdir()) == []


def test_the_seed_is_all_that_randomness_depends_on() -> None:
    experiment = small(PARITY, 2)
    one = train(experiment, seed=1)
    torch.rand(3)
    assert same(one, train(experiment, seed=1))
    assert not same(one, train(experiment, seed=2))


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    experiment, path = small(PARITY), tmp_path / "c.safetensors"
    train(experiment, checkpoint=path, stop=stopping_after(1))
    with pytest.raises(InputError, match="a checkpoint with seed 0, expected seed 1"):
        train(experiment, seed=1, checkpoint=path, resume=True)
    wider = experiment.with_config({}, {"width": 16})
    with pytest.raises(InputError, match="a checkpoint with config"):
        train(wider, checkpoint=path, resume=True)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match="no checkpoint"):
        train(experiment, checkpoint=path, resume=True)


def test_a_deadline_and_a_loss_that_is_no_number_end_a_training(tmp_path: Path) -> None:
    experiment = small(PARITY)
    late = train(experiment, deadline=clock.wall_s() - 1, checkpoint=tmp_path / "c")
    assert (late.ended, late.steps, late.examples) == ("out of time", 0, 0)
    assert (tmp_path / "c").exists()
    wild = replace(experiment, model=never_a_number)
    assert (train(wild).ended, train(wild).steps) == ("diverged", 0)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    experiment = small(PARITY, 2)
    trained = train(experiment, seed=4)
    weights, described = save(trained, tmp_path)
    back = load(experiment, tmp_path)
    assert same(back, trained)
    assert back.module is not trained.module
    assert (back.seed, back.steps, back.losses) == (4, 2, trained.losses)
    assert json.loads(described.read_text())["proved"] is False
    assert not checkpoint_path(experiment, tmp_path).exists()

    assert load(small(PARITY, 3), tmp_path).experiment.config == experiment.config
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ChecksumError):
        load(experiment, tmp_path)
    for text, told in (("{", "no JSON"), ("[]", "a JSON list"), ('{"schema": 9}', "schema 9")):
        described.write_text(text)
        with pytest.raises(InputError, match=told):
            load(experiment, tmp_path)
    described.unlink()
    with pytest.raises(InputError, match="abduce train TASK --method METHOD"):
        load(experiment, tmp_path)


def test_names_are_unique_and_tests_go_beyond_the_training() -> None:
    assert len({(task.task, task.method) for task in MODULES}) == len(MODULES)
    by_name: dict[str, Experiment] = {}
    for task in MODULES:
        assert max(task.sizes) > task.trained_on[1]
        assert any(size <= task.trained_on[1] for size in task.sizes)
        for experiment in task.experiments:
            assert by_name.setdefault(experiment.name, experiment) is experiment
            json.dumps(asdict(experiment.config))


@pytest.mark.parametrize("task", MODULES, ids=lambda task: f"{task.task}-{task.method}")
def test_every_module_learns_a_step_and_is_scored(task: ModuleTask) -> None:
    modules: dict[str, torch.nn.Module] = {}
    for experiment in task.experiments:
        trained = train(experiment.with_config({"steps": 1, "batch": 2, "warm_up": 0}, {}))
        assert trained.ended == "complete"
        modules[experiment.name] = trained.module
    found = measured(task, modules, min(task.sizes), 2)
    assert found["inputs"] == 2
    assert 0 <= found["exact"] <= found["accuracy"] <= 1
    assert measured(task, modules, min(task.sizes), 2)["accuracy"] == found["accuracy"]


@pytest.mark.parametrize("task", MODULES, ids=lambda task: f"{task.task}-{task.method}")
def test_batches_come_from_their_generator_alone(task: ModuleTask) -> None:
    for experiment in task.experiments:
        network = experiment.config.network
        one, other = (experiment.batch(network, np.random.default_rng(7), 3, 0.6) for _ in range(2))
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)


def test_tasks_and_methods_that_there_are_not() -> None:
    with pytest.raises(InputError, match=r"the task 'increment' with --method, expected one of"):
        module_task("increment", "deltanet")
    with pytest.raises(InputError, match=r"the method 'x' of parity, expected one of deltanet"):
        module_task("parity", "x")


@pytest.mark.parametrize(
    ("network", "told"),
    [
        ({"width": 8}, "config"),
        ({"width": 0}, "network.width = 0"),
        ({"width": 10**9}, "fewer than its configuration needs"),
        ({"depth": 1}, "the unknown field 'network.depth'"),
        ({"width": [8]}, "network.width"),
    ],
)
def test_a_configuration_that_is_none_of_the_module_is_refused(
    network: dict[str, Any], told: str, tmp_path: Path
) -> None:
    experiment = small(PARITY, 1)
    _, described = save(train(experiment), tmp_path)
    content = json.loads(described.read_text())
    known = {} if told == "config" else content["config"]["network"]
    content["config"]["network"] = known | network
    described.write_text(json.dumps(content))
    with pytest.raises(InputError, match=told):
        load(experiment, tmp_path)
