"""The ledger of a search: how a box was split, and how each subdomain was settled.

A search by branch and bound is a tree of *subdomains*. Each one is the box of a query, further
assumptions on inputs or pre-activations, and goals: the cases that must be shown not to be violated
there. A subdomain is written when the search is done with it: when it is split, or closed. A
subdomain that is never written was still open when the search ended.

To check a proof, walk the tree from its root. If the subdomain closes a goal, compute its bound
again, with the parameters that are written or default ones. Otherwise its children (the subdomains
whose parent it is) have the goal. They must cover its assumptions, and each must show the goal. Two
things need care. The part of a box that linear bounds clip off is not covered by the children: one
of these bounds is positive there. And a goal of a root may have several trees, if the search began
again with better intermediate bounds: one complete tree is enough. Bounds on pre-activations that
hold in a subdomain hold in its children, and may be needed there.

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
    """The free parameters of a bound, on the active entries of each layer.

    Attributes:
        entries: the active entries of each layer; None where all are.
        alpha_lower, alpha_upper: slopes of lower and upper lines; a relu has lower ones alone.
        beta: multipliers of the bounds on pre-activations.
        weight: the weights of the rows of the goal, none negative, with the sum 1.
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
        goals: the goals that were not shown yet when the subdomain was selected.
        assumed: its assumptions in addition to those of its root: the intervals of the inputs that
            vary, and of the pre-activations that were split. A root has the whole box.
        bound: the least lower bound of its goals; certified where ``end`` is ``bound``. A case is
            not violated where it is positive (or 0, for a strict inequality).
        end: ``split`` where its children go on; ``bound`` where its bound settles all goals;
            ``clipped`` where the linear bounds of several rows together leave no point of it;
            ``infeasible`` where its assumptions contradict each other; ``counterexample`` where it
            holds the input that refutes the specification.
        closed: those of its goals that are shown in it; all of them unless it is split.
        parameters: the slopes and multipliers of the goals whose bound was searched for.
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
    """The interface through which a search reports its subdomains, in the order in which it
    finishes them."""

    def write(self, entry: Entry, /) -> None: ...


class NoLedger:
    """Keeps nothing. A search with this ledger makes no entries at all."""

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
        """The subdomains, by their numbers."""
        return {entry.id: entry for entry in self.entries if isinstance(entry, Subdomain)}
