"""The network while it is read: nodes are added, and every operand is checked on the way.

A *value* is what a tensor of the file stands for: an array where it is constant, else the index of
a node. Nothing is computed with nodes; constants are computed at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.network import (
    Add,
    Affine,
    Concat,
    Conv,
    ConvTranspose,
    Dense,
    Input,
    MatMul,
    MaxPool,
    Node,
    Operation,
    Pick,
    Product,
    Shape,
    Softmax,
    Sum,
)
from abduce.verify.networks.onnx.model import Attribute, Call

Value = np.ndarray | int

MOST_ENTRIES = 2**26
"""The upper limit on the entries of one value, because a small file can describe more than fits in
memory."""
MOST_IN_ALL = 2**28


@dataclass(slots=True)
class Builder:
    """Nodes in topological order; each method adds one and returns its index.

    Attributes:
        tensor: name of the tensor in the file whose nodes are being added.
        unbounded: what float32 has no bounds for, and why.
        masked: entries of nodes that are minus infinity in the file, and finite here.
        undefined: entries of nodes that are no number in the file: a softmax of masked entries.
    """

    shape: Shape
    tensor: str
    nodes: list[Node] = field(default_factory=list)
    unbounded: list[str] = field(default_factory=list)
    entries: int = 0
    masked: dict[int, np.ndarray] = field(default_factory=dict)
    undefined: dict[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add(Input(), (), self.shape)

    def add(self, operation: Operation, inputs: tuple[int, ...], shape: Sequence[int]) -> int:
        shape = tuple(int(size) for size in shape)
        self.claim(shape)
        if 0 in shape:
            raise UnsupportedError("", (f"a tensor without entries, of shape {shape}",))
        self.nodes.append(Node(operation, inputs, shape, self.tensor))
        return len(self.nodes) - 1

    def claim(self, shape: Sequence[int]) -> None:
        """Checks the size of a value before it is made, so that it cannot fill the memory."""
        if any(size < 0 for size in shape):
            raise InputError(f"a tensor of shape {tuple(shape)}", ("sizes that are not negative",))
        size = prod(int(size) for size in shape)
        self.entries += size
        if size > MOST_ENTRIES or self.entries > MOST_IN_ALL:
            raise UnsupportedError("", (f"too large a tensor, of shape {tuple(shape)}",))

    def shape_of(self, value: Value) -> Shape:
        return value.shape if isinstance(value, np.ndarray) else self.nodes[value].shape

    def node(self, value: Value) -> int:
        """The value as a node: a constant is zeros, picked from the input, plus the constant."""
        if isinstance(value, np.ndarray):
            zeros = self.pick(0, np.full(value.shape, -1))
            return self.affine(zeros, 1.0, doubles(value))
        return value

    def reshape(self, node: int, shape: Sequence[int]) -> int:
        if tuple(shape) == self.nodes[node].shape:
            return node
        if prod(shape) != prod(self.nodes[node].shape):
            raise InputError(
                f"{self.nodes[node].shape} to be reshaped to {tuple(shape)}", ("an equal size",)
            )
        return self.add(Pick(None), (node,), shape)

    def pick(self, node: int, index: np.ndarray) -> int:
        return self.add(Pick(index.astype(np.int64, copy=False)), (node,), index.shape)

    def copied(self, value: Value, copy: Callable[[np.ndarray], np.ndarray]) -> Value:
        """A value made by a function that only moves and copies entries; index -1 is zero."""
        if isinstance(value, np.ndarray):
            return np.asarray(copy(value))
        shape = self.nodes[value].shape
        index = np.asarray(copy(np.arange(prod(shape)).reshape(shape)))
        if not index.size:
            return np.zeros(index.shape)
        if index.size == prod(shape) and bool(
            (index.reshape(-1)[1:] > index.reshape(-1)[:-1]).all()
        ):
            return self.reshape(value, index.shape)
        return self.pick(value, index)

    def broadcast(self, value: Value, shape: Shape) -> Value:
        if self.shape_of(value) == shape:
            return value
        if isinstance(value, np.ndarray):
            return np.broadcast_to(value, shape)
        self.claim(shape)
        return self.copied(value, lambda array: np.broadcast_to(array, shape))

    def affine(self, node: int, scale: np.ndarray | float, shift: np.ndarray | float) -> int:
        """``node * scale + shift``; the constants are broadcast to the node, never the reverse."""
        shape = self.nodes[node].shape
        scale = np.broadcast_to(finite(np.asarray(scale, np.float64)), shape)
        shift = np.broadcast_to(finite(np.asarray(shift, np.float64)), shape)
        return self.add(Affine(scale, shift), (node,), shape)

    def unary(self, node: int, function: Nonlinearity) -> int:
        return self.add(function, (node,), self.nodes[node].shape)

    def plus(self, a: int, b: int, sign: float = 1.0) -> int:
        return self.add(Add(sign), (a, b), self.nodes[a].shape)

    def times(self, a: int, b: int) -> int:
        return self.add(Product(), (a, b), self.nodes[a].shape)

    def dense(self, node: int, weight: np.ndarray, bias: np.ndarray | None = None) -> int:
        *leading, size = self.nodes[node].shape
        if size != len(weight):
            raise InputError(
                f"a product of {(*leading, size)} and {weight.shape}", ("equal sizes",)
            )
        bias = np.zeros(weight.shape[1]) if bias is None else bias
        return self.add(Dense(finite(weight), finite(bias)), (node,), (*leading, weight.shape[1]))

    def matmul(self, a: int, b: int) -> int:
        (*leading, n, k), (*others, k_too, m) = self.nodes[a].shape, self.nodes[b].shape
        if leading != others or k != k_too:
            raise InputError(
                f"a product of {self.nodes[a].shape} and {self.nodes[b].shape}", ("equal sizes",)
            )
        return self.add(MatMul(), (a, b), (*leading, n, m))

    def conv(self, node: int, operation: Conv | ConvTranspose, space: Sequence[int]) -> int:
        """A convolution whose channels fit; `space` is the shape of the result without channels."""
        batch, channels, *_ = self.nodes[node].shape
        first, second, *_ = operation.weight.shape
        if isinstance(operation, ConvTranspose):
            into, out = first, second * operation.groups
        else:
            into, out = second * operation.groups, first
        if channels != into or batch != 1 or first % operation.groups or len(operation.bias) != out:
            raise InputError(
                f"{channels} channels, a kernel of shape {operation.weight.shape} in"
                f" {operation.groups} groups and a bias of {len(operation.bias)}",
                ("sizes that fit",),
            )
        for constant in (operation.weight, operation.bias):
            finite(constant)
        return self.add(operation, (node,), (1, out, *space))

    def concat(self, nodes: Sequence[int], axis: int) -> int:
        shapes = [self.nodes[node].shape for node in nodes]
        if len(nodes) == 1:
            return nodes[0]
        if any(
            s[:axis] + s[axis + 1 :] != shapes[0][:axis] + shapes[0][axis + 1 :] for s in shapes
        ):
            raise InputError(f"shapes {shapes} to be joined on axis {axis}", ("shapes that fit",))
        size = sum(shape[axis] for shape in shapes)
        joined = (*shapes[0][:axis], size, *shapes[0][axis + 1 :])
        return self.add(Concat(axis), tuple(nodes), joined)

    def assembled(self, values: Sequence[Value], index: np.ndarray) -> Value:
        """Entries of the values, flattened and joined, at an index: constants and nodes alike."""
        if all(isinstance(value, np.ndarray) for value in values):
            return np.asarray(np.concatenate([np.ravel(value) for value in values])[index])
        place = np.full(sum(prod(self.shape_of(value)) for value in values), -1)
        constant = np.zeros(len(place))
        parts: list[int] = []
        start = joined = 0
        for value in values:
            size = prod(self.shape_of(value))
            if isinstance(value, np.ndarray):
                constant[start : start + size] = doubles(value).reshape(-1)
            else:
                place[start : start + size] = np.arange(joined, joined + size)
                parts.append(self.reshape(value, (size,)))
                joined += size
            start += size
        return self.affine(self.pick(self.concat(parts, 0), place[index]), 1.0, constant[index])

    def sum(self, node: int, axes: Sequence[int], keep: bool) -> int:
        shape = self.nodes[node].shape
        sizes = [1 if axis in axes else size for axis, size in enumerate(shape)]
        if not keep:
            sizes = [size for axis, size in enumerate(shape) if axis not in axes]
        return self.add(Sum(tuple(axes), keep), (node,), sizes) if axes else node

    def softmax(self, node: int, axis: int) -> int:
        return self.add(Softmax(axis), (node,), self.nodes[node].shape)

    def largest(self, node: int, index: np.ndarray) -> int:
        """The largest of each group of entries, the last axis of the index; -1 is no entry."""
        if bool((index < 0).all(axis=-1).any()):
            raise InputError("a window of a maximum without an entry", ("windows with one",))
        return self.add(MaxPool(index.astype(np.int64, copy=False)), (node,), index.shape[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """An operation to be translated, with the values of its operands.

    Attributes:
        values: None for an optional operand that is left out.
        types: ONNX's numbers of their types, where they are known.
    """

    call: Call
    values: tuple[Value | None, ...]
    builder: Builder
    opset: int
    types: tuple[int | None, ...] = ()

    @property
    def attributes(self) -> Mapping[str, Attribute]:
        return self.call.attributes

    def unsupported(self, what: str) -> UnsupportedError:
        return UnsupportedError("", (f"{self.call} with {what}",))

    def has(self, i: int) -> bool:
        return i < len(self.values) and self.values[i] is not None

    def value(self, i: int) -> Value:
        if not self.has(i):
            raise InputError(f"no operand {i + 1}", ("an operand",))
        value = self.values[i]
        assert value is not None
        return value

    def node(self, i: int) -> int:
        return self.builder.node(self.value(i))

    def shape(self, i: int) -> Shape:
        return self.builder.shape_of(self.value(i))

    def constant(self, i: int) -> np.ndarray:
        value = self.value(i)
        if not isinstance(value, np.ndarray):
            raise self.unsupported(f"an operand {i + 1} that is not constant")
        return value

    def number(self, name: str, default: float) -> float:
        value = self.attributes.get(name, default)
        if not isinstance(value, int | float):
            raise InputError(f"attribute {name} = {value!r}", ("a number",))
        return value

    def text(self, name: str, default: str) -> str:
        value = self.attributes.get(name, default)
        if not isinstance(value, str):
            raise InputError(f"attribute {name} = {value!r}", ("a word",))
        return value

    def integers(self, name: str, i: int | None = None) -> tuple[int, ...] | None:
        """A list of integers: operand `i`, or else the attribute; None without both."""
        if i is not None and self.has(i):
            array = self.constant(i)
            if array.dtype.kind != "i":
                raise InputError(f"numbers {array.tolist()}", ("integers",))
            return tuple(int(n) for n in array.reshape(-1))
        value = self.attributes.get(name)
        if value is not None and not (
            isinstance(value, tuple) and all(isinstance(n, int) for n in value)
        ):
            raise InputError(f"attribute {name} = {value!r}", ("integers",))
        return value  # type: ignore[return-value]

    def reduced(self) -> tuple[tuple[int, ...], bool]:
        """The axes of a reduction, and whether they are kept."""
        rank = len(self.shape(0))
        axes = self.integers("axes", 1)
        if not axes:
            axes = () if self.number("noop_with_empty_axes", 0) else tuple(range(rank))
        axes = tuple(sorted({self.axis(axis, rank) for axis in axes}))
        return axes, bool(self.number("keepdims", 1))

    def aligned(self) -> "Site":
        """The same with a second operand that is broadcast as in numpy.

        Before opset 7, the attribute `broadcast` says that its axes are some of the first one's:
        from `axis` on, or the last ones.
        """
        first, second = self.shape(0), self.shape(1)
        if not self.number("broadcast", 0):
            if first != second:
                raise InputError(f"operands of {first} and {second}", ("equal shapes",))
            return self
        if len(second) > len(first):
            raise InputError(f"operands of {first} and {second}", ("no more axes in the second",))
        start = self.axis(self.number("axis", len(first) - len(second)), len(first) + 1)
        shape = (*second, *(1,) * (len(first) - start - len(second)))
        if len(shape) > len(first) or np.broadcast_shapes(first, shape) != first:
            raise InputError(f"operands of {first} and {second}", ("axes that fit",))
        b = self.builder.copied(self.value(1), lambda array: array.reshape(shape))
        return replace(self, values=(self.values[0], b))

    def axis(self, axis: float, rank: int) -> int:
        """An axis counted from 0."""
        if axis != int(axis) or not -rank <= axis < rank:
            raise InputError(f"axis {axis} of {rank}", ("an axis",))
        return int(axis) % rank


Translation = Value | tuple[Value, ...]
Translator = Callable[[Site], Translation]


def groups(shape: Shape, axes: Sequence[int], keep: bool) -> np.ndarray:
    """The entries along some axes of a shape: (*shape without them, entries of a group), or with
    axes of one entry in their place."""
    rest = [axis for axis in range(len(shape)) if axis not in axes]
    kept = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    index = np.arange(prod(shape)).reshape(shape).transpose(*rest, *axes)
    return index.reshape(*(kept if keep else [shape[axis] for axis in rest]), -1)


def doubles(array: np.ndarray) -> np.ndarray:
    """The array as float64, of the same values."""
    whole = array.dtype.kind in "iu" and array.size
    if whole and max(abs(int(array.min())), abs(int(array.max()))) > 2**53:
        raise UnsupportedError("", ("integers beyond 2^53",))
    return array.astype(np.float64, copy=False)


def finite(array: np.ndarray) -> np.ndarray:
    """The array, checked and as float64."""
    if not np.isfinite(array).all():
        raise InputError("NaN or infinity in a constant", ("numbers",))
    return array.astype(np.float64, copy=False)
