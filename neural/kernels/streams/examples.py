"""Examples of arithmetic on streams: inputs and outputs of 64 of the 256 8-bit numbers.

The other 192 numbers, three of four, are never shown, and neither is anything that happens between
an input and its output: no carry, no state. Labels come from the arithmetic of Python's integers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abduce.neural.kernels.config import StreamConfig


@dataclass(frozen=True, slots=True, eq=False)
class StreamExamples:
    """Words and what belongs to them.

    Attributes:
        words: (examples, length), symbols, the first first.
        labels: (examples, length), the output after each symbol.
        last_only: the label of a word is only that of its last symbol; the other labels are those
            of the word's beginnings, which are examples too.
        known: (examples, length), 1 where a step has a label; None where all have.
    """

    words: np.ndarray
    labels: np.ndarray
    last_only: bool = False
    known: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.words)


def arithmetic(
    label: Callable[..., np.ndarray],
    operands: int,
    config: StreamConfig,
    generator: np.random.Generator,
) -> StreamExamples:
    """Examples of a function whose output is as long as its inputs.

    Args:
        label: the operands, arrays of numbers, to the bits of the result.
    """
    given = _operands(operands, config, generator)
    result = label(*given)
    places = np.arange(config.bits)
    return StreamExamples(_words(given, config.bits), (result[:, None] >> places) & 1)


def comparison(config: StreamConfig, generator: np.random.Generator) -> StreamExamples:
    """Pairs of numbers, and 0, 1 or 2 as the first is less, equal or greater.

    A beginning of a word of bits, the lowest first, is a smaller number and an example itself.
    """
    a, b = given = _operands(2, config, generator)
    cut = (1 << np.arange(1, config.bits + 1)) - 1
    labels = np.sign((a[:, None] & cut) - (b[:, None] & cut)) + 1
    return StreamExamples(_words(given, config.bits), labels, last_only=True)


def _operands(count: int, config: StreamConfig, generator: np.random.Generator) -> np.ndarray:
    """(count, examples): drawn from the numbers that are seen."""
    seen = generator.choice(2**config.bits, config.seen, replace=False)
    if count == 1:
        return seen[None]
    return seen[generator.integers(0, config.seen, (count, config.examples))]


def _words(given: np.ndarray, width: int) -> np.ndarray:
    """(operands, examples) numbers as (examples, width) symbols."""
    bits = (given[:, :, None] >> np.arange(width)) & 1
    return (bits << np.arange(len(given))[:, None, None]).sum(0)
