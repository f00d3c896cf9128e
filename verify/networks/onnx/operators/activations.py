"""Operators that are functions of one variable, and normalisations."""

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.functions.gates.gelu import gelu
from abduce.verify.networks.functions.gates.gelu_tanh import gelu_tanh
from abduce.verify.networks.functions.gates.hard_swish import HARD_SWISH
from abduce.verify.networks.functions.gates.mish import MISH
from abduce.verify.networks.functions.gates.silu import silu
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.floor import FLOOR
from abduce.verify.networks.functions.pieces.leaky_relu import leaky_relu
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.pieces.round import ROUND
from abduce.verify.networks.functions.pieces.sign import SIGN
from abduce.verify.networks.functions.smooth.arctangent import ARCTANGENT
from abduce.verify.networks.functions.smooth.cosine import COS
from abduce.verify.networks.functions.smooth.elu import elu
from abduce.verify.networks.functions.smooth.erf import ERF
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.sine import SIN
from abduce.verify.networks.functions.smooth.softplus import SOFTPLUS
from abduce.verify.networks.functions.smooth.softsign import SOFTSIGN
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.onnx.building import Site, Translator, Value, groups
from abduce.verify.networks.onnx.operators.gates import product
from abduce.verify.networks.onnx.operators.masking import masked_softmax

SELU = 1.67326319217681884765625, 1.05070102214813232421875
"""The default alpha and gamma of ONNX's Selu."""


def _plain(function: Nonlinearity) -> Translator:
    return lambda site: site.builder.unary(site.node(0), function)


def _leaky_relu(site: Site) -> Value:
    slope = site.number("alpha", float(np.float32(0.01)))
    return site.builder.unary(site.node(0), leaky_relu(slope))


def _prelu(site: Site) -> Value:
    slope = site.constant(1)
    if site.opset < 7 and slope.ndim == 1 and slope.size > 1:  # one for each channel
        slope = slope.reshape(-1, *(1,) * max(0, len(site.shape(0)) - 2))
    if np.broadcast_shapes(slope.shape, site.shape(0)) != site.shape(0):
        raise InputError(f"slopes of shape {slope.shape}", ("no more axes than the operand",))
    builder, node = site.builder, site.node(0)
    if np.unique(slope).size == 1:
        return builder.unary(node, leaky_relu(float(slope.flat[0])))
    below = builder.unary(builder.affine(node, -1.0, 0.0), RELU)  # relu(x) - slope relu(-x)
    return builder.plus(builder.unary(node, RELU), builder.affine(below, slope, 0.0), -1.0)


def _gelu(site: Site) -> Value:
    kind = site.text("approximate", "none")
    if kind not in ("none", "tanh"):
        raise site.unsupported(f"the approximation {kind!r}")
    return site.builder.unary(site.node(0), gelu() if kind == "none" else gelu_tanh())


def _ceil(site: Site) -> Value:
    """The floor of -x, negated."""
    builder = site.builder
    floor = builder.unary(builder.affine(site.node(0), -1.0, 0.0), FLOOR)
    return builder.affine(floor, -1.0, 0.0)


def _swish(site: Site) -> Value:
    return site.builder.unary(site.node(0), silu(_positive(site, 1.0)))


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
    if (node := site.node(0)) in builder.masked:
        if site.opset < 13 and prod(shape[axis + 1 :]) != 1:
            raise site.unsupported("entries of minus infinity over several axes")
        return masked_softmax(builder, node, axis)
    if site.opset >= 13 or prod(shape[axis + 1 :]) == 1:
        return builder.softmax(site.node(0), axis)
    flat = builder.reshape(site.node(0), (prod(shape[:axis]), prod(shape[axis:])))
    return builder.reshape(builder.softmax(flat, 1), shape)


