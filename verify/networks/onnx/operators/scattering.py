"""Operators that gather or scatter entries at places which are constant.

A place that is written twice is refused unless the operator says how the numbers are combined.
"""

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.network import Shape
from abduce.verify.networks.onnx.building import Builder, Site, Translator, Value
from abduce.verify.networks.onnx.operators.gates import product


def _inside(index: np.ndarray, size: int) -> np.ndarray:
    """An index counted from 0."""
    if index.size and not -size <= index.min() <= index.max() < size:
        raise InputError(f"an index from {index.min()} to {index.max()} of {size}", ("inside",))
    return np.where(index < 0, index + size, index)


def _scatter_elements(site: Site) -> Value:
    shape, index = site.shape(0), site.constant(1)
    axis = site.axis(site.number("axis", 0), len(shape))
    if index.ndim != len(shape) or index.shape != site.shape(2):
        raise InputError(f"an index of shape {index.shape}", (str(site.shape(2)),))
    places = [np.asarray(each) for each in np.indices(index.shape)]
    places[axis] = _inside(index, shape[axis])
    flat = np.ravel_multi_index(tuple(places), shape)
    return _scattered(site, flat.reshape(-1), site.text("reduction", "none"))


def _scatter_nd(site: Site) -> Value:
    shape, flat = site.shape(0), _places(site.constant(1), site.shape(0))
    if flat.shape != site.shape(2):
        raise InputError(f"updates of shape {site.shape(2)}", (str(flat.shape),))
    site.builder.claim(shape)
    return _scattered(site, flat.reshape(-1), site.text("reduction", "none"))


def _places(index: np.ndarray, shape: Shape) -> np.ndarray:
    """The flat places of the slices that the last axis of an index is an index of."""
    depth = index.shape[-1] if index.ndim else 0
    if not 1 <= depth <= len(shape):
        raise InputError(f"an index of shape {index.shape}", (f"1 to {len(shape)} numbers each",))
    parts = tuple(_inside(index[..., i], shape[i]) for i in range(depth))
    return np.arange(prod(shape)).reshape(shape)[parts]


def _gather_nd(site: Site) -> Value:
    shape, index, batch = site.shape(0), site.constant(1), int(site.number("batch_dims", 0))
    if batch:
        raise site.unsupported(f"batch_dims = {batch}")
    flat = _places(index, shape)
    site.builder.claim(flat.shape)
    return site.builder.copied(site.value(0), lambda array: array.reshape(-1)[flat])


def _scattered(site: Site, places: np.ndarray, reduction: str) -> Value:
    """The first operand, with the entries of the third at these places of it."""
    builder, data, updates = site.builder, site.value(0), site.value(2)
    shape = builder.shape_of(data)
    size = prod(shape)
    order = np.argsort(places, kind="stable")
    sorted_places = places[order]
    first = np.searchsorted(sorted_places, np.arange(size))
    count = np.searchsorted(sorted_places, np.arange(size), side="right") - first
    if reduction == "none":
        if count.max(initial=0) > 1:
            raise site.unsupported("a place that is written twice")
        index = np.arange(size)
        index[places] = size + np.arange(len(places))
        return builder.assembled((data, updates), index.reshape(shape))
    if reduction not in REDUCTIONS:
        raise InputError(f"the reduction {reduction!r}", ("none", *REDUCTIONS))
    neutral, combine = REDUCTIONS[reduction]
    rounds = int(count.max(initial=0))
    builder.claim((rounds + 1, size))
    found: Value = builder.reshape(data, (size,)) if isinstance(data, int) else data.reshape(-1)
    for i in range(rounds):
        at = np.nonzero(count > i)[0]
        index = np.full(size, prod(builder.shape_of(updates)))
        index[at] = order[first[at] + i]
        if neutral is None:  # of extremes, the number itself
            index = np.where(
                index == prod(builder.shape_of(updates)), index + np.arange(size), index
            )
            other = builder.assembled((updates, found), index)
        else:
            other = builder.assembled((updates, np.array([neutral])), index)
        found = combine(builder, builder.node(found), builder.node(other))
    return builder.reshape(builder.node(found), shape)


