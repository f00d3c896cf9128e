"""Mealy machines: finite automata that read a symbol and write one, step after step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import only, single, whole
from abduce.symbolic.programs.streams import StreamSpecification


@dataclass(frozen=True, slots=True, eq=False)
class Mealy:
    """A finite automaton with outputs.

    In state s, reading symbol a, it writes ``output[s, a]`` and goes to ``next[s, a]``. Outputs
    belong to steps and not to states, so the empty word has none.

    Attributes:
        next: (states, symbols), the state after a step.
        output: (states, symbols), what the step writes.
        start: the state before the first symbol.

    >>> parity = Mealy(np.array([[0, 1], [1, 0]]), np.array([[0, 1], [1, 0]]))
    >>> parity([1, 1, 0, 1])
    array([1, 0, 0, 1])

    Source: Mealy 1955, A method for synthesizing sequential circuits.
    """

    kind: ClassVar[str] = "mealy"

    next: np.ndarray
    output: np.ndarray
    start: int = 0

    def __post_init__(self) -> None:
        if self.next.ndim != 2 or not self.next.size or self.next.shape != self.output.shape:
            raise ValueError("next and output are tables of one shape, (states, symbols)")
        states = len(self.next)
        if not 0 <= self.start < states:
            raise ValueError(f"the state {self.start} where there are {states}")
        object.__setattr__(self, "next", whole("a state that follows", self.next, most=states - 1))
        object.__setattr__(self, "output", whole("an output", self.output))

    def __call__(self, word: Sequence[int] | np.ndarray) -> np.ndarray:
        """The outputs, one for each symbol of the word."""
        state, written = self.start, np.zeros(len(word), dtype=np.int64)
        for place, symbol in enumerate(word):
            written[place] = self.output[state, symbol]
            state = int(self.next[state, symbol])
        return written

    def minimal(self) -> "Mealy":
        """The least automaton that writes the same on every word, states in the order in which
        they are met.

        Source: Moore 1956, Gedanken-experiments on sequential machines.
        """
        states = self._reached()
        after, output = states.next, states.output
        kinds = _numbered(output)
        while True:
            finer = _numbered(np.column_stack([kinds, kinds[after]]))
            if finer.max() == kinds.max():
                break
            kinds = finer
        _, kept = np.unique(kinds, return_index=True)
        return Mealy(kinds[after[kept]], output[kept], int(kinds[0]))._reached()

    def _reached(self) -> "Mealy":
        """The states that some word leads to, in the order in which they are met."""
        names = {self.start: 0}
        for state in (order := [self.start]):
            for after in self.next[state].tolist():
                if after not in names:
                    names[after] = len(order)
                    order.append(after)
        named = np.zeros(len(self.next), dtype=np.int64)
        named[order] = np.arange(len(order))
        return Mealy(named[self.next[order]], self.output[order])

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {"next": self.next, "output": self.output, "start": np.array([self.start])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Mealy":
        after, output, start = only(arrays, "next", "output", "start")
        return cls(after, output, single("the start", start))


def compiled_stream(specification: StreamSpecification, max_states: int = 1000) -> Mealy:
    """The automaton of a specification, a state for each residual that is reached.

    Raises:
        ValueError: there are more than `max_states`.
    """
    residuals = {specification.start: 0}
    after: list[list[int]] = []
    output: list[list[int]] = []
    for residual in (order := [specification.start]):
        steps = [specification.step(residual, symbol) for symbol in range(specification.symbols)]
        for _, reached in steps:
            if reached not in residuals:
                residuals[reached] = len(order)
                order.append(reached)
        if len(order) > max_states:
            raise ValueError(f"more than {max_states} residuals")
        after.append([residuals[reached] for _, reached in steps])
        output.append([written for written, _ in steps])
    return Mealy(np.array(after), np.array(output))


def _numbered(rows: np.ndarray) -> np.ndarray:
    """For each row a number that it shares with its equals."""
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
