"""`execute` with the --method of a neural module: run it, and compare with the exact machine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce import clock
from abduce.cli.modules import FOLDER, check_device
from abduce.cli.recording import add_record
from abduce.cli.terminal import check_options, print_json, progress, say, show
from abduce.errors import InputError

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record
    from abduce.neural.modules.answers import ModuleAnswer
    from abduce.neural.training.experiment import ModuleTask
    from abduce.neural.training.loop import Trained


def execute_modules(
    name: str,
    method: str | None,
    read: Callable[[], tuple[str, str]],
    options: Mapping[str, Any],
    *,
    folder: Path,
    files: Sequence[Path],
    device: str,
    record: Path | None,
    trace: bool,
    json_: bool,
    quiet: bool,
) -> None:
    """Run trained modules on an input, and compare with the exact machine.

    Args:
        read: gives the input and its name.
        options: all options of `execute`; most do not apply here.
        files: files of modules to use instead of those in the folder.

    Raises:
        InputError: there is no such method or trained module, an option does not apply, or the
            input cannot be read or is too large for the module.
    """
    from abduce.neural.kernels.files import check_installed
    from abduce.neural.modules.answers import answered
    from abduce.neural.modules.catalogue import methods_of, module_task
    from abduce.neural.modules.jobs import MODULE_JOBS
    from abduce.symbolic.machines.jobs import Request

    if method is None:
        expected = tuple(f"--method {each}" for each in methods_of(name))
        raise InputError(f"{name} without a method", expected)
    task, job = module_task(name, method), MODULE_JOBS[name]
    given = {"trace": trace, **options}
    check_options(f"--method {method}", given, (*job.options, *(("trace",) if job.traced else ())))
    check_installed()
    check_device(device)
    models = _kept(task, folder, files, device)
    places = _files(models, folder, files)
    text, path = read()
    steps: list[str] = []
    started, began = clock.utc_now(), clock.wall_s()
    start = clock.cpu_s()
    with progress(quiet or trace) as tell:
        request = Request(
            text=text,
            path=path,
            kernels={},
            note=(steps.append if json_ else say) if trace else None,
            progress=tell,
            **{option: options[option] for option in job.options},
        )
        parts = {model: trained.module for model, trained in models.items()}
        found, exact = answered(job, task, parts, request)
    seconds = clock.cpu_s() - start

    def made() -> "Record":
        from abduce.benchmarks.training.records import answered as told
        from abduce.neural.training.experiment import METHOD

        given_options = {n: value for n, value in options.items() if value not in (None, False)}
        configs = {name: asdict(one.experiment.config) for name, one in models.items()}
        return told(
            {"task": name, **given_options, "method": method, "level": "module"},
            {"method": METHOD, "models": configs},
            text,
            found.value,
            proved=False,
            gave_up=False,
            files=[file for each in places.values() for file in each],
            started=started,
            wall_s=clock.wall_s() - began,
            cpu_s=seconds,
        )

    add_record(record, made)
    if json_:
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
                "device": device,
                "cpu_s": round(seconds, 4),
            }
            | ({"trace": steps} if trace else {})
        )
        return
    for line in found.lines:
        show(line)
    for line in _judged(task, models, found, quiet):
        say(line)


def _kept(
    task: "ModuleTask", folder: Path, files: Sequence[Path], device: str
) -> "dict[str, Trained]":
    """The trained models of a task by name, from files where these are named."""
    from abduce.neural.training.files import load, load_file

    command = f"abduce train {task.task} --method {task.method}"
    if folder != FOLDER:
        command += f" --modules {folder}"
    named = [load_file(task.experiments, file, device, command) for file in files]
    found = {trained.experiment.name: trained for trained in named}
    for experiment in task.experiments:
        if experiment.name not in found:
            found[experiment.name] = load(experiment, folder, device, command)
    return found


def _files(
    models: "Mapping[str, Trained]", folder: Path, files: Sequence[Path]
) -> dict[str, Sequence[Path]]:
    """The files of the trained models, by name."""
    from abduce.neural.store.files import paths

    named = {
        str(file): (file.with_suffix(".safetensors"), file.with_suffix(".json")) for file in files
    }
    kept = {name: paths(folder, name) for name in models if paths(folder, name)[0].exists()}
    return {**kept, **named}


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
