"""Records of suites of functions: a line for each part of a suite, and its target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order
from abduce.benchmarks.synthesis.suite_run import KIND, solved
from abduce.benchmarks.synthesis.suites import SUITES

ABOUT: Final = (
    "A function is solved if its program is right on all examples that the search did not see. "
    "Consistent programs are right on all examples that it saw. Seconds are CPU time."
)


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """The functions of one part of a suite."""

    part: str
    functions: int
    consistent: int
    solved: int
    median_s: float
    tried: int
    cpu_s: float


def gather_functions(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each function."""
    return latest_in_order(records, KIND, _order)


def _order(record: Record) -> tuple[Any, ...]:
    return (record.task["task"], record.task["part"], record.task["function"], record.seed)


def suite_rows(records: Sequence[Record]) -> list[SuiteRow]:
    """A row for each part."""
    found = []
    for part in sorted({record.task["part"] for record in records}):
        own = [record for record in records if record.task["part"] == part]
        seconds = [record.metrics["cpu_s"] for record in own]
        found.append(
            SuiteRow(
                part,
                len(own),
                sum([record.metrics["found"] for record in own]),
                sum([solved(record) for record in own]),
                median(seconds),
                sum([record.metrics["tried"] for record in own]),
                sum(seconds),
            )
        )
    return found


COLUMNS: Final[Sequence[Column[SuiteRow]]] = (
    Column("functions of", lambda row: row.part),
    Column("number", lambda row: str(row.functions), right=True),
    Column("consistent", lambda row: str(row.consistent), right=True),
    Column("solved", lambda row: str(row.solved), right=True),
    Column("share", lambda row: f"{row.solved / row.functions:.1%}", right=True),
    Column("median s", lambda row: f"{row.median_s:.2f}", right=True),
    Column("programs a second", lambda row: f"{row.tried / max(row.cpu_s, 1e-9):,.0f}", right=True),
)


def function_tables(records: Sequence[Record]) -> list[Table]:
    return [table_of(COLUMNS, suite_rows(records))]


def function_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Functions of lists", ABOUT, html(table)) for table in function_tables(records)]


def function_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics, "wall_s": r.wall_s} for r in records]


def function_targets(records: Sequence[Record]) -> list[str]:
    """A line for each suite."""
    lines = []
    for suite in SUITES.values():
        own = [record for record in records if record.task["task"] == suite.name]
        if own:
            share = sum([solved(record) for record in own]) / len(own)
            word = "met    " if share >= suite.target else "missed "
            lines.append(
                f"{word} {suite.name}: {share:.1%} of {len(own)} functions solved; target "
                f"{suite.target:.0%}"
            )
    return lines
