"""Tables on the terminal, with rich, and as Markdown."""

from collections.abc import Sequence, Set
from typing import Any

from rich.table import Table
from rich.text import Text

from abduce.benchmarks.report_data import Row, percent, seconds
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


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Set[str]) -> str:
    """A table as Markdown, aligned for a reader of the source too.

    Args:
        right: the headers of the columns whose cells go to the right.

    >>> print(markdown(("task", "n"), [("scan", "12"), ("a|b", "3")], {"n"}))
    | task |  n |
    | ---- | -: |
    | scan | 12 |
    | a\\|b |  3 |
    """
    lines = [list(headers), *([visible(text).replace("|", "\\|") for text in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    sides = [name in right for name in headers]

    def line(texts: Sequence[str]) -> str:
        padded = [
            text.rjust(width) if side else text.ljust(width)
            for text, width, side in zip(texts, widths, sides, strict=True)
        ]
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * (width - 1) + ":" if side else "-" * width
        for width, side in zip(widths, sides, strict=True)
    ]
    return "\n".join([line(lines[0]), line(rule), *map(line, lines[1:])])


def record_markdown(rows: Sequence[Row]) -> str:
    """The report as a Markdown table."""
    shown = used_columns(rows)
    texts = [[cells(row)[n] for n in shown] for row in rows]
    return markdown([HEADERS[n] for n in shown], texts, RIGHT)


def wide_console() -> Console:
    """stdout: as wide as the terminal, or as wide as needed where it is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


def plain_table(
    out: Console,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Set[str],
    spared: Set[str],
) -> None:
    """A table on a terminal.

    Args:
        right: the headers of the columns whose cells go to the right.
        spared: the headers of those that are left out.
    """
    shown = [n for n, name in enumerate(headers) if name not in spared]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for n in shown:
        side = "right" if headers[n] in right else "left"
        table.add_column(headers[n], justify=side, overflow="fold")
    for texts in rows:
        table.add_row(*(Text(texts[n]) for n in shown))
    out.print(table)


def visible(text: str) -> str:
    """One line of text: what cannot be printed, the end of a line too, is spelt out.

    >>> visible("two\\nlines, \\x1b[31mred")
    'two\\\\nlines, \\\\x1b[31mred'
    """
    return "".join(each if each.isprintable() else _spelt(each) for each in text)


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def data_set_table(rows: Sequence[dict[str, Any]], console: Console | None = None) -> None:
    """The data sets as a table on stdout."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("data set", no_wrap=True)
    table.add_column("at hand", justify="right", no_wrap=True)
    table.add_column("downloadable", justify="right", no_wrap=True)
    table.add_column("what it is, from where, under which licence", overflow="fold")
    for row in rows:
        source = f"{'; '.join(row['origin'])} ({'; '.join(row['licence'])})"
        about = Text.assemble(row["title"], "\n", (source, "dim"))
        table.add_row(
            row["name"],
            f"{row['at_hand']}/{row['members']}",
            f"{row['downloadable']}/{row['members']}",
            about,
        )
    (console or wide_console()).print(table)
