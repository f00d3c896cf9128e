"""ATen operations that compute: sums, products, matrices, functions of one variable, reductions.

In real arithmetic each is what torch documents, with one exception: a constant that has to be
computed (a quotient, a logarithm) is rounded to the nearest double.
"""

from collections.abc import Mapping, Sequence
from math import inf, log, prod
from types import MappingProxyType
from typing import Any

import numpy as np

from abduce.verify.networks.torch.site import Site, Term, Translator, Variable

Number = Term | float


def _add(site: Site, a: Number, b: Number, alpha: float = 1) -> Term:
    return site.onnx("Add", a, b if alpha == 1 else site.onnx("Mul", b, alpha))


def _sub(site: Site, a: Number, b: Number, alpha: float = 1) -> Term:
    return site.onnx("Sub", a, b if alpha == 1 else site.onnx("Mul", b, alpha))


def _div(site: Site, a: Number, b: Number, rounding_mode: str | None = None) -> Term:
    """A floor is of an exact quotient, which may be a whole number."""
    if rounding_mode is None:
        return site.onnx("Div", a, b)
    if rounding_mode != "floor":
        raise site.unsupported(f"rounding_mode {rounding_mode}")
    if isinstance(b, Variable) or (np.abs(np.frexp(b)[0]) != 0.5).any():
        raise site.unsupported("a floor of a quotient by other than a power of 2")
    return site.onnx("Floor", site.onnx("Div", a, b))


def _pow(site: Site, base: Number, exponent: Number) -> Term:
    if isinstance(base, float | int):
        if base <= 0:
            raise site.unsupported(f"powers of {base:g}")
        return site.onnx("Exp", site.onnx("Mul", exponent, log(base)))
    return site.onnx("Pow", base, exponent)


def _rsqrt(site: Site, x: Term) -> Term:
    return site.onnx("Reciprocal", site.onnx("Sqrt", x))


def _log1p(site: Site, x: Term) -> Term:
    return site.onnx("Log", site.onnx("Add", x, 1.0))


def _expm1(site: Site, x: Term) -> Term:
    return site.onnx("Sub", site.onnx("Exp", x), 1.0)


def _logarithm(base: float) -> Translator:
    return lambda site, x: site.onnx("Mul", site.onnx("Log", x), 1 / log(base))


def _leaky_relu(site: Site, x: Term, negative_slope: float = 0.01) -> Term:
    return site.onnx("LeakyRelu", x, alpha=negative_slope)


def _prelu(site: Site, x: Term, weight: Term) -> Term:
    """A slope for each channel: relu(x) - weight relu(-x)."""
    if isinstance(weight, np.ndarray) and np.unique(weight).size == 1:
        return site.onnx("LeakyRelu", x, alpha=float(weight.flat[0]))
    negative = site.onnx("Relu", site.onnx("Neg", x))
    return site.onnx("Sub", site.onnx("Relu", x), site.onnx("Mul", negative, weight))


def _elu(
    site: Site, x: Term, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0
) -> Term:
    """scale relu(x) + scale alpha (exp(-input_scale relu(-x)) - 1)."""
    negative = site.onnx("Relu", site.onnx("Neg", x))
    power = site.onnx("Exp", site.onnx("Mul", negative, -input_scale))
    below = site.onnx("Mul", site.onnx("Sub", power, 1.0), scale * alpha)
    return site.onnx("Add", site.onnx("Mul", site.onnx("Relu", x), scale), below)


def _celu(site: Site, x: Term, alpha: float = 1.0) -> Term:
    return _elu(site, x, alpha, 1.0, 1 / alpha)


def _gelu(site: Site, x: Term, approximate: str = "none") -> Term:
    return site.onnx("Gelu", x, approximate=approximate)


def _clamp(
    site: Site, x: Term, minimum: Number | None = None, maximum: Number | None = None
) -> Term:
    if isinstance(minimum, int | float | None) and isinstance(maximum, int | float | None):
        return site.onnx("Clip", x, minimum, maximum)
    above = x if minimum is None else site.onnx("Max", x, minimum)
    return above if maximum is None else site.onnx("Min", above, maximum)


def _addmm(site: Site, added: Term, a: Term, b: Term, *, beta: float = 1, alpha: float = 1) -> Term:
    product = site.onnx("MatMul", a, b)
    scaled = product if alpha == 1 else site.onnx("Mul", product, alpha)
    if beta == 0:
        return scaled
    return site.onnx("Add", scaled, added if beta == 1 else site.onnx("Mul", added, beta))


def _linear(site: Site, x: Term, weight: Term, bias: Term | None = None) -> Term:
    product = site.onnx("MatMul", x, site.turned(weight))
    return product if bias is None else site.onnx("Add", product, bias)


