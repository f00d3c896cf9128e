"""What was learned, as a table and as plain data."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.drawing.tables import NEVER, WIDE, Column, Mood, Table, table_of
from abduce.benchmarks.solve.gathered import Row, commands


def _asked(row: Row) -> str:
    queries = row.spread("queries") if row.setting.active else None
    return f"{queries.mean:g} asked" if queries else f"{row.setting.train_rows:,}"


def _accuracy(row: Row) -> str:
    accuracy = row.spread("accuracy")
    if accuracy is None:
        return ""
    shown = percent(accuracy.mean)
    return f"{shown} ± {100 * accuracy.sd:.1f}" if accuracy.sd > 0 else shown


def _mood(row: Row) -> Mood:
    return "good" if all(r.metrics["accuracy"] == 1 for r in row.records) else "fair"


def _mean_s(row: Row, metric: str) -> str:
    spread = row.spread(metric)
    return seconds(spread.mean) if spread else ""


def _peak(row: Row) -> str:
    peak = row.spread("peak_mb")
    return f"{peak.high:.0f} MB" if peak else ""


COLUMNS: Sequence[Column[Row]] = (
    Column("task", lambda row: row.setting.task, wraps=False, optional=True),
    Column("split", lambda row: row.setting.label, optional=True),
    Column("rows", _asked, right=True, wraps=False, optional=True),
    Column(
        "noise",
        lambda row: f"{100 * row.setting.noise:g} %" if row.setting.noise else "",
        right=True,
        wraps=False,
        optional=True,
    ),
    Column("seeds", lambda row: str(len(row.records)), right=True, wraps=False, optional=True),
    Column("accuracy", _accuracy, right=True, mood=_mood, wraps=False, optional=True),
    Column(
        "withheld",
        lambda row: f"{row.total('abstained'):,}" if row.total("abstained") else "",
        right=True,
        width=WIDE,
        wraps=False,
        optional=True,
    ),
    Column("train", lambda row: _mean_s(row, "train_s"), right=True, wraps=False, optional=True),
    Column("test", lambda row: _mean_s(row, "test_s"), right=True, wraps=False, optional=True),
    Column("peak", _peak, right=True, width=WIDE, wraps=False, optional=True),
    Column("config", lambda row: " ".join(row.hashes), code=True, width=NEVER, optional=True),
)


def learned_table(rows: Sequence[Row]) -> Table:
    """A line for each setting."""
    hashes = sorted({name for row in rows for name in row.hashes})
    return table_of(COLUMNS, rows, f"configurations: {' '.join(hashes) or 'none'}")


def learned_summary(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The rows as plain data, for --json."""
    return [
        {
            "task": row.setting.task,
            "split": row.setting.split,
            "active": row.setting.active,
            "noise": row.setting.noise,
            "train_rows": row.setting.train_rows,
            "seeds": [record.seed for record in row.records],
            **{
                metric: spread
                and {"mean": spread.mean, "sd": spread.sd, "low": spread.low, "high": spread.high}
                for metric in ("accuracy", "train_s", "test_s", "peak_mb", "queries")
                for spread in (row.spread(metric),)
            },
            "abstained": row.total("abstained"),
            "config_hash": list(row.hashes),
            "commands": commands([row]),
        }
        for row in rows
    ]
