"""The part of the page about verification."""

from collections.abc import Sequence
from html import escape

from abduce.benchmarks.drawing.html import facts, section
from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.drawing.tables import html
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.verify.figures import solved_within
from abduce.benchmarks.verify.gathered import Verdicts, cactus, with_total
from abduce.benchmarks.verify.table import earlier_told, verdict_table

BY_BENCHMARK = (
    "CPU seconds (user and system) of the whole process, over all instances, answered or not. "
    "Answered: proved or refuted, and not wrongly. Wrong: the verdict contradicts the known one. "
    "If an instance was run several times, the latest run counts."
)
WITHIN = (
    "The number of instances of a benchmark that were proved or refuted within a number of CPU "
    "seconds each. Wrong verdicts are left out."
)


def verdict_sections(rows: Sequence[Verdicts]) -> list[str]:
    """Facts, wrong verdicts, table and cactus plot."""
    total = with_total(rows)[-1]
    parts = [_facts(total), _wrong(total.wrong)]
    about = f"{BY_BENCHMARK} {earlier_told(total)}".rstrip()
    parts.append(section("Verdicts by benchmark", about, html(verdict_table(rows))))
    points = cactus(rows)
    if points:
        listed = [record.command for record in total.records]
        parts.append(section("Instances within CPU seconds", WITHIN, solved_within(points), listed))
    return parts


def _facts(total: Verdicts) -> str:
    return facts(
        [
            (
                f"{len(total.solved_s):,} of {len(total.records):,}",
                f"instances answered ({percent(total.answered)})",
            ),
            (f"{len(total.wrong):,} wrong", f"of {total.known:,} with a known verdict"),
            (seconds(total.median_s), "CPU time of an instance, median"),
        ]
    )


def _wrong(records: Sequence[Record]) -> str:
    if not records:
        return ""
    lines = (
        f"{r.metrics['verdict']}, expected {r.metrics['expected']}: {r.command}" for r in records
    )
    listed = escape("\n".join(lines))
    return f"<section><h2>Wrong verdicts</h2><pre>{listed}</pre></section>"
