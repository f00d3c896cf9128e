"""Tables on the terminal, with rich, and as Markdown."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.drawing.tables import markdown, wide_console
from abduce.benchmarks.solve.gathered import Row
from abduce.console import Console

HEADERS = (
    "task",
    "split",
    "rows",
    "noise",
    "seeds",
    "accuracy",
    "abstained",
    "train",
    "test",
    "peak",
    "config",
)
RIGHT = frozenset(("rows", "noise", "seeds", "accuracy", "abstained", "train", "test", "peak"))


def cells(row: Row) -> tuple[str, ...]:
    """One row of the report as text, in the order of `HEADERS`."""
    s = row.setting
    accuracy = row.spread("accuracy")
    shown = percent(accuracy.mean) if accuracy else ""
    if accuracy and accuracy.sd > 0:
        shown += f" ± {100 * accuracy.sd:.1f}"
    queries = row.spread("queries")
    asked = f"{queries.mean:g} asked" if s.active and queries else f"{s.train_rows:,}"
    train, test, peak = row.spread("train_s"), row.spread("test_s"), row.spread("peak_mb")
    return (
        s.task,
        s.label,
        asked,
        f"{100 * s.noise:g} %" if s.noise else "",
        str(len(row.records)),
        shown,
        f"{row.total('abstained'):,}" if row.total("abstained") else "",
        seconds(train.mean) if train else "",
        seconds(test.mean) if test else "",
        f"{peak.high:.0f} MB" if peak else "",
        " ".join(row.hashes),
    )


def used_columns(rows: Sequence[Row]) -> list[int]:
    """The columns that say something about any of the rows."""
    return [n for n in range(len(HEADERS)) if any(cells(row)[n] for row in rows)]


def record_table(rows: Sequence[Row], console: Console | None = None) -> None:
    """The report as a table on stdout; a narrow terminal is spared the last columns."""
    out = console or wide_console()
    spared = {"abstained", "peak", "config"} if out.width < 110 else {"config"}
    shown = [n for n in used_columns(rows) if HEADERS[n] not in spared]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for n in shown:
        side = "right" if HEADERS[n] in RIGHT else "left"
        table.add_column(HEADERS[n], justify=side, no_wrap=HEADERS[n] != "split", overflow="fold")
    for row in rows:
        perfect = all(r.metrics["accuracy"] == 1 for r in row.records)
        colour = "green" if perfect else "yellow"
        texts = cells(row)
        table.add_row(*(Text(texts[n], colour if HEADERS[n] == "accuracy" else "") for n in shown))
    out.print(table)
    hashes = sorted({name for row in rows for name in row.hashes})
    out.print(Text(f"configurations: {' '.join(hashes) or 'none'}", "dim"))


def record_markdown(rows: Sequence[Row]) -> str:
    """The report as a Markdown table."""
    shown = used_columns(rows)
    texts = [[cells(row)[n] for n in shown] for row in rows]
    return markdown([HEADERS[n] for n in shown], texts, RIGHT)
