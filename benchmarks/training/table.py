"""Trained and proved networks, as a table, as a part of the page and as plain data."""

from collections.abc import Iterable, Sequence

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.numbers import seconds
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record, config_hash
from abduce.benchmarks.records.selecting import latest

ABOUT = (
    "The latest complete record of each network, run and seed, and the CPU seconds of all attempts."
)


def gather_trained(records: Iterable[Record], kind: str) -> list[Record]:
    """The latest complete record of each network and seed, by the name of the network.

    Args:
        kind: 'train' or 'prove'.
    """
    return sorted(latest(records, kind), key=lambda r: (str(r.task["network"]), r.seed, r.id))


PROVED: Sequence[Column[Record]] = (
    Column("network", lambda r: str(r.task["network"])),
    Column("bits", lambda r: f"{r.task.get('size') or ''}", right=True, optional=True),
    Column("verdict", lambda r: r.metrics["verdict"] or "not proved"),
)
TRAINED: Sequence[Column[Record]] = (
    PROVED[0],
    Column("seed", lambda r: str(r.seed), right=True),
    PROVED[2],
    Column("attempts", lambda r: str(r.metrics["attempts"]), right=True),
    Column("examples", lambda r: f"{r.metrics['examples']:,}", right=True),
    Column("parameters", lambda r: f"{r.metrics['parameters']:,}", right=True),
    Column("train CPU", lambda r: seconds(r.metrics["train_s"]), right=True),
    Column("configuration", lambda r: config_hash(dict(r.config))),
)


def trained_tables(records: Sequence[Record]) -> list[Table]:
    """One table: a line for each record, all of one kind."""
    trained = bool(records) and records[0].kind == "train"
    return [table_of(TRAINED if trained else PROVED, records)]


def trained_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Networks", ABOUT, html(table)) for table in trained_tables(records)]


def trained_summary(records: Sequence[Record]) -> list[dict[str, object]]:
    """The rows as plain data, for --json."""
    return [{"network": r.task["network"], "seed": r.seed, **r.metrics} for r in records]
