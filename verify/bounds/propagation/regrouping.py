"""Regrouping: a row of coefficients on a product of matrices is multiplied with the second factor
first.

A row a on U V takes sum_j a_ij (U V)_ij = sum_k U_ik t_ik with t_ik = sum_j a_ij V_kj. The loss is
at most the half-width of U times the half-width of t. Bounds on t as a whole are much tighter than
the sum of bounds on its terms, since the entries of V depend on the same inputs.
"""

from dataclasses import dataclass

import numpy as np

from abduce.verify.bounds.functions.matrix_products import Centred
from abduce.verify.rounding import TINY, gamma

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Regrouped:
    """The sums t of rows on a product, without duplicates.

    Attributes:
        rows: the Q sums as coefficients on V, (D or 1, Q, columns).
        batch: the index, in the batch of products, that each belongs to, (Q,).
        place: the index among the Q of each sum of a row, (R, batch, rows).
    """

    relaxed: Centred
    rows: Array
    batch: Array
    place: Array

    @property
    def count(self) -> int:
        """The number of all t: one for each of the Q rows and each of the ``inner`` rows of V."""
        return len(self.batch) * self.relaxed.function.inner

    def on_z(self) -> Array:
        """The sums as rows on the pre-activation, (D or 1, Q * inner, size of z)."""
        f = self.relaxed.function
        leading, count = self.rows.shape[:2]
        v = np.zeros((leading, count, f.inner, f.batch, f.inner, f.columns))
        each, inner = np.arange(count)[:, None], np.arange(f.inner)
        v[:, each, inner, self.batch[:, None], inner] = self.rows[:, :, None]
        zeros = np.zeros((leading, count * f.inner, f.batch * f.rows * f.inner))
        return np.concatenate([zeros, v.reshape(*zeros.shape[:2], -1)], -1)

    def gain(self, low: Array, high: Array) -> Array:
        """How much bounds on the sums, (D, Q * inner) each, improve lower bounds of the rows, (D,
        R)."""
        f = self.relaxed.function
        shape = (len(low), len(self.batch), f.inner)
        low, high = low.reshape(shape), high.reshape(shape)
        centre = self.relaxed.centre_v[:, self.batch]  # (D, Q, inner, columns)
        middle = (centre @ self.rows[..., None])[..., 0]
        size = np.abs(self.rows)
        error = 2 * gamma(f.columns) * (np.abs(centre) @ size[..., None])[..., 0] + TINY
        half = np.maximum(high - middle, middle - low) + error
        apart = (self.relaxed.half_v[:, self.batch] @ size[..., None])[..., 0]
        spared = np.maximum((1 - gamma(f.columns + 8)) * apart - half, 0.0)
        spared = np.where(spared == spared, spared, 0.0)
        half_u, half_v = self.relaxed.half_u, self.relaxed.half_v
        room = gamma(f.batch * f.rows * f.inner + 8)
        of_row = (1 - room) * (spared[:, self.place] * half_u[:, None]).sum(-1)
        # the errors may be smaller than the products of half-widths already
        known = half_u @ half_v * (1 + gamma(f.inner)) - self.relaxed.error.reshape(
            -1, f.batch, f.rows, f.columns
        )
        less = (size[:, self.place] * np.maximum(known, 0.0)[:, None]).sum(-1)
        of_row = np.maximum(of_row - (1 + room) * less, 0.0)
        total = (1 - room) * of_row.sum((-2, -1))
        return np.where(np.isfinite(total), total, 0.0)


def regrouped(relaxed: Centred, a: Array, ratio: float) -> Regrouped | None:
    """The sums of rows (D or 1, R, size); None where there are many sums with few terms each.

    Args:
        ratio: the upper limit on the inner dimension, as a multiple of the number of columns.
    """
    function = relaxed.function
    if function.inner > ratio * function.columns:
        return None
    rows = a.reshape(len(a), a.shape[1], function.batch, function.rows, function.columns)
    parts, batch, places = [], [], []
    start = 0
    for member in range(function.batch):
        mine = rows[:, :, member].reshape(len(a), -1, function.columns)
        if len(a) == 1:
            some, place = distinct(mine[0])
            mine = some[None]
        else:
            place = np.arange(mine.shape[1])
        parts.append(mine)
        batch.append(np.full(mine.shape[1], member))
        places.append(place.reshape(a.shape[1], function.rows) + start)
        start += mine.shape[1]
    return Regrouped(relaxed, np.concatenate(parts, 1), np.concatenate(batch), np.stack(places, 1))


def distinct(rows: Array) -> tuple[Array, Array]:
    """The distinct rows of (R, n), and the index of each row among them; a row and its negative
    count as one."""
    first = np.take_along_axis(rows, (rows != 0).argmax(-1)[:, None], -1)
    some, place = np.unique(rows * np.sign(first), axis=0, return_inverse=True)
    return some, place.reshape(-1)
