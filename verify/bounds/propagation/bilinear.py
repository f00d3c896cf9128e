"""Products of matrices that depend on the same inputs: bounds on the product of their deviations.

Around the centres an entry of U V loses sum_k du_k dv_k. With the input x = m + r s, |s| <= 1,
linear bounds give du = A s + e and dv = B s + f, so that this sum is s' M s for M = A' B, plus
terms in e and f. The form depends only on the symmetric part S of M, in which most of M cancels. So
|s' M s| <= sum |S_pq| <= sum_p sqrt(sum r) |S_p|_2 (weighted by r in the norm). The norms of the
rows S_p = (A_p' B + B_p' A) / 2 are found from products of A and B with matrices whose size is the
number of terms k. For a row of coefficients a on U V, the columns of V are first summed to sum_j
a_j B_j, so that they cancel too.
"""

from dataclasses import replace
from itertools import product
from math import inf

import numpy as np

from abduce.verify.bounds.affine.layers import Layer, Layers
from abduce.verify.bounds.affine.matrices import rows_on
from abduce.verify.bounds.functions.matrix_products import Centred, Deviations, joined
from abduce.verify.bounds.propagation import backward
from abduce.verify.bounds.propagation.backward import Bounds, lower_bounds
from abduce.verify.bounds.propagation.interval import Interval
from abduce.verify.bounds.propagation.regrouping import distinct
from abduce.verify.rounding import TINY, UNIT, gamma

Array = np.ndarray


def correlated(network: Layers, known: Bounds, layer: Layer, relaxed: Centred) -> Centred:
    """The relaxation of the next layer, with smaller errors where that is worth the work.

    Raises:
        OutOfTime: within about a second after the deadline of ``known``.
    """
    f, inputs = relaxed.function, network.inputs
    products = known.domains * f.batch * f.rows * f.columns
    slopes = known.domains * layer.before.size * inputs
    config = known.config
    if slopes > config.slopes or products * f.inner**2 * inputs * 6 > config.layer_work:
        return relaxed
    (lower, low), (upper, high) = (_planes(network, known, layer, sign) for sign in (1.0, -1.0))
    return lessened(relaxed, known.box, (lower, low), (-upper, -high))


