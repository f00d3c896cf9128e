"""Operators on constants: the code for shapes that exporters leave in networks."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.onnx.building import Site, Translator, Value
from abduce.verify.onnx.model import plain


def _shape(site: Site) -> Value:
    """Known of nodes, too."""
    shape = np.array(site.shape(0), np.int64)
    start, end = site.attributes.get("start", 0), site.attributes.get("end")
    return shape[slice(start, end)]  # type: ignore[misc]


def _size(site: Site) -> Value:
    return np.array(np.prod(site.shape(0), dtype=np.int64))


def _constant(site: Site) -> Value:
    if len(site.attributes) != 1:
        raise InputError(f"{len(site.attributes)} values", ("one value",))
    ((name, value),) = site.attributes.items()
    types = {"value_int": np.int64, "value_ints": np.int64}
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, int | float | tuple):
        raise site.unsupported(f"attribute {name}")
    return plain(np.array(value, types.get(name, np.float64)), name)


def _constant_of_shape(site: Site) -> Value:
    shape = site.integers("", 0) or ()
    value = site.attributes.get("value", np.zeros(1))
    if not isinstance(value, np.ndarray) or value.size != 1:
        raise InputError(f"a value {value!r}", ("one number",))
    site.builder.claim(shape)
    return np.full(shape, value.reshape(-1)[0])


def _range(site: Site) -> Value:
    start, end, step = (site.constant(i).reshape(-1)[0] for i in range(3))
    if step == 0:
        raise InputError("a step of 0", ("another step",))
    site.builder.claim((max(0, int(np.ceil((end - start) / step))),))
    return np.arange(start, end, step)


def _divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Integers are cut towards zero."""
    if a.dtype.kind == b.dtype.kind == "i":
        if not np.all(b):
            raise InputError("a division by zero", ("another constant",))
        return (np.sign(a) * np.sign(b)) * (np.abs(a) // np.abs(b))
    return np.divide(a, b)


def _power(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.power(a, b) if a.dtype.kind == "f" else np.power(a * 1.0, b).astype(a.dtype)


def _elementwise(function: Callable[..., np.ndarray]) -> Translator:
    def translate(site: Site) -> Value:
        arrays = [site.constant(i) for i in range(len(site.values))]
        site.builder.claim(np.broadcast_shapes(*(array.shape for array in arrays)))
        return np.asarray(function(*arrays))

    return translate


def _matmul(site: Site) -> Value:
    a, b = site.constant(0), site.constant(1)
    if a.ndim > 1 and b.ndim > 1:
        site.builder.claim((*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), len(a), b.shape[-1]))
    return np.asarray(a @ b)


def _reduction(function: Callable[..., np.ndarray]) -> Translator:
    def translate(site: Site) -> Value:
        axes, keep = site.reduced()
        return np.asarray(function(site.constant(0), axis=axes, keepdims=keep))

    return translate


KNOWN: Mapping[str, Translator] = MappingProxyType(
    {
        "Constant": _constant,
        "ConstantOfShape": _constant_of_shape,
        "Range": _range,
        "Shape": _shape,
        "Size": _size,
    }
)
"""Whose result is always constant."""

FOLDED: Mapping[str, Translator] = MappingProxyType(
    {
        kind: _elementwise(function)
        for kind, function in {
            "Abs": np.abs,
            "Add": np.add,
            "And": np.logical_and,
            "Ceil": np.ceil,
            "Cos": np.cos,
            "Div": _divide,
            "Equal": np.equal,
            "Exp": np.exp,
            "Floor": np.floor,
            "Greater": np.greater,
            "GreaterOrEqual": np.greater_equal,
            "Less": np.less,
            "LessOrEqual": np.less_equal,
            "Log": np.log,
            "Mul": np.multiply,
            "Neg": np.negative,
            "Not": np.logical_not,
            "Or": np.logical_or,
            "Pow": _power,
            "Reciprocal": np.reciprocal,
            "Sign": np.sign,
            "Sin": np.sin,
            "Sqrt": np.sqrt,
            "Sub": np.subtract,
        }.items()
    }
    | {
        "MatMul": _matmul,
        "ReduceMax": _reduction(np.max),
        "ReduceMean": _reduction(np.mean),
        "ReduceMin": _reduction(np.min),
        "ReduceProd": _reduction(np.prod),
        "ReduceSum": _reduction(np.sum),
    }
)
"""Whose result is constant where all operands are."""
