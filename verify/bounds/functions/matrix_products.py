"""Products of two matrices that both depend on the input, as one layer.

With centres c and deviations d, U = Uc + Ud and V = Vc + Vd,

    U V = Uc V + U Vc - Uc Vc + Ud Vd,

where all but the last product is linear, and that is at most half-width times half-width. A row of
coefficients passes through two products of matrices, whatever its signs.
"""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from abduce.verify.bounds.functions.functions import Passed
from abduce.verify.rounding import TINY, UNIT, gamma

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class MatrixProduct:
    """A batch of products: z holds U, (batch, rows, inner), and V, (batch, inner, columns)."""

    batch: int
    rows: int
    inner: int
    columns: int
    is_hinge: ClassVar[bool] = False
    is_identity: ClassVar[bool] = False
    has_free_slopes: ClassVar[bool] = False

    def parts(self, z: Array) -> tuple[Array, Array]:
        """U and V of (..., size of z)."""
        cut = self.batch * self.rows * self.inner
        return (
            z[..., :cut].reshape(*z.shape[:-1], self.batch, self.rows, self.inner),
            z[..., cut:].reshape(*z.shape[:-1], self.batch, self.inner, self.columns),
        )

    def value(self, z: Array) -> Array:
        """At points (P, size of z)."""
        u, v = self.parts(z)
        return (u @ v).reshape(len(z), self.batch * self.rows * self.columns)

    def pulled(self, z: Array, outer: Array) -> Array:
        """The gradient by z of ``outer @ value``, (P, size of z)."""
        u, v = self.parts(z)
        outer = outer.reshape(len(z), self.batch, self.rows, self.columns)
        return joined(outer @ turned(v), turned(u) @ outer, 1)

    def bounds(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The bounds of each entry over boxes (D, size of z), rounded outwards."""
        (ul, vl), (uh, vh) = self.parts(low), self.parts(high)
        with np.errstate(over="ignore", invalid="ignore"):
            corners = [a[..., None] * b[..., None, :, :] for a in (ul, uh) for b in (vl, vh)]
            least, most = np.minimum.reduce(corners), np.maximum.reduce(corners)
            size = np.maximum(np.abs(least), np.abs(most)).sum(-2)
            error = gamma(self.inner + 2) * size + TINY
            least, most = least.sum(-2) - error, most.sum(-2) + error
        shape = (len(low), self.batch * self.rows * self.columns)
        return (
            np.where(least == least, least, -np.inf).reshape(shape),
            np.where(most == most, most, np.inf).reshape(shape),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """The linear part of the deviations over one box (see ``bilinear``).

    Attributes:
        u, v: slopes by the input times the roots of its radius, (1, batch, rows, inner, inputs)
            and (1, batch, columns, inner, inputs).
        radius: the radius of the input, (1, inputs).
        extra: a bound on the contribution of the rest to the product, (1, batch, rows, columns).
    """

    u: Array
    v: Array
    radius: Array
    extra: Array


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """The linear part around the centres, and a bound on the rest.

    Attributes:
        centre_u, half_u: (D, batch, rows, inner).
        centre_v, half_v: (D, batch, inner, columns).
        constant: the constants of the linear part, (D, size).
        error: a bound on the nonlinear part, (D, size).
        weight: a bound on the sum of absolute values of the terms, (D, size).
    """

    function: MatrixProduct
    centre_u: Array
    half_u: Array
    centre_v: Array
    half_v: Array
    constant: Array
    error: Array
    weight: Array
    deviations: Deviations | None = None

    def back(self, a: Array) -> Passed:
        """The coefficients on z of rows (D or 1, R, size)."""
        f = self.function
        rows = a.reshape(*a.shape[:2], f.batch, f.rows, f.columns)
        on_z = joined(
            rows @ turned(self.centre_v)[:, None], turned(self.centre_u)[:, None] @ rows, 2
        )
        size = np.abs(a)
        shift = (a @ self.constant[..., None] - size @ self.error[..., None])[..., 0]
        error = gamma(a.shape[-1] + f.inner + 8) * (size @ self.weight[..., None])[..., 0]
        return Passed(on_z, np.abs(on_z), shift, error)

    def at(self, z: Array, a: Array) -> Array:
        """The relaxed value at z that rows with coefficients (D or 1, R, size) use, (D, R,
        size)."""
        f = self.function
        u, v = f.parts(z)
        centre_u, centre_v = self.centre_u[:, None], self.centre_v[:, None]
        value = (centre_u @ v + u @ centre_v).reshape(*z.shape[:2], a.shape[-1])
        value = value + self.constant[:, None]
        return value - np.sign(a) * self.error[:, None]


def centred(function: MatrixProduct, low: Array, high: Array) -> Centred:
    """The relaxation over boxes (D, size of z)."""
    with np.errstate(over="ignore", invalid="ignore"):
        centre = (low + high) / 2
        centre = np.where(np.isfinite(centre), centre, 0.0)
        half = np.maximum(high - centre, centre - low) * (1 + 4 * UNIT)
        (centre_u, centre_v), (half_u, half_v) = function.parts(centre), function.parts(half)
        most_u, most_v = np.abs(centre_u) + half_u, np.abs(centre_v) + half_v
        room = 1 + gamma(function.inner)
        weight = 2 * (np.abs(centre_u) @ most_v + most_u @ np.abs(centre_v)) + TINY
        shape = (len(low), function.batch * function.rows * function.columns)
        return Centred(
            function,
            centre_u,
            half_u,
            centre_v,
            half_v,
            -(centre_u @ centre_v).reshape(shape),
            (room * (half_u @ half_v) + TINY).reshape(shape),
            (weight + half_u @ half_v).reshape(shape),
        )


def joined(u: Array, v: Array, leading: int) -> Array:
    """Two arrays with the same leading axes, side by side."""
    flat = [part.reshape(*part.shape[:leading], prod(part.shape[leading:])) for part in (u, v)]
    return np.concatenate(flat, -1)


def turned(matrix: Array) -> Array:
    return np.swapaxes(matrix, -1, -2)
