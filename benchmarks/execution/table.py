"""Executed programs, as a table and as plain data."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.numbers import longer, percent, seconds
from abduce.benchmarks.drawing.tables import WIDE, Column, Table, table_of
from abduce.benchmarks.execution.gathered import AtSize, Executed, remark

LEGEND = "size*: larger than in training; all figures are means over seeds, attempts the largest"


def _if_learned(row: Executed, text: str) -> str:
    return text if row.level != "L0" else ""


def _trained_on(row: Executed) -> str:
    sizes = "–".join(f"{n:,}" for n in dict.fromkeys(row.trained_on or ()))
    return f"{sizes} {row.unit}" if sizes else ""


def _by_size(row: Executed) -> str:
    """The share of right answers at each size.

    If all are right, the sizes are listed together; modules always have a share for each size.
    """
    perfect = all(size.exact[1] == 1 for size in row.sizes)
    if perfect and row.level != "module":
        told = f"100 % at {', '.join(size.name for size in row.sizes)}"
    else:
        told = ", ".join(_at(row, size) for size in row.sizes)
    gaps = [longer(size.gap) for size in row.sizes if size.gap is not None]
    if gaps:
        return f"{told}; {', '.join(gaps)} longer than LKH's"
    return f"{told}; not compared with LKH's: no elkai" if row.lacks_peer else told


def _at(row: Executed, size: AtSize) -> str:
    return f"{size.name}{'*' if row.beyond(size) else ''}: {percent(size.exact[0])}"


def _method(row: Executed) -> str:
    return f"{row.method} ({row.configuration})".lstrip() if row.configuration else row.method


COLUMNS: Sequence[Column[Executed]] = (
    Column("task", lambda row: row.task),
    Column("method", _method),
    Column("level", lambda row: row.level),
    Column("seeds", lambda row: str(len(row.records)), right=True),
    Column(
        "proved", lambda row: row.proved, mood=lambda row: "good" if row.proved == "yes" else ""
    ),
    Column("attempts", lambda row: str(row.attempts or ""), right=True, width=WIDE),
    Column("examples", lambda row: _if_learned(row, f"{row.mean('examples'):,.0f}"), right=True),
    Column(
        "parameters",
        lambda row: _if_learned(row, f"{row.mean('parameters'):,.0f}"),
        right=True,
        width=WIDE,
    ),
    Column("train CPU", lambda row: _if_learned(row, seconds(row.mean("train_s"))), right=True),
    Column("test CPU", lambda row: seconds(row.mean("test_s")), right=True, width=WIDE),
    Column("trained on", _trained_on, width=WIDE),
    Column("whole answers right, by size", _by_size),
)


def executed_table(rows: Sequence[Executed]) -> Table:
    """A line for each task, method, level and configuration."""
    return table_of(COLUMNS, rows, "\n".join(filter(None, (LEGEND, remark(rows)))))


def executed_summary(rows: Sequence[Executed]) -> list[dict[str, object]]:
    """The rows as plain data, for --json."""
    return [
        {
            "task": row.task,
            "method": row.method or None,
            "configuration": row.configuration or None,
            "level": row.level,
            "seeds": [record.seed for record in row.records],
            "proved": [record.metrics["proved"] for record in row.records],
            "attempts": row.attempts,
            "trained_on": row.trained_on and list(row.trained_on),
            "unit": row.unit,
            **{m: row.mean(m) for m in ("examples", "parameters", "train_s", "test_s")},
            "sizes": [
                {
                    "name": size.name,
                    "n": size.n,
                    "beyond": row.beyond(size),
                    "accuracy": dict(zip(("mean", "low", "high"), size.accuracy, strict=True)),
                    "exact": dict(zip(("mean", "low", "high"), size.exact, strict=True)),
                    "gap": size.gap,
                }
                for size in row.sizes
            ],
        }
        for row in rows
    ]
