"""Trained modules as files: NAME.safetensors with the weights, NAME.json with what they are.

The JSON names the sha256 of the weights and is written last; each file appears whole or not at all.
What is kept here is not proved, and the JSON says so.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from abduce.errors import ChecksumError, InputError
from abduce.files import write_whole
from abduce.neural.training.experiment import Experiment
from abduce.neural.training.loop import Trained

SCHEMA = 1
TRAIN = "abduce train TASK --method METHOD"


def checkpoint_path(experiment: Experiment, folder: Path) -> Path:
    return folder / f"{experiment.name}.checkpoint.safetensors"


def save(trained: Trained, folder: Path) -> tuple[Path, Path]:
    """Write the two files; the paths of the weights and of the JSON.

    Raises:
        OutputError: they cannot be written.
    """
    weights = {name: value.contiguous() for name, value in trained.module.state_dict().items()}
    content = save_tensors(weights)
    told = {
        "schema": SCHEMA,
        "module": trained.experiment.name,
        "proved": False,
        "sha256": hashlib.sha256(content).hexdigest(),
        "config": trained.experiment.config,
        **trained.told,
        "losses": trained.losses,
    }
    tensors, described = _paths(trained.experiment, folder)
    write_whole(tensors, content)
    write_whole(described, (json.dumps(told, indent=1) + "\n").encode())
    return tensors, described


def load(
    experiment: Experiment, folder: Path, device: str = "cpu", command: str = TRAIN
) -> Trained:
    """A module as it was kept in a folder.

    Args:
        command: what to type to train it, for errors.

    Raises:
        InputError: it was never kept there, is of another configuration, or the JSON is none of
            ours.
        ChecksumError: the weights are not those that the JSON speaks of.
    """
    tensors, described = _paths(experiment, folder)
    told = _read(described, f"the module {experiment.name!r}", command)
    _check(told, described, experiment, command)
    return _loaded(experiment, told, tensors, device, command)


def load_file(
    experiments: Sequence[Experiment], path: Path, device: str = "cpu", command: str = TRAIN
) -> Trained:
    """A module of some that are known, from a file of whatever name: its weights, or the JSON that
    lies beside them.

    Raises:
        InputError: there is no such file, it is of another module or configuration, or none of
            ours.
        ChecksumError: the weights are not those that the JSON speaks of.
    """
    described = path.with_suffix(".json")
    told = _read(described, "what a module is, beside its weights", command)
    known = {experiment.name: experiment for experiment in experiments}
    if told.get("module") not in known:
        found = f"the module {told['module']!r}" if "module" in told else "no field 'module'"
        raise InputError(found, tuple(map(repr, known)), described, advice=f"Train it: {command}")
    experiment = known[told["module"]]
    _check(told, described, experiment, command)
    return _loaded(experiment, told, path.with_suffix(".safetensors"), device, command)


def _loaded(
    experiment: Experiment, told: dict[str, Any], tensors: Path, device: str, command: str
) -> Trained:
    try:
        content = tensors.read_bytes()
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise InputError(found, ("the weights of a module",), tensors) from error
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != told["sha256"]:
        advice = f"Train the module again: {command}"
        raise ChecksumError(str(tensors), sha256, told["sha256"], advice)
    module = experiment.model(told["seed"], **experiment.options)
    try:
        module.load_state_dict(load_tensors(content))
    except (SafetensorError, RuntimeError) as error:
        raise InputError(str(error), (f"the weights of {experiment.name}",), tensors) from error
    return Trained(
        experiment=experiment,
        module=module.to(device).eval(),
        ended=told["ended"],
        seed=told["seed"],
        steps=told["steps"],
        cpu_s=told["cpu_s"],
        losses=tuple((step, loss) for step, loss in told["losses"]),
    )


def _paths(experiment: Experiment, folder: Path) -> tuple[Path, Path]:
    return folder / f"{experiment.name}.safetensors", folder / f"{experiment.name}.json"


def _read(path: Path, what: str, command: str) -> dict[str, Any]:
    expected = (f"{what}, as `abduce train --method` keeps it",)
    advice = f"Train it: {command}"
    try:
        told = json.loads(path.read_bytes())
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise InputError(found, expected, path, advice=advice) from error
    except ValueError as error:
        raise InputError("no JSON", expected, path, advice=advice) from error
    if not isinstance(told, dict):
        raise InputError(f"a JSON {type(told).__name__}", expected, path, advice=advice)
    return told


def _check(told: dict[str, Any], path: Path, experiment: Experiment, command: str) -> None:
    """Whether a JSON is of an experiment, and all there."""
    advice = f"Train it: {command}"
    wanted = {"schema": SCHEMA, "module": experiment.name, "config": experiment.config}
    for name, value in wanted.items():
        if told.get(name) != value:
            found = f"{name} {told.get(name)!r}"
            raise InputError(found, (f"{name} {value!r}",), path, advice=advice)
    for name in ("sha256", "ended", "seed", "steps", "cpu_s", "losses"):
        if name not in told:
            expected = (f"the module {experiment.name!r}, as `abduce train --method` keeps it",)
            raise InputError(f"no field {name!r}", expected, path, advice=advice)
