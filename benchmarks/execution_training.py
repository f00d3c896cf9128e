"""What machines of proved kernels were trained on, in the unit that their tests are measured in.

For the shaded part of a figure only: a proof has no use for it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from abduce.neural.kernels import list_traces, traces
from abduce.verify.discrete.graph_rules import GRAPH_RULES
from abduce.verify.discrete.groups import GROUPS

LISTS = ("sort", "minimum", "select", "search")
CALCULATIONS = ("add", "subtract", "multiply")
UNITS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(LISTS, "numbers of a list"),
        **dict.fromkeys(CALCULATIONS, "bits of a number"),
        **dict.fromkeys((*GRAPH_RULES, "shortest-path"), "nodes of a graph"),
        **dict.fromkeys(("hull", "delaunay", "tsp"), "points"),
        **dict.fromkeys((*GROUPS, "dyck"), "letters of a word"),
        "permutation": "bits",
        "value-iteration": "states of a decision process",
        "lambda": "tokens of a term",
    }
)
TRAINED: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        **dict.fromkeys(CALCULATIONS, (1, 8)),
        **dict.fromkeys(GROUPS, (2, 2)),
        "dyck": (1, 8),
        "permutation": (10, 10),
        "value-iteration": (20, 50),
        "shortest-path": (20, 50),
        "lambda": (2, 50),
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
        return (1, traces.LARGEST) if level == "L2" else None
    if task in LISTS:
        return (1, list_traces.LARGEST if level == "L2" else 8)
    return TRAINED.get(task)
