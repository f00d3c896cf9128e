"""What a record of execution was asked: its task and its whole configuration.

The configuration is that of training, of just those kernels or models that the job needs; at L0,
where nothing is learned, it is the version of the method alone. What is tested, and within which
limits, is part of the task.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from abduce.benchmarks.execution.modules import MODULE
from abduce.benchmarks.execution.tests import TRIALS
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.score import TEST_SEED
from abduce.configuration import configured, settings_of
from abduce.errors import InputError
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG, METHOD, Config, check, recorded
from abduce.neural.modules.catalogue import module_task
from abduce.neural.training import experiment as training
from abduce.neural.training.experiment import Experiment

C = TypeVar("C")
TESTS: Final = 1
"""The version of the tests, which is part of every record's task. Raise it with every change of the
inputs that are drawn, of what is expected of them, or of what counts as right."""


def settings_for(
    task: str, method: str, level: str, file: Path | None, settings: Sequence[str]
) -> tuple[str, ...]:
    """The settings that count for a job, of those of a file and of single ones.

    Raises:
        InputError: one is no setting of the kernels, or of the models, behind the job.

    >>> settings_for("add", "", "L1", None, ["stream.seen=32", "mask.lists=9"])
    ('stream.seen=32',)
    """
    if level == MODULE:
        models = module_task(task, method).experiments
        changed = [(_chosen(each.config, file, settings, level), each.config) for each in models]
        return tuple(dict.fromkeys(s for pair in changed for s in settings_of(*pair)))
    known = settings_of(_chosen(CONFIG, file, settings, level), CONFIG)
    read = {"attempts", *_parts(task, method, level)} if level != "L0" else set[str]()
    return tuple(s for s in known if s.partition("=")[0].partition(".")[0] in read)


def kernel_config(settings: Sequence[str]) -> Config:
    """How kernels are trained under these settings."""
    return configured(CONFIG, None, settings)


def experiments(task: str, method: str, settings: Sequence[str]) -> tuple[Experiment, ...]:
    """The models of a module's task under these settings."""
    return tuple(
        replace(each, config=configured(each.config, None, settings))
        for each in module_task(task, method).experiments
    )


def recorded_config(task: str, method: str, level: str, settings: Sequence[str]) -> dict[str, Any]:
    """The configuration of a record."""
    if level != MODULE:
        return recorded(kernel_config(settings), _parts(task, method, level))
    models = experiments(task, method, settings)
    return {"method": training.METHOD, "models": {m.name: asdict(m.config) for m in models}}


def asked(task: str, method: str, level: str, limit_s: float) -> dict[str, Any]:
    """The task of a record: what is tested, at which sizes and within which time."""
    return {
        "task": task,
        "method": method or None,
        "level": level,
        "timeout_s": limit_s,
        "tests": {"version": TESTS, "seed": TEST_SEED, **_tested(task, method, level)},
    }


def of_earlier_method(records: Sequence[Record]) -> Iterator[Record]:
    """The records that an earlier method made; the first method did not record its
    configuration."""
    for record in records:
        now = training.METHOD if record.task.get("level") == MODULE else METHOD
        if record.kind == "execute" and record.config.get("method", 1) != now:
            yield record


def _chosen(default: C, file: Path | None, settings: Sequence[str], level: str) -> C:
    try:
        chosen = configured(default, file, settings)
        if isinstance(chosen, Config):
            check(chosen)
        return chosen
    except InputError as error:
        kind = "neural modules" if level == MODULE else "kernels"
        advice = f"These are the settings of {kind}; --only chooses the jobs to run."
        raise replace(error, advice=error.advice or advice) from error


def _parts(task: str, method: str, level: str) -> tuple[str, ...]:
    """The parts of the configuration that the kernels of a job are trained by."""
    if level == "L0":
        return ()
    return tuple(TASKS[name].part for name in TRIALS[task, method].kernels(level))


def _tested(task: str, method: str, level: str) -> Mapping[str, Any]:
    if level == MODULE:
        module = module_task(task, method)
        return {
            "inputs": module.inputs,
            "sizes": list(module.sizes),
            "trained_on": list(module.trained_on),
        }
    return {"sizes": {size.name: asdict(size) for size in TRIALS[task, method].sizes_at(level)}}
