"""`execute` with the --method of a neural module: run it, and compare with the exact machine."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce import clock
from abduce.cli.job_options import ModuleOptions, RunOptions
from abduce.cli.modules import FOLDER, check_device
from abduce.cli.recording import add_record, check_record_file
from abduce.cli.terminal import print_json, progress, say, show
from abduce.errors import InputError

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record
    from abduce.neural.modules.answers import ModuleAnswer
    from abduce.neural.training.experiment import ModuleTask
    from abduce.neural.training.loop import Trained


def execute_module(
    name: str,
    method: str | None,
    read: Callable[[], tuple[str, str]],
    options: Any,
    run: RunOptions,
    where: ModuleOptions,
) -> None:
    """Run trained modules on an input, and compare with the exact machine.

    Args:
        read: gives the input and its name.
        options: those of the job.

    Raises:
        InputError: there is no such method or trained module, or the input cannot be read or is too
            large for the module.
    """
    from abduce.neural.kernels.files import check_installed
    from abduce.neural.modules.answers import answered
    from abduce.neural.modules.catalogue import methods_of, module_task
    from abduce.neural.modules.jobs import MODULE_JOBS
    from abduce.symbolic.machines.jobs import RunContext

    if method is None:
        expected = tuple(f"--method {each}" for each in methods_of(name))
        raise InputError(f"{name} without a method", expected)
    task, job = module_task(name, method), MODULE_JOBS[name]
    check_installed()
    check_device(where.device)
    models = _kept(task, where)
    check_record_file(run.record)
    text, path = read()
    steps: list[str] = []
    started, began = clock.utc_now(), clock.wall_s()
    note = (steps.append if run.json_ else say) if run.trace else None
    start = clock.cpu_s()
    with progress(run.quiet or run.trace) as tell:
        context = RunContext(path=path, note=note, progress=tell)
        parts = {model: trained.module for model, trained in models.items()}
        found, exact = answered(job, task, text, parts, options, context)
    seconds = clock.cpu_s() - start

    def recorded() -> "Record":
        from abduce.benchmarks.training.records import answered as told
        from abduce.neural.training.experiment import METHOD

        configs = {name: asdict(one.experiment.config) for name, one in models.items()}
        return told(
            {"task": name, **asdict(options), "method": method, "level": "module"},
            {"method": METHOD, "models": configs},
            text,
            found.value,
            proved=False,
            gave_up=False,
            files=_files(models, where),
            started=started,
            wall_s=clock.wall_s() - began,
            cpu_s=seconds,
        )

    add_record(run.record, recorded)
    if run.json_:
        print_json(
            {
                "task": name,
                "method": method,
                "proved": False,
                "answer": found.value,
                "right": found.right,
                "entries": found.entries,
                "entry": found.entry,
                "error": found.error,
                "exact": exact.value,
                "size": found.size,
                "unit": task.unit,
                "trained_on": list(task.trained_on),
                "models": {model: trained.told for model, trained in models.items()},
                "device": where.device,
                "cpu_s": round(seconds, 4),
            }
            | ({"trace": steps} if run.trace else {})
        )
        return
    for line in found.lines:
        show(line)
    for line in _judged(task, models, found, run.quiet):
        say(line)


def _kept(task: "ModuleTask", where: ModuleOptions) -> "dict[str, Trained]":
    """The trained models of a task by name, from files where these are named."""
    from abduce.neural.training.files import load, load_file

    command = f"abduce train {task.task} --method {task.method}"
    if where.modules != FOLDER:
        command += f" --modules {where.modules}"
    files = where.model or ()
    named = [load_file(task.experiments, file, where.device, command) for file in files]
    found = {trained.experiment.name: trained for trained in named}
    for experiment in task.experiments:
        if experiment.name not in found:
            found[experiment.name] = load(experiment, where.modules, where.device, command)
    return found


def _files(models: "Mapping[str, Trained]", where: ModuleOptions) -> list[Path]:
    """The files of the trained models."""
    from abduce.neural.store.files import paths

    named = [
        each.with_suffix(end) for each in where.model or () for end in (".safetensors", ".json")
    ]
    kept = [file for name in models for file in paths(where.modules, name) if file.exists()]
    return [*named, *kept]


def _judged(
    task: "ModuleTask",
    models: "Mapping[str, Trained]",
    found: "ModuleAnswer",
    quiet: bool,
) -> Iterator[str]:
    """The notes on an answer; that it is not proved is printed with --quiet too."""
    low, high = task.trained_on
    beyond = f"; this input has {found.size:,}" if not low <= found.size <= high else ""
    yield f"{task.task}, {task.method}: not proved; trained on {low} to {high} {task.unit}{beyond}"
    if quiet:
        return
    for name, trained in models.items():
        if trained.ended != "complete":
            yield f"{name}: its training was {trained.ended} after {trained.examples:,} examples"
    if found.right is not None and found.entries > 1:
        yield f"right in {found.right:,} of {found.entries:,} {found.entry}"
    elif found.right is not None:
        yield "right" if found.right else "wrong"
    yield from found.remarks
