"""A small language of images for tests: three numbers and a sum, each of a shape of its own."""

from collections.abc import Sequence

import numpy as np

from abduce.neural.perception.network import SIDE
from abduce.neural.perception.rows import ImageRow
from abduce.symbolic.nsr.deduction.charts import Charts, Limits, Meanings
from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Reading, Sign
from abduce.symbolic.nsr.deduction.tables import Tables

SUM: Meanings = {
    **{str(n): [(1.0, Reading.of(NULLARY, n))] for n in (1, 2, 4)},
    "+": [(1.0, Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x + y))],
}
SHAPES = {
    "1": (slice(4, 28), slice(14, 18)),
    "2": (slice(4, 12), slice(4, 28)),
    "4": (slice(20, 28), slice(4, 12)),
    "+": (slice(12, 20), slice(12, 20)),
}


def images(each: int, rng: np.random.Generator) -> np.ndarray:
    """So many noisy images of each symbol, symbol by symbol, as bytes."""
    found = rng.integers(0, 60, (len(SUM) * each, SIDE, SIDE))
    for number, symbol in enumerate(SUM):
        found[number * each : (number + 1) * each, *SHAPES[symbol]] += 180
    return found.astype(np.uint8)


def rows(count: int, each: int, lengths: Sequence[int], rng: np.random.Generator) -> list[ImageRow]:
    """Sums of these lengths in turn, with labels."""
    symbols = list(SUM)
    found = []
    for n in range(count):
        words = [
            rng.choice(["1", "2", "4"]) if at % 2 == 0 else "+"
            for at in range(lengths[n % len(lengths)])
        ]
        labels = np.array([symbols.index(word) for word in words])
        numbers = labels * each + rng.integers(each, size=len(words))
        found.append(ImageRow(numbers, sum(int(word) for word in words[::2]), labels))
    return found


def charts(limits: Limits) -> Charts:
    return Charts(SUM, Tables(lambda value: value < 50, most=256, operands=64), limits)
