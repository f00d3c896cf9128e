"""The benchmarks of verification in a data folder: finding them, and running them into records.

A benchmark is a folder with an instances.csv, in FOLDER/verify or in FOLDER itself, where FOLDER is
one of `data.folders`: a clone of a competition's repository works too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append, check_writable, read
from abduce.benchmarks.records.selecting import matching
from abduce.benchmarks.verify.gathered import Verdicts, gather_verdicts
from abduce.benchmarks.verify.instances import Instance, read_instances
from abduce.benchmarks.verify.process import Limits, Outcome
from abduce.benchmarks.verify.run import (
    instance_id,
    instance_record,
    judged,
    run_each,
    worst_exit,
)
from abduce.benchmarks.verify.table import verdict_summary
from abduce.errors import DataError, Exit

HOW_TO_GET = (
    "To get those of VNN-COMP: git clone "
    "https://github.com/ChristopherBrix/vnncomp2022_benchmarks (or vnncomp2023_benchmarks, or "
    "https://github.com/stanleybak/vnncomp2021), then name its folder benchmarks with --data or "
    "ABDUCE_DATA. Verdicts are compared with an expected.csv beside instances.csv, if there is "
    "one."
)


@dataclass(frozen=True, slots=True)
class SuiteSummary:
    """The outcome of a run, by benchmark."""

    verdicts: Sequence[Verdicts]

    @property
    def wrong(self) -> list[Record]:
        return [record for row in self.verdicts for record in row.wrong]

    @property
    def failed(self) -> list[Record]:
        """The number of instances that ended in an error."""
        return [r for row in self.verdicts for r in row.records if r.status == "failed"]

    @property
    def exit_code(self) -> Exit:
        return worst_exit(bool(self.wrong), {r.metrics["exit_code"] for r in self.failed})

    def as_json(self) -> dict[str, Any]:
        return {
            "verdicts": verdict_summary(self.verdicts),
            "wrong": [record.command for record in self.wrong],
            "errors": {record.command: record.metrics["reason"] for record in self.failed},
        }

    def lines(self) -> Iterator[str]:
        """Errors and wrong verdicts, as lines of text."""
        for record in self.failed:
            yield f"error: {record.command}: {record.metrics['reason']}"
        for record in self.wrong:
            result, expected = record.metrics["result"], record.metrics["expected"]
            yield f"WRONG: {record.command}: {result} (expected {expected})"


def benchmarks(places: Iterable[Path]) -> dict[str, Path]:
    """The instances.csv of each benchmark, by name; the first place that has the benchmark
    counts."""
    found: dict[str, Path] = {}
    for place in places:
        for folder in (place / "verify", place):
            for path in sorted(folder.glob("*/instances.csv")):
                found.setdefault(path.parent.name, path)
    return dict(sorted(found.items()))


def select(names: Sequence[str], only: str | None, places: Sequence[Path]) -> list[Instance]:
    """The instances of some benchmarks, or of all.

    Args:
        names: none for all.
        only: a regular expression to be found in 'BENCHMARK NETWORK PROPERTY'.

    Raises:
        DataError: a benchmark is missing; says where it was looked for, and how to get it.
        InputError: not a regular expression, or no instance is left; or as `read_instances`.
    """
    there = benchmarks(places)
    looked = tuple(str(place / "verify") for place in places)
    missing = [name for name in names if name not in there]
    if missing or not there:
        what = ", ".join(f"{name}/instances.csv" for name in missing or ["BENCHMARK"])
        listed = f"Benchmarks that were found: {', '.join(there)}.\n" if there else ""
        raise DataError(f"verify: {what}", looked, listed + HOW_TO_GET)
    chosen = [there[name] for name in dict.fromkeys(names or there)]
    return matching(
        (instance for path in chosen for instance in read_instances(path)),
        only,
        lambda instance: " ".join(instance.pair),
        what="instance",
        form="BENCHMARK NETWORK PROPERTY",
    )


def pending(
    todo: Sequence[Instance], records: Path, limits: Limits, seed: int = 0
) -> list[Instance]:
    """The instances without a valid record in a file, which need not exist yet."""
    done = {record.id for record in read(records) if record.stands} if records.exists() else set()
    return [instance for instance in todo if instance_id(instance, limits, seed) not in done]


def run_instances(
    todo: Sequence[Instance],
    records: Path,
    *,
    limits: Limits,
    seed: int = 0,
    placement: Placement = HERE,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Run instances, and append the record of each as soon as it ends.

    Raises:
        OutputError: the records cannot be written.
        KeyboardInterrupt: running instances were stopped; finished ones have their record.
    """
    check_writable(records)
    ran = 0

    def ended(instance: Instance, outcome: Outcome) -> None:
        nonlocal ran
        append(records, instance_record(instance, outcome, limits, seed))
        ran += 1
        if progress is not None:
            told = judged(instance, outcome.result)
            cost = f"{outcome.cpu_s:.1f} CPU s"
            progress(f"{ran}/{len(todo)}  {instance.category} {told} in {cost}")

    run_each(todo, ended, limits=limits, seed=seed, placement=placement)


def summary(
    chosen: Iterable[Instance], records: Path, limits: Limits, seed: int = 0
) -> SuiteSummary:
    """The summary of the last record of each instance under these limits, whenever it was made."""
    last = {record.id: record for record in read(records)}
    ids = [instance_id(instance, limits, seed) for instance in chosen]
    return SuiteSummary(gather_verdicts(last[id_] for id_ in ids if id_ in last))
