"""Handwritten symbols as images, each class divided into training and test by image.

The file has 24,510 crops of 32 x 32 pixels in 16 grey levels, and names no writers. It names the
source of each crop: of + - * there are two, and a division by source lets training see one of them
and the test the other.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from abduce.benchmarks.data.members import read_member

MEMBER: Final = "symbols_32x32_16grey.npz"
SIDE: Final = 32
TEST_SHARE: Final = 0.2
SPLIT_SEED: Final = 14
"""The seed by which images are divided, for all experiments alike."""
SOURCES: Final = ("bhmsds", "mdas")
"""The two sources of + - *."""


@dataclass(frozen=True, slots=True, eq=False)
class Handwritten:
    """Images with labels and sources.

    Attributes:
        images: [images, 32, 32], bytes; 255 is ink.
        labels: [images], one character each.
        sources: [images].
    """

    images: np.ndarray
    labels: np.ndarray
    sources: np.ndarray

    def of(self, symbols: Sequence[str]) -> np.ndarray:
        """The number of each image's symbol in a list; -1 where it is not in it."""
        number = {symbol: n for n, symbol in enumerate(symbols)}
        return np.array([number.get(label, -1) for label in self.labels.tolist()])


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Numbers of images for training and test, by symbol; no image is in both."""

    train: dict[str, np.ndarray]
    test: dict[str, np.ndarray]


def read_handwritten(places: Sequence[Path] | None = None) -> Handwritten:
    """All images.

    Raises:
        DataError: the file is in none of the places.
        ChecksumError: it is not what it should be.
    """
    with np.load(io.BytesIO(read_member("handwritten", MEMBER, places))) as file:
        packed, labels, sources = file["packed"], file["label"], file["source"]
    grey = np.stack([packed >> 4, packed & 15], axis=-1).reshape(len(packed), SIDE, SIDE)
    return Handwritten((grey * 17).astype(np.uint8), labels, sources)


def divided(every: Handwritten, *, train_source: str | None = None) -> Division:
    """A fifth of the images of each symbol for the test, drawn with a fixed seed.

    Args:
        train_source: where a symbol has images of both `SOURCES`, training has those of this one
            and the test those of the other.
    """
    train: dict[str, np.ndarray] = {}
    test: dict[str, np.ndarray] = {}
    for symbol in sorted(set(every.labels.tolist())):
        rng = np.random.default_rng((SPLIT_SEED, ord(symbol)))
        numbers = rng.permutation(np.flatnonzero(every.labels == symbol))
        cut = round(TEST_SHARE * len(numbers))
        test[symbol], train[symbol] = numbers[:cut], numbers[cut:]
        if train_source is not None and len(set(every.sources[numbers].tolist())) > 1:
            own = every.sources == train_source
            train[symbol] = train[symbol][own[train[symbol]]]
            test[symbol] = test[symbol][~own[test[symbol]]]
    return Division(train, test)
