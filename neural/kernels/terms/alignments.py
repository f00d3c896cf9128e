"""All that a machine could have done with an example: which mark, and which node wrote what.

A machine of `step_tables` marks a node, and then each node writes nothing, one node or the
argument. From the pair alone it is not known which. Here each possible mark of a pair has a row.
It has what the tables would be asked at each node, and which nodes of the result each action could
have written. Two questions have answers that depend on decisions too, namely on which abstractions
are counted; so there are `COUNTINGS`: (head counts, body counts), each no or yes.

Rows that no tables could explain are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from abduce.neural.kernels.terms.pairs import Pair
from abduce.symbolic.lambda_calculus.terms import codes as prefix
from abduce.symbolic.programs.step_tables import (
    ARGUMENT,
    BODY,
    BOUND,
    END,
    HEAD,
    SEES_FREE,
    SEES_INDEX,
    kind,
    places_of,
    sight,
    visits,
)

COUNTINGS = ((0, 0), (0, 1), (1, 0), (1, 1))
SUBSETS = 8
"""The number of sets of actions on a pasted index: bit 0 keeps it, bit 1 lowers it, bit 2 raises
it."""


@dataclass(frozen=True, slots=True)
class Paste:
    """An argument that may have been pasted.

    Attributes:
        node: which wrote it; `start`, where in the result it begins.
        counting: an index of COUNTINGS; `own`, whether abstractions of the argument are counted.
        used: (3 * SUBSETS,), of each order of index and counter how many indices allow a subset.
    """

    node: int
    start: int
    counting: int
    own: int
    used: np.ndarray


@dataclass(frozen=True, slots=True)
class Row:
    """A mark.

    Attributes:
        places: (nodes,).
        sights: (nodes, COUNTINGS).
        counters: (nodes, COUNTINGS), of nodes in the body; -1 elsewhere.
        argument: how many nodes it has.
    """

    mark: int
    places: np.ndarray
    sights: np.ndarray
    counters: np.ndarray
    argument: int
    pastes: tuple[Paste, ...]


@dataclass(frozen=True, slots=True)
class Alignments:
    """The alignments of a term with the term after it.

    Attributes:
        kinds: (nodes, 2), of each node and the one after it.
        visits: (4, nodes), the positions in the four orders of `visits`.
        kept: (nodes, result), whether the node of the result is the node of the term.
        moved: (nodes, result), by how much the index is larger; ELSE where they are no indices.
    """

    kinds: np.ndarray
    visits: np.ndarray
    kept: np.ndarray
    moved: np.ndarray
    rows: tuple[Row, ...]


ELSE = -(10**6)


def alignments(pair: Pair) -> Alignments:
    """The alignments of a pair; no rows where no machine explains it."""
    before, after = np.array(pair.before), np.array(pair.after)
    kept = before[:, None] == after[None, :]
    indices = (before[:, None] >= BOUND) & (after[None, :] >= BOUND)
    moved = np.where(indices, after[None, :] - before[:, None], ELSE)
    kinds = [*map(kind, pair.before), END]
    depths = [depth for _, depth in prefix.with_depths(pair.before)]
    unseen = np.array([[sight(code, 0)] * len(COUNTINGS) for code in pair.before])
    rows = (_row(pair, mark, depths, unseen) for mark in range(len(before)))
    written = _Written(kept | (moved == -1), moved)
    return Alignments(
        np.array([kinds[:-1], kinds[1:]]).T,
        np.array([visits(pair.before, when, side) for when in (0, 1) for side in (0, 1)]),
        kept,
        moved,
        tuple(row for row in rows if written.possible(row)),
    )


def _row(pair: Pair, mark: int, depths: Sequence[int], unseen: np.ndarray) -> Row:
    codes = pair.before
    places = places_of(codes, mark)
    head = int(HEAD in places and codes[mark + 1] == prefix.ABSTRACTION)
    counters, sights = np.full_like(unseen, -1), unseen.copy()
    for node in (node for node, place in enumerate(places) if place == BODY):
        inner = depths[node] - depths[mark + 1] - head
        counted = [heads * head + bodies * inner for heads, bodies in COUNTINGS]
        counters[node] = counted
        sights[node] = [sight(codes[node], counter) for counter in counted]
    argument = [node for node, place in enumerate(places) if place == ARGUMENT]
    pastes: tuple[Paste, ...] = ()
    if argument and BODY in places:
        cut = slice(argument[0], argument[-1] + 1)
        pastes = tuple(_pastes(pair, cut, sights, counters))
    return Row(mark, np.array(places), sights, counters, len(argument), pastes)


def _pastes(pair: Pair, cut: slice, sights: np.ndarray, counters: np.ndarray) -> Iterator[Paste]:
    """The positions in the result at which the argument may be, with changed indices."""
    argument, kinds = pair.before[cut], [kind(code) for code in pair.before[cut]]
    own = [
        [sight(code, counted * depth) - SEES_INDEX for counted in (0, 1)]
        for code, depth in prefix.with_depths(argument)
    ]
    indices = [place for place, found in enumerate(kinds) if found == BOUND]
    shown = [code if code < BOUND else BOUND for code in argument]
    result = [code if code < BOUND else BOUND for code in pair.after]
    starts = [
        start
        for start in range(len(result) - len(shown) + 1)
        if result[start : start + len(shown)] == shown
    ]

    @cache
    def used(start: int, by: int, counted: int) -> np.ndarray | None:
        counts = np.zeros((3, SUBSETS))
        for place in indices:
            change = pair.after[start + place] - argument[place]
            subset = (change == 0) | (change == -1) << 1 | (change == by) << 2
            if not subset:
                return None
            counts[own[place][counted], subset] += 1
        return counts.reshape(-1)

    for node in np.flatnonzero((counters[:, 0] >= 0) & (sights[:, 0] >= SEES_FREE)).tolist():
        for counting, by in enumerate(counters[node].tolist()):
            for start in starts:
                for counted in (0, 1):
                    counts = used(start, by, counted)
                    if counts is not None:
                        yield Paste(node, start, counting, counted, counts)


class _Written:
    """The nodes of the result that each node could have written; a set of nodes is the bits of a
    number."""

    def __init__(self, always: np.ndarray, moved: np.ndarray) -> None:
        self._result = always.shape[1]
        self._always = [_bits(row) for row in always]
        self._moved = moved

    def possible(self, row: Row) -> bool:
        """Whether some actions make the result of the term."""
        pastes: dict[int, set[int]] = {}
        for paste in row.pastes:
            pastes.setdefault(paste.node, set()).add(paste.start)
        reached = 1
        for node, always in enumerate(self._always):
            one = always
            if row.places[node] == BODY and row.sights[node, 0] >= SEES_INDEX:
                for by in {*row.counters[node].tolist()}:
                    one |= _bits(self._moved[node] == by)
            after = reached | (reached & one) << 1
            for start in pastes.get(node, ()):
                if reached >> start & 1:
                    after |= 1 << start + row.argument
            reached = after
        return bool(reached >> self._result & 1)


def _bits(chosen: np.ndarray) -> int:
    return int.from_bytes(np.packbits(chosen, bitorder="little").tobytes(), "little")
