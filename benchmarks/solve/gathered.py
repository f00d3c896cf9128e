"""From records to what a report shows: runs of one setting gathered over their seeds."""

import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, stdev

from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """The task of the learner, without the seed."""

    task: str
    split: str
    active: bool
    noise: float
    train_rows: int
    changed: tuple[str, ...] = ()
    """What was changed in the learner's configuration, as ``--set`` says it."""

    @property
    def label(self) -> str:
        """The setting's name in tables and figures: split, active where it was, and changes."""
        active = ["active"] if self.active else []
        return ", ".join([self.split, *active, *self.changed])


@dataclass(frozen=True, slots=True)
class Spread:
    """A measurement over the seeds of one setting."""

    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One setting and its records, one a seed: the latest complete one."""

    setting: Setting
    records: tuple[Record, ...]

    def spread(self, metric: str) -> Spread | None:
        """Mean, standard deviation and range of a metric; None where no record has it."""
        values = [
            float(r.metrics[metric]) for r in self.records if r.metrics.get(metric) is not None
        ]
        if not values:
            return None
        sd = stdev(values) if len(values) > 1 else 0.0
        return Spread(fmean(values), sd, min(values), max(values))

    def total(self, metric: str) -> int:
        return sum(int(r.metrics.get(metric) or 0) for r in self.records)

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(sorted({r.metrics.get("config_hash") or "" for r in self.records}))


def gather(records: Iterable[Record], kind: str = "solve") -> list[Row]:
    """The rows of a report, in the order of their settings.

    Only complete runs count. If runs have the same id, on any commit, only the latest counts. If
    runs of one setting are of several versions of the learner, only those of the newest count.
    """
    groups: dict[Setting, list[Record]] = {}
    tested = [record for record in records if record.metrics.get("accuracy") is not None]
    for record in latest(tested, kind):
        groups.setdefault(setting(record), []).append(record)
    return [Row(s, _of_newest(groups[s])) for s in sorted(groups)]


def _of_newest(records: Sequence[Record]) -> tuple[Record, ...]:
    """Those of the newest version, by seed; records without a version are the oldest."""
    versions = [record.config.get("method") or 0 for record in records]
    newest = [r for r, version in zip(records, versions, strict=True) if version == max(versions)]
    return tuple(sorted(newest, key=lambda record: record.seed))


def unfinished(records: Iterable[Record]) -> list[Record]:
    """The records of runs that are no result, and whose id did not become one later either."""
    known = list(records)
    done = {r.id for r in known if r.stands}
    return [r for r in known if not r.stands and r.id not in done]


def setting(record: Record) -> Setting:
    """The setting of a run; an active run has no rows, since it chooses its own."""
    metrics, task = record.metrics, record.task
    active = bool(metrics.get("active"))
    return Setting(
        task=metrics.get("task") or task.get("task") or "?",
        split=metrics.get("split") or task.get("split") or "all",
        active=active,
        noise=float(metrics.get("noise") or 0.0),
        train_rows=0 if active else int(metrics.get("train_rows") or 0),
        changed=_changed(record.command),
    )


def _changed(command: str) -> tuple[str, ...]:
    words = shlex.split(command)
    return tuple([after for word, after in pairwise(words) if word == "--set"])


def main_rows(rows: Sequence[Row]) -> list[Row]:
    """For each split, the row without noise and with the most training rows, and active rows.

    Rows with a changed configuration are experiments, and are left out.
    """
    clean = [row for row in rows if row.setting.noise == 0 and not row.setting.changed]
    best: dict[tuple[str, str], Row] = {}
    for row in clean:
        key = (row.setting.task, row.setting.label)
        if key not in best or row.setting.train_rows > best[key].setting.train_rows:
            best[key] = row
    return list(best.values())


def curves(
    rows: Sequence[Row], along: Callable[[Setting], float], keep: Callable[[Setting], bool]
) -> dict[tuple[str, str], list[Row]]:
    """(task, split) to the kept rows along one number; only where it takes several values."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if keep(row.setting):
            found.setdefault((row.setting.task, row.setting.label), []).append(row)
    return {
        key: sorted(group, key=lambda r: along(r.setting))
        for key, group in found.items()
        if len({along(r.setting) for r in group}) > 1
    }


def by_rows(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """The learning curves: accuracy without noise along the number of training rows."""
    return curves(rows, lambda s: s.train_rows, lambda s: s.noise == 0 and not s.active)


def by_noise(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """The noise curves, at the largest number of training rows that was run with noise."""
    most: dict[tuple[str, str], int] = {}
    for row in rows:
        s = row.setting
        if s.noise > 0:
            most[s.task, s.label] = max(most.get((s.task, s.label), 0), s.train_rows)
    return curves(rows, lambda s: s.noise, lambda s: most.get((s.task, s.label)) == s.train_rows)


def flat(found: dict[tuple[str, str], list[Row]]) -> list[Row]:
    """The rows of all these curves, in one list."""
    return [row for group in found.values() for row in group]


def commands(rows: Iterable[Row]) -> list[str]:
    """The commands that made some rows, each once, in order."""
    return list(dict.fromkeys(record.command for row in rows for record in row.records))
