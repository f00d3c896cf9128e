"""Sparse coefficients of rows on the entries of a value.

They are arrays (D or 1, R, entries), each with the indices of these entries, in order; None means
all entries.
"""

import numpy as np

from abduce.verify.bounds.affine.matrices import Matrix, back, back_on, restricted


def carried(
    a: np.ndarray, chosen: np.ndarray | None, matrix: Matrix, active: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """``a @ matrix[chosen]``, and the indices of the source's entries that it covers; None for
    all."""
    if isinstance(matrix, np.ndarray):
        return back(a, restricted(matrix, chosen, active)), active
    if chosen is None:
        return back(a, matrix), None
    return back_on(a, chosen, matrix)


def added(
    a: np.ndarray, there: np.ndarray | None, b: np.ndarray, other: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """The sum of coefficients that are given on different entries."""
    if there is other or (there is not None and other is not None and np.array_equal(there, other)):
        return a + b, there
    if there is None or other is None:
        size = (a if there is None else b).shape[-1]
        return spread(a, there, size) + spread(b, other, size), None
    both = np.union1d(there, other)
    place, second = np.searchsorted(both, there), np.searchsorted(both, other)
    return spread(a, place, len(both)) + spread(b, second, len(both)), both


def spread(a: np.ndarray, places: np.ndarray | None, size: int) -> np.ndarray:
    """Coefficients given on some entries, as coefficients on all."""
    if places is None:
        return a
    result = np.zeros((*a.shape[:-1], size))
    result[..., places] = a
    return result
