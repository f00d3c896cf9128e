"""Records of answers to questions about databases, as lines, as tables, as a part of the page."""

from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Any, Final

from abduce.benchmarks.asking.protocols import BENCHMARKS
from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order

ABOUT: Final = (
    "A model learns from questions and queries of one side of a split, and is tested on the other "
    "side, without the entities that a data set tells. Execution counts answers with gold's rows; "
    "the next column leaves out those that differ from gold on a random database; the last one "
    "counts those that are proved equal to gold on all databases."
)
KEYS: Final = {"schema": "tables.json", "file": "of the file, or inferred"}
Row = tuple[Record, str]
"""A record, and a source of keys."""


def _count(row: Row, name: str) -> int:
    record, source = row
    return record.metrics["keys"][source].get(name, 0)


def share(row: Row, part: str) -> float | None:
    """A share of the tested questions: 'exact', 'execution', 'kept' or 'proved'; None without
    any."""
    whole = _count(row, "read" if part == "exact" else "with rows")
    compared = _count(row, "compared") == _count(row, "execution")
    if not whole or (part in ("kept", "proved") and not compared):
        return None
    if part == "kept":
        return (_count(row, "execution") - _count(row, "refuted")) / whole
    return _count(row, part) / whole


def _shown(row: Row, part: str) -> str:
    found = share(row, part)
    return "" if found is None else f"{found:.1%}"


COLUMNS: Final[Sequence[Column[Row]]] = (
    Column("benchmark", lambda r: r[0].task["task"]),
    Column("keys", lambda r: KEYS.get(r[1], r[1])),
    Column("seed", lambda r: str(r[0].seed), right=True),
    Column("learned", lambda r: f"{r[0].metrics['learned']:,}", right=True),
    Column("tests", lambda r: f"{_count(r, 'tests'):,}", right=True),
    Column("exact", lambda r: _shown(r, "exact"), right=True),
    Column("execution", lambda r: _shown(r, "execution"), right=True),
    Column("on random databases", lambda r: _shown(r, "kept"), right=True),
    Column("proved", lambda r: _shown(r, "proved"), right=True),
    Column("training", lambda r: r[0].metrics["ended"]),
    Column("CPU s", lambda r: f"{r[0].metrics['train_s']:.0f}", right=True),
    Column("published", lambda r: BENCHMARKS[r[0].task["task"]].published),
)


def gather_asking(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each benchmark and seed."""
    known = [record for record in records if record.task.get("task") in BENCHMARKS]
    return latest_in_order(known, "asking", _order)


def _order(record: Record) -> tuple[Any, ...]:
    return list(BENCHMARKS).index(record.task["task"]), record.seed


def _rows(records: Iterable[Record]) -> list[Row]:
    return [(record, source) for record in records for source in record.metrics["keys"]]


def line(record: Record) -> str:
    """A record in one line."""
    told = []
    for source in record.metrics["keys"]:
        row = (record, source)
        parts = [
            f"{name} {_shown(row, part)}"
            for part, name in (
                ("exact", "exact set match"), ("execution", "execution"),
                ("kept", "on random databases"), ("proved", "proved"),
            )
            if share(row, part) is not None
        ]  # fmt: skip
        told.append(
            f"keys {KEYS.get(source, source)}: {', '.join(parts)} of {_count(row, 'tests'):,}"
        )
    found = record.metrics
    return (
        f"{record.task['task']}, seed {record.seed}: {'; '.join(told)}; "
        f"training {found['ended']} after {found['train_s']:.0f} CPU s"
    )


def asking_lines(records: Iterable[Record]) -> list[str]:
    """Every record, and the mean of each benchmark beside its targets. Those with the keys of
    tables.json count, where there are any."""
    found = gather_asking(records)
    told = [line(record) for record in found]
    for name, benchmark in BENCHMARKS.items():
        some = [record for record in found if record.task["task"] == name]
        for part, floor in benchmark.floors.items():
            shares = [share((r, _main(r)), part) for r in some if r.metrics["keys"]]
            values = [each for each in shares if each is not None]
            if values:
                met = "met" if mean(values) >= floor else "missed"
                told.append(
                    f"{name}, {part}: {mean(values):.1%} ({len(values)} runs), floor {floor:.0%} "
                    f"{met}, aim {benchmark.aims[part]:.0%}; published: {benchmark.published}"
                )
    return told


def _main(record: Record) -> str:
    sources = record.metrics["keys"]
    return "schema" if "schema" in sources else next(iter(sources))


def asking_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each run and source of keys."""
    return [table_of(COLUMNS, _rows(records))]


def asking_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Answers to questions", ABOUT, html(t)) for t in asking_tables(records)]


def asking_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics} for r in records]
