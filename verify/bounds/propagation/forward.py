"""Forward linear bounds: every value between two linear functions of the input.

    lower_slope @ x + lower <= v <= upper_slope @ x + upper      for all x in the box

They are carried through the layers once. The cost is that of an evaluation, times the number of
inputs. Backward bounds cost the width of the network times as much, and are tighter. With few
inputs they give the relaxations for backward bounds of the last rows alone.

Source: Xu et al. 2020, Automatic perturbation analysis (forward mode).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from abduce.clock import check
from abduce.verify.bounds.affine.expressions import Expression
from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.affine.matrices import row_terms, times
from abduce.verify.bounds.effort import SECOND
from abduce.verify.bounds.propagation.backward import Bounds
from abduce.verify.bounds.propagation.interval import Interval, affine, widened
from abduce.verify.bounds.propagation.layerwise import note_layer, refined
from abduce.verify.networks.functions.lines import Lines
from abduce.verify.rounding import TINY, UNIT, gamma
from abduce.verify.strategy import AUTOMATIC, BoundsConfig


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Two linear functions of the input for each of n entries, over D boxes.

    Attributes:
        lower_slope, upper_slope: (D, inputs, n).
        lower, upper: (D, n).
    """

    lower_slope: np.ndarray
    upper_slope: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@np.errstate(all="ignore")  # infinite bounds, and nan, which becomes infinite
def bound_layers_forward(
    network: Layers,
    box: Interval,
    within: Sequence[Interval] | None = None,
    linear: bool = False,
    deadline: float = np.inf,
    config: BoundsConfig = AUTOMATIC.bounds,
) -> Bounds:
    """Like ``layerwise.bound_layers``, with forward linear bounds of the pre-activations.

    Args:
        linear: whether to bound backwards, too, the entries that they leave undecided.
    """
    low, high = box
    patience = network.effort.spent + config.patience * SECOND
    known = Bounds(box, after=[box], deadline=deadline, patience=patience, config=config)
    identity = np.broadcast_to(np.eye(network.inputs), (len(low), *np.eye(network.inputs).shape))
    zero = np.zeros_like(low)
    bands = [Band(identity, identity, zero, zero)]
    largest = np.maximum(np.abs(low), np.abs(high))
    for index, layer in enumerate(network.layers):
        check(deadline)
        network.effort.layer(len(low) * network.inputs * layer.before.size, layer.multiplications)
        before = _affine(layer.before, bands, largest)
        low_z, high_z = affine(layer.before, known.after)
        noise = known.note_noise(network)
        if noise is not None:
            low_z, high_z = widened((low_z, high_z), noise)
            lower, upper = widened((before.lower, before.upper), noise)
            before = replace(before, lower=lower, upper=upper)
        least, most = concrete(before, box, largest)
        low_z, high_z = np.maximum(low_z, least), np.minimum(high_z, most)
        if within is not None:
            low_z = np.maximum(low_z, within[index][0])
            high_z = np.minimum(high_z, within[index][1])
        if linear and not layer.function.is_identity and index > 0:
            low_z, high_z = refined(network, known, layer.before, layer.function, low_z, high_z)
        note_layer(network, known, layer, low_z, high_z)
        size = layer.before.size
        if isinstance(known.lines[index], Lines):
            bands.append(_through(before, _spread(known, index, size), layer.size, largest))
        else:  # of softmax and products of matrices, which small networks do not have
            bands.append(_level(known.after[-1], network.inputs))
    return known


def _level(interval: Interval, inputs: int) -> Band:
    """The band between two constants for each entry."""
    low, high = interval
    zero = np.broadcast_to(0.0, (len(low), inputs, low.shape[1]))
    return Band(zero, zero, low, high)


def concrete(band: Band, box: Interval, largest: np.ndarray) -> Interval:
    """The least and greatest values of a band over the boxes, rounded outwards."""
    middle, half = ((box[0] + box[1]) / 2)[:, None], ((box[1] - box[0]) / 2)[:, None]
    error = 4 * gamma(2 * box[0].shape[1]) * _size(band, largest) + TINY
    least = (middle @ band.lower_slope - half @ np.abs(band.lower_slope))[:, 0] + band.lower
    most = (middle @ band.upper_slope + half @ np.abs(band.upper_slope))[:, 0] + band.upper
    least, most = least - error, most + error
    return np.where(least == least, least, -np.inf), np.where(most == most, most, np.inf)


