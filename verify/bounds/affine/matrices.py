"""Matrices of the affine maps between layers: their kinds, their products, and the costs of these.

A matrix is a numpy array, a scipy sparse matrix (csr), a `Convolution`, or None for the identity.
All products have the vectors in front: ``x @ M.T`` is `times`, and ``a @ M`` is `back`. `back_on`
takes and gives vectors on some entries only, since the coefficients of few rows through sparse
matrices and convolutions have few entries.
"""

from math import prod
from typing import Any

import numpy as np

from abduce.verify.bounds.affine.convolutions import Convolution

Matrix = Any
"""A matrix (rows, columns): a numpy array, a scipy sparse matrix, a `Convolution`, or None for the
identity."""

MAX_DENSE = 1_000
"""The number of columns from which a matrix that is mostly zero is stored sparse."""
MIN_THIN, MAX_SHARE = 20_000, 0.05
"""A matrix with at least MIN_THIN entries is stored sparse if its share of nonzero entries is at
most MAX_SHARE."""
SMALL = 20_000
MAX_FILLED, MAX_FILL = 600_000, 3.0
"""A convolution is expanded to a matrix of at most SMALL entries. Up to MAX_FILLED entries, it is
expanded if that is at most MAX_FILL times its nonzero entries."""

MAX_PHASES, MAX_PATCHES = 32, 16_000_000
"""A stencil of more than MAX_PHASES phases is slow, as for the patches of a vision transformer. It
is expanded to a matrix if that has at most MAX_PATCHES entries."""


def sparse() -> Any:
    """The module scipy.sparse, which is loaded when it is first needed."""
    from scipy import sparse

    return sparse


def times(x: np.ndarray, matrix: Matrix) -> np.ndarray:
    """``x @ matrix.T`` on the last axis, (..., columns) to (..., rows)."""
    if matrix is None:
        return x
    if isinstance(matrix, np.ndarray | Convolution):
        return _last(x, matrix.T)
    flat = x.reshape(prod(x.shape[:-1]), x.shape[-1])
    return np.ascontiguousarray((matrix @ flat.T).T).reshape(*x.shape[:-1], matrix.shape[0])


def back(a: np.ndarray, matrix: Matrix) -> np.ndarray:
    """``a @ matrix`` on the last axis, (..., rows) to (..., columns)."""
    if matrix is None:
        return a
    return _last(a, matrix)


def _last(a: np.ndarray, matrix: Matrix) -> np.ndarray:
    flat = a.reshape(prod(a.shape[:-1]), a.shape[-1])  # of no entries, too
    if isinstance(matrix, np.ndarray):
        found = flat @ matrix
    elif isinstance(matrix, Convolution):
        found = matrix.back(flat)
    else:
        found = np.ascontiguousarray((matrix.T @ flat.T).T)  # arrays of two orders mix slowly
    return found.reshape(*a.shape[:-1], matrix.shape[1])


def back_on(
    a: np.ndarray, index: np.ndarray, matrix: Matrix
) -> tuple[np.ndarray, np.ndarray | None]:
    """``a @ matrix[index]`` for (..., entries of index), and the columns that it covers; None for
    all.

    Args:
        index: rows of the matrix, in order.
    """
    if matrix is None:
        return a, index
    flat = a.reshape(prod(a.shape[:-1]), a.shape[-1])
    columns: np.ndarray | None = None
    if isinstance(matrix, np.ndarray):
        found = flat @ matrix[index]
    elif isinstance(matrix, Convolution):
        found, columns = matrix.back_on(flat, index)
    else:
        some = matrix[index]
        columns, places = np.unique(some.indices, return_inverse=True)
        narrow = (len(index), len(columns))
        some = sparse().csr_matrix((some.data, places.ravel(), some.indptr), narrow)
        found = np.asarray((some.T @ flat.T).T)
    if columns is not None and len(columns) == matrix.shape[1]:
        columns = None
    return found.reshape(*a.shape[:-1], found.shape[-1]), columns


def restricted(matrix: Matrix, rows: np.ndarray | None, columns: np.ndarray | None) -> Matrix:
    """Some rows and columns of an array; None for all, as it is of other matrices."""
    if rows is not None:
        matrix = matrix[rows]
    return matrix if columns is None else matrix[:, columns]


def rows_on(matrix: Matrix, index: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Some rows of a matrix, on the columns where they are not zero; None for all."""
    if isinstance(matrix, np.ndarray):
        return matrix[index], None
    return back_on(np.eye(len(index)), index, matrix)


def multiplications(matrix: Matrix, size: int) -> float:
    """The number of multiplications in a product with one vector."""
    if matrix is None:
        return float(size)
    if isinstance(matrix, Convolution):
        return float(matrix.entries)
    return float(matrix.size if isinstance(matrix, np.ndarray) else matrix.nnz)


def row_terms(matrix: Matrix) -> int:
    """The upper limit on the products in a sum of `times`."""
    if matrix is None:
        return 1
    if isinstance(matrix, np.ndarray):
        return matrix.shape[1]
    if isinstance(matrix, Convolution):
        return matrix.forth.terms
    return int(np.diff(matrix.indptr).max(initial=0))


def column_terms(matrix: Matrix) -> int:
    """The upper limit on the products in a sum of `back`."""
    if matrix is None:
        return 1
    if isinstance(matrix, Convolution):
        return matrix.along.terms
    return matrix.shape[0]


def compact(convolution: Convolution) -> Matrix:
    """The matrix, multiplied out if that is small."""
    size = prod(convolution.shape)
    filled = size <= MAX_FILLED and size <= MAX_FILL * convolution.entries
    phases = max(len(convolution.forth.phases), len(convolution.along.phases))
    patches = phases > MAX_PHASES and size <= MAX_PATCHES
    if size > SMALL and not (filled or patches):
        return convolution
    full = np.ascontiguousarray(convolution.T.back(np.eye(convolution.shape[1])).T)
    return full if size <= MAX_FILLED else sparse().csr_matrix(full)


def dense_if_small(matrix: Matrix) -> Matrix:
    """A sparse matrix, as an array if that is small."""
    if isinstance(matrix, np.ndarray) or prod(matrix.shape) > MAX_DENSE**2:
        return matrix
    return matrix.toarray()


def thinned(matrix: Matrix) -> Matrix:
    """A large array that is mostly zero as a sparse matrix."""
    if not isinstance(matrix, np.ndarray) or matrix.size < MIN_THIN:
        return matrix
    thin = np.count_nonzero(matrix) <= MAX_SHARE * matrix.size
    return sparse().csr_matrix(matrix) if thin else matrix


def diagonal(values: np.ndarray) -> Matrix:
    few = len(values) <= MAX_DENSE // 4
    return np.diag(values) if few else sparse().diags(values).tocsr()


def repeated(matrix: np.ndarray, count: int) -> Matrix:
    """The matrix on each of ``count`` vectors that follow one another."""
    return dense_if_small(sparse().kron(sparse().identity(count), matrix).tocsr())


def selecting(index: np.ndarray, size: int) -> Matrix:
    """The matrix that selects entries of a vector by an index; zero where the index is -1."""
    at = np.flatnonzero(index >= 0)
    return sparse().csr_matrix((np.ones(len(at)), (at, index[at])), (len(index), size))


def summing(groups: np.ndarray, size: int) -> Matrix:
    """The matrix that sums groups of entries, given by their places (groups, entries)."""
    rows = np.repeat(np.arange(len(groups)), groups.shape[1])
    ones = np.ones(groups.size)
    shape = (len(groups), size)
    return dense_if_small(sparse().csr_matrix((ones, (rows, groups.ravel())), shape))
