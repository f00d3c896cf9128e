"""One table for terminals (with rich), Markdown and pages, made from columns; lists in columns."""

import sys
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar

from rich.table import Table as RichTable
from rich.text import Text

from abduce.console import Console
from abduce.printing import one_line

Row = TypeVar("Row")

Mood = Literal["", "good", "fair", "bad"]
STYLES: Mapping[Mood, str] = MappingProxyType(
    {"good": "green", "fair": "yellow", "bad": "bold red"}
)
WIDE = 110
"""The width of a terminal that has room for columns that are not the most important."""
NEVER = sys.maxsize
"""The width of a terminal that does not exist: the column is for Markdown and pages."""


def no_mood(_: object) -> Mood:
    return ""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column of a table.

    Args:
        text: the text of a row's cell.
        right: whether cells go to the right.
        mood: whether a row's cell is good, fair or bad; terminals and pages colour it.
        code: whether a page shows it as code.
        width: the least width of a terminal that has room for it.
        wraps: whether a terminal may break its cells into lines.
        optional: whether it is left out where all its cells are empty.
    """

    heading: str
    text: Callable[[Row], str]
    right: bool = False
    mood: Callable[[Row], Mood] = no_mood
    code: bool = False
    width: int = 0
    wraps: bool = True
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text, and whether that is good, fair or bad."""

    text: str
    mood: Mood = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of cells; `legend` explains them below, on a terminal."""

    columns: tuple[Column[Any], ...]
    rows: tuple[tuple[Cell, ...], ...]
    legend: str = ""


def table_of(columns: Sequence[Column[Row]], rows: Sequence[Row], legend: str = "") -> Table:
    """The table with a line for each row."""
    texts = [[column.text(row) for row in rows] for column in columns]
    used = [n for n, column in enumerate(columns) if any(texts[n]) or not column.optional]
    return Table(
        tuple(columns[n] for n in used),
        tuple(
            tuple(Cell(texts[n][at], columns[n].mood(row)) for n in used)
            for at, row in enumerate(rows)
        ),
        legend,
    )


def show_table(table: Table, console: Console | None = None) -> None:
    """The table on a terminal, stdout by default; a narrow one is spared some columns."""
    out = console or wide_console()
    shown = [n for n, column in enumerate(table.columns) if column.width <= out.width]
    drawn = RichTable(box=None, header_style="bold", pad_edge=False)
    for n in shown:
        column = table.columns[n]
        side = "right" if column.right else "left"
        drawn.add_column(column.heading, justify=side, no_wrap=not column.wraps, overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(row[n].text, STYLES.get(row[n].mood, "")) for n in shown))
    out.print(drawn)
    if table.legend:
        out.print(Text(table.legend, "dim"))


def markdown(table: Table) -> str:
    """The table as Markdown, aligned for a reader of the source too.

    >>> columns = (Column("task", lambda row: row[0]), Column("n", lambda row: row[1], right=True))
    >>> print(markdown(table_of(columns, [("scan", "12"), ("a|b", "3")])))
    | task |  n |
    | ---- | -: |
    | scan | 12 |
    | a\\|b |  3 |
    """
    texts = [[one_line(cell.text).replace("|", "\\|") for cell in row] for row in table.rows]
    headings = [column.heading for column in table.columns]
    sides = [column.right for column in table.columns]
    first, *rest = _padded([headings, *texts], sides)
    rule = [
        "-" * (len(text) - 1) + ":" if right else "-" * len(text)
        for text, right in zip(first, sides, strict=True)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in [first, rule, *rest])


def html(table: Table) -> str:
    """The table as HTML."""
    sides = ["right" if column.right else "" for column in table.columns]
    head = "".join(
        f"<th{_class(side)}>{column.heading}</th>"
        for column, side in zip(table.columns, sides, strict=True)
    )
    body = "\n".join(
        "<tr>" + "".join(map(_html_cell, row, table.columns, sides)) + "</tr>" for row in table.rows
    )
    return f"<table><tr>{head}</tr>\n{body}</table>"


def aligned(rows: Sequence[Sequence[str]], right: Set[int] = frozenset()) -> list[str]:
    """Rows of texts as lines of plain text with aligned columns, as in a list of commands.

    Args:
        right: the numbers of the columns whose texts go to the right.

    >>> aligned([("scan", "12", "commands"), ("pcfg", "3", "edits")], {1})
    ['scan  12  commands', 'pcfg   3  edits']
    """
    texts = [[one_line(text) for text in row] for row in rows]
    sides = [n in right for n in range(max(map(len, rows), default=0))]
    return ["  ".join(line).rstrip() for line in _padded(texts, sides)]


def wide_console() -> Console:
    """stdout: as wide as the terminal, or as wide as needed where it is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


def _padded(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[list[str]]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [
            text.rjust(width) if side else text.ljust(width)
            for text, width, side in zip(row, widths, right, strict=True)
        ]
        for row in rows
    ]


def _html_cell(cell: Cell, column: Column[Any], side: str) -> str:
    text = escape(cell.text)
    shown = f"<code>{text}</code>" if column.code else text
    return f"<td{_class(side, '' if cell.mood == 'fair' else cell.mood)}>{shown}</td>"


def _class(*names: str) -> str:
    given = " ".join(filter(None, names))
    return f' class="{given}"' if given else ""
