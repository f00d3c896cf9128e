"""How searches write into a ledger: they number subdomains, and make entries of arrays.

With `NO_LEDGER` only numbers are counted, and no entry is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.propagation.slopes import Frame, Subdomains
from abduce.verify.bounds.query import Query
from abduce.verify.ledger import (
    NO_LEDGER,
    Assumption,
    End,
    Entry,
    Goal,
    Ledger,
    Parameters,
    Subdomain,
)


@dataclass(slots=True, eq=False)
class Recorder:
    """A ledger, and the next free number."""

    ledger: Ledger = NO_LEDGER
    count: int = 0

    @property
    def wanted(self) -> bool:
        """Whether the entries are kept."""
        return self.ledger is not NO_LEDGER

    def numbers(self, count: int) -> np.ndarray:
        """The numbers of this many new subdomains."""
        self.count += count
        return np.arange(self.count - count, self.count)

    def write(self, entry: Entry) -> None:
        self.ledger.write(entry)

    def parts(
        self,
        frame: Frame,
        parts: Subdomains,
        goals: Sequence[Goal],
        end: End,
        values: np.ndarray | None = None,
    ) -> None:
        """Writes subdomains whose search is done.

        Args:
            goals: the goals of the frame's objectives.
            values: certified bounds, (N,); if left out, the bounds that the subdomains have.
        """
        if not self.wanted:
            return
        for place in range(len(parts)):
            goal = goals[parts.objective[place]]
            closed = end != "split" and end != "counterexample"
            entry = Subdomain(
                int(parts.id[place]),
                int(parts.parent[place]),
                (goal,),
                assumed(frame, parts, place),
                float((parts.value if values is None else values)[place]),
                end,
                (goal,) if closed else (),
                {goal: parameters(frame, parts, place)} if end == "bound" else {},
            )
            self.ledger.write(entry)


def intervals(
    layer: int, low: np.ndarray, high: np.ndarray, where: np.ndarray
) -> tuple[Assumption, ...]:
    """Assumptions on some entries of a layer, (n,) each."""
    return tuple(
        Assumption(layer, int(i), float(low[i]), float(high[i])) for i in np.flatnonzero(where)
    )


def hidden(network: Layers, query: Query) -> tuple[Assumption, ...]:
    """The assumptions of the cases of a query about pre-activations."""
    within = query.within(network) or []
    return tuple(
        one
        for j, (low, high) in enumerate(within, 1)
        for one in intervals(j, low[0], high[0], np.isfinite(low[0]) | np.isfinite(high[0]))
    )


def assumed(frame: Frame, parts: Subdomains, place: int) -> tuple[Assumption, ...]:
    """The assumptions of a subdomain, in addition to the bounds of the whole box."""
    found: list[Assumption] = []
    one = parts.take(np.array([place]))
    for j in frame.free:
        cut = frame.cut(one, j)
        if cut is None:
            continue
        active = frame.known.active[j]
        for i in np.flatnonzero(cut[0]).tolist():
            entry = i if active is None else int(active[i])
            found.append(Assumption(j, entry, float(one.low[j][0, i]), float(one.high[j][0, i])))
    return tuple(found)


def parameters(frame: Frame, parts: Subdomains, place: int) -> Parameters:
    """Copies of the parameters that a subdomain has chosen."""
    lower, upper, multiplier = (
        {j: a[place].copy() for j, a in chosen.items()}
        for chosen in (parts.alpha_lower, parts.alpha_upper, parts.beta)
    )
    entries = {j: frame.known.active[j] for j in frame.free}
    return Parameters(entries, lower, upper, multiplier, parts.weight[place].copy())
