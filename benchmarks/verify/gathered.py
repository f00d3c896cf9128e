"""From records of verification to the contents of a report: verdicts and CPU seconds by
benchmark."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from abduce.benchmarks.records.record import Record
from abduce.configuration import leaves
from abduce.verify.strategy import AUTOMATIC, METHOD

ALL = "all"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One benchmark and its records, one for each instance. Each instance is proved, refuted,
    unknown or an error; `wrong` counts proved and refuted ones that contradict the known verdict.
    """

    benchmark: str
    records: tuple[Record, ...]

    @property
    def proved(self) -> int:
        return self._count("unsat")

    @property
    def refuted(self) -> int:
        return self._count("sat")

    @property
    def unknown(self) -> int:
        """The number of unknown instances, those out of time included."""
        return self._count("unknown", "timeout")

    @property
    def errors(self) -> int:
        return self._count("error")

    @property
    def wrong(self) -> tuple[Record, ...]:
        return tuple(r for r in self.records if r.metrics["wrong"])

    @property
    def earlier(self) -> int:
        """The number of records made under an earlier configuration: by another method, or without
        a method, since older records did not hold the whole configuration."""
        return sum(r.config.get("method") != METHOD for r in self.records)

    @property
    def known(self) -> int:
        """How many instances have an expected verdict, sat or unsat."""
        return sum(r.metrics["expected"] in ("sat", "unsat") for r in self.records)

    @property
    def solved_s(self) -> list[float]:
        """The CPU seconds of the instances that are proved or refuted, and not wrongly, in
        ascending order."""
        solved = (r for r in self.records if r.metrics["result"] in ("sat", "unsat"))
        return sorted(cpu_seconds(r) for r in solved if not r.metrics["wrong"])

    @property
    def answered(self) -> float:
        """The share that is proved or refuted, and not wrongly."""
        return len(self.solved_s) / len(self.records)

    @property
    def median_s(self) -> float:
        """The median CPU seconds of all instances, the unknown ones included."""
        return median(map(cpu_seconds, self.records))

    @property
    def slow_s(self) -> float:
        """The 90th percentile of the CPU seconds of all instances."""
        return percentile([cpu_seconds(r) for r in self.records], 90)

    @property
    def longest_s(self) -> float:
        return max(map(cpu_seconds, self.records))

    @property
    def limits_s(self) -> tuple[float, float]:
        """The shortest and the longest time an instance was given, in seconds on the clock."""
        limits = [float(r.task["timeout_s"]) for r in self.records]
        return min(limits), max(limits)

    def _count(self, *results: str) -> int:
        return sum(r.metrics["result"] in results for r in self.records)


def gather_verdicts(records: Iterable[Record]) -> list[Verdicts]:
    """One row for each benchmark, by name. If an instance has several records, the latest counts.

    Records made with changed settings are in a row of their own, which names the settings.
    """
    latest: dict[tuple[str, str, str], Record] = {}
    for record in records:
        if record.kind == "verify":
            name = " ".join((record.task["benchmark"], *_changed(record.config)))
            key = (name, record.task["network"], record.task["property"])
            known = latest.get(key)
            if known is None or record.when >= known.when:
                latest[key] = record
    groups: dict[str, list[Record]] = {}
    for key in sorted(latest):
        groups.setdefault(key[0], []).append(latest[key])
    return [Verdicts(name, tuple(group)) for name, group in groups.items()]


def _changed(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The settings in a record's configuration that differ from the defaults."""
    defaults = {**leaves(AUTOMATIC), "semantics": "real"}

    def told(part: Mapping[str, Any], above: str) -> Iterator[str]:
        for key, value in part.items():
            name = f"{above}{key}"
            if isinstance(value, Mapping):
                yield from told(value, f"{name}.")
            elif value != defaults.get(name, value):
                yield f"{name}={value}"

    return tuple(told(config, ""))


def with_total(rows: Sequence[Verdicts]) -> list[Verdicts]:
    """The rows, and a last one for all instances if there are several."""
    if len(rows) < 2:
        return list(rows)
    return [*rows, Verdicts(ALL, tuple(record for row in rows for record in row.records))]


def cactus(rows: Sequence[Verdicts]) -> dict[str, list[tuple[float, int]]]:
    """For each benchmark, the points (CPU seconds, number of instances solved within them)."""
    return {
        row.benchmark: [(cost, number) for number, cost in enumerate(row.solved_s, start=1)]
        for row in rows
        if row.solved_s
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """The least value that is at least as large as this percentage of the values.

    >>> percentile([1, 2, 3, 4], 50), percentile([1, 2, 3, 4], 51)
    (2, 3)
    """
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def cpu_seconds(record: Record) -> float:
    """The CPU seconds of the whole process; seconds on the clock if CPU seconds were not
    measured."""
    said = record.metrics["cpu_s"]
    return record.wall_s if said is None else float(said)
