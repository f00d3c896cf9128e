"""The figures of what was learned: accuracy and seconds by split, along training rows and noise."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from abduce.benchmarks.drawing.figures import (
    GRID,
    INK,
    MUTED,
    SERIES,
    apart,
    curve,
    drawn_name,
    literally,
    new_figure,
    rows_down,
    svg,
)
from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.solve.gathered import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curves = Mapping[tuple[str, str], Sequence[Row]]


@literally
def accuracy_by_split(rows: Sequence[Row]) -> str:
    """A bar for each split, grouped by task, with its number beside it; seeds as dots where they
    differ."""
    labels = [drawn_name(row.setting.label) for row in rows]
    figure, axes = new_figure(height=0.62 + 0.29 * len(rows))
    colours = _task_colours(rows)
    for y, row in enumerate(rows):
        spread = row.spread("accuracy")
        mean = spread.mean if spread else 0.0
        axes.barh(y, 1, height=0.44, color=GRID, alpha=0.6, linewidth=0)
        axes.barh(y, mean, height=0.44, color=colours[row.setting.task], linewidth=0)
        if spread and spread.high > spread.low:
            values = [float(r.metrics["accuracy"]) for r in row.records]
            axes.plot(values, [y] * len(values), "o", markersize=3, color=INK, alpha=0.6)
        colour = INK if mean == 1 else SERIES[4]
        axes.text(1.015, y, percent(mean), va="center", fontsize=9, color=colour)
    rows_down(axes, labels)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    _task_names(axes, rows)
    return svg(figure, "accuracy by split")


@literally
def accuracy_by_training_rows(found: Curves) -> str:
    """A line a split: the mean over seeds, the band from the worst seed to the best."""
    figure, axes = new_figure(height=3.6)
    _curves(axes, found, lambda row: row.setting.train_rows)
    axes.set_xscale("log")
    ticks = sorted({row.setting.train_rows for rows in found.values() for row in rows})
    shown = apart(ticks)
    axes.set_xticks(shown, [f"{t:,}" for t in shown])
    axes.minorticks_off()
    axes.set_xlabel("training rows", color=MUTED, fontsize=9)
    return svg(figure, "accuracy against training rows")


@literally
def accuracy_by_noise(found: Curves) -> str:
    """A line a split over the share of training outputs that were replaced."""
    figure, axes = new_figure(height=3.2)
    _curves(axes, found, lambda row: row.setting.noise)
    ticks = sorted({row.setting.noise for rows in found.values() for row in rows})
    axes.set_xticks(ticks, [f"{100 * t:g} %" for t in ticks])
    axes.set_xlabel("training outputs replaced by others", color=MUTED, fontsize=9)
    return svg(figure, "accuracy against noise")


@literally
def seconds_by_split(rows: Sequence[Row]) -> str:
    """Two dots a split, training and testing, on one logarithmic axis."""
    figure, axes = new_figure(height=0.95 + 0.29 * len(rows))
    for metric, colour, name in (
        ("train_s", SERIES[0], "training"),
        ("test_s", SERIES[1], "testing"),
    ):
        for y, row in enumerate(rows):
            spread = row.spread(metric)
            if spread is None or spread.mean <= 0:
                continue
            if spread.high > spread.low > 0:
                axes.plot([spread.low, spread.high], [y, y], color=colour, linewidth=2, alpha=0.45)
            axes.plot([spread.mean], [y], "o", markersize=6.5, color=colour)
        axes.plot([], [], "o", color=colour, label=name)
    for y, row in enumerate(rows):
        spread = row.spread("train_s")
        if spread:
            axes.text(1.015, y, seconds(spread.mean), va="center", fontsize=9, color=INK,
                      transform=axes.get_yaxis_transform())  # fmt: skip
    rows_down(axes, [drawn_name(row.setting.label) for row in rows])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} s")
    axes.minorticks_off()
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, fontsize=9,
                labelcolor=INK, handletextpad=0.2, borderaxespad=0)  # fmt: skip
    _task_names(axes, rows)
    return svg(figure, "seconds by split")


def _task_names(axes: "Axes", rows: Sequence[Row]) -> None:
    """If there are several tasks: a thin line between them, and the name of each before its first
    split."""
    labels = [text.get_text() for text in axes.get_yticklabels()]
    if len({row.setting.task for row in rows}) > 1:
        for y in range(1, len(rows)):
            if rows[y].setting.task != rows[y - 1].setting.task:
                axes.axhline(y - 0.5, color=GRID, linewidth=0.8, xmin=-0.5, clip_on=False)
        labels = [
            label
            if y and rows[y].setting.task == rows[y - 1].setting.task
            else f"{drawn_name(row.setting.task)}   {label}"
            for y, (row, label) in enumerate(zip(rows, labels, strict=True))
        ]
    axes.set_yticks(range(len(labels)), labels, color=INK)


def _curves(axes: "Axes", found: Curves, along: Callable[[Row], float]) -> None:
    several = len({task for task, _ in found}) > 1
    for number, ((task, label), rows) in enumerate(found.items()):
        points = [
            (along(row), s.mean, s.low, s.high) for row in rows if (s := row.spread("accuracy"))
        ]
        name = drawn_name(f"{task} {label}" if several else label)
        curve(axes, points, SERIES[number % len(SERIES)], name)
    low = min(
        (s.low for rows in found.values() for row in rows if (s := row.spread("accuracy"))),
        default=0,
    )
    axes.set_ylim(max(0.0, low - 0.05) if low > 0.5 else 0.0, 1.02)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    axes.set_yticks([tick for tick in axes.get_yticks() if axes.get_ylim()[0] <= tick <= 1.001])
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK)


def _task_colours(rows: Sequence[Row]) -> dict[str, str]:
    tasks = list(dict.fromkeys(row.setting.task for row in rows))
    return {task: SERIES[number % len(SERIES)] for number, task in enumerate(tasks)}
