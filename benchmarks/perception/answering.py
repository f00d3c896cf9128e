"""Sentences of images answered: what is seen of each image, read as a sentence, and its value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from abduce.benchmarks.perception.composing import value_of
from abduce.benchmarks.perception.hypotheses import tables
from abduce.neural.perception.rows import ImageRow
from abduce.neural.perception.seeing import doubted
from abduce.symbolic.nsr.deduction.charts import Charts, Limits
from abduce.symbolic.nsr.deduction.syntax import Reading, parse

RARE: Final = 1e-3
"""What is seen less often than this is no symbol of the language."""


def usual_of(sees: np.ndarray) -> np.ndarray:
    """The share of each symbol among images of sentences, [symbols]; 0 where it is rare."""
    shares = sees.mean(0)
    kept = np.where(shares < RARE, 0.0, shares)
    return kept / kept.sum()


@dataclass(frozen=True, eq=False)
class Answering:
    """What answers sentences.

    Attributes:
        lexicon: the one reading of each symbol.
        sees: [images, symbols], what is seen of each image.
        usual: [symbols], the share of each symbol among images of sentences; one without any is
            never read.
        misread: the probability that what is seen says nothing.
    """

    lexicon: Mapping[str, Reading]
    limits: Limits
    sees: np.ndarray
    usual: np.ndarray
    misread: float

    @cached_property
    def _charts(self) -> Charts:
        readings = {symbol: ((1.0, reading),) for symbol, reading in self.lexicon.items()}
        return Charts(readings, tables(), self.limits)

    def words(self, row: ImageRow) -> list[str] | None:
        """The likeliest sentence; None where there is none.

        It is what is likeliest of each image, where that is a sentence: no other can be likelier.
        """
        symbols = self._charts.symbols
        seen = self.sees[row.images] * (self.usual > 0.0)
        sees = doubted(seen, self.usual, self.misread)
        if row.allowed is not None:
            sees = sees * row.allowed
        first = [symbols[n] for n in sees.argmax(1)]
        if parse(first, self.lexicon) is not None:
            return first
        best = self._charts.likeliest(sees, every=True)
        return None if best is None else [symbols[n] for n in best]

    def value(self, row: ImageRow) -> Any:
        """The value of the likeliest sentence; None where there is none."""
        words = self.words(row)
        return None if words is None else value_of(words, self.lexicon)

    def accuracy(self, rows: Sequence[ImageRow]) -> float:
        """The share of rows whose value is that of the likeliest sentence."""
        return float(np.mean([self.value(row) == row.value for row in rows]))
