"""Examples of brackets: short words, with a label after each symbol."""

from dataclasses import dataclass

import numpy as np

from abduce.neural.kernels.config import BracketsConfig
from abduce.symbolic.programs.definitions.brackets import KINDS

BROKEN, OPEN, BALANCED = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class BracketExamples:
    """Words and labels; no stack and no action is shown.

    Attributes:
        words: (examples, longest), symbols.
        labels: (examples, longest), whether a beginning is BROKEN, OPEN or BALANCED.
    """

    words: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.words)


def bracket_words(config: BracketsConfig, generator: np.random.Generator) -> BracketExamples:
    """Random words in which most closing brackets fit."""
    shape = (config.words, config.longest)
    found, labels = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    chance, symbols = generator.random(shape), generator.integers(0, 2 * KINDS, shape)
    for row in range(config.words):
        stack: list[int] = []
        broken = False
        for place in range(config.longest):
            symbol = int(symbols[row, place])
            if chance[row, place] > config.any_symbol:
                close = stack and chance[row, place] < config.any_symbol + config.closing
                symbol = KINDS + stack[-1] if close else symbol % KINDS
            if symbol < KINDS:
                stack.append(symbol)
            else:
                broken = broken or not stack or stack.pop() != symbol - KINDS
            found[row, place] = symbol
            labels[row, place] = BROKEN if broken else OPEN if stack else BALANCED
    return BracketExamples(found, labels)
