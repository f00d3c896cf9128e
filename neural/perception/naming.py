"""Which symbol of a lexicon each known image is: perception given, only its names are learned.

The labels of the images are told, as numbers without a meaning. What each number stands for is
learned by expectation-maximisation from the values of sentences, shorter ones first.

Source: Dempster, Laird and Rubin 1977; Neal and Hinton 1998 (a step after each sentence).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from abduce import clock
from abduce.neural.perception.config import Training
from abduce.neural.perception.rows import ImageRow
from abduce.neural.perception.teaching import ByValue

STEPS: Final = 25
"""After each of so many parts of the sentences the shares of readings are estimated."""


def learn_names(
    rows: Sequence[ImageRow],
    teacher: ByValue,
    allowed: np.ndarray,
    training: Training,
    *,
    seed: int = 0,
    deadline: float | None = None,
) -> tuple[np.ndarray, bool]:
    """The probability that each label stands for each symbol, and whether all rows were looked at.

    Args:
        rows: each with the label of every position.
        allowed: [labels, symbols], whether a label may stand for a symbol.
    """
    uses = np.where(allowed, training.uses, 0.0)
    order = np.random.default_rng(seed).permutation(len(rows))
    ranked = sorted([rows[n] for n in order], key=lambda row: len(row.images))
    size = -(-len(ranked) // STEPS)
    for number, row in enumerate(ranked, start=1):
        if clock.passed(deadline):
            return _shares(uses), False
        taught = teacher(row, _shares(uses)[row.labels])
        if taught is not None:
            np.add.at(uses, row.labels, taught)
        if number % size == 0:
            teacher.estimate(training.uses)
    return _shares(uses), True


def _shares(uses: np.ndarray) -> np.ndarray:
    return uses / uses.sum(1, keepdims=True)
