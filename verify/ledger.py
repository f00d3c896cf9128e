"""The ledger of a search: how a box was taken apart, and how each part of it was settled.

A search by branch and bound is a tree of *subdomains*. Each one is the box of a query, further
assumptions on inputs or pre-activations, and goals: the cases that must be shown not to be violated
there. A subdomain is written when the search is done with it: when it is split, or closed. One that
is never written was still open when the search ended.

To check a proof, walk the tree from its root. A goal is shown where the subdomain closes it: its
bound is computed again, with the parameters that are written or default ones. Else its children
have the goal: the subdomains whose parent it is. They must cover what it assumes, and show it each.
Two remarks on that. What linear bounds of a box of inputs clip off is not covered by its children:
one of these bounds is positive there. And a goal of a root may have several trees, where the search
began again with better intermediate bounds: one complete tree is enough. Bounds on pre-activations
that hold in a subdomain hold in its children, and may be needed there.

Layers are counted as in `verify.bounds.affine.layers`: 0 is the input, and layer k has the
pre-activation z_k.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, Protocol

import numpy as np


@dataclass(frozen=True, slots=True)
class Assumption:
    """``low <= z[entry] <= high`` for a layer's pre-activation z; layer 0 is the input."""

    layer: int
    entry: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Neuron:
    """The goal of a lower bound on ``sign * z[entry]`` for the pre-activation z of a layer.

    Attributes:
        sign: 1 for a lower bound on z, -1 for an upper bound.
    """

    layer: int
    entry: int
    sign: int


Goal = int | Neuron
"""The place of a case in the specification, which must not be violated; or a bound on a neuron."""


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """What a bound was free to choose, on the entries of each layer that are active.

    Attributes:
        entries: the active entries of each layer; None where all are.
        alpha_lower, alpha_upper: slopes of lower and upper lines; a relu has lower ones alone.
        beta: multipliers of the bounds on pre-activations.
        weight: of the rows of the goal, none negative, together 1.
    """

    entries: Mapping[int, np.ndarray | None]
    alpha_lower: Mapping[int, np.ndarray]
    alpha_upper: Mapping[int, np.ndarray]
    beta: Mapping[int, np.ndarray]
    weight: np.ndarray


End = Literal["split", "bound", "clipped", "infeasible", "counterexample"]


@dataclass(frozen=True, slots=True, eq=False)
class Subdomain:
    """A part of a query's box.

    Attributes:
        id: its number; no other subdomain of the run has it.
        parent: the number of the subdomain that it is a part of; None for the box of a query.
        goals: what was not shown yet when the subdomain was taken up.
        assumed: all that holds in it beside its root: of inputs, the intervals of those that vary;
            of pre-activations, the intervals of those that were split. A root has the whole box.
        bound: the least lower bound of its goals; certified where ``end`` is ``bound``. A case is
            not violated where it is positive (or 0, for a strict inequality).
        end: ``split`` where its children go on; ``bound`` where its bound settles all goals;
            ``clipped`` where the linear bounds of several rows together leave no point of it;
            ``infeasible`` where its assumptions contradict each other; ``counterexample`` where it
            holds the input that refutes the specification.
        closed: those of its goals that are shown in it; all of them unless it is split.
        parameters: of goals for which a search for slopes and multipliers gave the bound.
    """

    id: int
    parent: int | None
    goals: tuple[Goal, ...]
    assumed: tuple[Assumption, ...]
    bound: float
    end: End
    closed: tuple[Goal, ...] = ()
    parameters: Mapping[Goal, Parameters] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Tightened:
    """A bound on a pre-activation over the whole box of a root, shown by the trees of its goals.

    All subdomains of the root that are written later may use it.

    Attributes:
        root: the number of the root.
        bounds: low and high are the new ones; an end that is not better is infinite.
    """

    root: int
    bounds: Assumption


Entry = Subdomain | Tightened


class Ledger(Protocol):
    """What a search tells of its subdomains, in the order in which it is done with them."""

    def write(self, entry: Entry, /) -> None: ...


class NoLedger:
    """Keeps nothing. A search that is given this one does not make entries at all."""

    __slots__ = ()

    def write(self, entry: Entry, /) -> None:
        """Forgets the entry."""


NO_LEDGER: Final[Ledger] = NoLedger()


@dataclass(frozen=True, slots=True)
class SearchLedger:
    """Keeps all entries in memory, as evidence of what the search shows."""

    entries: list[Entry] = field(default_factory=list)

    def write(self, entry: Entry, /) -> None:
        self.entries.append(entry)

    @property
    def subdomains(self) -> dict[int, Subdomain]:
        """By their numbers."""
        return {entry.id: entry for entry in self.entries if isinstance(entry, Subdomain)}