def _size(band: Band, largest: np.ndarray) -> np.ndarray:
    """A bound on the absolute values of the band, as a sum over its terms, (D, n)."""
    slope = np.maximum(np.abs(band.lower_slope), np.abs(band.upper_slope))
    offset = np.maximum(np.abs(band.lower), np.abs(band.upper))
    return (largest[:, None] @ slope)[:, 0] + offset


def _affine(x: Expression, bands: Sequence[Band], largest: np.ndarray) -> Band:
    """The band of an expression: the matrix maps the middles, and its absolute values map half the
    widths. That is the same as its positive part times one line and its negative part times the
    other.
    """
    domains, inputs = largest.shape
    slope = np.zeros((domains, inputs, 1))
    low_slope, high_slope = slope, slope
    lower = upper = np.broadcast_to(x.bias, (domains, x.size))
    size = np.abs(lower)
    terms = 8
    for source, matrix in x.terms.items():
        band = bands[source]
        if matrix is None:
            low_slope, high_slope = low_slope + band.lower_slope, high_slope + band.upper_slope
            lower, upper = lower + band.lower, upper + band.upper
            size = size + _size(band, largest)
            terms += 2
            continue
        weights = abs(matrix)
        terms += 2 * row_terms(matrix)
        middle = times((band.lower_slope + band.upper_slope) / 2, matrix)
        half = times((band.upper_slope - band.lower_slope) / 2, weights)
        low_slope, high_slope = low_slope + (middle - half), high_slope + (middle + half)
        middle = times((band.lower + band.upper) / 2, matrix)
        half = times((band.upper - band.lower) / 2, weights)
        lower, upper = lower + (middle - half), upper + (middle + half)
        size = size + times(_size(band, largest), weights)
    error = 4 * gamma(terms) * size + TINY
    shape = (domains, inputs, x.size)
    return Band(
        np.broadcast_to(low_slope, shape),
        np.broadcast_to(high_slope, shape),
        lower - error,
        upper + error,
    )


def _spread(known: Bounds, index: int, size: int) -> Lines:
    """The lines of all entries of a layer; those of inactive entries are zero."""
    lines, active = known.lines[index], known.active[index + 1]
    assert isinstance(lines, Lines)
    if active is None:
        return lines
    shape = (known.domains, size)

    def full(part: np.ndarray | None) -> np.ndarray | None:
        if part is None:
            return None
        whole = np.zeros(shape)
        whole[:, active] = part
        return whole

    lower_slope, upper_slope = full(lines.lower_slope), full(lines.upper_slope)
    upper = full(lines.upper)
    assert lower_slope is not None
    assert upper_slope is not None
    assert upper is not None
    return Lines(lower_slope, full(lines.lower), upper_slope, upper)


def _through(z: Band, lines: Lines, size: int, largest: np.ndarray) -> Band:
    """The band of a layer's values, from that of its pre-activations and its lines."""
    low = (
        _along(lines.lower_slope, z.lower_slope, z.upper_slope),
        _along(lines.lower_slope, z.lower, z.upper),
    )
    high = (
        _along(lines.upper_slope, z.upper_slope, z.lower_slope),
        _along(lines.upper_slope, z.upper, z.lower),
    )
    widest = np.maximum(np.abs(lines.lower_slope), np.abs(lines.upper_slope))
    error = 4 * UNIT * widest * _size(z, largest)
    parts = [low[0], high[0], low[1], high[1], error]
    if z.lower.shape[-1] == 2 * size:  # a product: the plane's two slopes
        parts = [p[..., :size] + p[..., size:] for p in parts]
        parts[4] = 2 * parts[4]
    lower = parts[2] if lines.lower is None else parts[2] + lines.lower
    upper = parts[3] + lines.upper
    error = parts[4] + 4 * UNIT * (np.abs(lower) + np.abs(upper) + np.abs(lines.upper)) + TINY
    if lines.lower is not None:
        error = error + 4 * UNIT * np.abs(lines.lower)
    return Band(parts[0], parts[1], lower - error, upper + error)


def _along(slope: np.ndarray, for_positive: np.ndarray, for_negative: np.ndarray) -> np.ndarray:
    if for_positive.ndim == 3:
        slope = slope[:, None]
    return slope * np.where(slope >= 0, for_positive, for_negative)
