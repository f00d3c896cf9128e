"""GridSample: entries of an image at the places that a constant grid names.

Each entry of the result is a fixed linear combination of entries of the image, whose weights are
computed in double. Where a place is so near a boundary that rounding may decide the entry, the
operation is refused.

Source: the operator schema of ONNX (GridSample), and Keys 1981 for the cubic weights.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.network import Shape
from abduce.verify.networks.onnx.building import Builder, Site, Translator, Value

NEAR = 1e-4
"""The least distance of a place from a boundary that decides which entry is taken."""
CUBIC = -0.75
Weighted = tuple[np.ndarray, np.ndarray]
"""The entries of an axis that a place reads, -1 for none, and their weights: (places, entries)."""


def combined(
    builder: Builder, value: Value, axes: Sequence[int], parts: Sequence[Weighted], shape: Shape
) -> Value:
    """Weighted sums over the last axes of an image, each axis with entries and weights of its own.

    Args:
        value: (batch, channels, *space).
        axes: the number of entries of the axis of space, for each part.
        parts: entries and weights (batch * places, entries) of each axis of space.
        shape: the shape of the result.
    """
    batch, channels = builder.shape_of(value)[:2]
    space = tuple(axes)
    indices, weights = [], []
    for choice in product(*(range(part[0].shape[1]) for part in parts)):
        entry = np.zeros(len(parts[0][0]), np.int64)
        weight = np.ones(len(entry))
        missing = np.zeros(len(entry), bool)
        for (index, shares), k, size in zip(parts, choice, space, strict=True):
            missing |= index[:, k] < 0
            entry = entry * size + np.maximum(index[:, k], 0)
            weight = weight * shares[:, k]
        indices.append(np.where(missing, -1, entry))
        weights.append(np.where(missing, 0.0, weight))
    index, weight = np.stack(indices, -1), np.stack(weights, -1)  # (batch * places, terms)
    terms = index.shape[1]
    index, weight = (a.reshape(batch, 1, -1, terms) for a in (index, weight))
    start = np.arange(batch * channels).reshape(batch, channels, 1, 1) * prod(space)
    at = np.where(index < 0, -1, index + start)
    builder.claim(at.shape)
    if isinstance(value, np.ndarray):
        flat = value.reshape(-1)
        return np.where(at < 0, 0.0, flat[np.maximum(at, 0)] * weight).sum(-1).reshape(shape)
    node = builder.affine(builder.pick(value, at), np.broadcast_to(weight, at.shape), 0.0)
    return builder.reshape(builder.sum(node, (3,), False), shape)


def cubic_weights(share: np.ndarray, a: float) -> np.ndarray:
    """The weights of four entries around a place, whose distance from the second is `share`."""
    far, near = share + 1, 1 - share
    return np.stack(
        [
            ((a * far - 5 * a) * far + 8 * a) * far - 4 * a,
            ((a + 2) * share - (a + 3)) * share * share + 1,
            ((a + 2) * near - (a + 3)) * near * near + 1,
            ((a * (near + 1) - 5 * a) * (near + 1) + 8 * a) * (near + 1) - 4 * a,
        ],
        -1,
    )


def _grid_sample(site: Site) -> Value:
    shape, grid = site.shape(0), site.constant(1)
    space = shape[2:]
    if grid.ndim != len(shape) or grid.shape[-1] != len(space) or grid.shape[0] != shape[0]:
        raise InputError(f"a grid of shape {grid.shape}", (f"(..., {len(space)})",))
    modes = {"bilinear": "linear", "bicubic": "cubic"}
    mode = site.text("mode", "bilinear" if site.opset < 20 else "linear")
    mode = modes.get(mode, mode)
    padding = site.text("padding_mode", "zeros")
    if mode not in ("linear", "nearest", "cubic") or padding not in PADDINGS:
        raise site.unsupported(f"mode {mode} and padding {padding}")
    aligned = bool(site.number("align_corners", 0))
    builder = site.builder
    parts = []
    for i, size in enumerate(space):
        place = grid[..., len(space) - 1 - i].reshape(-1)
        at = (place + 1) / 2 * (size - 1) if aligned else ((place + 1) * size - 1) / 2
        single = place.astype(np.float32)
        one, two = np.float32(1), np.float32(2)
        if aligned:
            rounded = (single + one) / two * np.float32(size - 1)
        else:
            rounded = ((single + one) * np.float32(size) - one) / two
        parts.append(_axis(site, at, rounded == at, size, (mode, padding, aligned)))
    builder.unbounded.append(
        f"node {builder.tensor}: {site.call.kind}, whose weights a runtime may round"
    )
    return combined(builder, site.value(0), space, parts, (*shape[:2], *grid.shape[1:-1]))


PADDINGS = ("zeros", "border", "reflection")


def _axis(
    site: Site, at: np.ndarray, same: np.ndarray, size: int, how: tuple[str, str, bool]
) -> Weighted:
    """What places read along an axis; `same` says which places are the same in float32."""
    mode, padding, aligned = how
    ends = (0.0, size - 1.0) if aligned else (-0.5, size - 0.5)
    if padding == "reflection" and ends[0] == ends[1]:
        raise site.unsupported("a reflection at one entry")
    if mode == "nearest":
        off = np.abs(at - np.floor(at) - 0.5)
        if bool(((off < NEAR) & ~same).any()):
            raise site.unsupported("places that depend on how numbers are rounded")
        at = np.rint(at)
    if padding == "border":
        at = np.clip(at, 0, size - 1)
    if padding == "reflection":
        at = _reflected(at, *ends)
    if mode == "nearest":
        index = np.rint(at).astype(np.int64)[:, None]
        return _taken(index, size, padding, ends), np.ones(index.shape)
    low = np.floor(at)
    share = at - low
    if mode == "linear":
        index = (low[:, None] + np.arange(2)).astype(np.int64)
        weights = np.stack([1 - share, share], -1)
    else:
        index = (low[:, None] + np.arange(-1, 3)).astype(np.int64)
        weights = cubic_weights(share, CUBIC)
    return _taken(index, size, padding, ends), weights


def _reflected(at: np.ndarray, low: float, high: float) -> np.ndarray:
    span = high - low
    place = np.mod(at - low, 2 * span)
    return np.where(place > span, 2 * span - place, place) + low


def _taken(index: np.ndarray, size: int, padding: str, ends: tuple[float, float]) -> np.ndarray:
    """Entries outside: none, the last one, or the mirrored one."""
    if padding == "zeros":
        return np.where((index < 0) | (index >= size), -1, index)
    if padding == "border":
        return np.clip(index, 0, size - 1)
    found = _reflected(index.astype(np.float64), *ends)
    return np.clip(np.rint(found), 0, size - 1).astype(np.int64)


SAMPLING: Mapping[str, Translator] = MappingProxyType({"GridSample": _grid_sample})
