"""The parts that the page of a report is made of, as HTML text."""

from collections.abc import Iterable, Sequence
from html import escape


def facts(found: Iterable[tuple[str, str]]) -> str:
    """Boxes, each with a value and its caption."""
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


def _made_by(lines: Sequence[str], shown: int = 3) -> str:
    if not lines:
        return ""
    listed = escape("\n".join(lines))
    if len(lines) <= shown:
        return f"<details open><summary>Made by</summary><pre>{listed}</pre></details>"
    return f"<details><summary>Made by {len(lines)} commands</summary><pre>{listed}</pre></details>"
