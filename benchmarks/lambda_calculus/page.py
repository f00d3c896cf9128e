"""The part of the page about reduction."""

from abduce.benchmarks.drawing.html import facts, section
from abduce.benchmarks.drawing.numbers import duration
from abduce.benchmarks.drawing.tables import html
from abduce.benchmarks.lambda_calculus.gathered import Reductions
from abduce.benchmarks.lambda_calculus.table import LEGEND, peer_table, term_table

BY_TERM = f"Lambda terms to normal form. {LEGEND}. Where a result is large, writing it is the work."
BY_PEER = (
    "Other Python packages on the same terms in the same run, each in a process of its own with a "
    "limit of time and of memory. Times slower: least, most and median of the terms that it was "
    "right on."
)


def reduction_sections(found: Reductions) -> list[str]:
    """Facts and tables."""
    parts = [_facts(found)] if found.terms else []
    if found.terms:
        listed = [record.command for row in found.terms for record in row.records]
        parts.append(section("Terms and engines", BY_TERM, html(term_table(found.terms)), listed))
    if found.peers:
        listed = [record.command for row in found.peers for record in row.records]
        parts.append(section("Other packages", BY_PEER, html(peer_table(found.peers)), listed))
    return parts


def _facts(found: Reductions) -> str:
    measured = [record.metrics for row in found.terms for record in row.records]
    right = sum(bool(figures.get("right")) for figures in measured)
    loading = [figures["start_up_s"] for figures in measured
               if figures["engine"] == "compiled" and "start_up_s" in figures]  # fmt: skip
    boxes = [(f"{right} of {len(measured)}", "results as expected")]
    boxes += [(duration(min(loading)), "to load the compiled engine")] if loading else []
    return facts(boxes)
