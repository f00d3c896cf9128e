"""Rules of graph machines: finite tables that say how nodes change.

A machine takes steps. In each, nodes in an *open* state act: all of them, or the one with the least
key. An acting node makes an offer to its neighbours: to all, or to the first in a *sought* state.
A node sees its state, whether it acts, whether it has an offer, whether any node has one, and how
the least offer compares with its own key. The table gives its next state, and whether it takes the
key and the sender of the offer. The machine stops when no node is open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import only, single, whole

WEIGHT, SUM, ONE_MORE, ONE_LESS = range(4)
OFFERS = ("weight", "key + weight", "key + 1", "key - 1")
LESS, EQUAL, GREATER, NONE = range(4)


@dataclass(frozen=True, slots=True)
class Seen:
    """The observation of a node in a step.

    Attributes:
        acts: whether the node makes an offer.
        has_offer: whether an offer is made to the node; one at least is `found` then.
        found: any node is made an offer.
        order: the least offer compared with its own key, LESS if it has no key; NONE without an
            offer.
    """

    state: int
    acts: bool
    has_offer: bool
    found: bool
    order: int

    @property
    def place(self) -> tuple[int, int, int, int, int]:
        """The index of the observation in the tables."""
        return self.state, int(self.acts), int(self.has_offer), int(self.found), self.order


@dataclass(frozen=True, slots=True)
class RulesSpecification:
    """The specification of the rules of an algorithm.

    Attributes:
        claim: what a table does that agrees with it, as a sentence.
        states: how many; every node begins in state 0, but the source in state 1.
        least: one node acts, that with the least key; or all that are open.
        first: one neighbour gets the offer, the first that is sought; or all.
        open, sought: the states.
        offer: an index of OFFERS.
        rule: what is seen to the next state and whether the offer is taken; None where it cannot be
            seen.
    """

    claim: str
    states: int
    least: bool
    first: bool
    open: tuple[int, ...]
    sought: tuple[int, ...]
    offer: int
    rule: Callable[[Seen], tuple[int, bool] | None]

    def expected(self, seen: Seen) -> tuple[int, bool] | None:
        """The rule, or None where no step of a machine can show this to a node."""
        opens, sought = seen.state in self.open, seen.state in self.sought
        impossible = (
            seen.has_offer == (seen.order == NONE)
            or (seen.has_offer and not seen.found)
            or (seen.acts and not opens)
            or (opens and not seen.acts and not self.least)
            or (self.first and seen.has_offer and not sought)
        )
        return None if impossible else self.rule(seen)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a table with an entry for everything that a node can see."""
        return (self.states, 2, 2, 2, 4)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Rules as tables.

    Attributes:
        open, sought: (states,), 0 or 1.
        offer: an index of OFFERS.
        next, take: (states, acts, has offer, found, order), a state and 0 or 1.
    """

    kind: ClassVar[str] = "rules"

    open: np.ndarray
    sought: np.ndarray
    offer: int
    next: np.ndarray
    take: np.ndarray

    def __post_init__(self) -> None:
        states = len(self.open) if self.open.ndim == 1 else 0
        if not states or not 0 <= self.offer < len(OFFERS):
            raise ValueError("open is a table of states, and offer one of four")
        seen = (states, 2, 2, 2, 4)
        bounds = {"open": ((states,), 1), "sought": ((states,), 1)}
        bounds |= {"next": (seen, states - 1), "take": (seen, 1)}
        for name, (shape, most) in bounds.items():
            table = whole(f"the table {name}", getattr(self, name), shape, most=most)
            object.__setattr__(self, name, table)

    def __call__(self, seen: Seen) -> tuple[int, bool]:
        """The next state, and whether the offer is taken."""
        return int(self.next[seen.place]), bool(self.take[seen.place])

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {
            "open": self.open,
            "sought": self.sought,
            "offer": np.array([self.offer]),
            "next": self.next,
            "take": self.take,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Rules":
        parts = only(arrays, "open", "sought", "offer", "next", "take")
        opened, sought, offer, after, take = parts
        return cls(opened, sought, single("the offer", offer), after, take)


def all_seen(specification: RulesSpecification) -> list[Seen]:
    """All possible observations of a node, in the order of the tables."""
    return [
        Seen(state, bool(acts), bool(has_offer), bool(found), order)
        for state, acts, has_offer, found, order in np.ndindex(specification.shape)
    ]


def compiled_rules(specification: RulesSpecification) -> Rules:
    """The tables of a specification; what cannot be seen changes nothing."""
    after = [
        specification.expected(seen) or (seen.state, False) for seen in all_seen(specification)
    ]
    states = range(specification.states)
    return Rules(
        np.array([int(state in specification.open) for state in states]),
        np.array([int(state in specification.sought) for state in states]),
        specification.offer,
        np.reshape([state for state, _ in after], specification.shape),
        np.reshape([int(take) for _, take in after], specification.shape),
    )
