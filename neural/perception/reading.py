"""Sentences of a person's images as uncertain ones: words with their probabilities, by position."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from abduce.neural.perception import images
from abduce.neural.perception.files import Kept
from abduce.neural.perception.seeing import doubted, seen


def uncertain_sentence(kept: Kept, paths: Sequence[Path]) -> list[dict[str, float]]:
    """The likeliest symbols of each image, as many as deduction looks at, with probabilities.

    Raises:
        InputError: an image cannot be read, or has no ink; names it.
    """
    return uncertain_words(kept, images.read(paths))


def uncertain_words(kept: Kept, shown: np.ndarray) -> list[dict[str, float]]:
    """`uncertain_sentence` of images as they are prepared.

    Args:
        shown: [positions, height, width], bytes; 255 is ink.
    """
    limits, misread = kept.config.limits, kept.config.answering.misread
    sees = seen(kept.network, shown, kept.config.distortions)
    found: list[dict[str, float]] = []
    for row in doubted(sees, kept.usual, misread).tolist():
        ranked = sorted(zip(row, kept.symbols, strict=True), reverse=True)[: limits.symbols]
        found.append({symbol: min(1.0, p) for p, symbol in ranked if p > limits.symbol})
    return found
