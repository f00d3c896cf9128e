"""Sentences of images: which image stands at each position, and the value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class ImageRow:
    """A sentence of images.

    Attributes:
        images: [positions], numbers of images.
        value: the value of the sentence.
        labels: [positions], the number of the symbol of each, or -1 where it is not told; None
            where none is.
        allowed: [positions, symbols], whether each symbol may stand there; None where all may.
    """

    images: np.ndarray
    value: Any
    labels: np.ndarray | None = None
    allowed: np.ndarray | None = None


def batches(
    rows: Sequence[ImageRow], images: int, generator: np.random.Generator
) -> Iterator[list[ImageRow]]:
    """All rows in a random order, in batches of about `images` images."""
    batch: list[ImageRow] = []
    size = 0
    for number in generator.permutation(len(rows)):
        batch.append(rows[number])
        size += len(rows[number].images)
        if size >= images:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
