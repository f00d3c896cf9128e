"""The table of trained and proved networks: rows of text, for the terminal and for Markdown."""

from collections.abc import Iterable, Sequence

from abduce.benchmarks.drawing.numbers import seconds
from abduce.benchmarks.drawing.tables import markdown, plain_table, wide_console
from abduce.benchmarks.records.record import Record, config_hash
from abduce.console import Console

KINDS = ("train", "prove")
HEADERS = (
    "network", "run", "seed", "verdict", "attempts", "examples", "parameters", "train CPU",
    "configuration",
)  # fmt: skip
RIGHT = frozenset(("seed", "attempts", "examples", "parameters", "train CPU"))


def gather_trained(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each network, run and seed, by the name of the network."""
    latest: dict[str, Record] = {}
    for record in records:
        known = latest.get(record.id)
        if record.kind in KINDS and record.status == "complete":
            latest[record.id] = record if known is None or record.when >= known.when else known
    return sorted(latest.values(), key=lambda r: (str(r.task["network"]), r.kind, r.seed))


def trained_cells(record: Record) -> tuple[str, ...]:
    """One row as text, in the order of `HEADERS`."""
    metrics = record.metrics
    trained = record.kind == "train"
    return (
        str(record.task["network"]),
        record.kind,
        str(record.seed) if trained else "",
        metrics["verdict"] or "not proved",
        str(metrics["attempts"]) if trained else "",
        f"{metrics['examples']:,}" if trained else "",
        f"{metrics['parameters']:,}" if trained else "",
        seconds(metrics["train_s"]) if trained else "",
        config_hash(dict(record.config)),
    )


def trained_table(records: Sequence[Record], console: Console | None = None) -> None:
    """The table on stdout."""
    cells = [trained_cells(record) for record in records]
    plain_table(console or wide_console(), HEADERS, cells, RIGHT, set())


def trained_markdown(records: Sequence[Record]) -> str:
    """The table as Markdown."""
    return markdown(HEADERS, [trained_cells(record) for record in records], RIGHT)


def trained_summary(records: Sequence[Record]) -> list[dict[str, object]]:
    """The rows as plain data, for --json."""
    return [
        {"network": r.task["network"], "run": r.kind, "seed": r.seed, **r.metrics} for r in records
    ]
