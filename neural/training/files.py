"""Trained modules as files: their weights, and a JSON that says what they are.

What is kept here is not proved, and the JSON says so.
"""

from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch

from abduce.errors import InputError
from abduce.neural.store import files as store
from abduce.neural.store.files import COMMON, Fields, Wanted, is_text, is_whole, paths
from abduce.neural.training.experiment import Experiment
from abduce.neural.training.loop import Trained

TRAIN = "abduce train TASK --method METHOD"


def _is_losses(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list)
        and len(pair) == 2
        and type(pair[0]) is int
        and isinstance(pair[1], int | float)
        for pair in value
    )


FIELDS: Fields = MappingProxyType(
    {
        **COMMON,
        "module": ("a name", is_text),
        "proved": ("false", lambda value: value is False),
        "ended": ("how the training ended", is_text),
        "steps": ("a whole number", is_whole(0)),
        "losses": ("pairs of a step and a loss", _is_losses),
    }
)
"""The fields of the JSON: a description of each, and a test of its value."""


def checkpoint_path(experiment: Experiment, folder: Path) -> Path:
    return folder / f"{experiment.name}.checkpoint.safetensors"


def save(trained: Trained, folder: Path) -> tuple[Path, Path]:
    """Write the two files; the paths of the weights and of the JSON.

    Raises:
        OutputError: they cannot be written.
    """
    weights = {n: value.cpu().numpy() for n, value in trained.module.state_dict().items()}
    told = {
        "module": trained.experiment.name,
        "proved": False,
        "config": store.as_told(trained.experiment.config),
        **trained.told,
        "losses": trained.losses,
    }
    return store.write(folder, trained.experiment.name, weights, told)


def load(
    experiment: Experiment, folder: Path, device: str = "cpu", command: str = TRAIN
) -> Trained:
    """A saved module from a folder, with any configuration.

    Args:
        command: what to type to train it, for errors.

    Raises:
        InputError: it was never kept there, is another module, or the JSON is none of ours.
        ChecksumError: the weights are not those that the JSON speaks of.
    """
    return _loaded([experiment], *paths(folder, experiment.name), device, command)


def load_file(
    experiments: Sequence[Experiment], path: Path, device: str = "cpu", command: str = TRAIN
) -> Trained:
    """A module of some that are known, from a file of whatever name: its weights, or the JSON that
    lies beside them.

    Raises:
        InputError: there is no such file, it is of another module, or none of ours.
        ChecksumError: the weights are not those that the JSON speaks of.
    """
    tensors, described = path.with_suffix(".safetensors"), path.with_suffix(".json")
    return _loaded(experiments, tensors, described, device, command)


def _loaded(
    experiments: Sequence[Experiment], tensors: Path, described: Path, device: str, command: str
) -> Trained:
    known = {experiment.name: experiment for experiment in experiments}
    wanted = Wanted(
        what=f"the module {' or '.join(map(repr, known))}, as `abduce train --method` keeps it",
        advice=f"Train it: {command}",
        again=f"Train the module again: {command}",
    )
    told = store.read_told(described, FIELDS, wanted, lambda _: None)
    if told["module"] not in known:
        found = f"the module {store.short(told['module'])}"
        raise InputError(found, tuple(map(repr, known)), described, advice=wanted.advice)
    experiment = known[told["module"]]
    config = store.restored(experiment.config, told["config"], described, wanted)
    experiment = replace(experiment, config=config)
    arrays = store.read_arrays(tensors, told["sha256"], wanted)
    numbers = sum(value.size for value in arrays.values())
    expected = (f"the weights of {experiment.name}",)
    if any(isinstance(n, int) and n > numbers for n in astuple(config.network)):
        found = f"{numbers:,} weights, fewer than its configuration needs"
        raise InputError(found, expected, tensors, advice=wanted.again)
    try:
        module = experiment.made(told["seed"])
        module.load_state_dict({n: torch.from_numpy(v.copy()) for n, v in arrays.items()})
    except RuntimeError as error:
        raise InputError(str(error), expected, tensors, advice=wanted.again) from error
    return Trained(
        experiment=experiment,
        module=module.to(device).eval(),
        ended=told["ended"],
        seed=told["seed"],
        steps=told["steps"],
        cpu_s=told["cpu_s"],
        losses=tuple((step, loss) for step, loss in told["losses"]),
    )
