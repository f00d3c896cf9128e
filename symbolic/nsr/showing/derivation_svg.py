"""The drawing of a derivation as SVG: a box for each node, above those of its parts.

A box has the words of the phrase, the symbol with its program, and the value. The width of text is
estimated from its characters, so no font is needed to draw.
"""

from dataclasses import dataclass
from html import escape
from typing import Final
from unicodedata import combining, east_asian_width

from abduce.printing import one_line
from abduce.symbolic.nsr.showing.derivation import Node

CHARACTER: Final = 7.3
"""Pixels of a character of the font, which is monospaced and 12 pixels high."""
LINE: Final = 16
PADDING: Final = 8
BESIDE: Final = 16
BELOW: Final = 28
LONGEST: Final = 48
"""The upper limit on the characters of a line; a longer one is cut, and whole in its tooltip."""
STYLE: Final = (
    ".derivation text{font:12px ui-monospace,Menlo,Consolas,monospace;text-anchor:middle;"
    "fill:#1f2328}.derivation .phrase{font-weight:bold}.derivation .program{fill:#59636e}"
    ".derivation .value{fill:#0550ae}.derivation rect{fill:#fff;stroke:#8c959f}"
    ".derivation path{fill:none;stroke:#8c959f}"
)


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place: the middle and the top of its box, and how wide both are drawn.

    Attributes:
        x: the middle of the box, from the left end of the node's subtree.
        span: the width of the node's subtree.
    """

    lines: tuple[str, str, str]
    width: float
    x: float
    span: float
    children: tuple["Box", ...]


def svg(tree: Node) -> str:
    """The tree as an SVG document, which is the same for the same tree."""
    box = _placed(tree)
    parts: list[str] = []
    depth = _drawn(box, 0.0, 0, parts)
    width, height = box.span + 2 * BESIDE, (depth + 1) * (_height() + BELOW)
    title = escape(one_line(" ".join(tree.phrase)))
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="derivation" role="img" '
            f'width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="{-BESIDE} {-BELOW / 2:.0f} {width:.0f} {height:.0f}">',
            f"<title>{title}</title>",
            f"<style>{STYLE}</style>",
            *parts,
            "</svg>\n",
        ]
    )


def _height() -> float:
    return 3 * LINE + PADDING


def _placed(node: Node) -> Box:
    children = tuple([_placed(child) for child in node.children])
    lines = (
        one_line(" ".join(node.phrase)),
        one_line(f"{node.symbol}: {node.program}"),
        one_line(node.shown_value),
    )
    width = max(_width(_cut(line)) for line in lines) + 2 * PADDING
    below = sum([child.span for child in children]) + BESIDE * max(0, len(children) - 1)
    span = max(width, below)
    if children:
        at = (span - below) / 2
        first = at + children[0].x
        last = at + below - children[-1].span + children[-1].x
        x = min(max((first + last) / 2, width / 2), span - width / 2)
    else:
        x = span / 2
    return Box(lines, width, x, span, children)


def _drawn(box: Box, left: float, depth: int, parts: list[str]) -> int:
    """Adds the elements of a box and of the boxes below it; returns the greatest depth."""
    x, y, height = left + box.x, depth * (_height() + BELOW), _height()
    deepest = depth
    below = sum([child.span for child in box.children]) + BESIDE * max(0, len(box.children) - 1)
    at = left + (box.span - below) / 2
    for child in box.children:
        to, bottom = at + child.x, y + height
        middle = bottom + BELOW / 2
        parts.append(
            f'<path d="M{x:.1f} {bottom:.1f}C{x:.1f} {middle:.1f} {to:.1f} {middle:.1f} '
            f'{to:.1f} {bottom + BELOW:.1f}"/>'
        )
        deepest = max(deepest, _drawn(child, at, depth + 1, parts))
        at += child.span + BESIDE
    whole = escape("\n".join(box.lines))
    parts.append(f"<g><title>{whole}</title>")
    parts.append(
        f'<rect x="{x - box.width / 2:.1f}" y="{y:.1f}" width="{box.width:.1f}" '
        f'height="{height:.1f}" rx="4"/>'
    )
    for number, (kind, line) in enumerate(zip(("phrase", "program", "value"), box.lines)):  # noqa: B905
        top = y + PADDING / 2 + LINE * number + 12
        text = escape(_cut(line))
        parts.append(f'<text class="{kind}" x="{x:.1f}" y="{top:.1f}">{text}</text>')
    parts.append("</g>")
    return deepest


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _width(text: str) -> float:
    """Pixels that a text takes."""
    columns = sum([0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text])
    return columns * CHARACTER
