"""`train` with --method: train a neural module as its source does, without a proof."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abduce import clock
from abduce.cli.terminal import print_json, progress, say, show
from abduce.door import asked_to_stop
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.neural.training.experiment import ModuleTask
    from abduce.neural.training.loop import Trained

FOLDER = Path("modules")


def train_modules(
    names: Sequence[str],
    method: str,
    *,
    config: Path | None,
    settings: Sequence[str],
    records: Path,
    seed: int,
    folder: Path,
    device: str,
    resume: bool,
    timeout_s: float | None,
    json_: bool,
    quiet: bool,
) -> None:
    """Train the models of tasks, test them by size, and keep them and a record of each.

    Args:
        config, settings: what is changed in the configuration of each model.
        records: the file to add the records to.

    Raises:
        InputError: no such task, method or device, or a checkpoint of another run.
    """
    from abduce.benchmarks.records.record_file import check_writable
    from abduce.neural.kernels.files import check_installed
    from abduce.neural.modules.catalogue import module_task

    tasks = [_changed(module_task(name, method), config, settings) for name in names]
    check_writable(records)
    check_installed()
    check_device(device)
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    known: dict[str, Trained] = {}
    found: list[dict[str, Any]] = []
    with asked_to_stop() as stop:
        for task in tasks:
            with progress(quiet) as tell:
                for experiment in task.experiments:
                    if experiment.name not in known:
                        known[experiment.name] = _trained(
                            experiment, folder, resume, records, method, timeout_s, seed=seed,
                            device=device, deadline=deadline, stop=stop, progress=tell,
                        )  # fmt: skip
                    if known[experiment.name].ended == "interrupted":
                        say(f"abduce: continue with --resume; the checkpoints are in {folder}")
                        raise KeyboardInterrupt
                row = _as_json(task, known, tell, stop)
            found.append(row)
            for line in () if json_ else _told(task, row):
                show(line)
    if json_:
        print_json(found)
    elif not quiet:
        say(f"record: {records}")
    _say_what_is_missing(known)


def _say_what_is_missing(known: "dict[str, Trained]") -> None:
    """Raises: typer.Exit, if a training was not completed."""
    advice = {"out of time": "continue with --resume", "diverged": "try another --seed"}
    late = [trained for trained in known.values() if trained.ended in advice]
    for trained in late:
        say(f"abduce: {trained.experiment.name}: {trained.ended}; {advice[trained.ended]}")
    if late:
        raise typer.Exit(Exit.GAVE_UP)


def _changed(task: "ModuleTask", config: Path | None, settings: Sequence[str]) -> "ModuleTask":
    """A task whose models are configured so."""
    from abduce.configuration import configured

    changed = [
        replace(each, config=configured(each.config, config, settings)) for each in task.experiments
    ]
    return replace(task, experiments=changed)


def _trained(
    experiment: Any,
    folder: Path,
    resume: bool,
    records: Path,
    method: str,
    timeout_s: float | None,
    **options: Any,
) -> "Trained":
    """The saved module, if --resume finds it complete; otherwise a module trained and saved now."""
    from abduce.benchmarks.records.record_file import append
    from abduce.benchmarks.training.records import module_trained
    from abduce.neural.training.files import checkpoint_path, load, save
    from abduce.neural.training.loop import train

    checkpoint = checkpoint_path(experiment, folder)
    if resume and not checkpoint.exists() and (folder / f"{experiment.name}.json").exists():
        kept = load(experiment, folder, options["device"])
        same = kept.experiment.config == experiment.config and kept.seed == options["seed"]
        if same and kept.ended == "complete":
            return kept
    started, began = clock.utc_now(), clock.wall_s()
    trained = train(experiment, checkpoint=checkpoint, resume=resume, **options)
    if trained.ended != "interrupted":
        files, wall_s = save(trained, folder), clock.wall_s() - began
        record = module_trained(
            trained, method, files, timeout_s=timeout_s, started=started, wall_s=wall_s
        )
        append(records, record)
    return trained


def _as_json(
    task: "ModuleTask",
    known: "dict[str, Trained]",
    tell: Callable[[str], None] | None,
    stop: Callable[[], bool],
) -> dict[str, Any]:
    """The JSON of a module."""
    from abduce.neural.training.loop import measured

    models = {experiment.name: known[experiment.name] for experiment in task.experiments}
    modules = {name: trained.module for name, trained in models.items()}
    sizes: list[dict[str, Any]] = []
    for size in task.sizes:
        if stop():
            raise KeyboardInterrupt
        if tell is not None:
            tell(f"{task.task}, {task.method}: testing at size {size}")
        sizes.append(measured(task, modules, size))
    return {
        "task": task.task,
        "method": task.method,
        "proved": False,
        "trained_on": list(task.trained_on),
        "unit": task.unit,
        "given": task.given,
        "models": {name: trained.told for name, trained in models.items()},
        "sizes": sizes,
    }


def _told(task: "ModuleTask", row: dict[str, Any]) -> Iterator[str]:
    """The measurements, as text."""
    low, high = task.trained_on
    yield f"{task.task}, {task.method}: not proved; trained on {low} to {high} {task.unit}"
    yield f"given, not learned: {task.given}"
    for name, model in row["models"].items():
        yield (
            f"{name}: {model['ended']}, {model['examples']:,} examples, "
            f"{model['parameters']:,} parameters, {model['cpu_s']:.1f} CPU s"
        )
    for size in row["sizes"]:
        off = "" if size["error"] is None else f", off by {100 * size['error']:.2f} %"
        inside = " " if low <= size["n"] <= high else "*"
        yield (
            f"{size['n']:>8}{inside} entries right {100 * size['accuracy']:6.2f} %, "
            f"whole answers right {100 * size['exact']:6.2f} % of {size['inputs']}{off}"
        )
        families = size.get("families", {})
        if len(families) > 1:
            yield f"{'':<10}" + ", ".join(
                f"{name} {100 * found['exact']:.0f} %" for name, found in families.items()
            )
    if any(size > high for size in task.sizes):
        yield "       * larger than in training"


def check_device(device: str) -> None:
    """Raises: InputError, where torch has no such device."""
    import torch

    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        there = tuple(_devices())
        none = len(there) == 1
        advice = "PyTorch finds no GPU on this machine." if none else None
        raise InputError(f"the device {device!r}", there, advice=advice) from error


def _devices() -> Iterator[str]:
    """The devices that torch finds."""
    import torch

    yield "cpu"
    yield from (f"cuda:{n}" for n in range(torch.cuda.device_count()))
    if torch.backends.mps.is_available():
        yield "mps"
