"""Records about certified answers, as lines, as a table, as a part of the page and plain data."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order

ABOUT: Final = (
    "Answers to HINT's expressions of at most 5 handwritten symbols, when every pixel changes by "
    "at most a radius. With the grammar: the share of expressions whose answer is proved to stay. "
    "Without the grammar: the same proof, as if every sentence had a value of its own. Symbol by "
    "symbol: the share in which every symbol alone is proved to stay the likeliest. That is no "
    "proof of the answer, since answers weigh all readings. Training is plain, or certified with "
    "intervals. An answer averages over so many distorted copies of each image."
)
LEAST, GAIN, RADII, SECONDS = 0.60, 0.02, 2, 10.0
"""The targets: the share at radius 0.01, the gain by the grammar in shares, at how many radii, and
the CPU seconds of a symbol."""


def gather_answers(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each job."""
    return latest_in_order(records, "answers", _order)


def _order(record: Record) -> tuple[Any, ...]:
    task = record.task
    return task["training"], -task["looks"], task["radius"], record.seed


def _group(record: Record) -> tuple[str, int]:
    return record.task["training"], record.task["looks"]


def _share(record: Record, name: str) -> float:
    return record.metrics[name] / max(1, record.metrics["expressions"])


def answers_line(record: Record) -> str:
    """A job and what it found, in one line."""
    task, found = record.task, record.metrics
    return (
        f"{task['training']} training, {task['looks']} copies, radius {task['radius']:g}:"
        f" {_share(record, 'proved'):.1%}"
        f" proved with the grammar, {_share(record, 'ungrammared'):.1%} without,"
        f" {_share(record, 'alone'):.1%} symbol by symbol,"
        f" {_share(record, 'refuted'):.1%} refuted, {_share(record, 'right'):.1%} right"
        f" ({found['symbol_s']:.1f} CPU s a symbol)"
    )


COLUMNS: Sequence[Column[Record]] = (
    Column("training", lambda r: r.task["training"]),
    Column("copies", lambda r: str(r.task["looks"]), right=True),
    Column("radius", lambda r: f"{r.task['radius']:g}", right=True),
    Column("right", lambda r: f"{_share(r, 'right'):.1%}", right=True),
    Column("with the grammar", lambda r: f"{_share(r, 'proved'):.1%}", right=True),
    Column("right and proved", lambda r: f"{_share(r, 'proved_right'):.1%}", right=True),
    Column("without the grammar", lambda r: f"{_share(r, 'ungrammared'):.1%}", right=True),
    Column("symbol by symbol", lambda r: f"{_share(r, 'alone'):.1%}", right=True),
    Column("refuted", lambda r: f"{_share(r, 'refuted'):.1%}", right=True),
    Column("CPU s a symbol", lambda r: f"{r.metrics['symbol_s']:.1f}", right=True),
)


def answers_targets(records: Iterable[Record]) -> list[str]:
    """What was reached of each target, from the records."""
    found = gather_answers(records)
    told: list[str] = []
    for training, looks in dict.fromkeys(map(_group, found)):
        rows = [r for r in found if _group(r) == (training, looks)]
        name = f"{training} training, {looks} copies"
        for row in rows:
            if row.task["radius"] == 0.01:
                text = f"{name}, radius 0.01: {_share(row, 'proved'):.1%} proved"
                told.append(_judged(text, _share(row, "proved") >= LEAST, f"{LEAST:.0%}"))
        for other, text in (("ungrammared", "a proof without it"), ("alone", "single symbols")):
            gains = [_share(r, "proved") - _share(r, other) for r in rows]
            wide = sum(gain >= GAIN for gain in gains)
            each = ", ".join(f"{100 * gain:+.1f}" for gain in gains)
            text = f"{name}: points by the grammar over {text} {each}"
            told.append(_judged(text, wide >= RADII, f"{100 * GAIN:g} points at {RADII} radii"))
        most = max(r.metrics["symbol_s"] for r in rows)
        text = f"{name}: at most {most:.1f} CPU s a symbol"
        told.append(_judged(text, most <= SECONDS, f"{SECONDS:g}"))
    return told


def _judged(text: str, met: bool, target: str) -> str:
    return f"{text}, target {'met' if met else 'missed'} ({target})"


def answers_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each job."""
    return [table_of(COLUMNS, list(records))]


def answers_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Answers", ABOUT, html(t)) for t in answers_tables(records)]


def answers_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics} for r in records]
