"""The part of the page that tells what was verified."""

from collections.abc import Sequence
from html import escape

from abduce.benchmarks.drawing.html import Cell, facts, section, table
from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.verify.figures import solved_within
from abduce.benchmarks.verify.gathered import Verdicts, cactus, with_total
from abduce.benchmarks.verify.table import (
    VERDICT_HEADERS,
    WRONG,
    earlier_told,
    verdict_cells,
    verdict_columns,
)

BY_BENCHMARK = (
    "CPU seconds (user and system) of the whole process, over all instances, answered or not. "
    "Answered: proved or refuted, and not wrongly. Wrong: against the verdict that is known. "
    "Of several runs of an instance the latest counts."
)
WITHIN = (
    "So many instances of a benchmark were proved or refuted within so many CPU seconds each; "
    "wrong verdicts are left out."
)


def verdict_sections(rows: Sequence[Verdicts]) -> list[str]:
    """Facts, wrong verdicts, table and cactus plot; nothing where nothing was verified."""
    if not rows:
        return []
    total = with_total(rows)[-1]
    parts = [_facts(total), _wrong(total.wrong), _table(rows)]
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


def _table(rows: Sequence[Verdicts]) -> str:
    shown_rows = with_total(rows)
    shown = verdict_columns(shown_rows)
    headers = [VERDICT_HEADERS[n] for n in shown]
    body = [[_cell(row, n) for n in shown] for row in shown_rows]
    about = f"{BY_BENCHMARK} {earlier_told(shown_rows[-1])}".rstrip()
    return section("Verdicts by benchmark", about, table(headers, body, {*headers[1:]}))


def _cell(row: Verdicts, number: int) -> Cell:
    header, text = VERDICT_HEADERS[number], verdict_cells(row)[number]
    if header == WRONG and row.wrong:
        return Cell(text, "bad")
    return Cell(text, "good" if header == "answered" and row.answered == 1 else "")
