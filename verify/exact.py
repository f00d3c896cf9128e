"""The values of a network at a point in exact arithmetic, for witnesses and certificates.

All the entries of a value are integers over one denominator, so that a product of matrices is one
of integers; doubles are rationals, and every constant counts as the rational that it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf, isfinite, lcm, prod

import numpy as np

from abduce.errors import InputError
from abduce.verify.convolution import convolution, transposed_convolution
from abduce.verify.evaluation import moved
from abduce.verify.network import (
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
    Sum,
    Unary,
)


@dataclass(frozen=True, slots=True, eq=False)
class Rational:
    """An array of rationals: integers of any size over one positive denominator."""

    over: np.ndarray
    under: int


def exact(network: Network, x: Sequence[Fraction]) -> list[Fraction] | None:
    """The flattened output at a flattened input; None where an operation is not rational.

    It takes about a microsecond for each product: use it on networks with at most a few million.
    """
    if len(x) != prod(network.input_shape):
        raise InputError(f"{len(x)} numbers", (f"{prod(network.input_shape)}",))
    under = lcm(*(number.denominator for number in x))
    over = np.empty(len(x), object)
    over[:] = [int(number * under) for number in x]
    results: list[Rational] = [Rational(over.reshape(1, *network.input_shape), under)]
    for node in network.nodes[1:]:
        result = _applied(node, [results[source] for source in node.inputs])
        if result is None:
            return None
        common = gcd(result.under, *result.over.reshape(-1).tolist())
        results.append(Rational(result.over // common, result.under // common))
    result = results[network.output]
    return [Fraction(number, result.under) for number in result.over.reshape(-1).tolist()]


def rational(array: np.ndarray) -> Rational:
    """Doubles as what they are: integers over a power of two."""
    fractions, exponents = np.frexp(array)
    mantissas = np.ldexp(fractions, 53).astype(np.int64)
    used = mantissas != 0
    least = int(min(0, (exponents[used] - 53).min())) if used.any() else 0
    over = np.empty(array.shape, object)
    over.reshape(-1)[:] = [
        m << (e - 53 - least) if m else 0
        for m, e in zip(mantissas.reshape(-1).tolist(), exponents.reshape(-1).tolist(), strict=True)
    ]
    common = gcd(2**-least, *over.reshape(-1).tolist())
    return Rational(over // common, 2**-least // common)


def _applied(node: Node, operands: Sequence[Rational]) -> Rational | None:
    x = operands[0]
    match node.operation:
        case Dense(weight, bias):
            factor = rational(weight)
            rows = x.over.reshape(-1, x.over.shape[-1])
            product = Rational((rows @ factor.over).reshape(1, *node.shape), x.under * factor.under)
            return _plus(product, rational(bias))
        case Conv(weight, bias, strides, pads, dilations, groups):
            factor = rational(weight)
            over = convolution(x.over[:, 0], factor.over, strides, pads, dilations, groups)
            added = rational(bias.reshape(-1, *(1,) * (weight.ndim - 2)))
            return _plus(Rational(over[:, None], x.under * factor.under), added)
        case ConvTranspose(weight, bias, strides, pads, dilations, groups, extra):
            factor = rational(weight)
            over = transposed_convolution(
                x.over[:, 0], factor.over, strides, pads, dilations, groups, extra
            )
            added = rational(bias.reshape(-1, *(1,) * (weight.ndim - 2)))
            return _plus(Rational(over[:, None], x.under * factor.under), added)
        case Affine(scale, shift):
            return _plus(_times(x, rational(scale)), rational(shift))
        case Product():
            return _times(x, operands[1])
        case MatMul():
            return Rational(x.over @ operands[1].over, x.under * operands[1].under)
        case MaxPool(index):
            return Rational(_largest(x.over.reshape(-1), index)[None], x.under)
        case Add():
            a, b = _together(x, operands[1])
            return Rational(moved(node, (a.over, b.over)), a.under)
        case Pick() | Sum():
            return Rational(moved(node, (x.over,)), x.under)
        case Concat():
            under = lcm(*(operand.under for operand in operands))
            parts = [operand.over * (under // operand.under) for operand in operands]
            return Rational(moved(node, parts), under)
        case Unary(name, parameters):
            return _function(name, parameters, x)
        case Input():
            return x
    return None


def _function(name: str, parameters: tuple[float, ...], x: Rational) -> Rational | None:
    """The functions that are polynomials in pieces."""
    if name == "clip":
        return _clipped(x, *parameters)
    numbers = tuple(Fraction(parameter) for parameter in parameters)
    match name, numbers:
        case "relu", ():
            return Rational(np.maximum(x.over, 0), x.under)
        case "sign", ():
            return Rational(np.sign(x.over), 1)
        case "floor", ():
            return Rational(x.over // x.under, 1)
        case "integer", (least, limit):
            whole = np.sign(x.over) * (np.abs(x.over) // x.under)
            held = ((whole >= int(least)) & (whole < int(limit))).all()
            return Rational(whole, 1) if held else None
        case "hard_swish", ():
            gate = np.minimum(np.maximum(x.over + 3 * x.under, 0), 6 * x.under)
            return Rational(x.over * gate, 6 * x.under * x.under)
        case "abs", ():
            return Rational(np.abs(x.over), x.under)
        case "leaky_relu", (slope,):
            over = np.where(x.over > 0, x.over * slope.denominator, x.over * slope.numerator)
            return Rational(over, x.under * slope.denominator)
        case "power", (exponent,) if exponent.denominator == 1 and 0 < exponent <= 8:
            return Rational(x.over ** int(exponent), x.under ** int(exponent))
    return None


def _clipped(x: Rational, low: float, high: float) -> Rational | None:
    """min(max(x, low), high), where a bound may be missing: infinite."""
    if low == inf or high == -inf:
        return None
    for bound, pick in ((low, np.maximum), (high, np.minimum)):
        if isfinite(bound):
            x, end = _together(x, rational(np.array([bound])))
            x = Rational(pick(x.over, end.over[0]), x.under)
    return x


def _largest(flat: np.ndarray, index: np.ndarray) -> np.ndarray:
    groups = index.reshape(-1, index.shape[-1]).tolist()
    result = np.empty(len(groups), object)
    result[:] = [max(flat[i] for i in group if i >= 0) for group in groups]
    return result.reshape(index.shape[:-1])


def _times(a: Rational, b: Rational) -> Rational:
    return Rational(a.over * b.over, a.under * b.under)


def _plus(a: Rational, b: Rational) -> Rational:
    a, b = _together(a, b)
    return Rational(a.over + b.over, a.under)


def _together(a: Rational, b: Rational) -> tuple[Rational, Rational]:
    under = lcm(a.under, b.under)
    return (
        Rational(a.over * (under // a.under), under),
        Rational(b.over * (under // b.under), under),
    )