def _larger(sign: float) -> Callable[[Builder, int, int], int]:
    def combine(builder: Builder, a: int, b: int) -> int:
        (size,) = builder.nodes[a].shape
        a, b = (builder.affine(node, sign, 0.0) if sign < 0 else node for node in (a, b))
        groups = np.arange(size)[:, None] + size * np.arange(2)
        found = builder.largest(builder.concat([a, b], 0), groups)
        return builder.affine(found, sign, 0.0) if sign < 0 else found

    return combine


Combine = Callable[[Builder, int, int], int]
REDUCTIONS: Mapping[str, tuple[float | None, Combine]] = MappingProxyType(
    {
        "add": (0.0, lambda builder, a, b: builder.plus(a, b)),
        "mul": (1.0, product),
        "max": (None, _larger(1.0)),
        "min": (None, _larger(-1.0)),
    }
)
"""How numbers at one place are combined, and the number that changes nothing."""


def _compress(site: Site) -> Value:
    """The slices whose condition holds; without an axis, of the flattened operand."""
    chosen, shape = site.constant(1).astype(bool), site.shape(0)
    axis = None
    if "axis" in site.attributes:
        axis = site.axis(site.number("axis", 0), len(shape))
    if chosen.ndim != 1 or len(chosen) > (prod(shape) if axis is None else shape[axis]):
        raise InputError(f"a condition of shape {chosen.shape}", ("one axis, not too long",))
    return site.builder.copied(site.value(0), lambda a: np.compress(chosen, a, axis))


def _one_hot(site: Site) -> Value:
    """The second of two values where the index is the place, else the first."""
    index, depth = site.constant(0), site.constant(1).reshape(-1)
    if len(depth) != 1 or depth[0] < 1 or site.shape(2) != (2,):
        raise InputError("a depth or values that do not fit", ("a depth, and two values",))
    size, rank = int(depth[0]), index.ndim + 1
    axis = site.axis(site.number("axis", -1), rank)
    whole = np.trunc(index).astype(np.int64)
    if (whole != index).any():
        raise site.unsupported("an index that is not whole")
    site.builder.claim((*index.shape, size))
    whole = np.where(whole < 0, whole + size, whole)
    on = np.expand_dims(whole, axis) == np.arange(size).reshape(
        [size if i == axis else 1 for i in range(rank)]
    )
    return site.builder.copied(site.value(2), lambda array: array[on.astype(np.int64)])


def _reverse_sequence(site: Site) -> Value:
    """The first entries of each member of the batch, in reverse order."""
    shape, lengths = site.shape(0), site.constant(1)
    time, batch = (int(site.number(name, i)) for i, name in enumerate(("time_axis", "batch_axis")))
    if {time, batch} != {0, 1} or len(shape) < 2:
        raise InputError(f"axes {time} and {batch}", ("0 and 1",))
    if lengths.shape != (shape[batch],) or lengths.min() < 0 or lengths.max() > shape[time]:
        raise InputError(f"lengths {lengths.tolist()}", (f"{shape[batch]} of 0 to {shape[time]}",))
    steps = np.arange(shape[time])[:, None]
    at = np.where(steps < lengths, lengths - 1 - steps, steps)  # (time, batch)
    members = np.broadcast_to(np.arange(shape[batch]), at.shape)
    if time == 1:
        return site.builder.copied(site.value(0), lambda a: a[members.T, at.T])
    return site.builder.copied(site.value(0), lambda a: a[at, members])


SCATTERING: Mapping[str, Translator] = MappingProxyType(
    {
        "Compress": _compress,
        "GatherND": _gather_nd,
        "OneHot": _one_hot,
        "ReverseSequence": _reverse_sequence,
        "Scatter": _scatter_elements,
        "ScatterElements": _scatter_elements,
        "ScatterND": _scatter_nd,
    }
)
