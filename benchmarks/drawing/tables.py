"""Tables on the terminal, with rich, and as Markdown."""

from collections.abc import Sequence, Set

from rich.table import Table
from rich.text import Text

from abduce.console import Console
from abduce.printing import one_line


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
    lines = [list(headers), *([one_line(text).replace("|", "\\|") for text in row] for row in rows)]
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


def wide_console() -> Console:
    """stdout: as wide as the terminal, or as wide as needed where it is a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=140)
