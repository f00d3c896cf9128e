"""Lists and strings of pieces: outputs put together from left to right by Dijkstra's algorithm.

A piece is a program whose value stands somewhere in each output. A state is a position in each
output; a piece leads from one to another where its values stand at these positions.

Source: Dijkstra 1959.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any, Final

import numpy as np

from abduce.symbolic.synthesis.functional.enumerating.bank import Bank
from abduce.symbolic.synthesis.functional.terms import Term
from abduce.symbolic.synthesis.functional.types import STRING, ListOf, Type

LONGEST_GOAL: Final = 64
"""The upper limit on the length of an output that is put together."""
MOST_ROWS: Final = 200_000
"""The upper limit on the programs, cheapest first, that may be pieces."""
MOST_PIECES: Final = 1500
"""The upper limit on the pieces of one goal."""
MOST_STATES: Final = 1200
"""The upper limit on the states that are visited."""
JOIN: Final = 3
"""The cost of one more piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A program that stands in outputs: its row, and where it stands in each example.

    Attributes:
        single: whether the program gives an item and not a list.
        places: for each example of the goal, the positions at which it stands, as bits.
        lengths: its length in each example.
    """

    row: int
    single: bool
    cost: int
    places: tuple[int, ...]
    lengths: tuple[int, ...]


class Pieces:
    """How outputs of a type are put together from the programs of a bank."""

    def __init__(self, type: Type, outputs: Sequence[Any], bank: Bank) -> None:
        self.type, self.outputs, self.bank = type, outputs, bank
        self.item = type.item if isinstance(type, ListOf) else None
        self.usable = max(map(len, outputs)) <= LONGEST_GOAL
        encoded = bank.columns.encoded
        self.inner: list[np.ndarray] = []
        self.items: list[np.ndarray] = []
        if self.usable:
            for output in outputs:
                parts = {output[i:j] for i in range(len(output)) for j in range(i, len(output) + 1)}
                ids = [encoded(type, part) for part in sorted(parts, key=repr)]
                self.inner.append(np.array([*ids, encoded(type, output[:0])], np.int64))
                if self.item is not None:
                    items = [encoded(self.item, each) for each in output]
                    self.items.append(np.array(items, np.int64))
        self.standing: dict[tuple[int, int, bool], tuple[int, int]] = {}

    def compose(self, examples: Sequence[int], most_states: int = MOST_STATES) -> Term | None:
        """The cheapest program found that gives the outputs of some examples, of two pieces or
        more."""
        if not self.usable:
            return None
        pieces = [*self._pieces(examples, False)]
        if self.item is not None:
            pieces += self._pieces(examples, True)
        pieces = sorted(pieces, key=lambda piece: (piece.cost, piece.single, piece.row))
        path = self._path(examples, pieces[:MOST_PIECES], most_states)
        return None if path is None else self._term(path)

    def _pieces(self, examples: Sequence[int], single: bool) -> Iterable[Piece]:
        type = self.item if single and self.item is not None else self.type
        rows = self.bank.of(type)
        count = min(rows.size, MOST_ROWS)
        fits = np.ones(count, bool)
        for e in examples:
            wanted = self.items[e] if single else self.inner[e]
            fits[fits] &= np.isin(rows.values[:count, e][fits], wanted)
        seen: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        for index in np.flatnonzero(fits)[:MOST_PIECES].tolist():
            stood = [self._stands(e, int(rows.values[index, e]), single) for e in examples]
            places = tuple([s[0] for s in stood])
            lengths = tuple([s[1] for s in stood])
            if any(lengths) and (places, lengths) not in seen:
                seen.add((places, lengths))
                yield Piece(index, single, int(rows.costs[index]) + JOIN, places, lengths)

    def _stands(self, example: int, number: int, single: bool) -> tuple[int, int]:
        """The positions, as bits, at which a value stands in an output, and its length."""
        key = (example, number, single)
        if key not in self.standing:
            output = self.outputs[example]
            if single and self.item is not None:
                value: Any = (self.bank.columns.decoded(self.item, number),)
            else:
                value = self.bank.columns.decoded(self.type, number)
            size = len(value)
            places = [i for i in range(len(output) - size + 1) if output[i : i + size] == value]
            self.standing[key] = (sum([1 << i for i in places]), size)
        return self.standing[key]

    def _path(
        self, examples: Sequence[int], pieces: Sequence[Piece], most_states: int
    ) -> list[Piece] | None:
        """The pieces of the cheapest way from the start of all outputs to their end."""
        if not pieces:
            return None
        longest = max([len(self.outputs[e]) for e in examples]) + 1
        places = [p for piece in pieces for p in piece.places]
        bits = np.array([[p >> i & 1 for i in range(longest)] for p in places], bool)
        bits = bits.reshape(len(pieces), len(examples), longest)
        lengths = np.array([piece.lengths for piece in pieces])
        end = tuple([len(self.outputs[e]) for e in examples])
        start = (0,) * len(examples)
        best: dict[tuple[int, ...], tuple[int, tuple[int, ...], int]] = {start: (0, start, -1)}
        queue: list[tuple[int, tuple[int, ...]]] = [(0, start)]
        done: set[tuple[int, ...]] = set()
        every = np.arange(len(examples))
        while queue and len(done) < most_states:
            cost, state = heappop(queue)
            if state == end:
                break
            if state in done:
                continue
            done.add(state)
            at = np.array(state)
            for index in np.flatnonzero(bits[:, every, at].all(1)).tolist():
                reached = tuple((at + lengths[index]).tolist())
                total = cost + pieces[index].cost
                if reached not in best or total < best[reached][0]:
                    best[reached] = (total, state, index)
                    heappush(queue, (total, reached))
        if end not in best or end == start:
            return None
        path: list[Piece] = []
        state = end
        while state != start:
            _, before, index = best[state]
            path.append(pieces[index])
            state = before
        return path[::-1]

    def _term(self, path: Sequence[Piece]) -> Term | None:
        """The pieces as one term, with constants next to each other joined."""
        found: Term | None = None
        for piece in reversed(path):
            if piece.single and self.item is not None:
                term = self.bank.term(self.item, piece.row)
                found = ("singleton", term) if found is None else ("cons", term, found)
            else:
                term = self.bank.term(self.type, piece.row)
                joined = "join" if self.type == STRING else "concat"
                if found is None:
                    found = term
                elif found[0] == "singleton" and self.type != STRING:
                    found = ("append", term, found[1])
                else:
                    found = (joined, term, found)
        return None if found is None else _shortened(found)


def _shortened(term: Term) -> Term:
    """A term with chains of constant items as one constant list."""
    if term[0] == "singleton" and term[1][0] == "constant":
        return ("constant", ListOf(term[1][1]), (term[1][2],))
    if term[0] in ("cons", "concat"):
        first, rest = term[1], _shortened(term[2])
        if term[0] == "cons" and first[0] == "constant":
            if rest[0] == "constant":
                return ("constant", rest[1], (first[2], *rest[2]))
            if rest[0] == "concat" and rest[1][0] == "constant":
                return ("concat", ("constant", rest[1][1], (first[2], *rest[1][2])), rest[2])
            if rest[0] == "cons" and rest[1][0] == "constant":
                items = (first[2], rest[1][2])
                return ("concat", ("constant", ListOf(first[1]), items), rest[2])
        return (term[0], first, rest)
    return term
