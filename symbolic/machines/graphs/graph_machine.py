"""The machine of graph algorithms: rules say how nodes change, kernels compare and add.

Keys and weights are bytes that only the compare and the add kernel look into. Keys are shifted by a
power of two and weights in two's complement, so that negative ones add and compare as they should.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abduce.symbolic.machines.graphs.graphs import Graph
from abduce.symbolic.machines.lists.knockout import ABSENT, Knockout
from abduce.symbolic.machines.lists.lanes import Comparator, Transducer
from abduce.symbolic.programs.definitions.arithmetic import GREATER
from abduce.symbolic.programs.mealy import Mealy
from abduce.symbolic.programs.rules import (
    LESS,
    NONE,
    OFFERS,
    ONE_LESS,
    ONE_MORE,
    SUM,
    WEIGHT,
    Rules,
)

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The result of a machine.

    Attributes:
        states: (nodes,), the last state of each.
        keys: the keys of the nodes that have one, None for the others.
        parents: (nodes,), whose offer was taken last; -1 for none.
        steps: how many were taken.
        ended: whether no node was open any more; False where the limit of steps was met.
    """

    states: np.ndarray
    keys: tuple[int | None, ...]
    parents: np.ndarray
    steps: int
    ended: bool


class GraphMachine:
    """A graph, kernels and rules.

    Args:
        least, first: the fields of these names in the specification of the rules.
        note: called with each step and what took it.
    """

    def __init__(
        self,
        graph: Graph,
        rules: Rules,
        compare: Mealy,
        add: Mealy,
        *,
        least: bool,
        first: bool,
        note: Note | None = None,
    ) -> None:
        self.graph, self.rules, self.least, self.first = graph, rules, least, first
        self.note = note
        self._compare, self._add = Comparator.of(compare), Transducer.of(add)
        self._compare_two = self._compare.scalar()
        farthest = (len(graph) + 2) * max((abs(w) for w in graph.weights), default=1)
        self._size = (max(farthest, len(graph) + 2).bit_length() + 2 + 7) // 8
        self._modulus = 1 << 8 * self._size
        self._weights = self._bytes(graph.weights)
        self._units = {ONE_MORE: self._bytes([1]), ONE_LESS: self._bytes([-1])}

    def run(self, source: int, *, again: bool = False, limit: int | None = None) -> Outcome:
        """Begin at a node, and go on until none is open.

        Args:
            again: whenever none is open, begin again at the first node in state 0.
            limit: the upper limit on steps. By default twice the nodes plus two, which is enough
                without a cycle of negative weight.
        """
        n = len(self.graph)
        self.states = np.zeros(n, dtype=np.int64)
        self.parents = np.full(n, -1, dtype=np.int64)
        self.keys = np.zeros((self._size, n), dtype=np.uint8)
        self.keyed = np.zeros(n, dtype=bool)
        self._game = Knockout(n, self._less)
        self._begin(source)
        steps, limit = 0, 2 * n + 2 if limit is None else limit
        while True:
            acting = self._acting()
            if not len(acting):
                new = np.flatnonzero(self.states == 0)
                if not (again and len(new)):
                    return self._outcome(steps, ended=True)
                self._begin(int(new[0]))
                continue
            if steps == limit:
                return self._outcome(steps, ended=False)
            steps += 1
            self._step(acting)

    def _begin(self, node: int) -> None:
        self.states[node] = 1
        self.keys[:, node] = self._bytes([self._modulus // 2])[:, 0]
        self.keyed[node] = True
        self._changed(np.array([node]))

    def _acting(self) -> np.ndarray:
        """The nodes that act in this step."""
        if not self.least:
            return np.flatnonzero(self.rules.open[self.states])
        winner = self._game.winner
        return np.array([] if winner == ABSENT else [winner], dtype=np.int64)

    def _less(self, u: int, v: int) -> bool:
        return self._compare_two(self.keys[:, u].tobytes(), self.keys[:, v].tobytes()) == LESS

    def _changed(self, nodes: np.ndarray) -> None:
        """Their states or keys are others than before."""
        if self.least:
            opened = self.rules.open[self.states[nodes]] == 1
            self._game.change(zip(nodes.tolist(), opened.tolist(), strict=True))

    def _step(self, acting: np.ndarray) -> None:
        edges, senders = self._edges(acting)
        offers = self._offers(edges, senders)
        best, receivers = self._best(edges, offers)
        order = np.full(len(self.graph), NONE)
        order[receivers] = self._against(offers[:, best], receivers)
        acts = np.zeros(len(self.graph), dtype=np.int64)
        acts[acting] = 1
        # nodes that neither act nor have an offer still see whether any was found
        some = np.arange(len(self.graph)) if not self.least else np.union1d(acting, receivers)
        has = (order[some] != NONE).astype(np.int64)
        place = (self.states[some], acts[some], has, int(len(receivers) > 0), order[some])
        after, take = self.rules.next[place], self.rules.take[place] == 1
        chosen = np.full(len(self.graph), -1)
        chosen[receivers] = best
        takers = some[take & (has == 1)]
        taken = chosen[takers]
        if self.note is not None:
            self._tell(acting, some, after, takers, senders[taken])
        self.states[some] = after
        self.keys[:, takers] = offers[:, taken]
        self.keyed[takers] = True
        self.parents[takers] = senders[taken]
        self._changed(some)

    def _edges(self, acting: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The edges that offers go along, and who sends them."""
        graph = self.graph
        counts = graph.start[acting + 1] - graph.start[acting]
        senders = np.repeat(acting, counts)
        offsets = np.arange(len(senders)) - np.repeat(np.cumsum(counts) - counts, counts)
        edges = np.repeat(graph.start[acting], counts) + offsets
        if not self.first:
            return edges, senders
        sought = np.flatnonzero(self.rules.sought[self.states[graph.target[edges]]])[:1]
        return edges[sought], senders[sought]

    def _offers(self, edges: np.ndarray, senders: np.ndarray) -> np.ndarray:
        """(bytes, edges): the key that comes with each edge, by the add kernel."""
        if self.rules.offer == WEIGHT:
            half = np.zeros((self._size, 1), dtype=np.uint8)
            half[-1] = 128
            return self._add(self._weights[:, edges], np.repeat(half, len(edges), 1))
        if self.rules.offer == SUM:
            return self._add(self.keys[:, senders], self._weights[:, edges])
        unit = np.repeat(self._units[self.rules.offer], len(edges), 1)
        return self._add(self.keys[:, senders], unit)

    def _best(self, edges: np.ndarray, offers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each receiver the place of its least offer, the first sender's among equals."""
        targets = self.graph.target[edges]
        sort = np.argsort(targets, kind="stable")
        while True:
            same = np.flatnonzero(targets[sort][1:] == targets[sort][:-1])
            if not len(same):
                return sort, targets[sort]
            # pairs of neighbours in the list that do not overlap
            run = np.cumsum(np.append(True, np.diff(same) != 1)) if len(same) else same
            first = same[np.append(True, np.diff(run) != 0)]
            even = (same - first[run - 1]) % 2 == 0
            a, b = sort[same[even]], sort[same[even] + 1]
            loser = np.where(self._compare(offers, a, b) == GREATER, 0, 1)
            sort = np.delete(sort, same[even] + loser)

    def _against(self, offers: np.ndarray, receivers: np.ndarray) -> np.ndarray:
        """How offers compare with the receivers' own keys; LESS where there is none."""
        keyed = self.keyed[receivers]
        order = np.full(len(receivers), LESS)
        both = np.concatenate([offers[:, keyed], self.keys[:, receivers[keyed]]], 1)
        count = both.shape[1] // 2
        order[keyed] = self._compare(both, np.arange(count), np.arange(count, 2 * count))
        return order

    def _tell(
        self,
        acting: np.ndarray,
        some: np.ndarray,
        after: np.ndarray,
        takers: np.ndarray,
        senders: np.ndarray,
    ) -> None:
        assert self.note is not None
        names = self.graph.names
        who = ", ".join(names[u] for u in acting.tolist())
        self.note(f"compare  {who} act{'s' if len(acting) == 1 else ''}")
        for v, u in zip(takers.tolist(), senders.tolist(), strict=True):
            self.note(f"add      {names[v]} takes {OFFERS[self.rules.offer]} from {names[u]}")
        for v, state in zip(some.tolist(), after.tolist(), strict=True):
            if state != self.states[v]:
                self.note(f"rules    {names[v]} goes from state {self.states[v]} to {state}")

    def _outcome(self, steps: int, *, ended: bool) -> Outcome:
        half = self._modulus // 2
        numbers = [int.from_bytes(row.tobytes(), "little") for row in self.keys.T]
        keys = tuple(
            number - half if keyed else None
            for number, keyed in zip(numbers, self.keyed.tolist(), strict=True)
        )
        return Outcome(self.states, keys, self.parents, steps, ended)

    def _bytes(self, numbers: list[int] | tuple[int, ...]) -> np.ndarray:
        """(bytes, numbers), in two's complement."""
        content = b"".join((w % self._modulus).to_bytes(self._size, "little") for w in numbers)
        return np.frombuffer(content, np.uint8).reshape(len(numbers), self._size).T.copy()
