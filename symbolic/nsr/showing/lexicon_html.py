"""A lexicon as HTML, as notebooks show it: the words, the operators, and a derivation."""

from collections.abc import Sequence
from html import escape
from typing import Final

from abduce.printing import one_line
from abduce.symbolic.nsr.showing.derivation import Node
from abduce.symbolic.nsr.showing.derivation_svg import svg

MOST_ROWS: Final = 50
"""The upper limit on the rows shown of a table."""
Row = Sequence[str]


def lexicon_html(
    title: str, words: Sequence[Row], operators: Sequence[Row], tree: Node | None
) -> str:
    """The parts of a lexicon below each other.

    Args:
        words: each with its meaning.
        operators: each with its level, its pattern, its program and its reach.
        tree: a derivation to show; None without any.
    """
    parts = [f"<p>{_text(title)}</p>"]
    if words:
        parts.append(_table(("word", "meaning"), words))
    if operators:
        parts.append(_table(("level", "operator", "program", "reach"), operators))
    if tree is not None:
        parts.append(svg(tree))
    return f"<div>{''.join(parts)}</div>"


def _table(names: Row, rows: Sequence[Row]) -> str:
    head = "".join([f"<th>{name}</th>" for name in names])
    lines = ["".join([f"<td>{_text(cell)}</td>" for cell in row]) for row in rows[:MOST_ROWS]]
    more = len(rows) - MOST_ROWS
    if more > 0:
        lines.append(f'<td colspan="{len(names)}">and {more:,} more</td>')
    body = "".join([f"<tr>{line}</tr>" for line in lines])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(text: str) -> str:
    return escape(one_line(text))
