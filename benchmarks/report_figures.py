"""The figures of a report, drawn with matplotlib's object API into SVG text that a page can hold.

Colours are drawn as placeholders and then replaced by CSS variables, so that one figure serves a
light page and a dark one. Text stays text: the page's font applies, and it can be selected.
"""

import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from abduce.benchmarks.report_data import Row, percent, seconds
from abduce.benchmarks.report_execution import Panel
from abduce.benchmarks.report_table import visible

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

Curves = dict[tuple[str, str], list[Row]]
P = ParamSpec("P")


def _literally(draw: Callable[P, str]) -> Callable[P, str]:
    """Names are drawn as they are: a dollar begins no formula, and a letter that the font lacks is
    left to the reader's."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> str:
        from matplotlib import rc_context

        with rc_context({"text.parse_math": False}), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph ", category=UserWarning)
            return draw(*args, **kwargs)

    return drawn


@_literally
def accuracy_by_split(rows: Sequence[Row]) -> str:
    """A bar a split, grouped by task, the number beside it; seeds as dots where they differ."""
    labels = [_label(row.setting.label) for row in rows]
    figure, axes = _figure(height=0.62 + 0.29 * len(rows))
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
    _rows_down(axes, labels)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    _task_names(axes, rows)
    return _svg(figure, "accuracy by split")


@_literally
def accuracy_by_training_rows(found: Curves) -> str:
    """A line a split: the mean over seeds, the band from the worst seed to the best."""
    figure, axes = _figure(height=3.6)
    _curves(axes, found, lambda row: row.setting.train_rows)
    axes.set_xscale("log")
    ticks = sorted({row.setting.train_rows for rows in found.values() for row in rows})
    shown = _apart(ticks)
    axes.set_xticks(shown, [f"{t:,}" for t in shown])
    axes.minorticks_off()
    axes.set_xlabel("training rows", color=MUTED, fontsize=9)
    return _svg(figure, "accuracy against training rows")


@_literally
def accuracy_by_noise(found: Curves) -> str:
    """A line a split over the share of training outputs that were replaced."""
    figure, axes = _figure(height=3.2)
    _curves(axes, found, lambda row: row.setting.noise)
    ticks = sorted({row.setting.noise for rows in found.values() for row in rows})
    axes.set_xticks(ticks, [f"{100 * t:g} %" for t in ticks])
    axes.set_xlabel("training outputs replaced by others", color=MUTED, fontsize=9)
    return _svg(figure, "accuracy against noise")


@_literally
def seconds_by_split(rows: Sequence[Row]) -> str:
    """Two dots a split, training and testing, on one logarithmic axis."""
    figure, axes = _figure(height=0.95 + 0.29 * len(rows))
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
    _rows_down(axes, [_label(row.setting.label) for row in rows])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} s")
    axes.minorticks_off()
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, fontsize=9,
                labelcolor=INK, handletextpad=0.2, borderaxespad=0)  # fmt: skip
    _task_names(axes, rows)
    return _svg(figure, "seconds by split")


@_literally
def solved_within(points: Mapping[str, Sequence[tuple[float, int]]]) -> str:
    """A cactus plot: a line a benchmark over CPU seconds, a step up for each instance solved.

    Both axes are logarithmic, so that a benchmark of five instances is seen beside one of two
    hundred. Beyond eight benchmarks the colours come again, dashed.

    Args:
        points: of each benchmark at least one (CPU seconds, number solved), both ascending.
    """
    figure, axes = _figure(height=3.8)
    costs = [cost for steps in points.values() for cost, _ in steps]
    ticks = _enclosing(min(costs), max(costs))
    by_number = sorted(points.items(), key=lambda item: -len(item[1]))
    for number, (name, steps) in enumerate(by_number):
        x, y = [cost for cost, _ in steps], [solved for _, solved in steps]
        line = "-" if number < len(SERIES) else "--"
        label, colour = _label(f"{name}  {y[-1]:,}"), SERIES[number % len(SERIES)]
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
    return _svg(figure, "instances solved within CPU seconds")


@_literally
def accuracy_by_size(found: Sequence[Panel]) -> str:
    """Small multiples, two in a row: a line a level or module, the training shaded."""
    from matplotlib.figure import Figure

    columns = min(2, len(found))
    rows = -(-len(found) // columns)
    figure = Figure(figsize=(7.6, 2.5 * rows), layout="constrained")
    figure.patch.set_alpha(0)
    for number, panel in enumerate(found):
        axes = figure.add_subplot(rows, columns, number + 1)
        _plain(axes)
        for low, high in panel.ranges:
            axes.axvspan(low * 0.9, high * 1.1, color=GRID, alpha=0.6, linewidth=0)
        for place, line in enumerate(panel.lines):
            x, mean, low, high = zip(*line.points, strict=True)
            colour = SERIES[place % len(SERIES)]
            axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
            style = "o--" if line.level == "module" else "o-"
            axes.plot(
                x, mean, style, color=colour, linewidth=1.6, markersize=3.5, label=_label(line.name)
            )
        axes.set_title(_label(panel.task), color=INK, fontsize=10, loc="left")
        axes.set_xscale("log")
        ticks = sorted({point[0] for line in panel.lines for point in line.points})
        shown = _apart(ticks, max(1.35, (ticks[-1] / ticks[0]) ** 0.16))
        axes.set_xticks(shown, [f"{tick:,}" for tick in shown])
        axes.minorticks_off()
        axes.set_ylim(-0.03, 1.05)
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100 %"])
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.set_xlabel(_label(panel.unit), color=MUTED, fontsize=8)
        axes.legend(loc="lower left", frameon=False, fontsize=7.5, labelcolor=INK)
    return _svg(figure, "accuracy against size")


def _enclosing(low: float, high: float) -> list[float]:
    """Round numbers for a logarithmic axis: the first at most `low`, the last above `high`.

    >>> _enclosing(0.4, 6.0)
    [0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
    """
    first = max(n for n, tick in enumerate(NICE) if tick <= max(low, NICE[0]))
    last = min(n for n, tick in enumerate(NICE) if tick > max(high, NICE[0]))
    return list(NICE[first : last + 1])


def _figure(height: float) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.6, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    _plain(axes)
    return figure, axes


def _plain(axes: "Axes") -> None:
    axes.patch.set_alpha(0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(length=0, labelsize=9, labelcolor=MUTED)
    axes.set_axisbelow(True)


def _rows_down(axes: "Axes", labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels, color=INK)
    axes.set_ylim(len(labels) - 0.5, -0.5)


def _task_names(axes: "Axes", rows: Sequence[Row]) -> None:
    """Where there are several tasks: a thin line between, the name before the first split."""
    labels = [text.get_text() for text in axes.get_yticklabels()]
    if len({row.setting.task for row in rows}) > 1:
        for y in range(1, len(rows)):
            if rows[y].setting.task != rows[y - 1].setting.task:
                axes.axhline(y - 0.5, color=GRID, linewidth=0.8, xmin=-0.5, clip_on=False)
        labels = [
            label
            if y and rows[y].setting.task == rows[y - 1].setting.task
            else f"{_label(row.setting.task)}   {label}"
            for y, (row, label) in enumerate(zip(rows, labels, strict=True))
        ]
    axes.set_yticks(range(len(labels)), labels, color=INK)


def _curves(axes: "Axes", found: Curves, along: Callable[[Row], float]) -> None:
    several = len({task for task, _ in found}) > 1
    for number, ((task, label), rows) in enumerate(found.items()):
        colour = SERIES[number % len(SERIES)]
        spreads = [spread for row in rows if (spread := row.spread("accuracy"))]
        x = [along(row) for row in rows]
        low, high = [s.low for s in spreads], [s.high for s in spreads]
        axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
        name = _label(f"{task} {label}" if several else label)
        axes.plot(
            x, [s.mean for s in spreads], "o-", color=colour, linewidth=2, markersize=5, label=name
        )
    low = min(
        (s.low for rows in found.values() for row in rows if (s := row.spread("accuracy"))),
        default=0,
    )
    axes.set_ylim(max(0.0, low - 0.05) if low > 0.5 else 0.0, 1.02)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    axes.set_yticks([tick for tick in axes.get_yticks() if axes.get_ylim()[0] <= tick <= 1.001])
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.legend(loc="lower right", frameon=False, fontsize=9, labelcolor=INK)


def _label(name: str) -> str:
    """A name that can be drawn: one line, not too long. A legend leaves out what begins with an
    underscore."""
    shown = visible(name)
    shown = shown if len(shown) <= LONGEST_LABEL else f"{shown[: LONGEST_LABEL - 1]}…"
    return f" {shown}" if shown.startswith("_") else shown


def _apart(ticks: Sequence[int], factor: float = 1.35) -> list[int]:
    """The ticks that leave room for their labels on a logarithmic axis.

    >>> _apart([100, 110, 200])
    [100, 200]
    """
    kept: list[int] = []
    for tick in ticks:
        if tick > 0 and (not kept or tick >= kept[-1] * factor):
            kept.append(tick)
    return kept


def _task_colours(rows: Sequence[Row]) -> dict[str, str]:
    tasks = list(dict.fromkeys(row.setting.task for row in rows))
    return {task: SERIES[number % len(SERIES)] for number, task in enumerate(tasks)}


def _svg(figure: "Figure", name: str) -> str:
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
