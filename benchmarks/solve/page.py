"""The part of the page about learning."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.html import facts, section
from abduce.benchmarks.drawing.numbers import seconds
from abduce.benchmarks.drawing.tables import html
from abduce.benchmarks.solve.figures import (
    accuracy_by_noise,
    accuracy_by_split,
    accuracy_by_training_rows,
    seconds_by_split,
)
from abduce.benchmarks.solve.gathered import Row, by_noise, by_rows, commands, flat, main_rows
from abduce.benchmarks.solve.table import learned_table

BY_SPLIT = (
    "The share of whole answers that are right on the test set of each split, for the run with the "
    "most training rows, without noise."
)
BY_ROWS = "The line is the mean over seeds; the band runs from the worst seed to the best."
BY_SECONDS = (
    "Seconds on the clock for training (the number at the right) and for answering the whole test "
    "set; bars run from the fastest seed to the slowest."
)
BY_NOISE = "A share of the training outputs was replaced by other outputs; the test set is clean."


def learned_sections(rows: Sequence[Row]) -> list[str]:
    """Facts, figures and table."""
    best = main_rows(rows)
    learning, noise = by_rows(rows), by_noise(rows)
    parts = [_facts(rows, best)]
    if best:
        drawn = accuracy_by_split(best)
        parts.append(section("Accuracy by split", BY_SPLIT, drawn, commands(best)))
    if learning:
        title, drawn = "Accuracy against training rows", accuracy_by_training_rows(learning)
        parts.append(section(title, BY_ROWS, drawn, commands(flat(learning))))
    if best:
        parts.append(section("Seconds", BY_SECONDS, seconds_by_split(best), commands(best)))
    if noise:
        title, drawn = "Accuracy against noise", accuracy_by_noise(noise)
        parts.append(section(title, BY_NOISE, drawn, commands(flat(noise))))
    text = "Mean ± standard deviation over seeds. If a run was repeated, the latest one counts."
    return [*parts, section("All settings", text, html(learned_table(rows)))]


def _facts(rows: Sequence[Row], best: Sequence[Row]) -> str:
    solved = sum(all(r.metrics["accuracy"] == 1 for r in row.records) for row in best)
    trains = [spread.high for row in best if (spread := row.spread("train_s"))]
    peaks = [spread.high for row in rows if (spread := row.spread("peak_mb"))]
    hashes = {name for row in rows for name in row.hashes}
    found = [
        (f"{solved} of {len(best)}", "splits solved without an error, at every seed"),
        (seconds(max(trains)), "the slowest training") if trains else None,
        (f"{max(peaks):.0f} MB", "the highest peak of memory") if peaks else None,
        (
            str(len(hashes)),
            "configuration for all of them" if len(hashes) == 1 else "configurations",
        ),
    ]
    return facts(filter(None, found))
