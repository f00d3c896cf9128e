"""Operators that are functions of one variable, and normalisations."""

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.functions.gates.gelu import gelu
from abduce.verify.networks.functions.gates.gelu_tanh import gelu_tanh
from abduce.verify.networks.functions.gates.hard_swish import HARD_SWISH
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.floor import FLOOR
from abduce.verify.networks.functions.pieces.leaky_relu import leaky_relu
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.pieces.sign import SIGN
from abduce.verify.networks.functions.smooth.cosine import COS
from abduce.verify.networks.functions.smooth.elu import elu
from abduce.verify.networks.functions.smooth.erf import ERF
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.sine import SIN
from abduce.verify.networks.functions.smooth.softplus import SOFTPLUS
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.onnx.building import Site, Translator, Value
from abduce.verify.networks.onnx.gates import product

SELU = 1.67326319217681884765625, 1.05070102214813232421875
"""The default alpha and gamma of ONNX's Selu."""


def _plain(function: Nonlinearity) -> Translator:
    return lambda site: site.builder.unary(site.node(0), function)


def _leaky_relu(site: Site) -> Value:
    slope = site.number("alpha", float(np.float32(0.01)))
    return site.builder.unary(site.node(0), leaky_relu(slope))


def _prelu(site: Site) -> Value:
    slope = site.constant(1)
    if np.broadcast_shapes(slope.shape, site.shape(0)) != site.shape(0):
        raise InputError(f"slopes of shape {slope.shape}", ("no more axes than the operand",))
    if np.unique(slope).size != 1:
        raise site.unsupported("slopes that differ")
    return site.builder.unary(site.node(0), leaky_relu(float(slope.flat[0])))


def _gelu(site: Site) -> Value:
    kind = site.text("approximate", "none")
    if kind not in ("none", "tanh"):
        raise site.unsupported(f"the approximation {kind!r}")
    return site.builder.unary(site.node(0), gelu() if kind == "none" else gelu_tanh())


def _hard_sigmoid(site: Site) -> int:
    alpha, beta = site.number("alpha", float(np.float32(0.2))), site.number("beta", 0.5)
    return site.builder.unary(site.builder.affine(site.node(0), alpha, beta), clip(0.0, 1.0))


def _elu(site: Site) -> Value:
    return site.builder.unary(site.node(0), elu(_positive(site, 1.0)))


def _celu(site: Site) -> Value:
    """alpha elu(x / alpha)."""
    alpha, builder = _positive(site, 1.0), site.builder
    return builder.affine(
        builder.unary(builder.affine(site.node(0), 1 / alpha, 0.0), elu(1.0)), alpha, 0.0
    )


def _selu(site: Site) -> Value:
    alpha, gamma = SELU
    found = site.builder.unary(site.node(0), elu(_positive(site, alpha)))
    return site.builder.affine(found, site.number("gamma", gamma), 0.0)


def _positive(site: Site, default: float) -> float:
    alpha = site.number("alpha", default)
    if alpha <= 0:
        raise site.unsupported(f"alpha = {alpha}")
    return alpha


def _softmax(site: Site) -> Value:
    """Along an axis; before opset 13 over all axes from one on."""
    shape, builder = site.shape(0), site.builder
    axis = site.axis(site.number("axis", -1 if site.opset >= 13 else 1), len(shape))
    if site.opset >= 13 or prod(shape[axis + 1 :]) == 1:
        return builder.softmax(site.node(0), axis)
    flat = builder.reshape(site.node(0), (prod(shape[:axis]), prod(shape[axis:])))
    return builder.reshape(builder.softmax(flat, 1), shape)


def _batch_normalization(site: Site) -> Value:
    """In the mode of use: ``(x - mean) / sqrt(variance + epsilon) * scale + shift`` a channel."""
    scale, shift, mean, variance = (site.constant(i) for i in range(1, 5))
    shape = site.shape(0)
    if len(shape) < 2:
        raise site.unsupported(f"an operand of {len(shape)} axes")
    if any(part.shape != shape[1:2] for part in (scale, shift, mean, variance)):
        raise InputError("statistics of other shapes", (str(shape[1:2]),))
    channels = (-1,) + (1,) * (len(shape) - 2)
    factor = scale / np.sqrt(variance + site.number("epsilon", float(np.float32(1e-5))))
    centred = site.builder.affine(site.node(0), 1.0, -mean.reshape(channels))
    return site.builder.affine(centred, factor.reshape(channels), shift.reshape(channels))


def _layer_normalization(site: Site) -> Value:
    """``(x - mean) / sqrt(mean of (x - mean)^2 + epsilon) * scale + shift``."""
    builder, node, axes = site.builder, site.node(0), _last_axes(site)
    builder.unbounded.append(
        f"node {builder.tensor}: {site.call.kind}, whose sums a runtime may compute differently"
    )
    size = prod(site.shape(0)[axis] for axis in axes)
    mean = builder.affine(builder.sum(node, axes, keep=True), 1.0 / size, 0.0)
    spread = builder.node(builder.broadcast(mean, site.shape(0)))
    return _divided_by_size(site, builder.plus(node, spread, -1.0))


def _rms_normalization(site: Site) -> Value:
    """``x / sqrt(mean of x^2 + epsilon) * scale``."""
    return _divided_by_size(site, site.node(0))


def _divided_by_size(site: Site, node: int) -> Value:
    builder, axes, shape = site.builder, _last_axes(site), site.shape(0)
    squares = builder.sum(product(builder, node, node), axes, keep=True)
    size = prod(shape[axis] for axis in axes)
    epsilon = site.number("epsilon", float(np.float32(1e-5)))
    inverse = builder.unary(builder.affine(squares, 1.0 / size, epsilon), power(-0.5))
    result = builder.times(node, builder.node(builder.broadcast(inverse, shape)))
    scale = site.constant(1)
    return builder.affine(result, scale, site.constant(2) if site.has(2) else 0.0)


def _last_axes(site: Site) -> tuple[int, ...]:
    rank = len(site.shape(0))
    return tuple(range(site.axis(site.number("axis", -1), rank), rank))


ACTIVATIONS: Mapping[str, Translator] = MappingProxyType(
    {
        "BatchNormalization": _batch_normalization,
        "Celu": _celu,
        "Elu": _elu,
        "Gelu": _gelu,
        "HardSigmoid": _hard_sigmoid,
        "LayerNormalization": _layer_normalization,
        "LeakyRelu": _leaky_relu,
        "PRelu": _prelu,
        "RMSNormalization": _rms_normalization,
        "Selu": _selu,
        "Softmax": _softmax,
    }
    | {
        kind: _plain(function)
        for kind, function in {
            "Abs": ABS,
            "Cos": COS,
            "Erf": ERF,
            "Exp": EXP,
            "Floor": FLOOR,
            "HardSwish": HARD_SWISH,
            "Log": LOG,
            "Relu": RELU,
            "Sigmoid": SIGMOID,
            "Sign": SIGN,
            "Sin": SIN,
            "Softplus": SOFTPLUS,
            "Sqrt": SQRT,
            "Tanh": TANH,
        }.items()
    }
)
