"""A network as bounds see it: affine maps between nonlinear layers.

All values are flattened vectors. Value 0 is the input; value k is the output of nonlinear layer k,

    z_k = sum over sources j < k of M_kj v_j + c_k        (its *pre-activation*)
    v_k = f_k(z_k), elementwise,

and the output of the network is the last value, of a layer that may be the identity. All that is
affine between two nonlinear functions is multiplied out once. Piecewise linear functions are
written with relu, which is exact: |x| = relu(x) + relu(-x), max(a, b) = b + relu(a - b), and
likewise leaky_relu and clip.
A product of two values is a layer of its own, with z = (u, v) one after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from typing import Any, assert_never

import numpy as np

from abduce.errors import UnsupportedError
from abduce.verify.network import (
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
    Softmax,
    Sum,
    Unary,
)

Matrix = Any
"""(rows, columns): a numpy array, a scipy sparse matrix, or None for the identity."""

PRODUCT = Unary("product")
MAX_DENSE = 1_000
"""From so many columns, a matrix that is mostly zero is kept sparse."""
MIN_THIN, MAX_SHARE = 20_000, 0.05
"""From so many entries, a matrix with at most this share of them not zero is kept sparse."""


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """``sum of matrix @ value[source] + bias``, with a matrix for each source.

    The numbers are those of the network, never rounded: where multiplying out would round, the
    inner expression is made a layer whose function is the identity.

    Attributes:
        terms: matrix of each source, (size, size of the source).
        bias: (size,).
        selection: whether every entry is an entry of a value, its negative or zero.
    """

    terms: Mapping[int, Matrix]
    bias: np.ndarray
    selection: bool = False

    @property
    def size(self) -> int:
        return len(self.bias)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A nonlinear layer: its function and its pre-activation.

    ``size`` values; a product has a pre-activation of twice that size.
    """

    function: Unary
    before: Expression
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """A network of nonlinear layers 1, 2, ... over an input (value 0) of ``inputs`` numbers.

    The output is the last value.
    """

    inputs: int
    layers: tuple[Layer, ...]
    output: Expression

    @property
    def dense(self) -> bool:
        """Whether all matrices are plain arrays."""
        terms = [m for layer in self.layers for m in layer.before.terms.values()]
        return all(isinstance(m, np.ndarray) for m in terms)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of the values: the input, then each layer."""
        return (self.inputs, *(layer.size for layer in self.layers))


def layers_of(network: Network) -> Layers:
    """The network with all that is affine multiplied out.

    Raises:
        UnsupportedError: functions that have no bounds yet, all at once.
    """
    unknown = tuple(
        f"{node.name}: {node.operation.name}"
        for node in network.nodes
        if isinstance(node.operation, Unary) and node.operation.name not in SUPPORTED
    )
    if unknown:
        raise UnsupportedError("the network", unknown)
    builder = _Builder(prod(network.input_shape))
    found: list[Expression] = []
    for node in network.nodes:
        operands = [found[i] for i in node.inputs]
        shapes = [network.nodes[i].shape for i in node.inputs]
        found.append(builder.expression(node, operands, shapes))
    output = found[network.output]
    last = len(builder.layers)
    plain = output.selection and output.terms.keys() == {last} and output.terms[last] is None
    if not (plain and last):
        output = builder.layer(IDENTITY, output, output.size)
    layers = tuple([replace(layer, before=_thinned(layer.before)) for layer in builder.layers])
    return Layers(builder.inputs, layers, output)


def evaluation_cost(network: Layers) -> float:
    """Multiplications of the network at one point."""
    return sum(_entries(layer.before) for layer in network.layers)


def forward_cost(network: Layers) -> float:
    """Multiplications of forward linear bounds over one box."""
    return 2.0 * network.inputs * evaluation_cost(network)


def backward_cost(network: Layers) -> float:
    """Multiplications of backward bounds of all pre-activations over one box, about."""
    total = before = 0.0
    for layer in network.layers:
        if layer.function.name != "identity":
            total += 2.0 * layer.before.size * before
        before += _entries(layer.before)
    return total


def _entries(x: Expression) -> float:
    """Entries of the matrices that are stored."""
    sizes = [x.size if m is None else getattr(m, "nnz", m.size) for m in x.terms.values()]
    return float(sum(sizes))


SUPPORTED = frozenset(
    [
        *("relu", "leaky_relu", "clip", "abs", "sign", "floor", "sin", "cos"),
        *("sigmoid", "tanh", "exp", "log", "sqrt", "reciprocal", "power"),
    ]
)


class _Builder:
    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.layers: list[Layer] = []

    def expression(
        self, node: Node, operands: Sequence[Expression], shapes: Sequence[tuple[int, ...]]
    ) -> Expression:
        match node.operation:
            case Input():
                return Expression({0: None}, np.zeros(self.inputs), selection=True)
            case Dense(weight=weight, bias=bias):
                count = prod(shapes[0][:-1])
                matrix = weight.T if count == 1 else _repeated(weight.T, count)
                return self.composed(matrix, operands[0], np.tile(bias, count))
            case Conv() as conv:
                matrix = conv_matrix(conv, shapes[0], node.shape)
                return self.composed(matrix, operands[0], _channels(conv.bias, node.shape))
            case ConvTranspose() as conv:
                parts = conv.strides, conv.pads, conv.dilations, conv.groups
                forward = Conv(conv.weight, np.zeros(0), *parts)
                matrix = conv_matrix(forward, node.shape, shapes[0]).T.tocsr()
                return self.composed(matrix, operands[0], _channels(conv.bias, node.shape))
            case Pick(index=None):
                return operands[0]
            case Pick(index=index):
                return picked(np.ravel(index), operands[0])
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
                return self.composed(_summing(shapes[0], axes), operands[0])
            case Unary() as unary:
                return self.unary(unary, operands[0])
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

    def layer(self, function: Unary, before: Expression, size: int) -> Expression:
        self.layers.append(Layer(function, before, size))
        return Expression({len(self.layers): None}, np.zeros(size), selection=True)

    def composed(self, matrix: Matrix, x: Expression, bias: np.ndarray | None = None) -> Expression:
        """``matrix @ x + bias``.

        Of a selection that has an entry several times, coefficients are added up, which may round.
        """
        if not x.selection or not _adds_exactly(matrix, x):
            x = self.layer(IDENTITY, x, x.size)
        terms = {
            j: matrix if m is None else _dense_if_small(matrix @ m) for j, m in x.terms.items()
        }
        return Expression(terms, np.zeros(matrix.shape[0]) if bias is None else bias)

    def scaled(self, factors: np.ndarray, x: Expression) -> Expression:
        """Each entry times its factor."""
        if (factors == 1.0).all():
            return x
        signs = bool((np.abs(factors) == 1.0).all())
        if not signs and not x.selection:
            x = self.layer(IDENTITY, x, x.size)
        terms = {j: _rows_scaled(factors, m) for j, m in x.terms.items()}
        return Expression(terms, factors * x.bias, x.selection and signs)

    def scale(self, factor: float, x: Expression) -> Expression:
        return self.scaled(np.full(x.size, factor), x)

    def shifted(self, x: Expression, by: np.ndarray | float) -> Expression:
        """``x + by``."""
        if not np.any(by):
            return x
        shift = np.broadcast_to(np.asarray(by, float), x.bias.shape)
        total, exact = _sum(x.bias, shift)
        if not exact:
            x = self.layer(IDENTITY, x, x.size)
            total = shift
        return Expression(x.terms, total)

    def added(self, a: Expression, b: Expression) -> Expression:
        """``a + b``, where b is made a layer if a coefficient would be rounded."""
        terms = dict(a.terms)
        for j, m in b.terms.items():
            if j not in terms:
                terms[j] = m
                continue
            total, exact = _sum(*_alike(_explicit(terms[j], a.size), _explicit(m, a.size)))
            if not exact:
                return self.added(a, self.layer(IDENTITY, b, b.size))
            terms[j] = total
        bias, exact = _sum(a.bias, b.bias)
        if not exact:
            return self.added(a, self.layer(IDENTITY, b, b.size))
        return Expression(terms, bias)

    def unary(self, function: Unary, x: Expression) -> Expression:
        """A function of each entry; those that are linear in pieces, by relu."""
        match function:
            case Unary(name="leaky_relu", parameters=(slope,)):
                # relu(x) - slope relu(-x)
                below = self.unary(RELU, self.scale(-1.0, x))
                return self.added(self.unary(RELU, x), self.scale(-slope, below))
            case Unary(name="abs"):
                return self.added(self.unary(RELU, x), self.unary(RELU, self.scale(-1.0, x)))
            case Unary(name="clip", parameters=(low, high)):
                # low + relu(x - low) - relu(x - high), each part only where it can bind
                low = min(low, high)  # as numpy and ONNX have it
                if np.isinf(low) and np.isinf(high):
                    return x
                if np.isinf(low):
                    x = x if x.selection else self.layer(IDENTITY, x, x.size)
                    over = self.unary(RELU, self.shifted(x, -high))
                    return self.added(x, self.scale(-1.0, over))
                above = self.unary(RELU, self.shifted(x, -low))
                if np.isinf(high):
                    return self.shifted(above, low)
                over = self.unary(RELU, self.shifted(x, -high))
                return self.shifted(self.added(above, self.scale(-1.0, over)), low)
            case _:
                return self.layer(function, x, x.size)

    def largest(self, x: Expression, index: np.ndarray) -> Expression:
        """The largest of each row of entries, -1 being none: (groups, entries)."""
        index = -np.sort(-index, axis=1)  # entries first
        best = picked(index[:, 0], x)
        for column in index.T[1:]:
            there = column >= 0
            gain = self.added(picked(column, x), self.scale(-1.0, best))
            gain = picked(np.where(there, np.arange(len(there)), -1), gain)
            best = self.added(best, self.unary(RELU, gain))
        return best

    def product(self, u: Expression, v: Expression) -> Expression:
        both = self.concatenated([u, v], [(u.size,), (v.size,)], 0)
        return self.layer(PRODUCT, both, u.size)

    def matmul(
        self, operands: Sequence[Expression], shapes: Sequence[tuple[int, ...]], shape: tuple
    ) -> Expression:
        (*_, n, k), (*_, m) = shapes
        batch = prod(shape[:-2])
        left = np.arange(batch * n * k).reshape(batch, n, 1, k)
        right = np.arange(batch * k * m).reshape(batch, k, m).transpose(0, 2, 1)[:, None]
        full = (batch, n, m, k)
        u = picked(np.broadcast_to(left, full).ravel(), operands[0])
        v = picked(np.broadcast_to(right, full).ravel(), operands[1])
        return self.composed(_summing(full, (3,)), self.product(u, v))

    def softmax(self, x: Expression, shape: tuple[int, ...], axis: int) -> Expression:
        """1 / sum over j of exp(x_j - x_i)."""
        n = shape[axis]
        index = np.arange(prod(shape)).reshape(shape)
        full = (*shape[:axis], n, n, *shape[axis + 1 :])  # i, then j
        mine = np.broadcast_to(np.expand_dims(index, axis + 1), full).ravel()
        other = np.broadcast_to(np.expand_dims(index, axis), full).ravel()
        gaps = self.added(picked(other, x), self.scale(-1.0, picked(mine, x)))
        total = self.composed(_summing(full, (axis + 1,)), self.unary(Unary("exp"), gaps))
        return self.unary(Unary("reciprocal"), total)

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
            spread = picked(np.where(mine, order - start, -1), part)
            both = total is None or (total.selection and spread.selection)
            total = spread if total is None else self.added(total, spread)
            total = Expression(total.terms, total.bias, both and spread.selection)
        assert total is not None
        return total


RELU, IDENTITY = Unary("relu"), Unary("identity")


def _sparse() -> Any:
    from scipy import sparse

    return sparse


def _sum(a: Any, b: Any) -> tuple[Any, bool]:
    """The sum, and whether no entry of it is rounded (Knuth's two-sum)."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = a + b
        part = total - a
        error = (a - (total - part)) + (b - part)
    exact = not error.any() if isinstance(error, np.ndarray) else not error.count_nonzero()
    return total, exact


def _adds_exactly(matrix: Matrix, x: Expression) -> bool:
    """Whether no entry of ``matrix @ m`` is rounded, for the matrices m of a selection.

    None is where m has at most one entry in each column; else, where each entry of the product is
    one product, or a sum of integers that are not large.
    """
    for m in x.terms.values():
        if m is None or abs(m).sum(0).max() <= 1:
            continue
        size = abs(matrix)
        used = size.sign() if not isinstance(size, np.ndarray) else np.sign(size)
        data = matrix if isinstance(matrix, np.ndarray) else matrix.data
        whole = bool((data == np.rint(data)).all()) and size.sum(1).max() < 2.0**52
        if not whole and (used @ abs(m)).max() > 1:
            return False
    return True


def _explicit(matrix: Matrix, size: int) -> Matrix:
    return _diagonal(np.ones(size)) if matrix is None else matrix


def _alike(a: Matrix, b: Matrix) -> tuple[Matrix, Matrix]:
    """Both dense or both sparse."""
    if isinstance(a, np.ndarray) == isinstance(b, np.ndarray):
        return a, b
    a, b = _dense_if_small(a), _dense_if_small(b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a, b
    return _sparse().csr_matrix(a), _sparse().csr_matrix(b)


def _dense_if_small(matrix: Matrix) -> Matrix:
    if isinstance(matrix, np.ndarray) or matrix.shape[0] * matrix.shape[1] > MAX_DENSE**2:
        return matrix
    return matrix.toarray()


def _thinned(x: Expression) -> Expression:
    """The same with large matrices that are mostly zero kept sparse."""
    terms = {
        j: _sparse().csr_matrix(m)
        if isinstance(m, np.ndarray)
        and m.size >= MIN_THIN
        and np.count_nonzero(m) <= MAX_SHARE * m.size
        else m
        for j, m in x.terms.items()
    }
    return Expression(terms, x.bias, x.selection)


def _rows_scaled(factors: np.ndarray, matrix: Matrix) -> Matrix:
    if matrix is None:
        return _diagonal(factors)
    if isinstance(matrix, np.ndarray):
        return factors[:, None] * matrix
    return _sparse().diags(factors).dot(matrix).tocsr()


def _diagonal(values: np.ndarray) -> Matrix:
    return np.diag(values) if len(values) <= MAX_DENSE // 4 else _sparse().diags(values).tocsr()


def picked(index: np.ndarray, x: Expression) -> Expression:
    """Entries of x, zero where the index is -1."""
    if len(index) == x.size and (index == np.arange(x.size)).all():
        return x
    known = index >= 0
    terms = {}
    for j, m in x.terms.items():
        if isinstance(m, np.ndarray):
            terms[j] = np.where(known[:, None], m[index], 0.0)
            continue
        at = np.flatnonzero(known)
        chosen = _sparse().csr_matrix((np.ones(len(at)), (at, index[at])), (len(index), x.size))
        terms[j] = _dense_if_small(chosen if m is None else chosen @ m)
    return Expression(terms, np.where(known, x.bias[index], 0.0), x.selection)


def _repeated(matrix: np.ndarray, count: int) -> Matrix:
    """The matrix on each of ``count`` vectors that follow one another."""
    blocks = _sparse().kron(_sparse().identity(count), matrix).tocsr()
    return _dense_if_small(blocks)


def _summing(shape: tuple[int, ...], axes: Sequence[int]) -> Matrix:
    """The matrix that sums over axes."""
    index = np.arange(prod(shape)).reshape(shape)
    kept = [i for i in range(len(shape)) if i not in axes]
    groups = index.transpose(*kept, *axes).reshape(prod([shape[i] for i in kept]), -1)
    rows = np.repeat(np.arange(len(groups)), groups.shape[1])
    ones = np.ones(groups.size)
    return _dense_if_small(
        _sparse().csr_matrix((ones, (rows, groups.ravel())), (len(groups), index.size))
    )


def _channels(bias: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A bias for each channel, spread over a (1, channels, *space) value."""
    return np.repeat(bias, prod(shape[2:]))


def conv_matrix(conv: Conv, shape: tuple[int, ...], out: tuple[int, ...]) -> Matrix:
    """The sparse matrix of a convolution without its bias, (size of out, size of shape)."""
    _, channels, *space = shape
    _, filters, *places = out
    per_group = channels // conv.groups
    kernel = conv.weight.shape[2:]
    index = np.arange(prod(shape)).reshape(channels, *space)
    padded = np.pad(index, [(0, 0), *conv.pads], constant_values=-1)
    spots = [
        np.arange(n)[:, None] * stride + np.arange(k)[None] * dilation
        for n, k, stride, dilation in zip(places, kernel, conv.strides, conv.dilations, strict=True)
    ]
    grid = np.ix_(*[s.ravel() for s in spots])
    windows = padded[(slice(None), *grid)]
    split = [n for s in spots for n in s.shape]
    windows = windows.reshape(channels, *split)
    order = [0, *range(2, 2 * len(spots) + 1, 2), *range(1, 2 * len(spots) + 1, 2)]
    windows = windows.transpose(order)  # channels, *kernel, *places
    sources, values = [], []
    for f in range(filters):
        group = f * conv.groups // filters
        mine = windows[group * per_group : (group + 1) * per_group]
        mine = mine.reshape(per_group * prod(kernel), prod(places)).T
        sources.append(mine)
        values.append(np.broadcast_to(conv.weight[f].ravel(), mine.shape))
    columns = np.concatenate(sources)
    data = np.concatenate(values)
    rows = np.broadcast_to(np.arange(len(columns))[:, None], columns.shape)
    kept = columns >= 0
    size = (prod(out), prod(shape))
    return _sparse().csr_matrix((data[kept], (rows[kept], columns[kept])), size)
