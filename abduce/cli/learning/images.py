"""`solve` from images: learn to see symbols, show how well, keep a record and what was learned."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abduce.cli.terminal import print_json, progress, say, show
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.benchmarks.perception.job import ImageJob


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were typed."""

    task: str | None
    operators: str
    oracle: str
    labels: str
    rows: int | None
    source: str | None
    tested: int | None
    seed: int
    timeout_s: float | None

    def job(self, settings: tuple[str, ...]) -> "ImageJob":
        """The job.

        Raises:
            InputError: an option has a value that it cannot have.
        """
        from abduce.benchmarks.data.handwritten import SOURCES
        from abduce.benchmarks.perception.job import ALL, TASKS, ImageJob

        labels: Any = self.labels
        if labels != ALL:
            if not (self.labels.isascii() and self.labels.isdigit() and len(self.labels) < 4):
                raise InputError(f"--labels {self.labels}", ("a whole number below 1,000", ALL))
            labels = int(self.labels)
        for name, value, words in (
            ("the task", self.task, TASKS),
            ("--operators", self.operators, ("given", "unknown")),
            ("--source", self.source or SOURCES[0], SOURCES),
        ):
            if value not in words:
                raise InputError(f"{name} {value}", words)
        return ImageJob(
            task=self.task,  # type: ignore[arg-type]
            operators=self.operators,  # type: ignore[arg-type]
            oracle=self.oracle,
            labels=labels,
            rows=self.rows or 0,
            source=self.source,
            tested=self.tested,
            seed=self.seed,
            timeout_s=self.timeout_s,
            settings=settings,
        )


def solve_images(
    asked: Asked,
    config: Path | None,
    settings: Sequence[str],
    out: Path | None,
    save: Path | None,
    json_: bool,
    quiet: bool,
    data: Path | None,
) -> None:
    """Run what was asked, as `solve` does."""
    from abduce import clock
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.perception.run import run_images
    from abduce.benchmarks.records.record_file import check_writable, records_path
    from abduce.configuration import configured, settings_of
    from abduce.neural.perception.config import PerceptionConfig

    deadline = None if asked.timeout_s is None else clock.wall_s() + asked.timeout_s
    default = PerceptionConfig()
    chosen = configured(default, config, settings)
    job = asked.job(settings_of(chosen, default))
    records = records_path("images", out)
    check_writable(records)
    with progress(quiet) as tell:
        found, record = run_images(
            job,
            chosen,
            records,
            places=folders(data),
            deadline=deadline,
            progress=tell,
            save=save,
        )
    if json_:
        print_json(record.metrics)
    else:
        for line in told(record.metrics):
            show(line)
        for line in () if save is None else _programs(save, record.artifacts):
            show(line)
    if not quiet:
        say(f"record: {records}")
    if not found.in_time:
        say("abduce: the time was up before the training was complete")
        raise typer.Exit(Exit.GAVE_UP)


def _programs(save: Path, artifacts: Mapping[str, str]) -> Iterator[str]:
    """The programs that were learned from the sentences as they are read, and how to use them."""
    from abduce.benchmarks.perception.run import LEXICON
    from abduce.symbolic.nsr import Lexicon

    path = save / LEXICON
    if str(path) in artifacts:
        yield from Lexicon.load(path).show().rstrip("\n").splitlines()
        yield f"for images of your own: abduce answer {path} --image-folder FOLDER"
    else:
        yield "no lexicon is kept: that needs hint, and enough sentences read with their values"


def told(found: Mapping[str, Any]) -> Iterator[str]:
    """The measurements, as text."""
    from abduce.benchmarks.drawing.numbers import percent, seconds

    name = {
        "hint": "HINT's expressions with our images",
        "hwf": "HWF, our images",
        "addition": "MNIST addition",
    }[found["task"]]
    learned = f"learned in {seconds(found['train_s'])}, answered in {seconds(found['test_s'])}"
    yield f"{name}: {percent(found['accuracy'])} of answers right; {learned}"
    yield "by subset: " + ", ".join(f"{k} {percent(v)}" for k, v in found["subsets"].items())
    if found["symbols"]:
        yield "by symbol: " + ", ".join(f"{k} {percent(v)}" for k, v in found["symbols"].items())
    else:
        yield "by symbol: the oracle tells all"
    for symbol, meaning in found["learned"].items():
        yield f"learned: {symbol} = {meaning}"
