"""Proof for words of every length: the product of an automaton and its specification.

All pairs (state of the machine, residual of the specification) that some word leads to are visited
from the start. Where both write the same on every symbol in every such pair, they write the same on
every word, by induction over its length; the set of pairs is the invariant. Where they do not, the
path to the pair is a shortest word on which they differ.
"""

from collections import deque
from collections.abc import Hashable, Iterable
from typing import Protocol, runtime_checkable

import numpy as np

from abduce import clock
from abduce.symbolic.programs.streams import StreamSpecification
from abduce.verify.verdict import Certificate, ProductPairs, Proved, Refuted, Unknown, Verdict, Work


@runtime_checkable
class Machine(Protocol):
    """A machine that can be proved: two tables (states, symbols) and a start."""

    @property
    def next(self) -> np.ndarray: ...
    @property
    def output(self) -> np.ndarray: ...
    @property
    def start(self) -> int: ...
    def __call__(self, word: list[int]) -> np.ndarray: ...


Pair = tuple[int, Hashable]

MAX_PAIRS = 1_000_000


def prove_stream(
    machine: Machine,
    specification: StreamSpecification,
    *,
    deadline: float | None = None,
    max_pairs: int = MAX_PAIRS,
) -> Verdict:
    """Whether a machine writes what the specification asks for on every word of one symbol or more.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
        max_pairs: give up beyond.

    Source: Hopcroft and Karp 1971, equivalence of finite automata; here by plain reachability.
    """
    states, symbols = machine.next.shape
    if symbols != specification.symbols:
        return Unknown(f"the machine reads {symbols} symbols, not {specification.symbols}")
    start: Pair = (machine.start, specification.start)
    came_from: dict[Pair, tuple[Pair, int] | None] = {start: None}
    todo, steps = deque([start]), 0
    while todo:
        pair = todo.popleft()
        if len(came_from) > max_pairs:
            return Unknown(f"more than {max_pairs:,} pairs of states", Work(points=steps))
        if clock.passed(deadline):
            return Unknown("the time was up", Work(points=steps, open=len(todo) + 1))
        for symbol in range(symbols):
            steps += 1
            output, residual = specification.step(pair[1], symbol)
            if machine.output[pair[0], symbol] != output:
                word = [*_word(came_from, pair), symbol]
                return Refuted(
                    np.array(word), machine(word), 0, Work(points=steps), specification(word)
                )
            after = (int(machine.next[pair[0], symbol]), residual)
            if after not in came_from:
                came_from[after] = (pair, symbol)
                todo.append(after)
    certificate = Certificate(
        f"{specification.claim}, for words of every length",
        f"product automaton: {states} states, {len(came_from)} pairs reached",
        steps,
        ProductPairs(tuple(came_from)),
    )
    return Proved(Work(points=steps), certificate)


def is_inductive(
    machine: Machine, specification: StreamSpecification, pairs: Iterable[tuple[object, object]]
) -> bool:
    """Whether a set of pairs is an invariant that proves the machine: the start is in it, and from
    each of its pairs every symbol writes the same in both and leads into the set again."""
    known = set(pairs)
    if (machine.start, specification.start) not in known:
        return False
    for state, residual in known:
        assert isinstance(state, int)
        for symbol in range(specification.symbols):
            output, after = specification.step(residual, symbol)
            if machine.output[state, symbol] != output:
                return False
            if (int(machine.next[state, symbol]), after) not in known:
                return False
    return True


def _word(came_from: dict[Pair, tuple[Pair, int] | None], pair: Pair) -> list[int]:
    """The symbols that lead to a pair."""
    word: list[int] = []
    while (step := came_from[pair]) is not None:
        pair, symbol = step
        word.append(symbol)
    return word[::-1]
