"""What every figure of a report shares: axes, curves, colours, and SVG text that a page can hold.

Figures are drawn with matplotlib's object API. Colours are drawn as placeholders and then replaced
by CSS variables, so that one figure serves a light page and a dark one. Text stays text: the page's
font applies, and it can be selected.
"""

import io
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from abduce.printing import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, GRID, PAPER = "#010101", "#020202", "#030303", "#040404"
SERIES = ("#0a0001", "#0a0002", "#0a0003", "#0a0004", "#0a0005", "#0a0006", "#0a0007", "#0a0008")
VARIABLES = {INK: "--ink", MUTED: "--muted", GRID: "--grid", PAPER: "--paper"} | {
    colour: f"--series-{number}" for number, colour in enumerate(SERIES, start=1)
}

LONGEST_LABEL = 60

NICE = tuple(float(f"{digit}e{power}") for power in range(-3, 12) for digit in (1, 2, 5))

P = ParamSpec("P")

Point = tuple[float, float, float, float]
"""A point of a curve: (x, mean, least, greatest)."""


def literally(draw: Callable[P, str]) -> Callable[P, str]:
    """Names are drawn as they are: a dollar begins no formula, and a letter that the font lacks is
    left to the reader's."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> str:
        from matplotlib import rc_context

        with rc_context({"text.parse_math": False}), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph ", category=UserWarning)
            return draw(*args, **kwargs)

    return drawn


def enclosing(low: float, high: float) -> list[float]:
    """Round numbers for a logarithmic axis: the first at most `low`, the last above `high`.

    >>> enclosing(0.4, 6.0)
    [0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
    """
    first = max(n for n, tick in enumerate(NICE) if tick <= max(low, NICE[0]))
    last = min(n for n, tick in enumerate(NICE) if tick > max(high, NICE[0]))
    return list(NICE[first : last + 1])


def new_figure(height: float) -> "tuple[Figure, Axes]":
    """A figure as wide as the page with a single plot, and a height in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.6, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    plain_axes(axes)
    return figure, axes


def plain_axes(axes: "Axes") -> None:
    """A plot without a frame: the line below is all that stays."""
    axes.patch.set_alpha(0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(length=0, labelsize=9, labelcolor=MUTED)
    axes.set_axisbelow(True)


def rows_down(axes: "Axes", labels: Sequence[str]) -> None:
    """One row a label, from the top to the bottom."""
    axes.set_yticks(range(len(labels)), labels, color=INK)
    axes.set_ylim(len(labels) - 0.5, -0.5)


def curve(
    axes: "Axes",
    points: Sequence[Point],
    colour: str,
    name: str,
    style: str = "o-",
    linewidth: float = 2.0,
    markersize: float = 5.0,
) -> None:
    """A line through the means, and a band from the least to the most."""
    x, mean, low, high = zip(*points, strict=True)
    axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(x, mean, style, color=colour, linewidth=linewidth, markersize=markersize, label=name)


def drawn_name(name: str) -> str:
    """A name that can be drawn: one line, not too long. A legend leaves out what begins with an
    underscore."""
    shown = one_line(name)
    shown = shown if len(shown) <= LONGEST_LABEL else f"{shown[: LONGEST_LABEL - 1]}…"
    return f" {shown}" if shown.startswith("_") else shown


def apart(ticks: Sequence[int], factor: float = 1.35) -> list[int]:
    """The ticks that leave room for their labels on a logarithmic axis.

    >>> apart([100, 110, 200])
    [100, 200]
    """
    kept: list[int] = []
    for tick in ticks:
        if tick > 0 and (not kept or tick >= kept[-1] * factor):
            kept.append(tick)
    return kept


def svg(figure: "Figure", name: str) -> str:
    """The figure as an <svg> element, placeholders replaced by CSS variables."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    for placeholder, variable in VARIABLES.items():
        text = text.replace(placeholder, f"var({variable})")
    return text.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
