"""Which rows of an expression are bounded together.

If rows are near one another in an image, their coefficients lie in a small window of each earlier
layer. So a group is a square of places, large enough for products of matrices to be efficient.
"""

from collections.abc import Iterator
from math import isqrt

import numpy as np

from abduce.verify.bounds.affine.convolutions import Convolution
from abduce.verify.bounds.affine.expressions import Expression

TOGETHER = 48
"""The number of rows from which a product of matrices is faster than single rows."""


def row_groups(x: Expression, rows: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """The rows in groups of at most ``most``, each in order.

    Args:
        rows: the rows of the expression, in order.
    """
    images = [m.forth.target for m in x.terms.values() if isinstance(m, Convolution)]
    groups = [rows]
    if images and len(rows) > TOGETHER:
        _, height, width = images[0]
        down, across = rows // width % height, rows % width
        each = len(rows) / len(np.unique(down * width + across))
        side = max(1, isqrt(int(TOGETHER / each)))
        square = (down // side) * width + across // side
        order = np.argsort(square, kind="stable")
        cuts = np.flatnonzero(np.diff(square[order])) + 1
        groups = np.split(rows[order], cuts)
    for group in groups:
        for start in range(0, len(group), most):
            yield group[start : start + most]