def _reduced(
    site: Site,
    kind: str,
    x: Term,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
) -> Term:
    """Over some axes, over all where none are named."""
    axes = (dim,) if isinstance(dim, int) else tuple(dim or range(len(site.shape(x))))
    return site.onnx(kind, x, axes=axes, keepdims=int(keepdim), noop_with_empty_axes=1)


def _reduction(kind: str) -> Translator:
    def translate(site: Site, x: Term, *axes: Any, dtype: object = None, **keep: Any) -> Term:
        return _reduced(site, kind, x, *axes, **keep)

    return translate


def _extreme(kind: str, reduction: str) -> Translator:
    """The extreme of two tensors, of a tensor along an axis, or of all its entries."""

    def translate(
        site: Site, x: Term, other: Term | int | None = None, keepdim: bool = False
    ) -> Term | tuple[Term, ...]:
        if isinstance(other, int):
            return (_reduced(site, reduction, x, other, keepdim),)
        return _reduced(site, reduction, x) if other is None else site.onnx(kind, x, other)

    return translate


def _variance(
    site: Site,
    x: Term,
    dim: Sequence[int] | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
) -> Term:
    """The sum of the squared distances from the mean, by their number less the correction."""
    axes = tuple(dim or range(len(site.shape(x))))
    count = prod(site.shape(x)[axis] for axis in axes)
    rest = count - (1 if correction is None else correction)
    if rest <= 0:
        raise site.unsupported(f"the variance of {count} numbers")
    distance = site.onnx("Sub", x, site.onnx("ReduceMean", x, axes=axes, keepdims=1))
    squares = site.onnx("Mul", distance, distance)
    total = site.onnx("ReduceSum", squares, axes=axes, keepdims=int(keepdim))
    return site.onnx("Mul", total, 1 / rest)


def _norm(
    site: Site,
    x: Term,
    order: float = 2,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: object = None,
) -> Term:
    match order:
        case 1:
            return _reduced(site, "ReduceSum", site.onnx("Abs", x), dim, keepdim)
        case 2:
            squares = site.onnx("Mul", x, x)
            return site.onnx("Sqrt", _reduced(site, "ReduceSum", squares, dim, keepdim))
        case _ if order == inf:
            return _reduced(site, "ReduceMax", site.onnx("Abs", x), dim, keepdim)
    raise site.unsupported(f"order {order:g}")


def _softmax(site: Site, x: Term, dim: int, half_to_float: bool = False) -> Term:
    return site.onnx("Softmax", x, axis=dim)


def _log_softmax(site: Site, x: Term, dim: int, half_to_float: bool = False) -> Term:
    return site.onnx("Log", _softmax(site, x, dim))


def _plain(kind: str) -> Translator:
    return lambda site, *operands: site.onnx(kind, *operands)


ARITHMETIC: Mapping[str, Translator] = MappingProxyType(
    {
        "_log_softmax": _log_softmax,
        "_prelu_kernel": _prelu,
        "_softmax": _softmax,
        "add": _add,
        "addmm": _addmm,
        "amax": _reduction("ReduceMax"),
        "amin": _reduction("ReduceMin"),
        "celu": _celu,
        "clamp": _clamp,
        "div": _div,
        "elu": _elu,
        "expm1": _expm1,
        "gelu": _gelu,
        "hardtanh": lambda site, x, low=-1.0, high=1.0: _clamp(site, x, low, high),
        "leaky_relu": _leaky_relu,
        "linalg_vector_norm": _norm,
        "linear": _linear,
        "log10": _logarithm(10.0),
        "log1p": _log1p,
        "log2": _logarithm(2.0),
        "max": _extreme("Max", "ReduceMax"),
        "mean": _reduction("ReduceMean"),
        "min": _extreme("Min", "ReduceMin"),
        "pow": _pow,
        "rsqrt": _rsqrt,
        "sub": _sub,
        "sum": _reduction("ReduceSum"),
        "var": _variance,
    }
    | {
        name: _plain(kind)
        for name, kind in {
            "abs": "Abs",
            "atan": "Atan",
            "bmm": "MatMul",
            "ceil": "Ceil",
            "cos": "Cos",
            "dot": "MatMul",
            "erf": "Erf",
            "exp": "Exp",
            "floor": "Floor",
            "log": "Log",
            "matmul": "MatMul",
            "maximum": "Max",
            "minimum": "Min",
            "mish": "Mish",
            "mm": "MatMul",
            "mul": "Mul",
            "mv": "MatMul",
            "neg": "Neg",
            "reciprocal": "Reciprocal",
            "relu": "Relu",
            "round": "Round",
            "sigmoid": "Sigmoid",
            "sign": "Sign",
            "sin": "Sin",
            "sqrt": "Sqrt",
            "tanh": "Tanh",
        }.items()
    }
)
