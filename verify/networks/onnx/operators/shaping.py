"""Operators that move and copy entries, each written once, as a function of arrays.

A constant is moved at once; of a node, the numbers of its entries are moved, which gives the index
of a ``Pick``.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.network import Shape
from abduce.verify.networks.onnx.building import Site, Translator, Value
from abduce.verify.networks.onnx.operators.comparing import chosen as chosen_by
from abduce.verify.networks.onnx.operators.masking import selected


def _identity(site: Site) -> Value:
    return site.value(0)


def _dropout(site: Site) -> Value:
    if site.has(2) and site.constant(2).any():
        raise site.unsupported("the mode of training")
    return site.value(0)


def _reshape(site: Site) -> Value:
    """0 is the size that was there (unless `allowzero`), -1 what is left."""
    old = site.shape(0)
    new = list(site.integers("shape", 1) or ())
    if not site.number("allowzero", 0):
        if any(size == 0 and i >= len(old) for i, size in enumerate(new)):
            raise InputError(f"{old} to be reshaped to {tuple(new)}", ("an equal size",))
        new = [old[i] if size == 0 else size for i, size in enumerate(new)]
    return _reshaped(site, new)


def _reshaped(site: Site, shape: Sequence[int]) -> Value:
    old, new = site.shape(0), list(shape)
    if new.count(-1) == 1:
        rest = prod(size for size in new if size != -1)
        new[new.index(-1)] = prod(old) // rest if rest else 0
    if any(size < 0 for size in new) or prod(new) != prod(old):
        raise InputError(f"{old} to be reshaped to {tuple(shape)}", ("an equal size",))
    value = site.value(0)
    if isinstance(value, np.ndarray):
        return value.reshape(new)
    return site.builder.reshape(value, new)


def _flatten(site: Site) -> Value:
    shape = site.shape(0)
    axis = int(site.number("axis", 1))
    if not -len(shape) <= axis <= len(shape):
        raise InputError(f"axis {axis} of {len(shape)}", ("an axis",))
    axis += len(shape) * (axis < 0)
    return _reshaped(site, (prod(shape[:axis]), prod(shape[axis:])))


def _squeeze(site: Site) -> Value:
    shape = site.shape(0)
    axes = site.integers("axes", 1)
    if axes is None:
        gone = {axis for axis, size in enumerate(shape) if size == 1}
    else:
        gone = {site.axis(axis, len(shape)) for axis in axes}
    return _reshaped(site, [size for axis, size in enumerate(shape) if axis not in gone])


def _unsqueeze(site: Site) -> Value:
    shape = site.shape(0)
    axes = site.integers("axes", 1) or ()
    rank = len(shape) + len(axes)
    new = {site.axis(axis, rank) for axis in axes}
    if len(new) != len(axes):
        raise InputError(f"axes {axes}", ("axes that differ",))
    rest = iter(shape)
    return _reshaped(site, [1 if axis in new else next(rest) for axis in range(rank)])


def _transpose(site: Site) -> Value:
    rank = len(site.shape(0))
    order = site.integers("perm")
    if order is None:
        order = tuple(reversed(range(rank)))
    if sorted(order) != list(range(rank)):
        raise InputError(f"an order {order} of {rank} axes", ("each axis once",))
    return site.builder.copied(site.value(0), lambda array: array.transpose(order))


def _slice(site: Site) -> Value:
    """Ends are cut to the axis; a negative step goes down to and with a start of its own."""
    shape = site.shape(0)
    starts, ends = site.integers("starts", 1), site.integers("ends", 2)
    if starts is None or ends is None:
        raise InputError("no starts or ends", ("both",))
    axes = site.integers("axes", 3)
    axes = tuple(range(len(starts))) if axes is None else axes
    steps = site.integers("steps", 4) or (1,) * len(starts)
    cuts = [slice(None)] * len(shape)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        axis, size = site.axis(axis, len(shape)), shape[site.axis(axis, len(shape))]
        start, end = (n + size if n < 0 else n for n in (start, end))
        if step > 0:
            cuts[axis] = slice(min(max(start, 0), size), min(max(end, 0), size), step)
        else:
            start, end = min(max(start, 0), size - 1), min(max(end, -1), size - 1)
            cuts[axis] = slice(start, None if end < 0 else end, step)
    return site.builder.copied(site.value(0), lambda array: array[tuple(cuts)])


def _split(site: Site) -> tuple[Value, ...]:
    """Sizes as attribute or operand; else equal parts, the last one smaller."""
    shape = site.shape(0)
    axis = site.axis(site.number("axis", 0), len(shape))
    sizes, outputs = site.integers("split", 1), len(site.call.outputs)
    if sizes is None:
        if site.number("num_outputs", outputs) != outputs:
            raise InputError(f"num_outputs {site.number('num_outputs', outputs)}", (str(outputs),))
        if shape[axis] % outputs and site.opset < 18:
            raise InputError(f"{shape[axis]} entries in {outputs} parts", ("equal parts",))
        size = -(-shape[axis] // outputs)
        sizes = (*(size,) * (outputs - 1), shape[axis] - size * (outputs - 1))
    if sum(sizes) != shape[axis] or min(sizes) < 0 or len(sizes) != outputs:
        raise InputError(f"{shape[axis]} entries to be split into {sizes}", ("all of them",))
    ends = np.cumsum(sizes)
    return tuple(
        site.builder.copied(
            site.value(0), lambda array, a=end - size, b=end: array.take(range(a, b), axis)
        )
        for size, end in zip(sizes, ends, strict=True)
    )


def _gather(site: Site) -> Value:
    index = site.constant(1)
    shape = site.shape(0)
    axis = site.axis(site.number("axis", 0), len(shape))
    if index.dtype.kind != "i":
        raise InputError(f"an index of type {index.dtype}", ("integers",))
    site.builder.claim((*shape[:axis], *index.shape, *shape[axis + 1 :]))
    return site.builder.copied(site.value(0), lambda array: array.take(index, axis))


def _gather_elements(site: Site) -> Value:
    index = site.constant(1)
    axis = site.axis(site.number("axis", 0), len(site.shape(0)))
    if index.ndim != len(site.shape(0)):
        raise InputError(f"an index of shape {index.shape}", ("as many axes as the operand",))
    size = site.shape(0)[axis]
    if index.size and not -size <= index.min() <= index.max() < size:
        raise InputError(f"an index from {index.min()} to {index.max()} of {size}", ("inside",))
    index = np.where(index < 0, index + size, index)
    places = tuple(np.ogrid[tuple(slice(n) for n in index.shape)])
    at = (*places[:axis], index, *places[axis + 1 :])
    return site.builder.copied(site.value(0), lambda array: array[at])


def _concat(site: Site) -> Value:
    rank, builder = len(site.shape(0)), site.builder
    if "axis" not in site.attributes:
        raise InputError("no axis", ("an axis",))
    axis = site.axis(site.number("axis", 0), rank)
    values = [site.value(i) for i in range(len(site.values))]
    nodes = [value for value in values if not isinstance(value, np.ndarray)]
    if len(nodes) == len(values):
        return builder.concat(nodes, axis)
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    if len(arrays) == len(values):
        return np.concatenate(arrays, axis)
    start, indices = 0, []
    for value in values:
        shape = builder.shape_of(value)
        indices.append(start + np.arange(prod(shape)).reshape(shape))
        start += prod(shape)
    return builder.assembled(values, np.concatenate(indices, axis))


def _where(site: Site) -> Value:
    builder = site.builder
    if isinstance(site.value(0), int):
        return chosen_by(builder, site.node(0), site.value(1), site.value(2))
    chosen = site.constant(0)
    shape = np.broadcast_shapes(chosen.shape, site.shape(1), site.shape(2))
    builder.claim(shape)
    masked = {v for v in site.values if isinstance(v, int)} & {*builder.masked, *builder.undefined}
    if any(builder.shape_of(value) != shape for value in masked):
        raise site.unsupported("entries of minus infinity to be broadcast")
    a, b = (builder.broadcast(site.value(i), shape) for i in (1, 2))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.where(chosen, a, b)
    index = np.arange(prod(shape)).reshape(shape)
    return selected(builder, (a, b), np.where(chosen, index, index + index.size))


def _expand(site: Site) -> Value:
    shape = np.broadcast_shapes(site.shape(0), site.integers("", 1) or ())
    return site.builder.broadcast(site.value(0), shape)


def _tile(site: Site) -> Value:
    shape, times = site.shape(0), site.integers("", 1) or ()
    if len(times) != len(shape):
        raise InputError(f"{len(times)} repeats of {len(shape)} axes", ("one for each axis",))
    site.builder.claim([size * n for size, n in zip(shape, times, strict=True)])
    return site.builder.copied(site.value(0), lambda array: np.tile(array, times))


def _pad(site: Site) -> Value:
    """All the befores, then all the afters; negative ones cut off. Other modes copy entries."""
    shape, builder = site.shape(0), site.builder
    pads, axes = site.integers("pads", 1), site.integers("", 3)
    axes = tuple(range(len(shape))) if axes is None else axes
    if pads is None or len(pads) != 2 * len(axes):
        raise InputError(f"pads {pads} of {len(axes)} axes", ("two for each axis",))
    widths = [(0, 0)] * len(shape)
    for axis, before, after in zip(axes, pads[: len(axes)], pads[len(axes) :], strict=True):
        widths[site.axis(axis, len(shape))] = before, after
    builder.claim([max(0, size + sum(width)) for size, width in zip(shape, widths, strict=True)])
    mode = site.text("mode", "constant")
    padded = padding(widths, mode)
    if mode != "constant":
        _check_copies(site, mode, widths)
        return builder.copied(site.value(0), lambda array: padded(array, 0))
    fill = site.constant(2).reshape(-1) if site.has(2) else np.array([site.number("value", 0.0)])
    if len(fill) != 1:
        raise InputError(f"{len(fill)} numbers to pad with", ("one number",))
    if isinstance(value := site.value(0), np.ndarray):
        fill = fill.astype(value.dtype)
    index = padded(np.arange(prod(shape)).reshape(shape), -1)
    return builder.assembled((value, fill), np.where(index < 0, prod(shape), index))


def _check_copies(site: Site, mode: str, widths: Sequence[tuple[int, int]]) -> None:
    """Runtimes differ where entries are cut off, or where more are copied than there are."""
    if mode not in ("edge", "reflect", "wrap"):
        raise site.unsupported(f"mode {mode}")
    spare = 0 if mode == "wrap" else 1
    for size, width in zip(site.shape(0), widths, strict=True):
        if min(width) < 0:
            raise site.unsupported(f"mode {mode} and negative pads")
        if mode != "edge" and max(width) > size - spare:
            raise site.unsupported(f"mode {mode} and more pads than entries")


def padding(
    widths: Sequence[tuple[int, int]], mode: str = "constant"
) -> Callable[[np.ndarray, int], np.ndarray]:
    """A function that pads arrays with a number; negative widths cut off."""
    more = [(max(a, 0), max(b, 0)) for a, b in widths]
    cuts = tuple(slice(max(-a, 0), min(b, 0) or None) for a, b in widths)

    def padded(array: np.ndarray, fill: int) -> np.ndarray:
        if mode == "constant":
            return np.pad(array[cuts], more, constant_values=fill)
        return np.pad(array[cuts], more, mode=mode)  # type: ignore[call-overload]

    return padded


def _depth_to_space(site: Site) -> Value:
    batch, depth, height, width = site.shape(0)
    block = int(site.number("blocksize", 1))
    blocks: Shape = (batch, block, block, depth // block**2, height, width)
    order = (0, 3, 4, 1, 5, 2)
    mode = site.text("mode", "DCR")
    if mode not in ("DCR", "CRD"):
        raise site.unsupported(f"mode {mode}")
    if mode == "CRD":
        blocks, order = (batch, depth // block**2, block, block, height, width), (0, 1, 4, 2, 5, 3)
    result = (batch, depth // block**2, height * block, width * block)
    return site.builder.copied(
        site.value(0), lambda array: array.reshape(blocks).transpose(order).reshape(result)
    )


def _space_to_depth(site: Site) -> Value:
    batch, depth, height, width = site.shape(0)
    block = int(site.number("blocksize", 1))
    mode = site.text("mode", "DCR")
    if mode not in ("DCR", "CRD"):
        raise site.unsupported(f"mode {mode}")
    order = (0, 3, 5, 1, 2, 4) if mode == "DCR" else (0, 1, 3, 5, 2, 4)
    blocks = (batch, depth, height // block, block, width // block, block)
    result = (batch, depth * block**2, height // block, width // block)
    return site.builder.copied(
        site.value(0),
        lambda array: array.reshape(blocks).transpose(order).reshape(result),
    )


SHAPING: Mapping[str, Translator] = MappingProxyType(
    {
        "Concat": _concat,
        "DepthToSpace": _depth_to_space,
        "Dropout": _dropout,
        "Expand": _expand,
        "Flatten": _flatten,
        "Gather": _gather,
        "GatherElements": _gather_elements,
        "Identity": _identity,
        "Pad": _pad,
        "Reshape": _reshape,
        "Slice": _slice,
        "SpaceToDepth": _space_to_depth,
        "Split": _split,
        "Squeeze": _squeeze,
        "Tile": _tile,
        "Transpose": _transpose,
        "Unsqueeze": _unsqueeze,
        "Where": _where,
    }
)
