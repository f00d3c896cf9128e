"""Casts: constants are cast as onnxruntime does it, computed numbers in real arithmetic.

Real numbers become integers by truncation. The result for a number that the type cannot hold
depends on the runtime. Such a constant is refused. For a computed number, only the type of the
result is assumed. Integers are cast to other integer types modulo 2^bits, as all runtimes do.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from abduce.errors import UnsupportedError
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.integer import integer
from abduce.verify.networks.functions.pieces.sign import SIGN
from abduce.verify.networks.onnx.building import Site, Translator, Value
from abduce.verify.networks.onnx.types import BOOL, DOUBLE, FLOAT, HALF, INTEGERS, type_name

NEAR = 2.0**-18
"""A computed constant within this distance of a whole number may be on its other side in
float32."""


def _cast(site: Site) -> Value:
    to = site.attributes.get("to")
    if not isinstance(to, int):
        raise site.unsupported("no type")
    return _to(site, to)


def _cast_like(site: Site) -> Value:
    return _to(site, site.types[1] or 0)


def _to(site: Site, target: int) -> Value:
    source, value = site.types[0] or 0, site.value(0)
    if target not in (FLOAT, DOUBLE, BOOL, HALF, *INTEGERS):
        raise site.unsupported(f"type {type_name(target)}")
    if source == target:
        return value
    if isinstance(value, np.ndarray):
        return constant_as(value, source, target)
    return _computed(site, value, source, target)


def constant_as(array: np.ndarray, source: int, target: int) -> np.ndarray:
    """A constant cast to another type; real numbers are float64 whatever their type.

    Raises:
        UnsupportedError: a number that the type does not hold, or whose rounding is not certain.
    """
    if target == BOOL:
        return array != 0
    if target in (FLOAT, DOUBLE, HALF):
        return _real(array, source, target)
    dtype = INTEGERS[target]
    if array.dtype.kind != "f":
        return array.astype(dtype)
    whole, info = np.trunc(array), np.iinfo(dtype)
    if not ((whole >= float(info.min)) & (whole < float(info.max) + 1.0)).all():
        raise UnsupportedError("", (f"numbers that {dtype.name} does not hold",))
    computed = array.astype(np.float32) != array
    if (
        source != DOUBLE
        and (computed & (np.abs(array - np.rint(array)) <= NEAR * np.abs(array))).any()
    ):
        raise UnsupportedError("", ("numbers that rounding may make whole",))
    return whole.astype(dtype)


def _real(array: np.ndarray, source: int, target: int) -> np.ndarray:
    """As float64; to float16 only what is float32 already, which onnxruntime rounds once."""
    if target == DOUBLE:
        return array.astype(np.float64)
    single = array.astype(np.float32)
    if target == FLOAT:
        return single.astype(np.float64)
    if (single.astype(np.float64) != array).any():
        raise UnsupportedError("", (f"numbers of type {type_name(source)} to be cast to float16",))
    return single.astype(np.float16).astype(np.float64)


def _computed(site: Site, node: int, source: int, target: int) -> Value:
    """In real arithmetic a cast to real numbers is no operation; in float32 it may round."""
    builder = site.builder
    if target in (FLOAT, DOUBLE):
        if source == DOUBLE or (source in INTEGERS and not _held(source, target)):
            names = f"from {type_name(source)} to {type_name(target)}"
            builder.unbounded.append(f"{site.call} {names}, which may round")
        return node
    if target == BOOL:
        return builder.unary(builder.unary(node, ABS), SIGN)
    if target not in INTEGERS:
        raise site.unsupported(f"type {type_name(target)}")
    if source == BOOL or (source in INTEGERS and _within(source, target)):
        return node
    info = np.iinfo(INTEGERS[target])
    return builder.unary(node, integer(float(info.min), float(int(info.max) + 1)))


def _within(source: int, target: int) -> bool:
    one, other = np.iinfo(INTEGERS[source]), np.iinfo(INTEGERS[target])
    return int(other.min) <= int(one.min) and int(one.max) <= int(other.max)


def _held(source: int, target: int) -> bool:
    """Whether the type of real numbers has all the integers of the other."""
    bits = 53 if target == DOUBLE else 24
    return int(np.iinfo(INTEGERS[source]).max) <= 2**bits


CASTING: Mapping[str, Translator] = MappingProxyType({"Cast": _cast, "CastLike": _cast_like})
