"""The verifier's form of networks: a small typed graph of operations on arrays.

A network is a tuple of nodes in topological order; node 0 is the input. Each node has an operation,
the indices of the nodes that it reads, and the shape of its value: that of the tensor in the file,
including the batch axis. Everything that computes with networks puts one more axis in front, the
axis of *points* (or of domains): the value of a node at P points has shape (P, *shape).

The operations are few. All functions of one variable are one of them, a `Nonlinearity`. What ONNX
spells as Reshape, Transpose, Slice, Gather, Pad, Expand, Split, Flatten, Squeeze, Upsample is one
operation here, ``Pick``: it copies entries and does not compute.
Constants are float64 arrays with exactly the values of the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abduce.verify.networks.functions.nonlinearity import Nonlinearity

Shape = tuple[int, ...]


def squeezed(shape: Shape) -> Shape:
    """A shape without its axes of one entry."""
    return tuple(length for length in shape if length != 1)


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """The network's one input."""


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """``x @ weight + bias`` on the last axis: (..., n) to (..., m).

    Attributes:
        weight: (n, m).
        bias: (m,), zeros where there is none.
    """

    weight: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Conv:
    """Cross-correlation of (1, channels, *space) with a kernel, in 1 or 2 dimensions of space.

    Attributes:
        weight: (out channels, in channels // groups, *kernel).
        bias: (out channels,), zeros where there is none.
        pads: the zeros before and after, for each axis of space.
    """

    weight: np.ndarray
    bias: np.ndarray
    strides: tuple[int, ...]
    pads: tuple[tuple[int, int], ...]
    dilations: tuple[int, ...]
    groups: int


@dataclass(frozen=True, slots=True, eq=False)
class ConvTranspose:
    """The transpose of a convolution, as ONNX has it.

    Attributes:
        weight: (in channels, out channels // groups, *kernel).
        bias: (out channels,), zeros where there is none.
        pads: cut off before and after, for each axis of space.
        output_pads: rows added at the end of each axis of space.
    """

    weight: np.ndarray
    bias: np.ndarray
    strides: tuple[int, ...]
    pads: tuple[tuple[int, int], ...]
    dilations: tuple[int, ...]
    groups: int
    output_pads: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """Entries of the flattened value, copied: ``flat[index]``, and zero where the index is -1.

    Attributes:
        index: integers of the shape of the result; None for a reshape, which keeps the order.
    """

    index: np.ndarray | None


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """``x * scale + shift``, elementwise, the constants broadcast to the shape of x."""

    scale: np.ndarray
    shift: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Add:
    """``a + sign * b`` of two nodes of this shape (operands are broadcast by ``Pick`` before)."""

    sign: float


@dataclass(frozen=True, slots=True, eq=False)
class Concat:
    """Nodes joined along an axis, counted from 0 without the axis of points."""

    axis: int


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """Sum over axes, counted from 0 without the axis of points; they are kept as 1 or dropped.

    A mean is a sum and an ``Affine``; average pooling is a ``Conv``.
    """

    axes: tuple[int, ...]
    keep: bool


@dataclass(frozen=True, slots=True, eq=False)
class MaxPool:
    """The largest of each group of entries; index: (*shape of the result, entries in a group).

    An index of -1 is no entry.
    """

    index: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """``a * b`` of two nodes of this shape, elementwise."""


@dataclass(frozen=True, slots=True, eq=False)
class MatMul:
    """``a @ b`` of two nodes: (..., n, k) and (..., k, m), leading axes equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Softmax:
    """Softmax along an axis, counted from 0 without the axis of points."""

    axis: int


Operation = (
    Input
    | Dense
    | Conv
    | ConvTranspose
    | Pick
    | Affine
    | Add
    | Concat
    | Sum
    | Nonlinearity
    | MaxPool
    | Product
    | MatMul
    | Softmax
)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation of a network, with where its operands come from.

    Attributes:
        name: the name of the tensor in the file.
        merged: roundings of the file's operations that were merged into this one.
    """

    operation: Operation
    inputs: tuple[int, ...]
    shape: Shape
    name: str
    merged: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network of one input and one output.

    Attributes:
        nodes: the nodes in topological order; node 0 is the input.
        output: index of the node that is the output.
        names: index of the node that holds each named tensor of the file.
        unbounded: operations whose float32 errors have no bound, with the reason.
    """

    nodes: tuple[Node, ...]
    output: int
    names: Mapping[str, int]
    unbounded: tuple[str, ...] = ()

    @property
    def input_shape(self) -> Shape:
        return self.nodes[0].shape

    @property
    def output_shape(self) -> Shape:
        return self.nodes[self.output].shape
