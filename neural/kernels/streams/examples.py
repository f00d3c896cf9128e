"""Examples of arithmetic on streams: inputs and outputs of 64 of the 256 8-bit numbers.

The other 192 numbers, three of four, are never shown, and neither is anything that happens between
an input and its output: no carry, no state. Labels come from the arithmetic of Python's integers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

WIDTH = 8
SEEN = 64
EXAMPLES = 4096


@dataclass(frozen=True, slots=True, eq=False)
class StreamExamples:
    """Words and what belongs to them.

    Attributes:
        words: (examples, length), symbols, the first first.
        labels: (examples, length), the output after each symbol.
        last_only: the label of a word is only that of its last symbol; the other labels are those
            of the word's beginnings, which are examples too.
        states: how many the automaton may have.
        known: (examples, length), 1 where a step has a label; None where all have.
    """

    words: np.ndarray
    labels: np.ndarray
    last_only: bool = False
    states: int = 4
    known: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.words)


def arithmetic(
    label: Callable[..., np.ndarray], operands: int, generator: np.random.Generator
) -> StreamExamples:
    """Examples of a function whose output is as long as its inputs.

    Args:
        label: the operands, arrays of numbers, to the bits of the result.
    """
    given = _operands(operands, generator)
    result = label(*given)
    return StreamExamples(_words(given), (result[:, None] >> np.arange(WIDTH)) & 1)


def comparison(generator: np.random.Generator) -> StreamExamples:
    """Pairs of numbers, and 0, 1 or 2 as the first is less, equal or greater.

    A beginning of a word of bits, the lowest first, is a smaller number and an example itself.
    """
    a, b = given = _operands(2, generator)
    cut = (1 << np.arange(1, WIDTH + 1)) - 1
    labels = np.sign((a[:, None] & cut) - (b[:, None] & cut)) + 1
    return StreamExamples(_words(given), labels, last_only=True)


def _operands(count: int, generator: np.random.Generator) -> np.ndarray:
    """(count, examples): drawn from the numbers that are seen."""
    seen = generator.choice(2**WIDTH, SEEN, replace=False)
    if count == 1:
        return seen[None]
    return seen[generator.integers(0, SEEN, (count, EXAMPLES))]


def _words(given: np.ndarray) -> np.ndarray:
    """(operands, examples) numbers as (examples, WIDTH) symbols."""
    bits = (given[:, :, None] >> np.arange(WIDTH)) & 1
    return (bits << np.arange(len(given))[:, None, None]).sum(0)
