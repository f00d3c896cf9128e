"""Scores that estimate the bound after a split by shortcuts: stored linear bounds in the input.

Replacing the line of one entry by a line around the function on a half changes the coefficient on
its pre-activation z by d, and the constant by e. Instead of going back from z through the network,
d z is bounded by the linear bounds on z that are stored (see `Shortcut`). What is left is a linear
function of the input, whose least value on the box is exact.

Source: Shi et al. 2025, Neural network verification with branch and bound for general
nonlinearities (GenBaB), section 3.3 (BBPS). Here each half has the best of several lines, and only
the entries whose lines lose most are looked at.
"""

from typing import Final

import numpy as np

from abduce.verify.bounds.affine.coefficients import spread
from abduce.verify.bounds.affine.matrices import rows_on
from abduce.verify.bounds.propagation.backward import lower_bounds
from abduce.verify.bounds.propagation.slopes import Frame, touching
from abduce.verify.branch.scored import ActivationBounds

Array = np.ndarray
CANDIDATES: Final = 8
"""The number of entries of a layer that are looked at in a subdomain."""
LINES: Final = 5
"""The lines that are tried on a half."""
LARGEST: Final = 4_000_000
"""The upper limit on the slopes of the linear bounds of a layer."""
Linear = tuple[Array, Array, Array, Array]


def linear_bounds(frame: Frame, j: int) -> Linear | None:
    """Linear bounds on the pre-activations of the active entries of value j over the only box of a
    frame: slopes and offsets from below, then from above. None where they would be too large, or
    are not finite.

    Raises:
        OutOfTime: at the deadline of the frame's bounds.
    """
    network, known, active = frame.network, frame.known, frame.known.active[j]
    reads = network.layers[j - 1].reads
    entries = np.arange(reads.size) if active is None else active
    if known.domains > 1 or 2 * len(entries) * network.inputs > LARGEST:
        return None
    rows = {i: spread(*rows_on(m, entries), network.sizes[i]) for i, m in reads.terms.items()}
    both = {i: np.concatenate([a, -a]) for i, a in rows.items()}
    bias = reads.bias[entries]
    found = lower_bounds(network, known, both, np.concatenate([bias, -bias]))
    slope, offset, n = found.slope[0].astype(frame.kind), found.offset[0], len(entries)
    offset = offset.astype(frame.kind)
    if not (np.isfinite(slope).all() and np.isfinite(offset).all()):
        return None
    return slope[:n], offset[:n], -slope[n:], -offset[n:]


def gains(given: ActivationBounds, at: Array) -> tuple[Array, Array]:
    """How much the bound gains in each half at least, if an entry is split, by the best of several
    lines: that of the slope in use, the chord, and tangents at the middle and the ends.

    Args:
        at: the entries that are looked at in each subdomain, (N, K).

    Returns:
        for the lower and the upper half, (N, K), none negative. Without a shortcut the estimate of
        BaBSR takes its place, which has the bias for the pre-activation and may be too large.
    """
    low, high = (np.take_along_axis(end, at, 1) for end in (given.low, given.high))
    points = np.take_along_axis(given.split_points, at, 1)
    return _gain(given, at, low, points), _gain(given, at, points, high)


def _gain(given: ActivationBounds, at: Array, low: Array, high: Array) -> Array:
    function, times = given.function, LINES
    chord = (function.value(high) - function.value(low)) / np.maximum(high - low, 1e-30)
    tangents = [function.derivative(z) for z in ((low + high) / 2, low, high)]
    at, low, high = (np.tile(a, (1, times)) for a in (at, low, high))
    a, slope, offset = (
        np.take_along_axis(part, at, 1) for part in (given.coefficient, given.slope, given.offset)
    )
    new = np.concatenate([slope[:, : len(chord[0])], chord, *tangents], 1).astype(slope.dtype)
    new = np.where(np.isfinite(new), new, slope)
    touched, _ = touching(function, new, low, high, a > 0)
    gain = a * (touched - offset) + _moved(given, at, a * (new - slope))
    return np.fmax(gain.reshape(len(gain), times, -1).max(1), 0)


def _moved(given: ActivationBounds, at: Array, d: Array) -> Array:
    """How much d z adds to the bound of each subdomain, where z lies between its linear bounds,
    (N, K)."""
    short = given.shortcut
    if short is None:
        return d * given.bias[at]
    found, up = np.empty_like(d), d > 0
    for n, g in enumerate(short.objective):  # of one subdomain: (K, inputs)
        middle, half = (a[n % len(a)] for a in (short.middle, short.half))
        rows = np.where(up[n][:, None], short.lower[at[n]], short.upper[at[n]]) * d[n][:, None]
        shift = np.where(up[n], short.lower_offset[at[n]], short.upper_offset[at[n]]) * d[n]
        found[n] = shift + rows @ middle - np.abs(g + rows) @ half + np.abs(g) @ half
    return found
