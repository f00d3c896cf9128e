"""Whether rows fix the symbols, decided on planted sets and their twins; each has a record."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.data.hint import hint_readings
from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.learner.planted import PAIRS, ROWS, planted
from abduce.benchmarks.records.keeping import Found, run_jobs
from abduce.benchmarks.records.record import Record, record_id
from abduce.benchmarks.records.selecting import latest
from abduce.symbolic.nsr.identifying.identification import (
    A_ROW,
    MERGING_FUEL,
    RELABELLING_FUEL,
    Identification,
    identify,
)
from abduce.symbolic.nsr.identifying.separating import LONGEST, MOST_TRIED

LIMIT_S: Final = 60.0
"""The time that a decision may take."""
CONFIG: Final = {
    "method": 1,
    "longest": LONGEST,
    "most_tried": MOST_TRIED,
    "fuel": RELABELLING_FUEL,
    "merging_fuel": MERGING_FUEL,
    "fuel_a_row": A_ROW,
}
"""The settings that shape a decision."""


@dataclass(frozen=True, slots=True)
class LabelJob:
    """A set to decide on: the planted set of a number, or its twin."""

    number: int
    twin: bool
    rows: int = ROWS
    timeout_s: float = LIMIT_S

    @property
    def task(self) -> dict[str, Any]:
        return {"task": "labels", "twin": self.twin, "rows": self.rows, "timeout_s": self.timeout_s}

    @property
    def kind(self) -> str:
        return "labels"

    @property
    def config(self) -> dict[str, Any]:
        return dict(CONFIG)

    @property
    def seed(self) -> int:
        return self.number

    @property
    def id(self) -> str:
        return record_id(self.kind, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The set in words."""
        return f"set {self.number}{', its twin' if self.twin else ''}"

    @property
    def command(self) -> str:
        return "abduce bench hint --only labels"


def label_jobs(rows: int = ROWS) -> tuple[LabelJob, ...]:
    """The ten planted sets and their twins.

    >>> len(label_jobs())
    20
    """
    return tuple([LabelJob(n, twin, rows) for n in range(len(PAIRS)) for twin in (False, True)])


def decided(job: LabelJob) -> dict[str, Any]:
    """The decision on a set, and whether it is right: what a record holds."""
    given = planted(job.number, job.rows)
    rows = given.twin if job.twin else given.rows
    began = clock.wall_s()
    found = identify(
        [(row.symbols, row.value) for row in rows],
        hint_readings(),
        deadline=began + job.timeout_s,
    )
    return {
        **found.as_json(),
        "planted": list(given.pair),
        "decided_s": round(clock.wall_s() - began, 3),
        "right": _is_right(found, None if job.twin else given.pair),
    }


def _is_right(found: Identification, pair: tuple[str, str] | None) -> bool:
    """Whether exactly this pair is named; without one, whether the symbols are found fixed."""
    pairs = [set(each.pair or ()) for each in found.exchanges]
    return found.verdict == "fixed" if pair is None else pairs == [set(pair)]


def run_labels(
    jobs: Sequence[LabelJob], records: Path, *, progress: Callable[[str], None] | None = None
) -> list[Record]:
    """Decides on some sets, one after the other, and keeps records."""

    def find(job: LabelJob) -> Found:
        metrics = decided(job)
        late = metrics["verdict"] == "unknown"
        return Found(metrics=metrics, status="timeout" if late else "complete")

    return run_jobs(jobs, records, find, _told, progress)


def label_lines(records: Iterable[Record]) -> list[str]:
    """What was reached, in one line; none without records."""
    found = gather_labels(records)
    if not found:
        return []
    right = sum(bool(record.metrics["right"]) for record in found)
    slowest = max(record.metrics["decided_s"] for record in found)
    jobs = len(label_jobs())
    met = right == len(found) == jobs and slowest <= LIMIT_S
    return [
        f"{right} of {len(found)} sets decided rightly, the pair named, the slowest in "
        f"{slowest:.1f} s, target {'met' if met else 'missed'} (all {jobs}, {LIMIT_S:g} s each)"
    ]


def gather_labels(records: Iterable[Record]) -> list[Record]:
    """The latest record of each set, whether its time was enough or not."""
    found = latest(records, "labels", ("complete", "timeout"))
    return sorted(found, key=lambda r: (r.seed, bool(r.task["twin"])))


def _told(record: Record) -> str:
    metrics = record.metrics
    pairs = [" and ".join(each["moved"]) for each in metrics["exchanges"]]
    named = f" ({', '.join(pairs)})" if pairs else ""
    kind = "twin" if record.task["twin"] else "planted"
    right = "right" if metrics["right"] else "wrong"
    return f"{record.seed}  {kind}: {metrics['verdict']}{named}, {right}"


COLUMNS: Sequence[Column[Record]] = (
    Column("set", lambda r: str(r.seed), right=True),
    Column("kind", lambda r: "twin" if r.task["twin"] else "planted"),
    Column("planted pair", lambda r: " ".join(r.metrics["planted"])),
    Column("rows", lambda r: f"{r.metrics['rows']:,}", right=True),
    Column("verdict", lambda r: r.metrics["verdict"]),
    Column("right", lambda r: "yes" if r.metrics["right"] else "no"),
    Column("seconds", lambda r: f"{r.metrics['decided_s']:.1f}", right=True),
)
ABOUT: Final = (
    "Rows of HINT's arithmetic in which two symbols can be exchanged, and twins with one row more "
    "that separates them. Right is a decision that names exactly that pair, or that finds the "
    "symbols of a twin fixed."
)


def label_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each set."""
    return [table_of(COLUMNS, list(records))]


def label_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Symbols", ABOUT, html(table)) for table in label_tables(records)]


def label_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The sets as plain data."""
    names = ("planted", "rows", "verdict", "right", "decided_s")
    return [
        {"set": r.seed, "twin": r.task["twin"], **{n: r.metrics[n] for n in names}} for r in records
    ]