def _planes(network: Layers, known: Bounds, layer: Layer, sign: float) -> tuple[Array, Array]:
    """Slopes (D, size, inputs) and offsets (D, size) of lower bounds of the pre-activation."""
    x, parts = layer.before, []
    most = max(1, known.config.entries // max(1, known.domains * max(network.sizes)))
    for start in range(0, x.size, most):
        some = np.arange(start, min(start + most, x.size))
        terms = {j: rows_on(m, some) for j, m in x.terms.items()}
        rows = {j: sign * a for j, (a, _) in terms.items()}
        entries = {j: index for j, (_, index) in terms.items() if index is not None}
        parts.append(lower_bounds(network, known, rows, sign * x.bias[some], entries=entries))
    found = backward.joined(parts)
    return found.slope, found.offset


@np.errstate(all="ignore")  # without bounds nothing is gained
def lessened(
    relaxed: Centred, box: Interval, lower: tuple[Array, Array], upper: tuple[Array, Array]
) -> Centred:
    """A relaxation with errors that are no larger.

    Args:
        lower, upper: slopes (D, size of z, inputs) and offsets (D, size of z) of linear bounds on
            z.
    """
    f = relaxed.function
    (low_slope, low_offset), (high_slope, high_offset) = lower, upper
    n = low_slope.shape[-1]
    middle = (box[0] + box[1]) / 2
    radius = np.maximum(box[1] - middle, middle - box[0]) * (1 + 4 * UNIT)
    slope = (low_slope + high_slope) / 2
    size = np.maximum(np.abs(low_slope), np.abs(high_slope))
    linear = _times(np.abs(slope), radius) * (1 + gamma(n))
    # how far z can be from the centre and the middle slope
    centre = joined(relaxed.centre_u, relaxed.centre_v, 1)
    ends = [
        np.abs(_times(s, middle) + offset - centre)
        for s, offset in ((low_slope, low_offset), (high_slope, high_offset))
    ]
    rest = _times(np.abs(high_slope - low_slope) / 2, radius) + np.maximum(*ends)
    terms = _times(size, np.abs(middle) + radius) + np.abs(centre)
    terms = terms + np.maximum(np.abs(low_offset), np.abs(high_offset))
    rest = rest * (1 + gamma(n + 8)) + 4 * gamma(n + 8) * terms + TINY
    (linear_u, linear_v), (rest_u, rest_v) = f.parts(linear), f.parts(rest)
    extra = np.minimum(
        linear_u @ rest_v + rest_u @ relaxed.half_v, relaxed.half_u @ rest_v + rest_u @ linear_v
    )
    extra = extra * (1 + gamma(f.inner + 8)) + gamma(f.columns + 64) * (linear_u @ linear_v) + TINY
    slope = slope * np.sqrt(radius)[:, None]
    cut = f.batch * f.rows * f.inner
    u = slope[:, :cut].reshape(len(slope), f.batch, f.rows, f.inner, n)
    v = slope[:, cut:].reshape(len(slope), f.batch, f.inner, f.columns, n).swapaxes(2, 3)
    found = Deviations(u, np.ascontiguousarray(v), radius, extra)
    form = np.zeros(extra.shape)
    for i in range(f.rows):
        for j in range(f.columns):
            form[:, :, i, j] = _form(u[:, :, i], found.v[:, :, j], radius[:, None])
    error = ((form + extra) * (1 + 4 * UNIT)).reshape(relaxed.error.shape)
    error = np.where(error < relaxed.error, error, relaxed.error)
    return replace(relaxed, error=error, deviations=found if len(slope) == 1 else None)


def _form(a: Array, b: Array, radius: Array) -> Array:
    """Bounds on quadratic forms s' A' B s for |s| <= 1.

    Args:
        a, b: A and B, multiplied by the square root of the radius, (..., k, inputs).
        radius: (..., inputs).
    """
    k, n = a.shape[-2:]
    room = gamma(n + 4 * k + 64)
    turned_a, turned_b = np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2)
    squares_a, squares_b = a @ turned_a, b @ turned_b
    square = (a * (squares_b @ a)).sum(-2)
    square = square + (b * (squares_a @ b + 2 * ((a @ turned_b) @ a))).sum(-2)
    norm_a, norm_b = (np.sqrt(np.diagonal(s, 0, -2, -1) + TINY) for s in (squares_a, squares_b))
    most = (norm_b[..., None, :] @ np.abs(a) + norm_a[..., None, :] @ np.abs(b))[..., 0, :]
    square = np.maximum(square, 0.0) + 4 * room * most * most + TINY  # may have underflowed
    form = (np.sqrt(radius) * np.sqrt(square)).sum(-1) / 2 * np.sqrt(radius.sum(-1))
    return form * (1 + room)


@np.errstate(all="ignore")  # without bounds nothing is gained
def gain(relaxed: Centred, a: Array, most: float) -> Array:
    """How much the bounds of rows (D or 1, R, size) gain if all their columns are summed, (D or 1,
    R).

    Args:
        most: the upper limit on the multiplications; where more are needed, the gain is 0.
    """
    f, found = relaxed.function, relaxed.deviations
    if found is None:
        return np.zeros(a.shape[:2])
    rows = a.reshape(-1, f.batch, f.rows, f.columns)
    total = np.zeros(len(rows))
    used = (np.count_nonzero(rows, -1) > 1).sum()
    if 6.0 * used * f.inner**2 * found.radius.shape[-1] > most:
        return total.reshape(a.shape[:2])
    size, room = np.abs(rows), gamma(f.columns + 8)
    now = (size * relaxed.error.reshape(1, f.batch, f.rows, f.columns)).sum(-1) * (1 - room)
    extra = (size * found.extra).sum(-1) * (1 + room)
    for b, i in product(range(f.batch), range(f.rows)):
        sums, place = distinct(rows[:, b, i])
        forms = [
            _form(found.u[0, b, i], np.tensordot(row, found.v[0, b], 1), found.radius[0])
            if np.count_nonzero(row) > 1
            else inf
            for row in sums
        ]
        total += np.maximum(0.0, now[:, b, i] - extra[:, b, i] - np.array(forms)[place])
    total = total * (1 - gamma(f.batch * f.rows + 8))
    return np.where(total == total, total, 0.0).reshape(a.shape[:2])


def _times(rows: Array, x: Array) -> Array:
    """(D, R, inputs) times (D, inputs)."""
    return (rows @ x[..., None])[..., 0]
