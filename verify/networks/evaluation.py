"""The values of a network at points, in floating point."""

from collections.abc import Sequence
from typing import assert_never

import numpy as np
from numpy.typing import DTypeLike

from abduce.errors import InputError
from abduce.verify.networks.convolution import convolution, transposed_convolution
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
    Network,
    Node,
    Pick,
    Product,
    Softmax,
    Sum,
)


def evaluate(network: Network, x: np.ndarray, dtype: DTypeLike = np.float64) -> np.ndarray:
    """The outputs (P, *output shape) of points (P, *input shape)."""
    return _run(network, x, dtype, keep=False)[network.output]


def values(network: Network, x: np.ndarray, dtype: DTypeLike = np.float64) -> list[np.ndarray]:
    """The value of every node at points (P, *input shape)."""
    return _run(network, x, dtype, keep=True)


def _run(network: Network, x: np.ndarray, dtype: DTypeLike, keep: bool) -> list[np.ndarray]:
    """All values; those that nothing reads any more are emptied unless they are to be kept."""
    if x.shape[1:] != network.input_shape:
        raise InputError(f"points of shape {x.shape[1:]}", (str(network.input_shape),))
    last = {source: i for i, node in enumerate(network.nodes) for source in node.inputs}
    last[network.output] = len(network.nodes)
    empty = np.zeros(0)
    results: list[np.ndarray] = []
    with np.errstate(all="ignore"):
        for i, node in enumerate(network.nodes):
            operands = [results[source] for source in node.inputs] or [np.asarray(x, dtype)]
            results.append(applied(node, operands))
            if not keep:
                for source in node.inputs:
                    if last[source] == i:
                        results[source] = empty
    return results


def applied(node: Node, operands: Sequence[np.ndarray]) -> np.ndarray:
    """The value of a node where its operands have these values, in their type."""
    x = operands[0]
    points, dtype = len(x), x.dtype
    match node.operation:
        case Input():
            return x
        case Dense(weight, bias):
            rows = x.reshape(-1, x.shape[-1]) @ weight.astype(dtype, copy=False)
            rows += bias.astype(dtype, copy=False)
            return rows.reshape(points, *node.shape)
        case Conv(weight, bias, strides, pads, dilations, groups):
            kernel = weight.astype(dtype, copy=False)
            result = convolution(x[:, 0], kernel, strides, pads, dilations, groups)
            return (result + _channels(bias, weight.ndim - 2, dtype))[:, None]
        case ConvTranspose(weight, bias, strides, pads, dilations, groups, extra):
            kernel = weight.astype(dtype, copy=False)
            result = transposed_convolution(
                x[:, 0], kernel, strides, pads, dilations, groups, extra
            )
            return (result + _channels(bias, weight.ndim - 2, dtype))[:, None]
        case Affine(scale, shift):
            return x * scale.astype(dtype, copy=False) + shift.astype(dtype, copy=False)
        case Nonlinearity() as function:
            return function.at(x)
        case MaxPool(index):
            flat = x.reshape(points, -1)
            groups_of = flat[:, np.maximum(index, 0)]
            if (index < 0).any():
                groups_of = np.where(index < 0, -np.inf, groups_of)
            return groups_of.max(axis=-1).astype(dtype, copy=False)
        case Softmax(axis):
            exponents = np.exp(x - x.max(axis=axis + 1, keepdims=True))
            return exponents / exponents.sum(axis=axis + 1, keepdims=True)
        case Product():
            return x * operands[1]
        case MatMul():
            return x @ operands[1]
        case Pick() | Add() | Concat() | Sum():
            return moved(node, operands)
        case operation:
            assert_never(operation)


def moved(node: Node, operands: Sequence[np.ndarray]) -> np.ndarray:
    """`applied` of the operations without constants, for arrays of any kind of number."""
    x = operands[0]
    match node.operation:
        case Pick(None):
            return x.reshape(len(x), *node.shape)
        case Pick(index) if index is not None:
            result = x.reshape(len(x), -1)[:, index]
            if (index < 0).any():
                result[:, index < 0] = 0
            return result
        case Add(sign):
            return x + operands[1] if sign > 0 else x - operands[1]
        case Concat(axis):
            return np.concatenate(operands, axis + 1)
        case Sum(axes, keep):
            return np.asarray(x.sum(axis=tuple(axis + 1 for axis in axes), keepdims=keep))
    raise TypeError(f"{type(node.operation).__name__} has constants")


def _channels(bias: np.ndarray, rank: int, dtype: np.dtype) -> np.ndarray:
    return bias.astype(dtype, copy=False).reshape(-1, *(1,) * rank)
