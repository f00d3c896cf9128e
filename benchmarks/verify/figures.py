"""The figure of verification: the number of instances solved within a number of CPU seconds."""

from collections.abc import Mapping, Sequence

from abduce.benchmarks.drawing.figures import (
    GRID,
    INK,
    MUTED,
    NICE,
    SERIES,
    drawn_name,
    enclosing,
    literally,
    new_figure,
    svg,
)


@literally
def solved_within(points: Mapping[str, Sequence[tuple[float, int]]]) -> str:
    """A cactus plot: a line for each benchmark over CPU seconds, with a step for each solved
    instance.

    Both axes are logarithmic, so that a benchmark of five instances is seen beside one of two
    hundred. Beyond eight benchmarks the colours are repeated, with dashed lines.

    Args:
        points: one (CPU seconds, number solved) or more for each benchmark, both ascending.
    """
    figure, axes = new_figure(height=3.8)
    costs = [cost for steps in points.values() for cost, _ in steps]
    ticks = enclosing(min(costs), max(costs))
    by_number = sorted(points.items(), key=lambda item: -len(item[1]))
    for number, (name, steps) in enumerate(by_number):
        x, y = [cost for cost, _ in steps], [solved for _, solved in steps]
        line = "-" if number < len(SERIES) else "--"
        label, colour = drawn_name(f"{name}  {y[-1]:,}"), SERIES[number % len(SERIES)]
        axes.plot([*x, ticks[-1]], [*y, y[-1]], line, color=colour, drawstyle="steps-post",
                  linewidth=1.6, label=label)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(ticks[0], ticks[-1])
    axes.set_xticks(ticks, [f"{tick:g} s" for tick in ticks])
    axes.set_yscale("log")
    counts = [int(n) for n in NICE if 1 <= n <= len(by_number[0][1])]
    axes.set_yticks(counts, [f"{n:,}" for n in counts])
    axes.minorticks_off()
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_xlabel("CPU seconds of an instance", color=MUTED, fontsize=9)
    axes.set_ylabel("instances solved", color=MUTED, fontsize=9)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=9,
                labelcolor=INK)  # fmt: skip
    return svg(figure, "instances solved within CPU seconds")
