"""From records of executed programs to what a report shows: accuracy by size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from abduce.benchmarks.execution.published import PUBLISHED, Published
from abduce.benchmarks.records.record import Record, config_hash
from abduce.benchmarks.records.selecting import latest

LEVELS = ("L0", "L1", "L2", "module")
FIRST_METHOD = "method 1"


@dataclass(frozen=True, slots=True)
class AtSize:
    """The shares of right answers at one size: mean, least and greatest over the seeds.

    Attributes:
        name: the name in records; several may have one `n`, which counts what the size is measured
            in.
        accuracy: the share of right entries.
        exact: the share of inputs that are right in every entry.
        gap: how much longer tours are than those of LKH, as the mean over the seeds; None where
            that was not measured.
    """

    name: str
    n: int
    accuracy: tuple[float, float, float]
    exact: tuple[float, float, float]
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Executed:
    """One task, method, level and configuration, and its records, one a seed: the latest complete
    one.

    Attributes:
        configuration: a short name of what was asked, where the records of a task, method and level
            were asked several things; else ''.
    """

    task: str
    method: str
    level: str
    records: tuple[Record, ...]
    configuration: str = ""

    @property
    def proved(self) -> str:
        """The number of seeds whose kernels are all proved, as text."""
        said = [record.metrics["proved"] for record in self.records]
        if None in said:
            return "nothing learned"
        if not any(said):
            return "no"
        return "yes" if all(said) else f"{sum(said)} of {len(said)}"

    @property
    def attempts(self) -> int:
        """The number of trainings until the proof, the greatest of all seeds and kernels; 0 where
        there are none."""
        told = (kernel for record in self.records for kernel in record.metrics["kernels"].values())
        return max((kernel["attempts"] for kernel in told), default=0)

    @property
    def trained_on(self) -> tuple[int, int] | None:
        low, high = self.records[-1].metrics.get("trained_on") or (0, 0)
        return (low, high) if high else None

    @property
    def unit(self) -> str:
        return self.records[-1].metrics.get("unit") or "size"

    def mean(self, metric: str) -> float:
        return fmean(float(record.metrics[metric]) for record in self.records)

    @property
    def sizes(self) -> list[AtSize]:
        """The sizes in ascending order, each over the seeds that were tested at it."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for record in reversed(self.records):
            for name, size in record.metrics["sizes"].items():
                found.setdefault(name, []).append(size)
        told = (
            AtSize(
                name,
                int(sizes[0]["n"]),
                _spread([size["accuracy"] for size in sizes]),
                _spread([size["exact"] for size in sizes]),
                _gap([size.get("gap") for size in sizes]),
            )
            for name, sizes in found.items()
        )
        return sorted(told, key=lambda size: size.n)

    @property
    def lacks_peer(self) -> bool:
        """Whether tours were not compared with those of LKH, as its package elkai was missing."""
        sizes = (size for r in self.records for size in r.metrics["sizes"].values())
        return any("gap" in size and size["gap"] is None for size in sizes)

    def beyond(self, size: AtSize) -> bool:
        """Whether a size is larger than those of the training."""
        return self.trained_on is not None and size.n > self.trained_on[1]


def gather_executed(records: Iterable[Record]) -> list[Executed]:
    """A row a task, method, level and configuration; if a seed has several records, the latest
    counts."""
    groups: dict[tuple[str, int, str], dict[str, list[Record]]] = {}
    tested = [record for record in records if record.metrics.get("sizes")]
    for record in latest(tested, "execute"):
        task = record.task
        row = task["task"], LEVELS.index(task["level"]), task["method"] or ""
        groups.setdefault(row, {}).setdefault(_configuration(record), []).append(record)
    return [
        Executed(
            task,
            method,
            LEVELS[level],
            tuple(sorted(group, key=lambda r: r.seed)),
            configuration if len(variants) > 1 else "",
        )
        for (task, level, method), variants in sorted(groups.items(), key=lambda item: item[0])
        for configuration, group in sorted(variants.items(), key=lambda item: item[0])
    ]


def _configuration(record: Record) -> str:
    """A short name of the task of a record; records of method 1 do not say it whole."""
    if "method" not in record.config:
        return FIRST_METHOD
    return config_hash({"task": dict(record.task), "config": dict(record.config)})


def remark(rows: Sequence[Executed]) -> str:
    """A remark on records that do not hold their configuration; '' if all do."""
    records = [record for row in rows for record in row.records]
    old = sum(_configuration(record) == FIRST_METHOD for record in records)
    if not old:
        return ""
    return (
        f"{old:,} of {len(records):,} records are of method 1: they were made under an earlier "
        "configuration, which they do not contain."
    )


def published(rows: Sequence[Executed]) -> list[Published]:
    """The published regimes of tasks that are among the rows."""
    tasks = {row.task for row in rows}
    return [known for known in PUBLISHED if tasks & {*known.tasks}]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a figure.

    Attributes:
        points: (size, mean, least, most) of the accuracy, the sizes ascending.
    """

    name: str
    level: str
    points: tuple[tuple[int, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One task: accuracy against size.

    Attributes:
        ranges: sizes of trainings, each once.
    """

    task: str
    unit: str
    lines: tuple[Line, ...]
    ranges: tuple[tuple[int, int], ...]


def panels(rows: Sequence[Executed]) -> list[Panel]:
    """A panel a task, a line a level; modules have a line for each method.

    Where a line has several accuracies at one size, of methods or of other properties of inputs,
    the band has them all.
    """
    found: list[Panel] = []
    for task in dict.fromkeys(row.task for row in rows):
        mine = [row for row in rows if row.task == task]
        groups: dict[tuple[str, str], list[Executed]] = {}
        for row in mine:
            name = row.method if row.level == "module" else row.level
            groups.setdefault((name, row.level), []).append(row)
        lines = (Line(name, level, _points(group)) for (name, level), group in groups.items())
        kept = tuple(line for line in lines if line.points)
        if kept:
            units = [row.unit for row in mine if row.unit != "size"]
            ranges = tuple(dict.fromkeys(row.trained_on for row in mine if row.trained_on))
            found.append(Panel(task, units[0] if units else "size", kept, ranges))
    return found


def _points(rows: Sequence[Executed]) -> tuple[tuple[int, float, float, float], ...]:
    by_size: dict[int, list[tuple[float, float, float]]] = {}
    for row in rows:
        for size in row.sizes:
            if size.n > 0:
                by_size.setdefault(size.n, []).append(size.accuracy)
    return tuple(
        (n, fmean(m for m, _, _ in told), min(a for _, a, _ in told), max(b for _, _, b in told))
        for n, told in sorted(by_size.items())
    )


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return fmean(values), min(values), max(values)


def _gap(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
