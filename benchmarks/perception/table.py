"""Records of what was learned from images, as a table: a line for each job, over all seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.perception.method import METHOD
from abduce.benchmarks.records.record import Record

ABOUT = (
    "Symbols are learned from images of sentences and their values. HINT's own images were not to "
    "be had: its expressions are shown with our images, and so are handwritten formulas (HWF). "
    "Every image of the test is one that training never sees. The spread is that of the seeds."
)


LANGUAGES: Final = {
    "hint": "HINT's expressions, our images",
    "hwf": "HWF, our images",
    "addition": "MNIST addition, 4,000 images",
}


@dataclass(frozen=True, slots=True)
class ImageRuns:
    """The runs of one job with different seeds."""

    job: str
    accuracies: tuple[float, ...]
    subsets: Mapping[str, float]
    symbols: float | None
    train_s: float


def gather_images(records: Sequence[Record]) -> list[Record]:
    """The complete records of images by this method, the latest one of each job and seed."""
    own = [r for r in records if r.kind == "images" and r.config.get("method") == METHOD]
    found = {record.id: record for record in own}
    return [record for record in found.values() if record.status == "complete"]


def image_runs(records: Sequence[Record]) -> list[ImageRuns]:
    """The runs by job, in the order of their first records."""
    jobs: dict[str, list[Mapping[str, Any]]] = {}
    for record in gather_images(records):
        jobs.setdefault(job_name(record.task, record.metrics), []).append(record.metrics)
    return [
        ImageRuns(
            job=name,
            accuracies=tuple([each["accuracy"] for each in runs]),
            subsets={
                subset: mean([each["subsets"][subset] for each in runs])
                for subset in runs[0]["subsets"]
            },
            symbols=mean([mean(each["symbols"].values()) for each in runs])
            if all(each["symbols"] for each in runs)
            else None,
            train_s=mean([each["train_s"] for each in runs]),
        )
        for name, runs in jobs.items()
    ]


def job_name(task: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """A job in a few words, without its seed."""
    parts = [LANGUAGES.get(task["task"], task["task"])]
    if found.get("peer"):
        parts.append(found["peer"])
    if task["operators"] == "unknown":
        parts.append("operators unknown")
    if task["task"] == "hint" and not task["oracle"]:
        parts.append("nothing given")
    if task["oracle"]:
        parts.append(f"{task['oracle'].replace(',', ' and ')} given")
    labels = task["labels"]
    if labels:
        parts.append("every label" if labels == "all" else f"{labels} labels a symbol")
    if task["source"]:
        parts.append(f"+ - * of {task['source']} to the other source")
    parts += found.get("settings", ())
    return "; ".join(parts)


def _spread(accuracies: Sequence[float]) -> str:
    if len(accuracies) == 1:
        return percent(accuracies[0])
    ends = f"{percent(min(accuracies))} to {percent(max(accuracies))}"
    return f"{percent(mean(accuracies))} ({ends})"


COLUMNS: Sequence[Column[ImageRuns]] = (
    Column("job", lambda row: row.job),
    Column("seeds", lambda row: str(len(row.accuracies)), right=True),
    Column("answers", lambda row: _spread(row.accuracies), right=True),
    Column("by subset", lambda row: ", ".join(f"{k} {percent(v)}" for k, v in row.subsets.items())),
    Column("symbols", lambda row: "" if row.symbols is None else percent(row.symbols), right=True),
    Column("learned in", lambda row: seconds(row.train_s), right=True),
)


def images_tables(records: Sequence[Record]) -> list[Table]:
    """One table of all jobs."""
    return [table_of(COLUMNS, image_runs(records))]


def images_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("From images", ABOUT, html(table)) for table in images_tables(records)]


def images_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The figures as plain data, for --json."""
    return [
        {
            "job": runs.job,
            "accuracies": list(runs.accuracies),
            "subsets": dict(runs.subsets),
            "symbols": runs.symbols,
            "train_s": runs.train_s,
        }
        for runs in image_runs(records)
    ]
