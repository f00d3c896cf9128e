"""What an automaton with outputs has to write, said step by step."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class StreamSpecification:
    """A function on words, one symbol after the other, said by arithmetic and not by a table.

    Attributes:
        claim: what a machine does that agrees with it, as a sentence.
        symbols: the number of symbols.
        start: the residual before the first symbol: what the past means for what comes.
        step: residual and symbol to output and next residual; finitely many residuals are reached.

    >>> StreamSpecification("parity so far", 2, 0, lambda odd, a: (odd ^ a, odd ^ a))([1, 1, 0, 1])
    array([1, 0, 0, 1])
    """

    claim: str
    symbols: int
    start: Hashable
    step: Callable[[Hashable, int], tuple[int, Hashable]]

    def __call__(self, word: Iterable[int]) -> np.ndarray:
        """The outputs that it asks for."""
        residual, written = self.start, []
        for symbol in word:
            output, residual = self.step(residual, int(symbol))
            written.append(output)
        return np.array(written, dtype=np.int64)
