"""Numbers as bits: the lowest first, then a flag for infinity and one for the end of a list.

The order is that of the whole numbers that stand for them: numbers, infinity, end.
"""

import numpy as np


def infinity(bits: int) -> int:
    """The number that stands for infinity, 2 ** bits; one more stands for the end.

    >>> infinity(8)
    256
    """
    return 1 << bits


def to_bits(values: np.ndarray, bits: int) -> np.ndarray:
    """Whole numbers of any shape, 0 to 2 ** bits + 1, as float32 with one more axis.

    >>> to_bits(np.array([6, 8, 9]), 3).tolist()
    [[0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]]
    """
    finite = values < infinity(bits)
    digits = (values[..., None] >> np.arange(bits)) & 1 & finite[..., None]
    flags = values[..., None] == infinity(bits) + np.arange(2)
    return np.concatenate((digits, flags), -1).astype(np.float32)


def from_bits(bits: np.ndarray) -> np.ndarray:
    """The numbers that bits, each 0 or 1, stand for; a flag counts more than digits.

    >>> values = np.arange(10)
    >>> bool((from_bits(to_bits(values, 3)) == values).all())
    True
    """
    width = bits.shape[-1] - 2
    found = (bits[..., :width].astype(np.int64) << np.arange(width)).sum(-1)
    found = np.where(bits[..., width] > 0, infinity(width), found)
    return np.where(bits[..., width + 1] > 0, infinity(width) + 1, found)
