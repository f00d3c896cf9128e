"""The part of the page that tells what was executed."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.html import Cell, facts, section, table
from abduce.benchmarks.execution.figures import accuracy_by_size
from abduce.benchmarks.execution.gathered import Executed, panels, published, remark
from abduce.benchmarks.execution.table import (
    EXECUTED_HEADERS,
    EXECUTED_RIGHT,
    LEGEND,
    executed_cells,
)

BY_SIZE = (
    "The share of right entries against the size of inputs; bands run from the least to the most "
    "of seeds, methods and kinds of inputs. Shaded: the sizes of the training. L0: nothing is "
    "learned. L1: kernels are learned and proved. L2: the program's decisions too. All others are "
    "neural modules, of which nothing is proved."
)
ROWS = (
    "Whole answers right: of all inputs of a size, those that are right in every entry. "
    f"{LEGEND}. CPU seconds of one process."
)
REGIMES = (
    "What the sources trained and tested. Left empty: what could not be read in their released "
    "code, files or figures."
)
REGIME_HEADERS = ("task", "model", "trained on", "tested on", "published", "source")


def executed_sections(rows: Sequence[Executed]) -> list[str]:
    """Facts, figure, table and published regimes; nothing where nothing was executed."""
    if not rows:
        return []
    listed = list(dict.fromkeys(record.command for row in rows for record in row.records))
    drawn, known = panels(rows), published(rows)
    parts = [_facts(rows)]
    if drawn:
        parts.append(section("Accuracy against size", BY_SIZE, accuracy_by_size(drawn), listed))
    body = [[_cell(row, n) for n in range(len(EXECUTED_HEADERS))] for row in rows]
    shown = table(EXECUTED_HEADERS, body, EXECUTED_RIGHT)
    parts.append(section("Tasks, methods and levels", f"{ROWS} {remark(rows)}".rstrip(), shown))
    if known:
        cells = [
            [", ".join(p.tasks), p.model, p.trained_on, p.tested_on, p.result, p.source]
            for p in known
        ]
        lines = [[Cell(text) for text in line] for line in cells]
        parts.append(section("Published regimes", REGIMES, table(REGIME_HEADERS, lines, set())))
    return parts


def _facts(rows: Sequence[Executed]) -> str:
    proved = [row for row in rows if row.proved == "yes"]
    perfect = sum(size.exact[1] == 1 for row in proved for size in row.sizes)
    modules = [row for row in rows if row.level == "module"]
    found = [
        (f"{perfect} of {sum(len(row.sizes) for row in proved)}", "sizes without an error, proved"),
        (str(len(modules)), "neural modules, not proved"),
    ]
    return facts(found)


def _cell(row: Executed, number: int) -> Cell:
    text = executed_cells(row)[number]
    if EXECUTED_HEADERS[number] == "proved":
        return Cell(text, "good" if text == "yes" else "")
    return Cell(text)
