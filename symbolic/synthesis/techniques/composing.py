"""Lists composed of pieces: outputs read from left to right, cheapest composition first.

A state is how far each output has been read. A piece, a program whose values stand there in all
outputs, moves it on; the cheapest way to the ends is a chain of appends. Where examples may be
wrong, some outputs are given up.

Source: Dijkstra 1959, over the positions; Gulwani 2011, FlashFill, for the idea of composition.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from abduce.symbolic.programs.typed.primitives import LIST
from abduce.symbolic.programs.typed.terms import Term, concat
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.working import Working

MOST_EXPANDED = 3_000
"""The upper limit on the states that are moved on from."""
MOST_PIECES = 400
"""The upper limit on pieces, those that cost least."""
GIVEN_UP = -1
"""The position of an output that is given up."""
Positions = tuple[int, ...]


@dataclass
class Composer:
    """The pieces that a bank has for some outputs.

    Attributes:
        goals: the outputs.
        weights: how much each counts.
        allowed: the weight that may be given up.
        join: the cost of an append.
    """

    bank: Bank
    goals: Sequence[str]
    weights: Sequence[float]
    allowed: float
    join: int
    pieces: list[tuple[int, tuple[str, ...], int]] = field(default_factory=list)
    looked: int = 0
    tried: int = 0

    def look(self) -> bool:
        """Take in the bank's new rows; whether there is a new piece."""
        rows, lists = self.bank.rows[LIST], self.bank.columns.lists
        before = len(self.pieces)
        for index in range(self.looked, rows.size):
            if len(self.pieces) == MOST_PIECES:
                break
            values = tuple([lists[place] for place in rows.values[index].tolist()])
            if self._useful(values):
                self.pieces.append((int(rows.costs[index]), values, index))
        self.looked = rows.size
        return len(self.pieces) > before

    def _useful(self, values: tuple[str, ...]) -> bool:
        missed = sum(
            [w for v, g, w in zip(values, self.goals, self.weights, strict=True) if v not in g]
        )
        return any(values) and missed <= self.allowed

    def best(self) -> Term | None:
        """The cheapest composition of the pieces, if one is found."""
        start: Positions = (0,) * len(self.goals)
        queue: list[tuple[int, int, Positions]] = [(0, 0, start)]
        least: dict[Positions, int] = {start: 0}
        came: dict[Positions, tuple[Positions, int]] = {}
        expanded = made = 0
        while queue and expanded < MOST_EXPANDED:
            cost, _, state = heapq.heappop(queue)
            if cost > least[state]:
                continue
            if self._ended(state):
                return self._term(state, came)
            expanded += 1
            for piece, (own, values, _) in enumerate(self.pieces):
                self.tried += 1
                new = self._moved(state, values)
                total = cost + own + (self.join if state != start else 0)
                if new is not None and total < least.get(new, 1 << 30):
                    least[new], came[new] = total, (state, piece)
                    made += 1
                    heapq.heappush(queue, (total, made, new))
        return None

    def _ended(self, state: Positions) -> bool:
        return all(
            at in (GIVEN_UP, len(goal)) for at, goal in zip(state, self.goals, strict=True)
        ) and any(at != GIVEN_UP for at in state)

    def _moved(self, state: Positions, values: tuple[str, ...]) -> Positions | None:
        """The state after a piece; None if it does not move on, or gives up too much."""
        new, given_up, moved = [], 0.0, False
        for at, value, goal, weight in zip(state, values, self.goals, self.weights, strict=True):
            if at == GIVEN_UP or not goal.startswith(value, at):
                new.append(GIVEN_UP)
                given_up += weight
                if given_up > self.allowed:
                    return None
            else:
                new.append(at + len(value))
                moved = moved or bool(value)
        return tuple(new) if moved else None

    def _term(self, state: Positions, came: dict[Positions, tuple[Positions, int]]) -> Term:
        parts = []
        for piece in self._way(state, came):
            parts.append(self.bank.term(LIST, self.pieces[piece][2]))
        return concat(parts[::-1])

    def _way(self, state: Positions, came: dict[Positions, tuple[Positions, int]]) -> Iterator[int]:
        while state in came:
            state, piece = came[state]
            yield piece


class Compositions:
    """Looks for the goal among compositions of the bank's lists."""

    def __init__(self, working: Working) -> None:
        self.working = working
        self.composer = Composer(
            working.bank,
            [str(example.value) for example in working.examples],
            working.weights.tolist(),
            working.found.allowed,
            working.language.costs["append"],
        )

    @classmethod
    def of(cls, working: Working) -> "Compositions | None":
        """None where the result is no list."""
        wanted = "append" in working.columns.table and working.result == LIST
        return cls(working) if wanted else None

    @property
    def tried(self) -> int:
        return self.composer.tried

    def look(self, level: int) -> None:
        del level
        before = self.tried
        if self.composer.look():
            term = self.composer.best()
            if term is not None:
                self.working.offer(term)
        self.working.spent += self.tried - before
