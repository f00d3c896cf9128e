"""Records about word problems, as lines, as tables, as a part of the page."""

from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order
from abduce.benchmarks.word_problems.splits import BENCHMARKS

ABOUT: Final = (
    "A model learns from the texts and equations of one side of a split, and is tested on the "
    "other side. An answer counts if its value is within 1 % of the problem's, as in the "
    "literature; 'strict' asks for 0.01 %. Numbers are read from the text, and a problem whose "
    "numbers are not understood counts as wrong. Nothing is proved of these models."
)

COLUMNS: Final[Sequence[Column[Record]]] = (
    Column("benchmark", lambda r: r.task["task"]),
    Column("fold", lambda r: "" if r.task["fold"] < 0 else str(r.task["fold"]), right=True),
    Column("seed", lambda r: str(r.seed), right=True),
    Column("learned", lambda r: f"{r.metrics['learned']:,}", right=True),
    Column("tests", lambda r: f"{r.metrics['tests']:,}", right=True),
    Column("accuracy", lambda r: f"{r.metrics['accuracy']:.1%}", right=True),
    Column("strict", lambda r: f"{r.metrics['strict']:.1%}", right=True),
    Column("equations", lambda r: f"{r.metrics['equations']:.1%}", right=True),
    Column("training", lambda r: r.metrics["ended"]),
    Column("CPU s", lambda r: f"{r.metrics['train_s']:.0f}", right=True),
    Column("published", lambda r: BENCHMARKS[r.task["task"]].published),
)


def gather_word_problems(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each benchmark, fold and seed, whatever its limit was."""
    known = [record for record in records if record.task.get("task") in BENCHMARKS]
    return latest_in_order(known, "word-problem", _order)


def _order(record: Record) -> tuple[Any, ...]:
    place = list(BENCHMARKS).index(record.task["task"])
    return place, record.task["fold"], record.seed


def line(record: Record) -> str:
    """A row of the table, in one line."""
    task, found = record.task, record.metrics
    fold = "" if task["fold"] < 0 else f", fold {task['fold']}"
    return (
        f"{task['task']}{fold}, seed {record.seed}: {found['accuracy']:.1%} of {found['tests']:,} "
        f"(strict {found['strict']:.1%}, equations {found['equations']:.1%}), "
        f"training {found['ended']} after {found['train_s']:.0f} CPU s"
    )


def target_lines(records: Iterable[Record]) -> list[str]:
    """The mean of each benchmark beside its targets."""
    found = gather_word_problems(records)
    told: list[str] = []
    for name, benchmark in BENCHMARKS.items():
        some = [record for record in found if record.task["task"] == name]
        if not some:
            continue
        shares = [record.metrics["accuracy"] for record in some]
        met = mean(shares) >= benchmark.floor
        told.append(
            f"{name}: {mean(shares):.1%} ({min(shares):.1%} to {max(shares):.1%}, {len(some)} "
            f"runs), floor {benchmark.floor:.0%} {'met' if met else 'missed'}, aim "
            f"{benchmark.aim:.0%}; published: {benchmark.published}"
        )
    return told


def word_problem_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each run."""
    return [table_of(COLUMNS, list(records))]


def word_problem_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Word problems", ABOUT, html(table)) for table in word_problem_tables(records)]


def word_problem_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics} for r in records]
