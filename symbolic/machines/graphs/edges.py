"""The edges of a graph while it is read: the result of a reader of any notation."""

from collections.abc import Callable
from dataclasses import dataclass, field

from abduce.errors import InputError
from abduce.symbolic.machines.lists.numbers import Exact
from abduce.text import clipped

Wrong = Callable[[str, tuple[str, ...], str | None], InputError]
"""Makes the error at a place of a text from what was found, what was expected, and advice."""
ONE: Exact = (1, 0)
COLUMNS = {
    "source": ("source", "src", "from", "start", "tail", "u", "node1", "node_1"),
    "target": ("target", "tgt", "to", "dst", "dest", "destination", "end", "head", "v", "node2",
               "node_2"),
    "weight": ("weight", "w", "cost", "distance", "dist", "length", "value", "capacity"),
}  # fmt: skip
"""The accepted names for the ends and the weight of an edge, in a header line or as JSON keys."""
ROLES = {name: role for role, names in COLUMNS.items() for name in names}


@dataclass(slots=True)
class Edges:
    """Nodes and edges in the order in which they stand.

    Args:
        weighted: whether each edge needs a weight.
        directed: whether edges lead one way; a reader sets it where the text says so.
        negative: whether weights may be negative.

    Attributes:
        names: the names of the nodes.
        rows: (from, to, weight); a weight that is neither there nor needed is 1.
    """

    weighted: bool
    directed: bool
    negative: bool
    names: dict[str, None] = field(default_factory=dict)
    rows: list[tuple[str, str, Exact]] = field(default_factory=list)

    def add(self, source: str, target: str, weight: Exact | None, text: str, wrong: Wrong) -> None:
        """Add an edge.

        Args:
            text: the weight, as it stands there.

        Raises:
            InputError: the weight is negative.
        """
        if weight is not None and weight[0] < 0 and not self.negative:
            advice = "Use the task bellman-ford, which takes negative weights."
            raise wrong(f"the weight {clipped(text)}", ("weights of 0 or more",), advice)
        self.names.setdefault(source)
        self.names.setdefault(target)
        self.rows.append((source, target, ONE if weight is None else weight))
