"""The values of a network at points, in floating point."""

from collections.abc import Callable, Mapping, Sequence
from math import pi, sqrt
from types import MappingProxyType
from typing import assert_never

import numpy as np
from numpy.typing import DTypeLike

from abduce.errors import InputError
from abduce.verify.networks.convolution import convolution, transposed_convolution
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
    Unary,
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
        case Unary(name, parameters):
            return FUNCTIONS[name](x, *parameters)
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


def _sigmoid(x: np.ndarray) -> np.ndarray:
    """Without overflow: e^-|x| is at most 1."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype, copy=False)


def _erf(x: np.ndarray) -> np.ndarray:
    from scipy.special import erf  # a quarter of a second that other networks do not need

    return erf(x).astype(x.dtype, copy=False)


def _gelu(x: np.ndarray, scale: float = sqrt(0.5)) -> np.ndarray:
    return x * (x.dtype.type(0.5) * (1 + _erf(x * x.dtype.type(scale))))


def _gelu_tanh(x: np.ndarray, scale: float = sqrt(2 / pi), cubic: float = 0.044715) -> np.ndarray:
    kind = x.dtype.type
    return x * (kind(0.5) * (1 + np.tanh(kind(scale) * (x + kind(cubic) * (x * x * x)))))


def _silu(x: np.ndarray, scale: float = 1.0) -> np.ndarray:
    return x * _sigmoid(x * x.dtype.type(scale))


def _elu(x: np.ndarray, alpha: float) -> np.ndarray:
    return np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))


def _softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(x, x.dtype.type(0))


def _hard_swish(x: np.ndarray) -> np.ndarray:
    return x * np.clip(x + 3, 0, 6) / 6


def _leaky_relu(x: np.ndarray, slope: float) -> np.ndarray:
    return np.where(x >= 0, x, x * x.dtype.type(slope))


def _power(x: np.ndarray, exponent: float) -> np.ndarray:
    return x * x if exponent == 2.0 else np.power(x, x.dtype.type(exponent))


def _integer(x: np.ndarray, least: float, limit: float) -> np.ndarray:
    """Truncation; of what small types do not hold the lowest bits, as usual, and else nan."""
    whole = np.trunc(x.astype(np.float64))
    held, size = (whole >= least) & (whole < limit), limit - least
    usual = (size <= 2**16) & (np.abs(whole) < 2**31)
    lowest = np.where(usual, np.mod(whole - least, size) + least, np.nan)
    return np.where(held, whole, lowest).astype(x.dtype)


FUNCTIONS: Mapping[str, Callable[..., np.ndarray]] = MappingProxyType(
    {
        "relu": lambda x: np.maximum(x, 0),
        "leaky_relu": _leaky_relu,
        "clip": np.clip,
        "sigmoid": _sigmoid,
        "tanh": np.tanh,
        "sin": np.sin,
        "cos": np.cos,
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "reciprocal": np.reciprocal,
        "power": _power,
        "abs": np.abs,
        "sign": np.sign,
        "floor": np.floor,
        "integer": _integer,
        "erf": _erf,
        "gelu": _gelu,
        "gelu_tanh": _gelu_tanh,
        "silu": _silu,
        "softplus": _softplus,
        "elu": _elu,
        "hard_swish": _hard_swish,
    }
)
"""The functions of the names in `Unary`."""
