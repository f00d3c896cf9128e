"""What may be read at each position of a sentence, and what of it an answer looks at."""

from collections.abc import Mapping
from dataclasses import dataclass

from abduce.symbolic.nsr.deduction.chart import MAX_ITEMS


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What may be read at one position.

    Attributes:
        word: what is read there.
        most: for each other word, an upper limit on its probability divided by that of ``word``;
            words that are left out are never read.
        least: a lower limit on the probability of ``word``.
    """

    word: str
    most: Mapping[str, float]
    least: float

    @property
    def rivals(self) -> list[str]:
        """The words that may be as likely as the one that is read, the likeliest first."""
        return sorted((w for w, r in self.most.items() if r >= 1.0), key=lambda w: -self.most[w])


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What of a position is looked at.

    Attributes:
        symbols: the number of the likeliest words of a position that are looked at.
        symbol: the least probability of a word that is looked at.
        doubted: whether each position always has a second word that is looked at.
        negligible: the greatest ratio of words whose values are not told apart.
        certain: the upper limit on sentences without any doubt that are answered one by one.
        items: the fuel of a chart.
    """

    symbols: int = 4
    symbol: float = 1e-6
    doubted: bool = True
    negligible: float = 0.01
    certain: int = 256
    items: int = MAX_ITEMS


LOOKING = Looking()
"""What is looked at by default."""
