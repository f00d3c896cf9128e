"""What machines of proved kernels were trained on, in the unit that their tests are measured in.

For the shaded part of a figure only: a proof has no use for it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from abduce.neural.kernels.traces import LARGEST
from abduce.verify.discrete.graph_rules import GRAPH_RULES

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "sort": "numbers of a list",
        **dict.fromkeys(("add", "subtract", "multiply"), "bits of a number"),
        **dict.fromkeys(GRAPH_RULES, "nodes of a graph"),
    }
)


def measured_in(task: str) -> str | None:
    """What the size of an input counts."""
    return UNITS.get(task)


def trained_on(task: str, level: str) -> tuple[int, int] | None:
    """The least and the largest size that something was learned from; None where nothing was, or
    nothing that has such a size.

    At L1 of a graph task it is numbers of eight bits, and no graphs.
    """
    if level == "L0":
        return None
    if task in GRAPH_RULES:
        return (1, LARGEST) if level == "L2" else None
    return (1, 8) if task in UNITS else None
