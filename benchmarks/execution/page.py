"""The part of the page about execution."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.html import facts, section
from abduce.benchmarks.drawing.tables import Column, html, table_of
from abduce.benchmarks.execution.figures import accuracy_by_size
from abduce.benchmarks.execution.gathered import Executed, panels, published, remark
from abduce.benchmarks.execution.published import Published
from abduce.benchmarks.execution.table import LEGEND, executed_table

BY_SIZE = (
    "The share of right entries against the size of inputs. A band runs from the least to the "
    "greatest share over seeds, methods and kinds of inputs. Shaded: the sizes of the training. "
    "L0: nothing is learned. L1: kernels are learned and proved. L2: the program's decisions too. "
    "All others are neural modules, of which nothing is proved."
)
ROWS = (
    "Whole answers right: the share of inputs of a size whose answer is right in every entry. "
    f"{LEGEND}. CPU seconds of one process."
)
REGIMES = (
    "What the sources trained and tested. A cell is empty where their released code, files and "
    "figures do not say it."
)
REGIME_COLUMNS: Sequence[Column[Published]] = (
    Column("task", lambda known: ", ".join(known.tasks)),
    Column("model", lambda known: known.model),
    Column("trained on", lambda known: known.trained_on),
    Column("tested on", lambda known: known.tested_on),
    Column("published", lambda known: known.result),
    Column("source", lambda known: known.source),
)


def executed_sections(rows: Sequence[Executed]) -> list[str]:
    """Facts, figure, table and published regimes."""
    listed = list(dict.fromkeys(record.command for row in rows for record in row.records))
    drawn, known = panels(rows), published(rows)
    parts = [_facts(rows)]
    if drawn:
        parts.append(section("Accuracy against size", BY_SIZE, accuracy_by_size(drawn), listed))
    shown = html(executed_table(rows))
    parts.append(section("Tasks, methods and levels", f"{ROWS} {remark(rows)}".rstrip(), shown))
    if known:
        regimes = html(table_of(REGIME_COLUMNS, known))
        parts.append(section("Published regimes", REGIMES, regimes))
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