def _log_softmax(site: Site) -> Value:
    """``z - log(sum of exp(z))`` of ``z = x - max(x)``, which is the same of x but for overflow.

    Along an axis; before opset 13 over all axes from one on.
    """
    builder, node, shape = site.builder, site.node(0), site.shape(0)
    axis = site.axis(site.number("axis", -1 if site.opset >= 13 else 1), len(shape))
    axes = (axis,) if site.opset >= 13 else tuple(range(axis, len(shape)))
    largest = builder.largest(node, groups(shape, axes, keep=True))
    most = builder.node(builder.broadcast(largest, shape))
    z = builder.plus(node, most, -1.0)
    total = builder.unary(builder.sum(builder.unary(z, EXP), axes, keep=True), LOG)
    builder.unbounded.append(
        f"node {builder.tensor}: {site.call.kind}, which a runtime computes in another way"
    )
    return builder.plus(z, builder.node(builder.broadcast(total, shape)), -1.0)


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
    axes = _last_axes(site)
    found = _divided_by_size(site, _centred(site, axes), axes)
    return site.builder.affine(found, site.constant(1), site.constant(2) if site.has(2) else 0.0)


def _instance_normalization(site: Site) -> Value:
    """As a layer normalisation over all axes of space, with a scale and a shift a channel."""
    shape = site.shape(0)
    if len(shape) < 3:
        raise site.unsupported(f"an operand of {len(shape)} axes")
    scale, shift = site.constant(1), site.constant(2)
    if any(part.shape != shape[1:2] for part in (scale, shift)):
        raise InputError("a scale or shift of another shape", (str(shape[1:2]),))
    axes, channels = tuple(range(2, len(shape))), (-1,) + (1,) * (len(shape) - 2)
    found = _divided_by_size(site, _centred(site, axes), axes)
    return site.builder.affine(found, scale.reshape(channels), shift.reshape(channels))


def _rms_normalization(site: Site) -> Value:
    """``x / sqrt(mean of x^2 + epsilon) * scale``."""
    found = _divided_by_size(site, site.node(0), _last_axes(site))
    return site.builder.affine(found, site.constant(1), 0.0)


def _centred(site: Site, axes: tuple[int, ...]) -> int:
    """The operand less its mean along some axes."""
    builder, node, shape = site.builder, site.node(0), site.shape(0)
    builder.unbounded.append(
        f"node {builder.tensor}: {site.call.kind}, whose sums a runtime may compute differently"
    )
    size = prod(shape[axis] for axis in axes)
    mean = builder.affine(builder.sum(node, axes, keep=True), 1.0 / size, 0.0)
    return builder.plus(node, builder.node(builder.broadcast(mean, shape)), -1.0)


def _divided_by_size(site: Site, node: int, axes: tuple[int, ...]) -> int:
    builder, shape = site.builder, site.shape(0)
    squares = builder.sum(product(builder, node, node), axes, keep=True)
    size = prod(shape[axis] for axis in axes)
    epsilon = site.number("epsilon", float(np.float32(1e-5)))
    inverse = builder.unary(builder.affine(squares, 1.0 / size, epsilon), power(-0.5))
    return builder.times(node, builder.node(builder.broadcast(inverse, shape)))


def _last_axes(site: Site) -> tuple[int, ...]:
    rank = len(site.shape(0))
    return tuple(range(site.axis(site.number("axis", -1), rank), rank))


ACTIVATIONS: Mapping[str, Translator] = MappingProxyType(
    {
        "BatchNormalization": _batch_normalization,
        "Ceil": _ceil,
        "Celu": _celu,
        "Elu": _elu,
        "Gelu": _gelu,
        "HardSigmoid": _hard_sigmoid,
        "InstanceNormalization": _instance_normalization,
        "LayerNormalization": _layer_normalization,
        "LeakyRelu": _leaky_relu,
        "LogSoftmax": _log_softmax,
        "PRelu": _prelu,
        "RMSNormalization": _rms_normalization,
        "Selu": _selu,
        "Softmax": _softmax,
        "Swish": _swish,
    }
    | {
        kind: _plain(function)
        for kind, function in {
            "Abs": ABS,
            "Atan": ARCTANGENT,
            "Cos": COS,
            "Erf": ERF,
            "Exp": EXP,
            "Floor": FLOOR,
            "HardSwish": HARD_SWISH,
            "Log": LOG,
            "Mish": MISH,
            "Relu": RELU,
            "Round": ROUND,
            "Sigmoid": SIGMOID,
            "Sign": SIGN,
            "Sin": SIN,
            "Softplus": SOFTPLUS,
            "Softsign": SOFTSIGN,
            "Sqrt": SQRT,
            "Tanh": TANH,
        }.items()
    }
)
