"""Verdicts by benchmark, as a table and as plain data."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.drawing.tables import WIDE, Column, Table, table_of
from abduce.benchmarks.verify.gathered import Verdicts, with_total

LEGEND = "CPU: of the whole process, over all instances, answered or not"


def _limits(row: Verdicts) -> str:
    shortest, longest = row.limits_s
    return f"{shortest:g} s" if shortest == longest else f"{shortest:g}–{longest:g} s"


COLUMNS: Sequence[Column[Verdicts]] = (
    Column("benchmark", lambda row: row.benchmark, wraps=False, optional=True),
    *(
        Column(heading, text, right=True, wraps=False, optional=True)
        for heading, text in (
            ("instances", lambda row: f"{len(row.records):,}"),
            ("proved", lambda row: f"{row.proved:,}"),
            ("refuted", lambda row: f"{row.refuted:,}"),
            ("unknown", lambda row: f"{row.unknown:,}"),
            ("errors", lambda row: f"{row.errors:,}" if row.errors else ""),
        )
    ),
    Column(
        "answered",
        lambda row: percent(row.answered),
        right=True,
        mood=lambda row: "good" if row.answered == 1 else "fair",
        wraps=False,
    ),
    Column(
        "wrong of known",
        lambda row: f"{len(row.wrong):,} of {row.known:,}",
        right=True,
        mood=lambda row: "bad" if row.wrong else "",
        wraps=False,
    ),
    Column("CPU median", lambda row: seconds(row.median_s), right=True, wraps=False),
    Column("CPU p90", lambda row: seconds(row.slow_s), right=True, width=WIDE, wraps=False),
    Column("CPU max", lambda row: seconds(row.longest_s), right=True, wraps=False),
    Column("time limit", _limits, right=True, width=WIDE, wraps=False),
)


def verdict_table(rows: Sequence[Verdicts]) -> Table:
    """A line for each benchmark, and one for all."""
    shown = with_total(rows)
    told = earlier_told(shown[-1])
    return table_of(COLUMNS, shown, f"{LEGEND}. {told}" if told else LEGEND)


def earlier_told(total: Verdicts) -> str:
    """How many records an earlier configuration made, as a sentence; empty if none."""
    if not total.earlier:
        return ""
    whose = "were made under an earlier configuration of the verifier"
    return f"{total.earlier:,} of {len(total.records):,} records {whose}."


def verdict_summary(rows: Sequence[Verdicts]) -> list[dict[str, object]]:
    """The rows as plain data, for --json."""
    return [
        {
            "benchmark": row.benchmark,
            "instances": len(row.records),
            "proved": row.proved,
            "refuted": row.refuted,
            "unknown": row.unknown,
            "errors": row.errors,
            "answered": row.answered,
            "wrong": [record.command for record in row.wrong],
            "expected_known": row.known,
            "earlier_configuration": row.earlier,
            "cpu_s": {"median": row.median_s, "p90": row.slow_s, "max": row.longest_s},
            "timeout_s": list(row.limits_s),
        }
        for row in rows
    ]
