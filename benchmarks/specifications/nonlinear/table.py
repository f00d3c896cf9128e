"""Records about networks of other functions, as lines, as a table, as a part of the page and plain
data."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order
from abduce.benchmarks.specifications.nonlinear.families import SPLITTING
from abduce.benchmarks.specifications.nonlinear.jobs import ALPHA, KIND, WAYS

ABOUT: Final = (
    "Images of MNIST around which networks are proved to answer alike, when every pixel changes by "
    "at most a radius. The radius is the least of a grid at which alpha bounds prove at most half "
    "of the images. The columns say how many images are proved: by alpha bounds alone, and with "
    "branching in several ways for the images that these leave open."
)
GAIN: Final = 0.3
"""The target: how many more images branching proves, as a share of those of alpha bounds."""
BRANCHING: Final = "branching"


def gather_nonlinear(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each job, whatever its limit was."""
    return latest_in_order(records, KIND, _order)


def _order(record: Record) -> tuple[Any, ...]:
    ways = list(WAYS)
    way = record.task["way"]
    return record.task["network"], record.seed, ways.index(way) if way in ways else len(ways), way


def nonlinear_line(record: Record) -> str:
    """A job and what it found, in one line."""
    task, found = record.task, record.metrics
    return (
        f"{task['network']}, {task['way']}: radius {found['radius']:g}, {found['proved']} of"
        f" {task['images']} proved, {found['refuted']} refuted, {found['unknown']} unknown"
        f" ({found['domains']:,} subdomains, {found['cpu_s']:.1f} CPU s)"
    )


Row = dict[str, Record]
"""The records of one network, by their way."""


def rows_of(records: Sequence[Record]) -> list[Row]:
    """A row for each network that has a record of alpha bounds. Records of other ways count where
    they are about the same file and radius."""
    rows: list[Row] = []
    for first in (r for r in records if r.task["way"] == ALPHA):
        same = (first.task["network"], first.seed, first.metrics["sha256"], first.metrics["radius"])
        row = {
            r.task["way"]: r
            for r in records
            if (r.task["network"], r.seed, r.metrics["sha256"], r.metrics["radius"]) == same
        }
        rows.append(row)
    return rows


def _proved(row: Row, way: str) -> str:
    if way not in row:
        return ""
    found = row[way].metrics
    return f"{found['proved']} ({found['cpu_s']:.0f} s)"


COLUMNS: Sequence[Column[Row]] = (
    Column("network", lambda row: row[ALPHA].task["network"]),
    Column("accuracy", lambda row: f"{row[ALPHA].metrics['accuracy']:.1%}", right=True),
    Column("radius", lambda row: f"{row[ALPHA].metrics['radius']:g}", right=True),
    Column("images", lambda row: str(row[ALPHA].task["images"]), right=True),
    Column("refuted", lambda row: str(max(r.metrics["refuted"] for r in row.values())), right=True),
    *(
        Column(way, lambda row, way=way: _proved(row, way), right=True)  # type: ignore[misc]
        for way in WAYS
    ),
)


def nonlinear_targets(records: Iterable[Record]) -> list[str]:
    """What was reached of each target, from the records."""
    told: list[str] = []
    for row in rows_of(gather_nonlinear(records)):
        network = row[ALPHA].task["network"]
        if BRANCHING not in row or network.partition("-")[0] not in SPLITTING:
            continue
        alone, more = (row[way].metrics["proved"] for way in (ALPHA, BRANCHING))
        met = more > 0 and more >= (1 + GAIN) * alone
        text = f"{network}: branching proves {more} images, alpha bounds alone {alone}"
        told.append(f"{text}, target {'met' if met else 'missed'} (+{GAIN:.0%})")
    return told


def nonlinear_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each network."""
    return [table_of(COLUMNS, rows_of(records))]


def nonlinear_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Branching", ABOUT, html(t)) for t in nonlinear_tables(records)]


def nonlinear_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics} for r in records]
