"""Small networks for tests of the verifier: layers of relu, and random ones of every operation."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod

import numpy as np

from abduce.verify.networks.functions.gates.gelu import gelu
from abduce.verify.networks.functions.gates.gelu_tanh import gelu_tanh
from abduce.verify.networks.functions.gates.hard_swish import HARD_SWISH
from abduce.verify.networks.functions.gates.mish import MISH
from abduce.verify.networks.functions.gates.silu import silu
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.floor import FLOOR
from abduce.verify.networks.functions.pieces.identity import IDENTITY
from abduce.verify.networks.functions.pieces.integer import integer
from abduce.verify.networks.functions.pieces.leaky_relu import leaky_relu
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.pieces.round import ROUND
from abduce.verify.networks.functions.pieces.sign import SIGN
from abduce.verify.networks.functions.pieces.step import STEP
from abduce.verify.networks.functions.smooth.arctangent import ARCTANGENT
from abduce.verify.networks.functions.smooth.cosine import COS
from abduce.verify.networks.functions.smooth.elu import elu
from abduce.verify.networks.functions.smooth.erf import ERF
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.reciprocal import RECIPROCAL
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.sine import SIN
from abduce.verify.networks.functions.smooth.softplus import SOFTPLUS
from abduce.verify.networks.functions.smooth.softsign import SOFTSIGN
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.functions.smooth.tanh import TANH
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
    Operation,
    Pick,
    Product,
    Shape,
    Softmax,
    Sum,
)
from abduce.verify.specifications.specification import Case, Specification

NONLINEARITIES: dict[str, tuple[Nonlinearity, ...]] = {
    "identity": (IDENTITY,),
    "relu": (RELU,),
    "leaky_relu": (leaky_relu(0.125), leaky_relu(-0.5), leaky_relu(1.5)),
    "abs": (ABS,),
    "clip": (clip(-0.3125, 0.40625), clip(-np.inf, 0.5), clip(-0.5, np.inf)),
    "sign": (SIGN,),
    "step": (STEP,),
    "floor": (FLOOR,),
    "round": (ROUND,),
    "integer": (integer(-128.0, 128.0), integer(0.0, 256.0), integer(-(2.0**63), 2.0**63)),
    "sigmoid": (SIGMOID,),
    "tanh": (TANH,),
    "atan": (ARCTANGENT,),
    "softsign": (SOFTSIGN,),
    "erf": (ERF,),
    "softplus": (SOFTPLUS,),
    "elu": (elu(0.75), elu(), elu(1.75)),
    "exp": (EXP,),
    "log": (LOG,),
    "sqrt": (SQRT,),
    "reciprocal": (RECIPROCAL,),
    "power": tuple(map(power, (2.0, 3.0, -2.0, 0.5, 1.5))),
    "sin": (SIN,),
    "cos": (COS,),
    "silu": (silu(), silu(1.75)),
    "mish": (MISH,),
    "gelu": (gelu(), gelu(0.5)),
    "gelu_tanh": (gelu_tanh(), gelu_tanh(1.0, 0.25)),
    "hard_swish": (HARD_SWISH,),
}
"""Nonlinearities of every kind; their numbers are those of float32."""

PIECEWISE = (
    *("dense", "conv", "transposed", "pick", "affine", "add", "concat", "sum"),
    *("relu", "leaky_relu", "clip", "abs", "maxpool", "product", "matmul"),
)
"""The operations that have exact values."""
SMOOTH = (
    *("sigmoid", "tanh", "exp", "log", "sqrt", "reciprocal", "power", "sin", "cos", "softmax"),
    *("erf", "gelu", "gelu_tanh", "silu", "softplus", "elu", "hard_swish"),
    *("atan", "softsign", "mish"),
)
STEPS = ("sign", "floor", "round")
POSITIVE = ("log", "sqrt", "reciprocal", "power")


class Builder:
    """A network under construction; `at` is the last node."""

    def __init__(self, shape: Shape) -> None:
        self.nodes = [Node(Input(), (), shape, "x")]

    @property
    def at(self) -> int:
        return len(self.nodes) - 1

    @property
    def shape(self) -> Shape:
        return self.nodes[-1].shape

    def add(
        self, operation: Operation, shape: Shape | None = None, inputs: Sequence[int] = ()
    ) -> int:
        node = Node(operation, tuple(inputs) or (self.at,), shape or self.shape, f"n{self.at}")
        self.nodes.append(node)
        return self.at

    def network(self) -> Network:
        return Network(tuple(self.nodes), self.at, {})


def relu_network(*layers: tuple[np.ndarray, np.ndarray]) -> Network:
    """Dense layers, weights (n, m) and biases (m,), with relu between them."""
    builder = Builder((len(layers[0][0]),))
    for i, (weight, bias) in enumerate(layers):
        if i:
            builder.add(RELU)
        builder.add(Dense(np.array(weight, float), np.array(bias, float)), (len(bias),))
    return builder.network()


def layered(rng: np.random.Generator, function: Nonlinearity, *sizes: int) -> Network:
    """Dense layers with a function between them: n0 is the first, n1 its activations, and so on."""
    builder = Builder((sizes[0],))
    for i, (n, m) in enumerate(pairwise(sizes)):
        if i:
            builder.add(function)
        builder.add(Dense(rng.normal(size=(n, m)) / np.sqrt(n), rng.normal(size=m) / 3), (m,))
    return builder.network()


def random_relu_network(rng: np.random.Generator, *sizes: int) -> Network:
    """Dense layers of these sizes, in halves: their exact values are short."""
    return relu_network(
        *[(rng.integers(-4, 5, (n, m)) / 2, rng.integers(-4, 5, m) / 2) for n, m in pairwise(sizes)]
    )


def attention(rng: np.random.Generator, smooth: bool) -> Network:
    """A small attention over 3 tokens of 4 numbers, with relu before the output."""
    builder = Builder((1, 3, 4))

    def dense(n: int, m: int, source: int, shape: tuple[int, ...]) -> int:
        weight = rng.normal(size=(n, m)) / np.sqrt(n)
        return builder.add(Dense(weight, rng.normal(size=m)), shape, (source,))

    queries, keys, names = (dense(4, 4, 0, (1, 3, 4)) for _ in range(3))
    turned = builder.add(Pick(np.arange(12).reshape(1, 3, 4).swapaxes(1, 2)), (1, 4, 3), (keys,))
    weights = builder.add(MatMul(), (1, 3, 3), (queries, turned))
    if smooth:
        weights = builder.add(Softmax(2), (1, 3, 3), (weights,))
    mixed = builder.add(MatMul(), (1, 3, 4), (weights, names))
    hidden = dense(4, 5, mixed, (1, 3, 5))
    builder.add(RELU, (1, 3, 5), (hidden,))
    builder.add(Dense(rng.normal(size=(5, 2)), rng.normal(size=2)), (1, 3, 2))
    return builder.network()


def random_network(
    rng: np.random.Generator, kinds: Sequence[str], steps: int, shape: Shape = (1, 2, 3, 2)
) -> Network:
    """Some of these operations, one after another."""
    builder = Builder(shape)
    for kind in rng.choice(kinds, steps):
        grow(builder, str(kind), rng)
        if prod(builder.shape) > 48:
            index = rng.permutation(prod(builder.shape))[:12].reshape(1, 2, 3, 2)
            builder.add(Pick(index), index.shape)
    return builder.network()


def grow(builder: Builder, kind: str, rng: np.random.Generator) -> None:
    """One operation more, with what it needs before it."""
    shape, size = builder.shape, prod(builder.shape)
    if kind in ("conv", "transposed", "matmul") and (len(shape) != 4 or shape[0] != 1):
        index = rng.integers(0, size, (1, 2, 3, 2))
        builder.add(Pick(index), index.shape)
        shape, size = builder.shape, 12
    elif not shape:
        builder.add(Pick(None), (1,))
        shape = (1,)
    axis = int(rng.integers(len(shape)))
    before = builder.at
    match kind:
        case "dense":
            m = int(rng.integers(1, 4))
            weight = rng.normal(size=(shape[-1], m))
            builder.add(Dense(weight, rng.normal(size=m)), (*shape[:-1], m))
        case "conv" | "transposed":
            _convolve(builder, kind == "conv", rng)
        case "pick":
            index = rng.integers(-1, size, (1, 2, 3, 2))
            builder.add(Pick(index), index.shape)
        case "affine":
            builder.add(Affine(rng.normal(size=shape[-1:]), rng.normal(size=())))
        case "add":
            other = builder.add(Pick(rng.integers(-1, size, shape)), shape)
            builder.add(Add(float(rng.choice([-1, 1]))), shape, (before, other))
        case "concat":
            other = builder.add(RELU)
            longer = (*shape[:axis], 3 * shape[axis], *shape[axis + 1 :])
            builder.add(Concat(axis), longer, (before, other, before))
        case "sum":
            keep = bool(rng.integers(2)) or len(shape) == 1
            kept = [1] if keep else []
            builder.add(Sum((axis,), keep), (*shape[:axis], *kept, *shape[axis + 1 :]))
        case "maxpool":
            index = rng.integers(-1, size, (1, 2, 2, 2, 3))
            index[..., 1] = np.maximum(index[..., 1], 0)
            builder.add(MaxPool(index), index.shape[:-1])
        case "product":
            other = builder.add(Pick(rng.integers(0, size, shape)), shape)
            builder.add(Product(), shape, (before, other))
        case "matmul":
            across = builder.add(Pick(np.arange(size).reshape(shape).swapaxes(2, 3)))
            first, second, rows, columns = tuple(shape)
            turned = (first, second, columns, rows)
            builder.nodes[across] = Node(
                builder.nodes[across].operation, (before,), turned, "across"
            )
            builder.add(MatMul(), (first, second, rows, rows), (before, across))
        case "softmax":
            builder.add(Softmax(axis))
        case _:
            _function(builder, kind, rng)


def _function(builder: Builder, kind: str, rng: np.random.Generator) -> None:
    if kind in (*POSITIVE, "exp"):
        builder.add(SIGMOID)
        builder.add(Affine(np.array(2.0), np.array(0.25)))
    some = NONLINEARITIES[kind]
    builder.add(some[int(rng.integers(len(some)))])


def _convolve(builder: Builder, forward: bool, rng: np.random.Generator) -> None:
    _, channels, *space = builder.shape
    groups = channels if rng.integers(2) else 1
    kernel = rng.integers(1, 3, 2)
    strides, dilations = rng.integers(1, 3, 2), rng.integers(1, 3, 2)
    spans = (kernel - 1) * dilations + 1
    pads = [tuple(rng.integers(0, 2, 2).tolist()) for _ in space]
    if forward:
        pads = [
            (int(a) + max(0, int(s) - n), int(b))
            for (a, b), s, n in zip(pads, spans, space, strict=True)
        ]
        sizes = [
            (n + a + b - int(s)) // int(t) + 1
            for n, (a, b), s, t in zip(space, pads, spans, strides, strict=True)
        ]
        out = groups * 2
        weight = rng.normal(size=(out, channels // groups, *kernel))
        operation: Operation = Conv(
            weight,
            rng.normal(size=out),
            tuple(strides.tolist()),
            tuple(pads),
            tuple(dilations.tolist()),
            groups,
        )
    else:
        extra = [int(rng.integers(0, t)) for t in strides]
        wholes = [
            int(t) * (n - 1) + int(s) + e
            for t, n, s, e in zip(strides, space, spans, extra, strict=True)
        ]
        pads = [(a, b) if a + b < n else (0, 0) for (a, b), n in zip(pads, wholes, strict=True)]
        sizes = [n - a - b for n, (a, b) in zip(wholes, pads, strict=True)]
        each = 2
        out = groups * each
        weight = rng.normal(size=(channels, each, *kernel))
        operation = ConvTranspose(
            weight,
            rng.normal(size=out),
            tuple(strides.tolist()),
            tuple(pads),
            tuple(dilations.tolist()),
            groups,
            tuple(extra),
        )
    builder.add(operation, (1, out, *sizes))


def specification(
    low: Sequence[float] | np.ndarray,
    high: Sequence[float] | np.ndarray,
    *cases: Sequence[
        tuple[Sequence[float] | np.ndarray, Sequence[float] | np.ndarray, float, bool]
    ],
    outputs: int = 1,
) -> Specification:
    """Cases over one box; a row is (inputs, outputs, bound, strict)."""
    n = len(low)
    return Specification(
        n,
        outputs,
        tuple(
            Case(
                np.array(low, float),
                np.array(high, float),
                np.array([row[0] for row in rows], float).reshape(-1, n),
                np.array([row[1] for row in rows], float).reshape(-1, outputs),
                np.array([row[2] for row in rows], float),
                np.array([row[3] for row in rows], bool),
            )
            for rows in cases
        ),
    )
