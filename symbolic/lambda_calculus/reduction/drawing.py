"""Graphs as SVG text."""

from html import escape

from abduce.symbolic.lambda_calculus.reduction.graphs import Graph

LETTER, ROW, GAP, MARGIN, HEIGHT = 7, 70, 24, 30, 24
LONGEST = 48
"""The upper limit on the characters of a label."""

STYLE = (
    "text{font:12px monospace;text-anchor:middle;fill:#222}"
    "rect{fill:#f6f6f6;stroke:#888}rect.main{fill:#e3f1e0;stroke:#2a7d2a;stroke-width:2}"
    "path{fill:none;stroke:#aaa;marker-end:url(#tip)}path.main{stroke:#1f5fa8;stroke-width:2}"
    "#tip path{marker-end:none;fill:#888;stroke:none}"
)


def svg(graph: Graph, title: str) -> str:
    """A picture of a graph, layer under layer.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> from abduce.symbolic.lambda_calculus.reduction.graphs import term_graph
    >>> svg(term_graph(parse("f x")), "f x")[:30]
    '<svg xmlns="http://www.w3.org/'
    """
    shown = [label if len(label) <= LONGEST else f"{label[:LONGEST]}…" for label in graph.labels]
    widths = [LETTER * len(label) + 16 for label in shown]
    rows: dict[int, list[int]] = {}
    for number, layer in enumerate(graph.layers):
        rows.setdefault(layer, []).append(number)
    spans = [sum(widths[n] for n in row) + GAP * (len(row) - 1) for row in rows.values()]
    whole = max(spans)
    x: dict[int, float] = {}
    for row, span in zip(rows.values(), spans, strict=True):
        at = MARGIN + (whole - span) / 2
        for number in row:
            x[number] = at + widths[number] / 2
            at += widths[number] + GAP
    y = [MARGIN + HEIGHT + ROW * layer for layer in graph.layers]
    width, height = whole + 2 * MARGIN, max(y) + HEIGHT + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'viewBox="0 0 {width:.0f} {height}">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto" markerUnits="userSpaceOnUse">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>',
    ]
    for edge in graph.edges:
        x1, y1, x2, y2 = x[edge.start], y[edge.start], x[edge.end], y[edge.end]
        kind = ' class="main"' if edge.main else ""
        if y2 == y1 and x1 != x2:  # over what is between
            top = y1 - HEIGHT / 2
            path = f"M{x1:.1f} {top:.1f}C{x1:.1f} {top - 30:.1f} {x2:.1f} {top - 30:.1f} "
            path += f"{x2:.1f} {top:.1f}"
        elif y2 > y1:
            bend = (y2 - y1) / 2
            path = f"M{x1:.1f} {y1 + HEIGHT / 2:.1f}C{x1:.1f} {y1 + bend:.1f} {x2:.1f} "
            path += f"{y2 - bend:.1f} {x2:.1f} {y2 - HEIGHT / 2:.1f}"
        else:  # back, or to itself
            side = max(x1 + widths[edge.start] / 2, x2 + widths[edge.end] / 2)
            path = f"M{x1 + widths[edge.start] / 2:.1f} {y1:.1f}C{side + 40:.1f} {y1 + 20:.1f} "
            path += f"{side + 40:.1f} {y2 - 20:.1f} {x2 + widths[edge.end] / 2:.1f} {y2:.1f}"
        lines.append(f'<path{kind} d="{path}"/>')
    for number, label in enumerate(shown):
        kind = ' class="main"' if number in graph.main else ""
        left, top = x[number] - widths[number] / 2, y[number] - HEIGHT / 2
        lines.append(
            f'<g><title>{escape(graph.labels[number])}</title><rect{kind} x="{left:.1f}" '
            f'y="{top:.1f}" width="{widths[number]}" height="{HEIGHT}" rx="5"/>'
            f'<text x="{x[number]:.1f}" y="{y[number] + 4:.1f}">{escape(label)}</text></g>'
        )
    if graph.left_out:
        lines.append(f'<text x="{width / 2:.1f}" y="{height - MARGIN / 2:.1f}">and more</text>')
    return "\n".join((*lines, "</svg>", ""))
