"""Graphs as SVG files, from the points that a program found."""

import io
from pathlib import Path

from abduce.errors import InputError
from abduce.files import write_whole
from abduce.symbolic.calculation.answering import Calculated


def draw(found: Calculated, path: Path) -> None:
    """Writes the graph of an answer; the same answer makes the same file.

    Raises:
        InputError: the question asks for no graph, or the name does not end in .svg.
    """
    if path.suffix != ".svg":
        raise InputError(f"--plot {path}", ("a file whose name ends in .svg",))
    if not found.outcome.curve:
        raise InputError(
            "--plot with a question that asks for no graph",
            advice="Ask for a graph, such as: Sketch the graph of y = x^2.",
        )
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "abduce"}):
        figure = Figure(figsize=(6, 4))
        axes = figure.add_subplot()
        nothing = float("nan")
        points = [point or (nothing, nothing) for point in found.outcome.curve]
        axes.plot([p[0] for p in points], [p[1] for p in points])
        axes.axhline(0, linewidth=0.5, color="grey")
        axes.axvline(0, linewidth=0.5, color="grey")
        axes.set_title(found.outcome.answer.removeprefix("graph of ").replace("$", ""))
        content = io.BytesIO()
        figure.savefig(content, format="svg", metadata={"Date": None})
    write_whole(path, content.getvalue())
