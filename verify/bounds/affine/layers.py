"""A network in the form that bounds need: affine maps between nonlinear layers.

All values are flattened vectors. Value 0 is the input; value k is the output of nonlinear layer k,

    z_k = sum over sources j < k of M_kj v_j + c_k        (its *pre-activation*)
    v_k = f_k(z_k), elementwise, or a softmax, or a product of matrices,

and the output of the network is the last value, of a layer that may be the identity. All that is
affine between two nonlinear functions is multiplied out once. Piecewise linear functions are
written with relu, which is exact: |x| = relu(x) + relu(-x), max(a, b) = b + relu(a - b), and
likewise leaky_relu and clip.
A product of two values is a layer of its own, with z = (u, v) one after the other.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import prod
from types import MappingProxyType
from typing import assert_never

import numpy as np

from abduce.clock import check
from abduce.verify.bounds.affine import expressions
from abduce.verify.bounds.affine.convolutions import convolution
from abduce.verify.bounds.affine.expressions import Expression
from abduce.verify.bounds.affine.float32 import SILENT, Noise
from abduce.verify.bounds.affine.matrices import (
    Matrix,
    compact,
    multiplications,
    repeated,
    summing,
    thinned,
)
from abduce.verify.bounds.effort import Effort
from abduce.verify.bounds.functions.matrix_products import MatrixProduct
from abduce.verify.bounds.functions.products import EntrywiseProduct
from abduce.verify.bounds.functions.relaxations import Function
from abduce.verify.bounds.functions.softmax import SoftmaxOfGaps
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.identity import IDENTITY
from abduce.verify.networks.functions.pieces.relu import RELU
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
    Network,
    Node,
    Pick,
    Product,
    Shape,
    Softmax,
    Sum,
)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A nonlinear layer: its function and its pre-activation.

    ``size`` values; a product has a pre-activation of twice that size. The pre-activation is
    ``before``, plus an error bounded by ``noise``, in proportion to the terms of ``before`` (or of
    ``reach`` if given). Before a softmax, the differences of its ``arguments`` are bounded.
    ``watched`` are the names of nodes of the network whose value the pre-activation is.
    """

    function: Function
    before: Expression
    size: int
    noise: Noise = SILENT
    reach: Expression | None = None
    arguments: Expression | None = None
    watched: tuple[str, ...] = ()

    @property
    def reads(self) -> Expression:
        """The expression that coefficients are passed on to."""
        return self.before if self.arguments is None else self.arguments

    @property
    def multiplications(self) -> float:
        """Multiplications for each entry of the pre-activation, on average."""
        return _entries(self.before) / max(1, self.before.size)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """A network of nonlinear layers 1, 2, ... over an input (value 0) of ``inputs`` numbers.

    The output is the last value.

    Attributes:
        effort: counts the work done with the network.
    """

    inputs: int
    layers: tuple[Layer, ...]
    output: Expression
    effort: Effort = field(default_factory=Effort)

    @property
    def dense(self) -> bool:
        """Whether all matrices are plain arrays."""
        terms = [
            m
            for layer in self.layers
            for x in (layer.before, layer.reads)
            for m in x.terms.values()
        ]
        return all(isinstance(m, np.ndarray) for m in terms)

    @property
    def convolved(self) -> bool:
        """Whether there are convolutions that are not multiplied out."""
        return any(layer.before.convolved for layer in self.layers)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of the values: of the input, then of each layer."""
        return (self.inputs, *(layer.size for layer in self.layers))


NoiseOf = Callable[[Node, Sequence[Shape]], Noise]


def layers_of(
    network: Network,
    deadline: float = np.inf,
    noise_of: NoiseOf | None = None,
    watched: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
) -> Layers:
    """The network with its affine parts multiplied out.

    Args:
        noise_of: how far the value of a node may be off, given the shapes of its operands; nothing
            is multiplied out across a value with noise.
        watched: names for nodes whose values are to be the pre-activations of layers.

    Raises:
        OutOfTime: where ``clock.wall_s()`` is past the deadline.
    """
    builder = _Builder(prod(network.input_shape), noise_of is not None)
    found: list[Expression] = []
    readers = Counter(i for node in network.nodes for i in node.inputs)
    for place, node in enumerate(network.nodes):
        check(deadline)
        operands = [found[i] for i in node.inputs]
        shapes = [network.nodes[i].shape for i in node.inputs]
        value = builder.expression(node, operands, shapes)
        noise = SILENT if noise_of is None else noise_of(node, shapes)
        if noise:
            reach = operands[0] if noise.of_operand else None
            value = builder.layer(IDENTITY, value, value.size, noise, reach)
            builder.watch(watched.get(place, ()))
        elif place in watched:
            value = builder.named(value)
            builder.watch(watched[place])
        elif readers[place] > 1 and not value.selection and _multiplied(value):
            value = builder.named(value)  # once for all who read it
        found.append(value)
    output = found[network.output]
    last = len(builder.layers)
    plain = output.selection and output.terms.keys() == {last} and output.terms[last] is None
    if not (plain and last):
        output = builder.named(output)
    if noise_of is not None or watched:
        output, builder.layers = without_copies(output, builder.layers)
    return Layers(builder.inputs, tuple(map(_thinned, builder.layers)), output)


def without_copies(output: Expression, layers: list[Layer]) -> tuple[Expression, list[Layer]]:
    """The network in which a layer that copies a noisy or watched value takes over its expression
    and noise.

    It draws its own noise then, which allows for more than one noise that all readers share. Values
    that are not read any more are dropped, but for those that are watched nowhere else.
    """
    copies: set[int] = set()
    places: dict[int, int] = {0: 0}
    moved: list[Layer] = []
    for layer in layers:
        terms = layer.before.terms
        source = next(iter(terms)) if len(terms) == 1 else 0
        copied = layers[source - 1] if source else layer
        plain = copied.function is IDENTITY and terms.get(source, 0) is None
        marked = copied.noise or copied.watched
        if source and marked and plain and not layer.noise and not layer.before.bias.any():
            names = (*layer.watched, *copied.watched)
            noise, reach = copied.noise, copied.reach
            layer = replace(layer, before=copied.before, noise=noise, reach=reach, watched=names)
            copies.add(source)
        moved.append(layer)
    read = set(output.terms)
    read |= {place for place, layer in enumerate(moved, 1) if layer.watched} - copies
    for place in range(len(moved), 0, -1):
        if place in read:
            layer = moved[place - 1]
            for x in (layer.before, layer.arguments, layer.reach):
                read.update(x.terms if x else ())
    for place in range(1, len(moved) + 1):
        if place in read:
            places[place] = len(places)
    kept = [moved[place - 1] for place in places if place]

    def renamed(x: Expression) -> Expression:
        return replace(x, terms={places[j]: m for j, m in x.terms.items()})

    return renamed(output), [
        replace(
            layer,
            before=renamed(layer.before),
            arguments=layer.arguments and renamed(layer.arguments),
            reach=layer.reach and renamed(layer.reach),
        )
        for layer in kept
    ]


def _multiplied(x: Expression) -> bool:
    return any(m is not None for m in x.terms.values())


def _thinned(layer: Layer) -> Layer:
    def thin(x: Expression) -> Expression:
        return replace(x, terms={j: thinned(m) for j, m in x.terms.items()})

    return replace(
        layer, before=thin(layer.before), arguments=layer.arguments and thin(layer.arguments)
    )


def evaluation_cost(network: Layers) -> float:
    """Multiplications of the network at one point."""
    return sum(_entries(layer.before) for layer in network.layers)


def forward_cost(network: Layers) -> float:
    """Multiplications of forward linear bounds over one box."""
    return 2.0 * network.inputs * evaluation_cost(network)


def backward_cost(network: Layers) -> float:
    """The approximate number of multiplications for backward bounds of all pre-activations over one
    box."""
    total = before = 0.0
    for layer in network.layers:
        if not layer.function.is_identity:
            total += 2.0 * layer.before.size * before
        before += _entries(layer.before)
    return total


def _entries(x: Expression) -> float:
    """Multiplications of an expression at one point."""
    return sum(multiplications(m, x.size) for m in x.terms.values())


class _Builder:
    """``noisy``: whether the sums of absolute values of terms must be known."""

    def __init__(self, inputs: int, noisy: bool) -> None:
        self.inputs, self.noisy = inputs, noisy
        self.layers: list[Layer] = []

    def expression(
        self, node: Node, operands: Sequence[Expression], shapes: Sequence[tuple[int, ...]]
    ) -> Expression:
        match node.operation:
            case Input():
                return expressions.value(0, self.inputs)
            case Dense(weight=weight, bias=bias):
                count = prod(shapes[0][:-1])
                matrix = weight.T if count == 1 else repeated(weight.T, count)
                return self.composed(matrix, operands[0], np.tile(bias, count))
            case Conv() | ConvTranspose() as conv:
                matrix = compact(convolution(conv, shapes[0], node.shape))
                return self.composed(matrix, operands[0], _channels(conv.bias, node.shape))
            case Pick(index=None):
                return operands[0]
            case Pick(index=index):
                assert index is not None
                return self.picked(index.ravel(), operands[0])
            case Affine(scale=scale, shift=shift):
                factors = np.broadcast_to(scale, node.shape).ravel()
                offsets = np.broadcast_to(shift, node.shape).ravel()
                return self.shifted(self.scaled(factors, operands[0]), offsets)
            case Add(sign=sign):
                first, second = operands
                return self.added(first, self.scaled(np.full(second.size, sign), second))
            case Concat(axis=axis):
                return self.concatenated(operands, shapes, axis)
            case Sum(axes=axes):
                return self.composed(summing(*_groups(shapes[0], axes)), operands[0])
            case Nonlinearity() as function:
                return self.function(function, operands[0])
            case MaxPool(index=index):
                return self.largest(operands[0], index.reshape(-1, index.shape[-1]))
            case Product():
                return self.product(*operands)
            case MatMul():
                return self.matmul(operands, shapes, node.shape)
            case Softmax(axis=axis):
                return self.softmax(operands[0], shapes[0], axis)
            case other:
                assert_never(other)

    def layer(
        self,
        function: Function,
        before: Expression,
        size: int,
        noise: Noise = SILENT,
        reach: Expression | None = None,
    ) -> Expression:
        self.layers.append(Layer(function, before, size, noise, reach))
        return expressions.value(len(self.layers), size)

    def watch(self, names: tuple[str, ...]) -> None:
        """Names the pre-activation of the last layer."""
        if names:
            self.layers[-1] = replace(self.layers[-1], watched=names)

    def named(self, x: Expression) -> Expression:
        """The expression as the value of a layer of its own."""
        return self.layer(IDENTITY, x, x.size)

    def composed(self, matrix: Matrix, x: Expression, bias: np.ndarray | None = None) -> Expression:
        """``matrix @ x + bias``."""
        found = expressions.composed(matrix, x, bias)
        return self.composed(matrix, self.named(x), bias) if found is None else found

    def scaled(self, factors: np.ndarray, x: Expression) -> Expression:
        """Each entry times its factor."""
        found = expressions.scaled(factors, x)
        return self.scaled(factors, self.named(x)) if found is None else found

    def scale(self, factor: float, x: Expression) -> Expression:
        return self.scaled(np.full(x.size, factor), x)

    def shifted(self, x: Expression, by: np.ndarray | float) -> Expression:
        """``x + by``."""
        found = expressions.shifted(x, by)
        return self.shifted(self.named(x), by) if found is None else found

    def added(self, a: Expression, b: Expression) -> Expression:
        """``a + b``, where b is made a layer if a number would be rounded."""
        found = expressions.added(a, b)
        return self.added(a, self.named(b)) if found is None else found

    def picked(self, index: np.ndarray, x: Expression) -> Expression:
        """Entries of x, zero where the index is -1."""
        found = expressions.picked(index, x)
        return self.picked(index, self.named(x)) if found is None else found

    def function(self, function: Nonlinearity, x: Expression) -> Expression:
        """A function of each entry; those that are linear in pieces, by relu."""
        if function.relus is None:
            return self.layer(function, x, x.size)
        return function.relus(self, x)

    def relu(self, x: Expression) -> Expression:
        return self.layer(RELU, x, x.size)

    def shared(self, x: Expression) -> Expression:
        """The same as x, in a form that is cheap to read twice."""
        return x if x.selection else self.named(x)

    def largest(self, x: Expression, index: np.ndarray) -> Expression:
        """The largest of each row of entries, -1 being none: (groups, entries)."""
        x = self.named(x) if x.convolved else x  # once for all
        index = -np.sort(-index, axis=1)  # entries first
        best = self.picked(index[:, 0], x)
        for column in index.T[1:]:
            there = column >= 0
            gain = self.added(self.picked(column, x), self.scale(-1.0, best))
            gain = self.picked(np.where(there, np.arange(len(there)), -1), gain)
            best = self.added(best, self.relu(gain))
        return best

    def product(self, u: Expression, v: Expression) -> Expression:
        both = self.concatenated([u, v], [(u.size,), (v.size,)], 0)
        return self.layer(EntrywiseProduct(), both, u.size)

    def matmul(
        self, operands: Sequence[Expression], shapes: Sequence[tuple[int, ...]], shape: tuple
    ) -> Expression:
        (*_, n, k), (*_, m) = shapes
        batch = prod(shape[:-2])
        if self.noisy:
            left = np.arange(batch * n * k).reshape(batch, n, 1, k)
            right = np.arange(batch * k * m).reshape(batch, k, m).transpose(0, 2, 1)[:, None]
            full = (batch, n, m, k)
            u = self.picked(np.broadcast_to(left, full).ravel(), operands[0])
            v = self.picked(np.broadcast_to(right, full).ravel(), operands[1])
            return self.composed(summing(*_groups(full, (3,))), self.product(u, v))
        both = self.concatenated(operands, [(x.size,) for x in operands], 0)
        return self.layer(MatrixProduct(batch, n, k, m), both, batch * n * m)

    def softmax(self, x: Expression, shape: tuple[int, ...], axis: int) -> Expression:
        size = shape[axis]
        if size == 1:
            return self.shifted(self.picked(np.full(x.size, -1), x), 1.0)
        x = self.named(x) if x.convolved else x
        index = np.moveaxis(np.arange(x.size).reshape(shape), axis, -1).reshape(-1, size)
        function = SoftmaxOfGaps(len(index), size)
        i, j = function.pairs
        first, second = self.picked(index[:, i].ravel(), x), self.picked(index[:, j].ravel(), x)
        arguments = self.picked(index.ravel(), x)
        gaps = self.added(second, self.scale(-1.0, first))
        value = self.layer(function, gaps, x.size)
        self.layers[-1] = replace(self.layers[-1], arguments=arguments)
        return self.picked(np.argsort(index.ravel()), value)

    def concatenated(
        self, parts: Sequence[Expression], shapes: Sequence[tuple[int, ...]], axis: int
    ) -> Expression:
        """Joined along an axis: each part takes its places in a result of zeros."""
        offsets = np.cumsum([0, *(p.size for p in parts)])
        spans = list(pairwise(offsets))
        places = [np.arange(a, b).reshape(s) for (a, b), s in zip(spans, shapes, strict=True)]
        order = np.concatenate(places, axis).ravel()
        total = None
        for part, (start, end) in zip(parts, spans, strict=True):
            mine = (order >= start) & (order < end)
            spread = self.picked(np.where(mine, order - start, -1), part)
            both = total is None or (total.selection and spread.selection)
            total = spread if total is None else self.added(total, spread)
            total = Expression(total.terms, total.bias, both and spread.selection)
        assert total is not None
        return total


def _groups(shape: tuple[int, ...], axes: Sequence[int]) -> tuple[np.ndarray, int]:
    """Places of what is summed over axes, (sums, entries), and how many places there are."""
    index = np.arange(prod(shape)).reshape(shape)
    kept = [i for i in range(len(shape)) if i not in axes]
    return index.transpose(*kept, *axes).reshape(prod([shape[i] for i in kept]), -1), index.size


def _channels(bias: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A bias for each channel, spread over a (1, channels, *space) value."""
    return np.repeat(bias, prod(shape[2:]))
