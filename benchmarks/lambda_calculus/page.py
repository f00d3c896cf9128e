"""The part of the page that tells what was reduced."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.html import Cell, facts, section, table
from abduce.benchmarks.drawing.numbers import duration
from abduce.benchmarks.lambda_calculus.gathered import Reductions
from abduce.benchmarks.lambda_calculus.table import (
    LEGEND,
    PEER_HEADERS,
    PEER_RIGHT,
    TERM_HEADERS,
    TERM_RIGHT,
    peer_cells,
    term_cells,
)

BY_TERM = f"Lambda terms to normal form. {LEGEND}. Where a result is large, writing it is the work."
BY_PEER = (
    "Other Python packages on the same terms in the same run, each in a process of its own with a "
    "limit of time and of memory. Times slower: least, most and median of the terms that it was "
    "right on."
)


def reduction_sections(found: Reductions) -> list[str]:
    """Facts and tables; nothing where nothing was reduced."""
    if not found:
        return []
    parts = [_facts(found)] if found.terms else []
    if found.terms:
        listed = [record.command for row in found.terms for record in row.records]
        body = [[*map(Cell, (cells := term_cells(row))[:-1]), _right(cells[-1])]
                for row in found.terms]  # fmt: skip
        shown = table(TERM_HEADERS, body, TERM_RIGHT)
        parts.append(section("Terms and engines", BY_TERM, shown, listed))
    if found.peers:
        listed = [record.command for row in found.peers for record in row.records]
        lines = [_peer(peer_cells(row)) for row in found.peers]
        shown = table(PEER_HEADERS, lines, PEER_RIGHT)
        parts.append(section("Other packages", BY_PEER, shown, listed))
    return parts


def _facts(found: Reductions) -> str:
    measured = [record.metrics for row in found.terms for record in row.records]
    right = sum(bool(figures.get("right")) for figures in measured)
    loading = [figures["start_up_s"] for figures in measured
               if figures["engine"] == "compiled" and "start_up_s" in figures]  # fmt: skip
    boxes = [(f"{right} of {len(measured)}", "results as expected")]
    boxes += [(duration(min(loading)), "to load the compiled engine")] if loading else []
    return facts(boxes)


def _right(text: str) -> Cell:
    return Cell(text, "good" if text == "yes" else "bad")


def _peer(cells: Sequence[str]) -> list[Cell]:
    wrong = PEER_HEADERS.index("wrong")
    return [Cell(text, "bad" if n == wrong and text else "") for n, text in enumerate(cells)]
