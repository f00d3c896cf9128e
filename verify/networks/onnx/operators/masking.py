"""Masks: entries of minus infinity, which a softmax makes 0.

Minus infinity is no number of the network. A node has finite entries in its place, and the builder
knows which they are. A softmax is then one of the other entries. An operator that is not made for
such a node is refused, and so is a row that is masked as a whole, unless it is never used.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from abduce.errors import UnsupportedError
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.onnx.building import Builder, Site, Value

CASTS: Final = frozenset(["Cast", "CastLike"])
AWARE: Final = frozenset(["Add", "Identity", "IsNaN", "Softmax", "Where", *CASTS])
"""The operators that are made for nodes with masked entries."""
OF_UNDEFINED: Final = frozenset(["Identity", "IsNaN", "Where", *CASTS])
"""Those that are made for nodes with undefined entries."""


def check(site: Site) -> None:
    """Refuses operands with masked entries, of an operator that is not made for them."""
    kind, builder = site.call.kind, site.builder
    for value in site.values[:1] if kind == "CastLike" else site.values:
        if not isinstance(value, int):
            continue
        masked = value in builder.masked and kind not in AWARE
        if masked or (value in builder.undefined and kind not in OF_UNDEFINED):
            raise UnsupportedError("", ("an operand with entries of minus infinity",))


def check_results(site: Site, results: Sequence[Value]) -> None:
    """Refuses casts that would lose which entries are masked."""
    value = site.values[0] if site.values else None
    if site.call.kind not in CASTS or not isinstance(value, int):
        return
    if value in {*site.builder.masked, *site.builder.undefined} and results != (value,):
        raise UnsupportedError("", ("an operand with entries of minus infinity",))


def masked_by(array: np.ndarray) -> np.ndarray | None:
    """Where a constant is minus infinity; None where it is nowhere."""
    if array.dtype.kind != "f" or not (mask := np.isneginf(array)).any():
        return None
    return mask


def plus_mask(builder: Builder, node: int, array: np.ndarray) -> int:
    """``node + array`` of a constant that is minus infinity at some entries."""
    mask = np.broadcast_to(np.isneginf(array), builder.nodes[node].shape)
    found = builder.affine(node, 1.0, np.where(np.isneginf(array), 0.0, array))
    builder.masked[found] = mask | builder.masked.get(node, np.zeros(mask.shape, bool))
    return found


def selected(builder: Builder, values: tuple[Value, Value], index: np.ndarray) -> Value:
    """Entries of two values of one shape, joined, at an index; either may be masked."""
    masks, finite = [], []
    for value in values:
        shape = builder.shape_of(value)
        if isinstance(value, int):
            if value in builder.undefined:
                own = builder.undefined[value].reshape(-1)
                place = index - sum(np.prod(builder.shape_of(v)) for v in values[: len(masks)])
                inside = (place >= 0) & (place < own.size)
                if own[np.where(inside, place, 0)][inside].any():
                    raise UnsupportedError("", ("a softmax of rows that are masked as a whole",))
            masks.append(builder.masked.get(value, np.zeros(shape, bool)).reshape(-1))
            finite.append(value)
            continue
        mask = masked_by(value)
        masks.append(np.zeros(value.size, bool) if mask is None else mask.reshape(-1))
        finite.append(value if mask is None else np.where(mask, 0.0, value))
    joined = np.concatenate(masks)[index]
    found = builder.assembled(finite, index)
    if joined.any():
        node = builder.node(found)
        builder.masked[node] = joined
        return node
    return found


def masked_softmax(builder: Builder, node: int, axis: int) -> Value:
    """Along an axis, of the entries that are not masked; 0 at the others.

    Rows without an entry are 0, too, and noted as undefined.
    """
    shape, mask = builder.nodes[node].shape, builder.masked[node]
    order = np.moveaxis(np.arange(mask.size).reshape(shape), axis, -1)
    kept = ~np.moveaxis(mask, axis, -1)
    rows, open_ = order.reshape(-1, shape[axis]), kept.reshape(-1, shape[axis])
    patterns, which = np.unique(open_, axis=0, return_inverse=True)
    which = which.reshape(-1)
    parts: list[Value] = [np.array([0.0, 1.0])]
    place = np.zeros(mask.size, np.int64)
    start = 2
    for k, pattern in enumerate(patterns):
        entries = rows[which == k][:, pattern]
        if entries.shape[1] == 1:
            place[entries.reshape(-1)] = 1
        elif entries.shape[1] > 1:
            part = builder.softmax(builder.pick(node, entries), 1)
            place[entries.reshape(-1)] = start + np.arange(entries.size)
            parts.append(part)
            start += entries.size
    if len(parts) == 1:
        found: Value = np.array([0.0, 1.0])[place.reshape(shape)]
    else:
        found = builder.assembled(parts, place.reshape(shape))
    empty = np.moveaxis(np.broadcast_to(~kept.any(-1, keepdims=True), kept.shape), -1, axis)
    if empty.any():
        node = builder.node(found)
        builder.undefined[node] = empty
        return node
    return found


def undefined_in(builder: Builder, node: int) -> np.ndarray:
    """Which entries of a node are no number in the file.

    Raises:
        UnsupportedError: a function before the node is not defined everywhere.
    """
    open_, seen = [node], {node}
    while open_:
        found = builder.nodes[open_.pop()]
        match found.operation:
            case Nonlinearity(domain=domain, pole=pole):
                if np.isfinite(domain).any() or not np.isnan(pole):
                    raise UnsupportedError("", ("a function that is not defined everywhere",))
        open_ += [each for each in found.inputs if each not in seen]
        seen.update(found.inputs)
    return builder.undefined.get(node, np.zeros(builder.nodes[node].shape, bool))
