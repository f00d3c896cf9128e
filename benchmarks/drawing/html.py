"""The parts that the page of a report is made of, as HTML text."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `mood` is a class of the page's style: good, bad or none."""

    text: str
    mood: str = ""
    code: bool = False


def facts(found: Iterable[tuple[str, str]]) -> str:
    """Boxes, each of a value and what it is."""
    boxes = "".join(
        f'<div class="fact"><b>{escape(value)}</b><span class="muted">{escape(text)}</span></div>'
        for value, text in found
    )
    return f'<div class="facts">{boxes}</div>'


def section(title: str, text: str, content: str, commands: Sequence[str] = ()) -> str:
    """A figure or a table, which scrolls where it is too wide, and the commands that made it."""
    return (
        f'<section><h2>{title}</h2><p class="muted small">{text}</p>\n'
        f'<div class="scroll">{content}</div>\n'
        f"{_made_by(commands)}</section>"
    )


def table(headers: Sequence[str], rows: Sequence[Sequence[Cell]], right: Set[str]) -> str:
    """A table.

    Args:
        right: the headers of the columns whose cells go to the right.
    """
    sides = ["right" if name in right else "" for name in headers]
    head = "".join(
        f"<th{_class(side)}>{name}</th>" for name, side in zip(headers, sides, strict=True)
    )
    body = "\n".join("<tr>" + "".join(map(_cell, row, sides)) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>\n{body}</table>"


def _cell(cell: Cell, side: str) -> str:
    text = escape(cell.text)
    shown = f"<code>{text}</code>" if cell.code else text
    return f"<td{_class(side, cell.mood)}>{shown}</td>"


def _class(*names: str) -> str:
    given = " ".join(filter(None, names))
    return f' class="{given}"' if given else ""


def _made_by(lines: Sequence[str], shown: int = 3) -> str:
    if not lines:
        return ""
    listed = escape("\n".join(lines))
    if len(lines) <= shown:
        return f"<details open><summary>Made by</summary><pre>{listed}</pre></details>"
    return f"<details><summary>Made by {len(lines)} commands</summary><pre>{listed}</pre></details>"
