"""QuantizeLinear and DequantizeLinear, with the integers that they stand for.

A number is divided by a constant scale, rounded to the nearest integer (of two, the even one),
shifted by the zero point, and cut to the range of its type. A runtime that divides in float32 may
round to another integer near the middle between two. So float32 has no bounds for it.

Source: the operator schemas of ONNX (QuantizeLinear, DequantizeLinear).
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.round import ROUND
from abduce.verify.networks.onnx.building import Site, Translator, Value, doubles
from abduce.verify.networks.onnx.types import INTEGERS, result_type


def _along(site: Site, array: np.ndarray) -> np.ndarray:
    """A scale or zero point, one for all or one for each entry of an axis."""
    shape = site.shape(0)
    if array.size == 1:
        return array.reshape(())
    if site.number("block_size", 0):
        raise site.unsupported("blocks")
    axis = site.axis(site.number("axis", 1), len(shape))
    if array.shape != (shape[axis],):
        raise InputError(f"a scale of shape {array.shape}", (str((shape[axis],)),))
    return array.reshape([-1 if i == axis else 1 for i in range(len(shape))])


def _quantize(site: Site) -> Value:
    kind = result_type(site.call, site.types)
    if kind not in INTEGERS:
        raise site.unsupported("a type that is no integer")
    if site.number("precision", 0) not in (0, 1):
        raise site.unsupported("a precision other than float")
    builder, info = site.builder, np.iinfo(INTEGERS[kind])
    scale = _along(site, site.constant(1))
    if not (scale > 0).all():
        raise InputError("a scale that is not positive", ("positive scales",))
    zero = _along(site, doubles(site.constant(2))) if site.has(2) else np.zeros(())
    builder.unbounded.append(f"{site.call}, which a runtime may round otherwise")
    rounded = builder.unary(builder.affine(site.node(0), 1.0 / scale, 0.0), ROUND)
    shifted = builder.affine(rounded, 1.0, zero)
    return builder.unary(shifted, clip(float(info.min), float(info.max)))


def _dequantize(site: Site) -> Value:
    """``(x - zero point) scale``; either of x and the scale may depend on the input."""
    builder, value = site.builder, site.value(0)
    zero = _along(site, doubles(site.constant(2))) if site.has(2) else np.zeros(())
    if isinstance(value, int):
        scale = _along(site, site.constant(1))
        return builder.affine(builder.affine(value, 1.0, -zero), scale, 0.0)
    centred = doubles(value) - zero
    if isinstance(site.value(1), np.ndarray):
        return centred * _along(site, site.constant(1))
    if site.number("block_size", 0):
        raise site.unsupported("blocks")
    size = int(np.prod(site.shape(1)))
    places = np.broadcast_to(_along(site, np.arange(size)), centred.shape)
    scale = builder.node(builder.copied(site.node(1), lambda array: array.reshape(-1)[places]))
    return builder.affine(scale, centred, 0.0)


QUANTIZING: Mapping[str, Translator] = MappingProxyType(
    {"DequantizeLinear": _dequantize, "QuantizeLinear": _quantize}
)
