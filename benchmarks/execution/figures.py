"""The figure of what was executed: accuracy against the size of inputs."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.figures import (
    GRID,
    INK,
    MUTED,
    SERIES,
    apart,
    curve,
    drawn_name,
    literally,
    plain_axes,
    svg,
)
from abduce.benchmarks.execution.gathered import Panel


@literally
def accuracy_by_size(found: Sequence[Panel]) -> str:
    """Small multiples, two in a row: a line a level or module, the training shaded."""
    from matplotlib.figure import Figure

    columns = min(2, len(found))
    rows = -(-len(found) // columns)
    figure = Figure(figsize=(7.6, 2.5 * rows), layout="constrained")
    figure.patch.set_alpha(0)
    for number, panel in enumerate(found):
        axes = figure.add_subplot(rows, columns, number + 1)
        plain_axes(axes)
        for low, high in panel.ranges:
            axes.axvspan(low * 0.9, high * 1.1, color=GRID, alpha=0.6, linewidth=0)
        for place, line in enumerate(panel.lines):
            colour, name = SERIES[place % len(SERIES)], drawn_name(line.name)
            style = "o--" if line.level == "module" else "o-"
            curve(axes, line.points, colour, name, style, linewidth=1.6, markersize=3.5)
        axes.set_title(drawn_name(panel.task), color=INK, fontsize=10, loc="left")
        axes.set_xscale("log")
        ticks = sorted({point[0] for line in panel.lines for point in line.points})
        shown = apart(ticks, max(1.35, (ticks[-1] / ticks[0]) ** 0.16))
        axes.set_xticks(shown, [f"{tick:,}" for tick in shown])
        axes.minorticks_off()
        axes.set_ylim(-0.03, 1.05)
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100 %"])
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.set_xlabel(drawn_name(panel.unit), color=MUTED, fontsize=8)
        axes.legend(loc="lower left", frameon=False, fontsize=7.5, labelcolor=INK)
    return svg(figure, "accuracy against size")
