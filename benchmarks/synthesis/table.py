"""What was synthesised: a line for each function over all seeds, and a line for each target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest

WITHIN_S: Final = 60.0
A_SECOND: Final = 500_000
ABOUT: Final = (
    "Each function is learned from 30 examples with a library of those above it. Tests have "
    "arguments up to three times as large as the examples. Seconds are medians over the seeds."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A function over all seeds.

    Attributes:
        exact: the number of seeds in which all tests are right.
        proved: the number of seeds in which a proof was found.
    """

    function: str
    seeds: int
    exact: int
    right: float
    proved: int
    search_s: float
    program: str


def gather_synthesis(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each seed."""
    return sorted(latest(records, "synthesis"), key=lambda r: r.seed)


def rows(records: Sequence[Record]) -> list[Row]:
    """The functions in their order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        for lesson in (*record.metrics["base"], *record.metrics["further"]):
            found.setdefault(lesson["function"], []).append(lesson)
    return [_row(name, lessons) for name, lessons in found.items()]


def _row(name: str, lessons: Sequence[Mapping[str, Any]]) -> Row:
    programs = [lesson["program"] for lesson in lessons]
    right, tested = [sum([lesson[key] for lesson in lessons]) for key in ("right", "tested")]
    return Row(
        name,
        len(lessons),
        sum([lesson["right"] == lesson["tested"] for lesson in lessons]),
        right / tested,
        sum([bool(lesson["proof"]) for lesson in lessons]),
        median([lesson["search_s"] for lesson in lessons]),
        max(sorted(set(programs)), key=programs.count),
    )


COLUMNS: Sequence[Column[Row]] = (
    Column("function", lambda row: row.function),
    Column("seeds", lambda row: str(row.seeds), right=True),
    Column("all right", lambda row: str(row.exact), right=True),
    Column("tests right", lambda row: f"{row.right:.1%}", right=True),
    Column("proved", lambda row: str(row.proved), right=True),
    Column("s", lambda row: f"{row.search_s:.2f}", right=True),
    Column("most common program", lambda row: row.program or "none found"),
)


def synthesis_tables(records: Sequence[Record]) -> list[Table]:
    return [table_of(COLUMNS, rows(records))]


def synthesis_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [
        section("Synthesised programs", ABOUT, html(table)) for table in synthesis_tables(records)
    ]


def synthesis_summary(records: Sequence[Record]) -> list[dict[str, object]]:
    """The figures as plain data, for --json."""
    return [
        {
            "seed": record.seed,
            "base_s": _base_s(record),
            "base": record.metrics["base"],
            "further": record.metrics["further"],
            "speed": record.metrics["speed"],
        }
        for record in records
    ]


def _base_s(record: Record) -> float:
    return sum([lesson["search_s"] + lesson["proof_s"] for lesson in record.metrics["base"]])


def synthesis_targets(records: Sequence[Record]) -> list[str]:
    """A line for each target."""
    if not records:
        return []
    total = len(records)
    exact = sum(
        [all(each["right"] == each["tested"] for each in r.metrics["base"]) for r in records]
    )
    proved = sum([all(each["proof"] for each in r.metrics["base"]) for r in records])
    slowest = max([_base_s(record) for record in records])
    rates = [r.metrics["speed"]["tried"] / r.metrics["speed"]["cpu_s"] for r in records]
    news = [r.metrics["speed"]["distinct"] / r.metrics["speed"]["cpu_s"] for r in records]
    return [
        f"{_met(exact == total)} plus, minus, times, divide right in {exact} of {total} seeds",
        f"{_met(proved == total)} all four proved in {proved} of {total} seeds",
        f"{_met(slowest <= WITHIN_S)} all four in {slowest:.1f} s at most, with proofs; target "
        f"{WITHIN_S:g} s",
        f"{_met(min(rates) >= A_SECOND)} {min(rates):,.0f} programs a second at least, "
        f"{min(news):,.0f} of them distinct; target {A_SECOND:,}",
    ]


def _met(met: bool) -> str:
    return "met    " if met else "missed "
