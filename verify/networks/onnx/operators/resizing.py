"""Resize and Upsample: images made larger or smaller, by copies, or by means of 2 or 4 entries.

Source: the operator schema of ONNX (Resize), and Keys 1981 for the cubic weights.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.onnx.building import Site, Translator, Value
from abduce.verify.networks.onnx.operators.sampling import cubic_weights

NEAR = 1e-5
"""The least distance at which two coordinates are distinguished in float32."""


def _resize(site: Site) -> Value:
    """To the nearest entry, or between two of them, for Upsample and Resize of all opsets."""
    shape, builder = site.shape(0), site.builder
    mode = site.text("mode", "nearest")
    if mode not in ("nearest", "linear", "cubic"):
        raise site.unsupported(f"mode {mode}")
    axes = site.integers("axes")
    axes = tuple(range(len(shape))) if axes is None else axes
    sizes, scales = list(shape), [1.0] * len(shape)
    given = _scales(site)
    asked = site.integers("", 3) if site.has(3) else None
    listed = asked if given is None else given
    if listed is None or len(listed) != len(axes):
        raise InputError("scales or sizes that do not fit the axes", ("one for each axis",))
    for axis, number in zip(axes, listed, strict=True):
        axis = site.axis(axis, len(shape))
        if number <= 0:
            raise InputError(f"a scale or size of {number}", ("a positive one",))
        sizes[axis] = int(number) if given is None else _scaled_size(site, shape[axis], number)
        scales[axis] = sizes[axis] / shape[axis] if given is None else float(number)
    if given is None:
        sizes, scales = _kept_ratio(site, sizes, scales, [site.axis(a, len(shape)) for a in axes])
    builder.claim(sizes)
    value: Value = site.value(0)
    for axis, (old, new, scale) in enumerate(zip(shape, sizes, scales, strict=True)):
        if old == new and scale == 1.0:
            continue
        if mode == "nearest":
            index = _nearest(site, old, new, scale)
            value = builder.copied(value, lambda array, i=index, a=axis: array.take(i, a))
        else:
            value = _between(site, value, axis, (old, new), scale)
    return value


def _kept_ratio(
    site: Site, sizes: list[int], scales: list[float], axes: Sequence[int]
) -> tuple[list[int], list[float]]:
    """Where the ratio of an image is kept, all axes have the least or greatest of the scales."""
    policy = site.text("keep_aspect_ratio_policy", "stretch")
    if policy == "stretch":
        return sizes, scales
    if policy not in ("not_larger", "not_smaller"):
        raise site.unsupported(f"keep_aspect_ratio_policy {policy}")
    shape = site.shape(0)
    scale = (min if policy == "not_larger" else max)(scales[axis] for axis in axes)
    for axis in axes:
        exact = scale * shape[axis] + 0.5
        if 0 < abs(exact - np.rint(exact)) < NEAR:
            raise site.unsupported("sizes that depend on how numbers are rounded")
        sizes[axis], scales[axis] = int(exact), scale
    return sizes, scales


def _between(site: Site, value: Value, axis: int, sizes: tuple[int, int], scale: float) -> Value:
    """Along an axis, entries are means of the two or four around them.

    Linear: weighted by nearness; coordinates outside of the entries are those of the ends. Cubic:
    by the weights of Keys; entries outside are those of the ends, or have no weight.
    """
    builder, (old, new) = site.builder, sizes
    plain = site.call.kind == "Upsample" or site.opset < 11
    way = site.text("coordinate_transformation_mode", "half_pixel")
    at = _coordinates(site, "asymmetric" if plain else way, old, new, np.float64(scale))
    if site.text("mode", "nearest") == "linear":
        at = np.clip(at, 0, old - 1)
        low = np.floor(at).astype(np.int64)
        places, weights = [low, low + 1], [1 - (at - low), at - low]
    else:
        low = np.floor(at).astype(np.int64)
        table = cubic_weights(at - low, site.number("cubic_coeff_a", -0.75))
        places, weights = [low + i - 1 for i in range(4)], list(table.T)
        if site.number("exclude_outside", 0):
            inside = [(place >= 0) & (place < old) for place in places]
            total = sum(w * i for w, i in zip(weights, inside, strict=True))
            weights = [w * i / total for w, i in zip(weights, inside, strict=True)]
    shape = [1] * len(builder.shape_of(value))
    shape[axis] = new
    inner = [np.clip(place, 0, old - 1) for place in places]
    parts = [builder.copied(value, lambda array, i=place: array.take(i, axis)) for place in inner]
    shares = [weight.reshape(shape) for weight in weights]
    if isinstance(value, np.ndarray):
        return np.sum([p * w for p, w in zip(parts, shares, strict=True)], axis=0)
    builder.unbounded.append(
        f"node {builder.tensor}: {site.call.kind}, whose coordinates a runtime may round"
    )
    found: int | None = None
    for part, share in zip(parts, shares, strict=True):
        term = builder.affine(builder.node(part), share, 0.0)
        found = term if found is None else builder.plus(found, term)
    assert found is not None
    return found


def _scaled_size(site: Site, size: int, scale: float) -> int:
    exact, single = np.floor(size * scale), np.floor(np.float32(size) * np.float32(scale))
    if exact != single:
        raise site.unsupported("sizes that depend on how numbers are rounded")
    return int(exact)


def _scales(site: Site) -> Sequence[float] | None:
    attribute = site.attributes.get("scales")
    if isinstance(attribute, tuple):
        return tuple(float(scale) for scale in attribute)
    at = 1 if site.call.kind == "Upsample" or site.opset < 11 else 2
    if site.has(at) and site.constant(at).size:
        return tuple(float(scale) for scale in site.constant(at).reshape(-1))
    return None


def _nearest(site: Site, old: int, new: int, scale: float) -> np.ndarray:
    """The index among `old` entries that each of `new` ones copies, if it does not depend on
    float32 rounding."""
    plain = site.call.kind == "Upsample" or site.opset < 11
    mode = site.text("coordinate_transformation_mode", "half_pixel")
    rounding = "floor" if plain else site.text("nearest_mode", "round_prefer_floor")
    at, single = (
        _coordinates(site, "asymmetric" if plain else mode, old, new, kind(scale))
        for kind in (np.float64, np.float32)
    )
    off = np.where(single == at, 0.0, NEAR * (1.0 + np.abs(at)))
    # onnxruntime rounds up where a network of before opset 11 is made smaller
    ways = (rounding, "ceil") if plain and scale < 1.0 else (rounding,)
    found = [
        np.clip(_rounded(site, way, at + by), 0, old - 1).astype(np.int64)
        for way in ways
        for by in (-off, off)
    ]
    if old == new:  # which onnxruntime copies without looking at the scale
        found.append(np.arange(old))
    if any((index != found[0]).any() for index in found):
        raise site.unsupported("places that depend on how numbers are rounded")
    return found[0]


def _coordinates(site: Site, mode: str, old: int, new: int, scale: np.floating) -> np.ndarray:
    """The coordinates of new entries among the old ones, in the type of the scale."""
    kind = type(scale)
    places, half = np.arange(new, dtype=kind), kind(0.5)
    match mode:
        case "asymmetric":
            return places / scale
        case "half_pixel":
            return (places + half) / scale - half
        case "pytorch_half_pixel":
            return (places + half) / scale - half if new > 1 else places * 0
        case "half_pixel_symmetric":
            whole = kind(old) * scale
            return kind(old / 2) * (1 - kind(new) / whole) + (places + half) / scale - half
        case "align_corners" if abs(old * float(scale) - new) > 1e-3:
            # onnxruntime takes the size that was rounded down, and ONNX the one that was not
            raise site.unsupported("corners aligned to a size that was rounded")
        case "align_corners":
            return places * kind(old - 1) / kind(new - 1) if new > 1 else places * 0
    raise site.unsupported(f"coordinates {mode}")


def _rounded(site: Site, rounding: str, at: np.ndarray) -> np.ndarray:
    match rounding:
        case "floor":
            return np.floor(at)
        case "ceil":
            return np.ceil(at)
        case "round_prefer_ceil":
            return np.floor(at + 0.5)
        case "round_prefer_floor":
            return np.ceil(at - 0.5)
    raise site.unsupported(f"rounding {rounding}")


RESIZING: Mapping[str, Translator] = MappingProxyType({"Resize": _resize, "Upsample": _resize})
