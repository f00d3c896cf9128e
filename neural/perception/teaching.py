"""What a sentence teaches: the probability of each symbol at each position, given what is known.

A teacher answers a row and what the network sees of it. There are two: labels, and the value.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abduce.neural.perception.rows import ImageRow
from abduce.symbolic.nsr.deduction.charts import Charts, TooMuch

Teacher = Callable[[ImageRow, np.ndarray], np.ndarray | None]
"""A function from a row and what is seen, [positions, symbols], to what should be seen; its value
is None if nothing is known."""


def by_labels(row: ImageRow, seen: np.ndarray) -> np.ndarray | None:
    """The labels of a row that has one at every position."""
    if row.labels is None or row.labels.min() < 0:
        return None
    return np.eye(seen.shape[1])[row.labels]


@dataclass(slots=True, eq=False)
class ByValue:
    """Posteriors given the value of the sentence, and counts of the rows that had some.

    Attributes:
        uses: the expected number of uses of each reading since the last estimate.
        taught: rows with posteriors since then; `refused`, those whose value no derivation has;
            `spent`, those for which the fuel did not suffice.
        dropped: the sum, over rows that are taught, of the share of derivations left out.
    """

    charts: Charts
    uses: np.ndarray
    taught: int = 0
    refused: int = 0
    spent: int = 0
    dropped: float = 0.0

    @staticmethod
    def of(charts: Charts) -> "ByValue":
        return ByValue(charts, np.zeros(len(charts.readings)))

    def estimate(self, added: float) -> None:
        """The shares of the readings of each symbol from their expected uses; counts anew."""
        self.charts.estimate(self.uses, added)
        self.uses[:] = 0.0
        self.taught = self.refused = self.spent = 0
        self.dropped = 0.0

    @property
    def told(self) -> str:
        """What was taught since the last estimate."""
        left_out = self.dropped / max(1, self.taught)
        return (
            f"{self.taught:,} rows explained, {self.refused:,} not, {self.spent:,} given up, "
            f"{left_out:.2%} of derivations left out"
        )

    def __call__(self, row: ImageRow, seen: np.ndarray) -> np.ndarray | None:
        found = self.charts.given(seen, row.value)
        if isinstance(found, TooMuch):
            self.spent += 1
            return None
        if found.probability == 0.0:
            self.refused += 1
            return None
        self.taught += 1
        self.dropped += found.dropped
        self.uses += found.readings
        return found.symbols
