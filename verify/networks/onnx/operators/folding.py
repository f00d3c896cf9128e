"""Operators on constants, such as the computation of shapes that exporters leave in networks."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.onnx.building import Site, Translator, Value
from abduce.verify.networks.onnx.model import plain


def _shape(site: Site) -> Value:
    """The shape, which is known for nodes too."""
    shape = np.array(site.shape(0), np.int64)
    start, end = site.attributes.get("start", 0), site.attributes.get("end")
    return shape[slice(start, end)]  # type: ignore[misc]


def _size(site: Site) -> Value:
    return np.array(np.prod(site.shape(0), dtype=np.int64))


def _constant(site: Site) -> Value:
    """Numbers of attributes are float32 and int64; a tensor has its own type."""
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
    """Ranges of whole numbers only; a runtime rounds others, which may change their length."""
    numbers = [site.constant(i).reshape(-1) for i in range(3)]
    if any(len(number) != 1 for number in numbers):
        raise InputError("several numbers", ("one start, limit and step",))
    if not all(float(number[0]).is_integer() for number in numbers):
        raise site.unsupported("numbers that are not whole")
    start, end, step = (int(number[0]) for number in numbers)
    if step == 0:
        raise InputError("a step of 0", ("another step",))
    count = max(0, -((start - end) // step))
    site.builder.claim((count,))
    last = start + step * max(count - 1, 0)
    kind = numbers[0].dtype
    if kind.kind == "f" and max(abs(start), abs(last)) > 2**24:
        raise site.unsupported("numbers beyond 2^24")
    return (start + step * np.arange(count, dtype=np.int64)).astype(kind)


def _divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Quotients of integers are cut towards zero."""
    if a.dtype.kind == "f":
        return np.divide(a, b)
    if not np.all(b):
        raise InputError("a division by zero", ("another constant",))
    if a.dtype.kind == "i" and bool(((a == np.iinfo(a.dtype).min) & (b == -1)).any()):
        raise InputError("a quotient that its type does not hold", ("another constant",))
    quotient = a // b
    return quotient + ((a % b != 0) & ((a < 0) != (b < 0))).astype(a.dtype)


def _rest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The rest of a division, of the sign of the divisor."""
    if not np.all(b):
        raise InputError("a division by zero", ("another constant",))
    return np.asarray(np.mod(a, b))


def _mod(site: Site) -> Value:
    """Of integers; `fmod` gives the rest the sign of the first operand."""
    a, b = site.constant(0), site.constant(1)
    site.builder.claim(np.broadcast_shapes(a.shape, b.shape))
    whole = a.dtype.kind in "iu"
    if not whole and not site.number("fmod", 0) and site.opset < 28:
        raise InputError("real numbers without fmod = 1", ("fmod = 1",))
    if not site.number("fmod", 0):
        return _rest(a, b)
    if not np.all(b):
        raise InputError("a division by zero", ("another constant",))
    return np.asarray(np.fmod(a, b))


def _extreme(function: Callable[..., np.ndarray]) -> Translator:
    """The greatest or least of any number of operands."""

    def translate(site: Site) -> Value:
        arrays = [site.constant(i) for i in range(len(site.values))]
        site.builder.claim(np.broadcast_shapes(*(array.shape for array in arrays)))
        found = arrays[0]
        for array in arrays[1:]:
            found = np.asarray(function(found, array))
        return found

    return translate


def _power(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Powers of integers only if a double holds the result, since runtimes compute them so."""
    if a.dtype.kind == "f":
        return np.power(a, b.astype(np.float64))
    result = np.power(a.astype(np.float64), b.astype(np.float64))
    info, whole = np.iinfo(a.dtype), np.abs(result) < 2.0**53
    if b.dtype.kind == "f" or not (whole & (result >= info.min) & (result <= info.max)).all():
        raise UnsupportedError("", ("powers that its type may not hold",))
    if (result != np.trunc(result)).any():
        raise UnsupportedError("", ("powers that are not whole",))
    return result.astype(a.dtype)


def _held(result: np.ndarray, kind: np.dtype) -> np.ndarray:
    """Exact integers in their type, if it can hold them; the result of an overflow depends on the
    runtime."""
    info, exact = np.iinfo(kind), np.asarray(result, object)
    if any(not info.min <= number <= info.max for number in exact.reshape(-1).tolist()):
        raise UnsupportedError("", (f"results that {kind.name} does not hold",))
    return exact.astype(kind)


def _exactly(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """The function, of integers only where it does not overflow."""

    def computed(*arrays: np.ndarray) -> np.ndarray:
        if arrays[0].dtype.kind not in "iu":
            return function(*arrays)
        return _held(function(*(array.astype(object) for array in arrays)), arrays[0].dtype)

    return computed


def _summed(function: Callable[..., np.ndarray], *arrays: np.ndarray) -> np.ndarray:
    """Sums and products; those of integers are computed in double by runtimes."""
    kind = arrays[0].dtype
    if kind.kind not in "iu":
        return np.asarray(function(*arrays))
    exact = [array.astype(object) for array in arrays]
    sizes = np.asarray(function(*(np.abs(array) for array in exact)), object)
    if any(size > 2**53 for size in sizes.reshape(-1).tolist()):
        raise UnsupportedError("", ("sums or products beyond 2^53",))
    return _held(function(*exact), kind)


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
    return _summed(np.matmul, a, b)


def _reduction(function: Callable[..., np.ndarray]) -> Translator:
    def translate(site: Site) -> Value:
        axes, keep = site.reduced()
        return _summed(partial(function, axis=axes, keepdims=keep), site.constant(0))

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
"""Operators whose result is always constant."""

FOLDED: Mapping[str, Translator] = MappingProxyType(
    {
        kind: _elementwise(function)
        for kind, function in {
            "Abs": _exactly(np.abs),
            "Add": _exactly(np.add),
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
            "Mul": _exactly(np.multiply),
            "Neg": _exactly(np.negative),
            "Not": np.logical_not,
            "Or": np.logical_or,
            "Pow": _power,
            "Reciprocal": np.reciprocal,
            "Sign": np.sign,
            "Sin": np.sin,
            "Sqrt": np.sqrt,
            "Sub": _exactly(np.subtract),
        }.items()
    }
    | {
        "MatMul": _matmul,
        "Max": _extreme(np.maximum),
        "Min": _extreme(np.minimum),
        "Mod": _mod,
        "ReduceMax": _reduction(np.max),
        "ReduceMean": _reduction(np.mean),
        "ReduceMin": _reduction(np.min),
        "ReduceProd": _reduction(np.prod),
        "ReduceSum": _reduction(np.sum),
    }
)
"""Operators whose result is constant if all operands are constant."""
