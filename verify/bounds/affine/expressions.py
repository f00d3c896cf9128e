"""Affine expressions over the values of layers, multiplied out as far as no number is rounded.

Each function here gives an expression with exactly the numbers of real arithmetic, or None if
float64 cannot hold one of them. (Then the inner expression becomes a layer of its own.) A
convolution is not multiplied out, so it is not combined with what follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from abduce.verify.bounds.affine.convolutions import Convolution
from abduce.verify.bounds.affine.matrices import (
    Matrix,
    dense_if_small,
    diagonal,
    selecting,
    sparse,
)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """``sum of matrix @ value[source] + bias``, with a matrix for each source.

    Attributes:
        terms: the matrix of each source, (size, size of the source).
        bias: (size,).
        selection: whether every entry is an entry of a value, its negative or zero.
    """

    terms: Mapping[int, Matrix]
    bias: np.ndarray
    selection: bool = False

    @property
    def size(self) -> int:
        return len(self.bias)

    @property
    def convolved(self) -> bool:
        """Whether a matrix is a convolution."""
        return any(isinstance(m, Convolution) for m in self.terms.values())


def value(source: int, size: int) -> Expression:
    """The value of a layer."""
    return Expression({source: None}, np.zeros(size), selection=True)


def composed(matrix: Matrix, x: Expression, bias: np.ndarray | None = None) -> Expression | None:
    """``matrix @ x + bias``.

    If a selection has an entry several times, its coefficients are added, which may round.
    """
    if not x.selection or not _adds_exactly(matrix, x):
        return None
    terms = {j: matrix if m is None else dense_if_small(matrix @ m) for j, m in x.terms.items()}
    return Expression(terms, np.zeros(matrix.shape[0]) if bias is None else bias)


def scaled(factors: np.ndarray, x: Expression) -> Expression | None:
    """Each entry, multiplied by its factor."""
    if (factors == 1.0).all():
        return x
    signs = bool((np.abs(factors) == 1.0).all())
    if not signs and not x.selection:
        return None
    if x.convolved and not (factors == -1.0).all():
        return None
    terms = {j: _rows_scaled(factors, m) for j, m in x.terms.items()}
    return Expression(terms, factors * x.bias, x.selection and signs)


def shifted(x: Expression, by: np.ndarray | float) -> Expression | None:
    """``x + by``."""
    if not np.any(by):
        return x
    total, exact = _sum(x.bias, np.broadcast_to(np.asarray(by, float), x.bias.shape))
    return Expression(x.terms, total) if exact else None


def added(a: Expression, b: Expression) -> Expression | None:
    """``a + b``."""
    terms = dict(a.terms)
    for j, m in b.terms.items():
        if j not in terms:
            terms[j] = m
            continue
        if isinstance(m, Convolution) or isinstance(terms[j], Convolution):
            return None
        total, exact = _sum(*_alike(_explicit(terms[j], a.size), _explicit(m, a.size)))
        if not exact:
            return None
        terms[j] = total
    bias, exact = _sum(a.bias, b.bias)
    return Expression(terms, bias) if exact else None


def picked(index: np.ndarray, x: Expression) -> Expression | None:
    """Entries of x, zero where the index is -1."""
    if len(index) == x.size and (index == np.arange(x.size)).all():
        return x
    if x.convolved:
        return None
    known = index >= 0
    terms = {}
    for j, m in x.terms.items():
        if isinstance(m, np.ndarray):
            terms[j] = np.where(known[:, None], m[index], 0.0)
            continue
        chosen = selecting(index, x.size)
        terms[j] = dense_if_small(chosen if m is None else chosen @ m)
    return Expression(terms, np.where(known, x.bias[index], 0.0), x.selection)


def _sum(a: Any, b: Any) -> tuple[Any, bool]:
    """The sum, and whether no entry of it is rounded (Knuth's two-sum)."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = a + b
        part = total - a
        error = (a - (total - part)) + (b - part)
    exact = not error.any() if isinstance(error, np.ndarray) else not error.count_nonzero()
    return total, exact


def _adds_exactly(matrix: Matrix, x: Expression) -> bool:
    """Whether no entry of ``matrix @ m`` is rounded, for the matrices m of a selection.

    None is where m has at most one entry in each column; else, where each entry of the product is
    one product, or a sum of integers that are not large.
    """
    if isinstance(matrix, Convolution):
        return all(m is None for m in x.terms.values())
    for m in x.terms.values():
        if m is None or abs(m).sum(0).max() <= 1:
            continue
        size = abs(matrix)
        used = size.sign() if not isinstance(size, np.ndarray) else np.sign(size)
        data = matrix if isinstance(matrix, np.ndarray) else matrix.data
        whole = bool((data == np.rint(data)).all()) and size.sum(1).max() < 2.0**52
        if not whole and (used @ abs(m)).max() > 1:
            return False
    return True


def _explicit(matrix: Matrix, size: int) -> Matrix:
    return diagonal(np.ones(size)) if matrix is None else matrix


def _alike(a: Matrix, b: Matrix) -> tuple[Matrix, Matrix]:
    """Both dense or both sparse."""
    if isinstance(a, np.ndarray) == isinstance(b, np.ndarray):
        return a, b
    a, b = dense_if_small(a), dense_if_small(b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a, b
    return sparse().csr_matrix(a), sparse().csr_matrix(b)


def _rows_scaled(factors: np.ndarray, matrix: Matrix) -> Matrix:
    if matrix is None:
        return diagonal(factors)
    if isinstance(matrix, np.ndarray):
        return factors[:, None] * matrix
    if isinstance(matrix, Convolution):
        return -matrix
    return sparse().diags(factors).dot(matrix).tocsr()
