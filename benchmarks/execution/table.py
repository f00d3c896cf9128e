"""The table of executed programs as text: cells, on the terminal, as Markdown and as plain data."""

from collections.abc import Sequence

from rich.text import Text

from abduce.benchmarks.drawing.numbers import longer, percent, seconds
from abduce.benchmarks.drawing.tables import markdown, plain_table, wide_console
from abduce.benchmarks.execution.gathered import AtSize, Executed, remark
from abduce.console import Console

EXECUTED_HEADERS = (
    "task",
    "method",
    "level",
    "seeds",
    "proved",
    "attempts",
    "examples",
    "parameters",
    "train CPU",
    "test CPU",
    "trained on",
    "whole answers right, by size",
)
EXECUTED_RIGHT = frozenset(("seeds", "attempts", "examples", "parameters", "train CPU", "test CPU"))
LEGEND = "size*: beyond the training; means over seeds, of attempts at a proof the most"


def executed_cells(row: Executed) -> tuple[str, ...]:
    """One row as text, in the order of `EXECUTED_HEADERS`."""
    learned = row.level != "L0"
    trained_on = "–".join(f"{n:,}" for n in dict.fromkeys(row.trained_on or ()))
    return (
        row.task,
        f"{row.method} ({row.configuration})".lstrip() if row.configuration else row.method,
        row.level,
        str(len(row.records)),
        row.proved,
        str(row.attempts or ""),
        f"{row.mean('examples'):,.0f}" if learned else "",
        f"{row.mean('parameters'):,.0f}" if learned else "",
        seconds(row.mean("train_s")) if learned else "",
        seconds(row.mean("test_s")),
        f"{trained_on} {row.unit}" if trained_on else "",
        _by_size(row),
    )


def executed_table(rows: Sequence[Executed], console: Console | None = None) -> None:
    """The table on stdout; a narrow terminal is spared some columns."""
    out = console or wide_console()
    spared = {"attempts", "parameters", "test CPU", "trained on"} if out.width < 110 else set[str]()
    cells = [executed_cells(row) for row in rows]
    plain_table(out, EXECUTED_HEADERS, cells, EXECUTED_RIGHT, spared)
    out.print(Text(LEGEND, "dim"))
    if told := remark(rows):
        out.print(Text(told, "dim"))


def executed_markdown(rows: Sequence[Executed]) -> str:
    """The table as Markdown."""
    return markdown(EXECUTED_HEADERS, [executed_cells(row) for row in rows], EXECUTED_RIGHT)


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


def _by_size(row: Executed) -> str:
    """Sizes of which all is right are named first, and once.

    A module says them one by one, for there the fall is the point.
    """
    perfect = all(size.exact[1] == 1 for size in row.sizes)
    if perfect and row.level != "module":
        told = f"100 % at {', '.join(size.name for size in row.sizes)}"
    else:
        told = ", ".join(_at(row, size) for size in row.sizes)
    gaps = [longer(size.gap) for size in row.sizes if size.gap is not None]
    return f"{told}; {', '.join(gaps)} longer than LKH's" if gaps else told


def _at(row: Executed, size: AtSize) -> str:
    return f"{size.name}{'*' if row.beyond(size) else ''}: {percent(size.exact[0])}"
