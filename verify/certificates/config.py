"""How certificates are looked for."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingConfig:
    """How the search for a certificate goes.

    Attributes:
        scales: bounds are integers over 2^scale; the next scale is tried where a bound is too large
            for one.
        widest: each box whose depth is a multiple of this is split at its widest input: the slope
            of a loose bound says little.
        batch: the number of boxes that are bounded together.
    """

    scales: tuple[int, ...] = (40, 28, 16)
    widest: int = 4
    batch: int = 32


DEFAULT: Final = WritingConfig()
