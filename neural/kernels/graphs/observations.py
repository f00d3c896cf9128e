"""What a graph machine would have seen at each node of a trace.

Keys and weights come from the hints; which offer was made and which states are sought are guesses,
so that a learner can look at a trace through what it has learned so far.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from abduce.neural.kernels.graphs.traces import Step
from abduce.symbolic.programs.rules import EQUAL, GREATER, LESS, NONE, Seen


@dataclass(frozen=True, slots=True)
class Offer:
    """Along an edge from an acting node: its key and the weight, and whether it was taken."""

    sender: int
    receiver: int
    key: int
    weight: int

    @property
    def values(self) -> tuple[int, int, int, int]:
        """The possible offers, in the order of `rules.OFFERS`."""
        return self.weight, self.key + self.weight, self.key + 1, self.key - 1


def offers(step: Step) -> list[Offer]:
    """All possible offers of acting nodes, in the order of the senders and then of the
    receivers."""
    found: list[Offer] = []
    for u in step.acting:
        key = step.before.keys[u]
        assert key is not None
        for edge in step.graph.edges_of(u):
            found.append(Offer(u, int(step.graph.target[edge]), key, step.graph.weights[edge]))
    return found


def took(step: Step, node: int) -> bool:
    """Whether a node has another key or parent after the step."""
    before, after = step.before, step.after
    return (before.keys[node], before.parents[node]) != (after.keys[node], after.parents[node])


def taken(step: Step) -> Iterator[tuple[Offer, int]]:
    """Offers that were taken, and the key that came of each."""
    for offer in offers(step):
        key = step.after.keys[offer.receiver]
        if took(step, offer.receiver) and step.after.parents[offer.receiver] == offer.sender:
            assert key is not None
            yield offer, key


def acted(step: Step, *, least: bool) -> Iterator[tuple[int, bool]]:
    """States, and whether a node in it acted that could have.

    Where only the least acts, those before it in the order of keys and places were passed over; a
    node without a key would have been before all others. When none acts, none could.
    """
    keys = [(key is not None, key or 0, node) for node, key in enumerate(step.before.keys)]
    for node, state in enumerate(step.before.states):
        acts = node in step.acting
        if acts or not least or not step.acting or keys[node] < keys[step.acting[0]]:
            yield state, acts


def was_sought(step: Step) -> Iterator[tuple[int, bool]]:
    """States of neighbours, up to the one that took the offer, and whether it was that one."""
    for offer in offers(step):
        chosen = took(step, offer.receiver)
        yield step.before.states[offer.receiver], chosen
        if chosen:
            return


def seen(step: Step, offer: int, *, sought: Set[int] | None) -> list[tuple[Seen, tuple[int, bool]]]:
    """The observation of each node, its next state, and whether it took an offer.

    Args:
        offer: which of `rules.OFFERS` is made.
        sought: the states of which the first receiver that is in one of them gets the offer; None
            if all receivers get it.
    """
    made = [o for o in offers(step) if sought is None or step.before.states[o.receiver] in sought]
    made = made if sought is None else made[:1]
    least: dict[int, int] = {}
    for one in made:
        value = one.values[offer]
        least[one.receiver] = min(value, least.get(one.receiver, value))
    rows: list[tuple[Seen, tuple[int, bool]]] = []
    for node, state in enumerate(step.before.states):
        order = _order(least.get(node), step.before.keys[node])
        has = node in least
        here = Seen(state, node in step.acting, has, bool(least), order)
        rows.append((here, (step.after.states[node], has and took(step, node))))
    return rows


def _order(value: int | None, key: int | None) -> int:
    if value is None:
        return NONE
    if key is None or value < key:
        return LESS
    return EQUAL if value == key else GREATER


def acting_steps(trace: Sequence[Step]) -> list[Step]:
    """The steps in which a node acts."""
    return [step for step in trace if step.acting]
