"""Records about mathematics, as lines, as tables, as a part of the page."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.mathematics.jobs import OUTCOMES
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order

ABOUT: Final = (
    "Questions in their original wording, answered by programs and judged by a program. 'Refused' "
    "means that the question was not understood; 'unanswered' that its program found no answer, or "
    "that a cross-check contradicted it. mathq and the development half of MATH-500 were looked at."
)
TARGETS: Final = {"mathq": (0.3, 0.4), "math500-test": (0.08, 0.15)}
"""The floor and the aim, as shares of the questions."""
COLUMNS: Final[Sequence[Column[Record]]] = (
    Column("part", lambda r: r.task["part"]),
    Column("row", lambda r: r.task["row"]),
    Column("questions", lambda r: str(r.task["questions"]), right=True),
    *(
        Column(word, lambda r, word=word: str(r.metrics["counts"].get(word, 0)), right=True)
        for word in OUTCOMES
    ),
    Column("s", lambda r: f"{r.wall_s:.0f}", right=True),
)


def gather_mathematics(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each row."""
    return latest_in_order(records, "mathematics", _order)


def _order(record: Record) -> tuple[Any, ...]:
    return (record.task["part"], record.task["row"], record.seed)


def line(record: Record) -> str:
    """A row of the table, in one line."""
    counts = ", ".join(f"{record.metrics['counts'].get(word, 0)} {word}" for word in OUTCOMES)
    task = record.task
    return f"{task['part']} {task['row']}: {task['questions']} questions: {counts}"


def target_lines(records: Iterable[Record]) -> list[str]:
    """What was reached in each part."""
    found = gather_mathematics(records)
    told = []
    for part in dict.fromkeys(record.task["part"] for record in found):
        rows = [record for record in found if record.task["part"] == part]
        total = sum(record.task["questions"] for record in rows)
        counts = {w: sum(record.metrics["counts"].get(w, 0) for record in rows) for w in OUTCOMES}
        text = ", ".join(f"{counts[word]} {word}" for word in OUTCOMES)
        share = counts["right"] / max(1, total)
        aim = ""
        if part in TARGETS:
            floor, goal = TARGETS[part]
            word = "aim met" if share >= goal else "floor met" if share >= floor else "missed"
            aim = f", target {word} (floor {floor:.0%}, aim {goal:.0%})"
        told.append(f"{part}: {total} questions: {text}: {share:.1%} right{aim}")
    return told


def mathematics_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each course and subject."""
    return [table_of(COLUMNS, list(records))]


def mathematics_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Mathematics", ABOUT, html(table)) for table in mathematics_tables(records)]


def mathematics_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics["counts"], "wall_s": r.wall_s} for r in records]
