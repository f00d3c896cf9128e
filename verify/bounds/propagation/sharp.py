"""Backward bounds in which coefficients on products of matrices are regrouped (see
``regrouping``)."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.affine.matrices import back
from abduce.verify.bounds.functions.matrix_products import Centred
from abduce.verify.bounds.propagation import bilinear
from abduce.verify.bounds.propagation.backward import AlphaBeta, Bounds, Lower, lower_bounds
from abduce.verify.bounds.propagation.interval import Interval
from abduce.verify.bounds.propagation.regrouping import regrouped
from abduce.verify.rounding import UNIT, gamma


def sharp_bounds(
    network: Layers,
    known: Bounds,
    rows: Mapping[int, np.ndarray],
    constant: np.ndarray,
    choice: AlphaBeta | None = None,
    entries: Mapping[int, np.ndarray] = MappingProxyType({}),
    every: bool = False,
    joint: bool = True,
) -> Lower:
    """`lower_bounds`; where they are not positive, once more with regrouped coefficients on
    products.

    Args:
        every: whether to regroup for all rows.
        joint: whether to add the columns of factors up, too (see ``bilinear``).
    """
    passed: dict[int, np.ndarray] = {}
    found = lower_bounds(network, known, rows, constant, choice, entries, passed)
    weak = np.full(found.value.shape, True) if every else ~(found.value > 0)
    most = int(weak.sum(-1).max(initial=0))
    if not (most and passed):
        return found
    chosen = np.argsort(~weak, -1, kind="stable")[:, :most]  # rows of each box
    gain = np.zeros((known.domains, most))
    for j, a in passed.items():
        if len(a) == 1:
            a = a[:, chosen[0]] if (chosen == chosen[0]).all() else a[0][chosen]
        else:
            a = np.take_along_axis(a, chosen[..., None], 1)
        relaxed = known.lines[j - 1]
        assert isinstance(relaxed, Centred)
        gained = (
            bilinear.gain(relaxed, a, known.config.rows_work) if joint else np.zeros(a.shape[:2])
        )
        groups = regrouped(relaxed, a, known.config.regrouping)
        if groups is not None and groups.count <= known.config.sums:
            gained = np.maximum(gained, groups.gain(*_sums(network, known, j, groups.on_z())))
        gain += gained
    total = np.zeros_like(found.value)
    np.put_along_axis(total, chosen, gain, -1)
    room = 4 * UNIT * total
    value, offset = found.value + total, found.offset + total
    return Lower(
        value - room - 4 * UNIT * np.abs(found.value),
        found.slope,
        offset - room - 4 * UNIT * np.abs(found.offset),
    )


def _sums(network: Layers, known: Bounds, j: int, a: np.ndarray) -> Interval:
    """Bounds on rows (D or 1, Q, size) of the argument of layer j, (D, Q) each."""
    x = network.layers[j - 1].reads
    reach = known.reach(network, j) + np.abs(x.bias)
    error = 2 * gamma(x.size + 2) * (np.abs(a) @ reach[..., None])[..., 0]
    middle = a @ x.bias
    terms = {i: back(a, m) for i, m in x.terms.items()}
    both = {i: np.concatenate([m, -m], 1) for i, m in terms.items()}
    constant = np.concatenate([middle - error, -middle - error], -1)
    found = lower_bounds(network, known, both, constant).value
    return found[:, : a.shape[1]], -found[:, a.shape[1] :]
