"""The values of a network at a point in exact arithmetic, for witnesses and certificates.

All the entries of a value are integers over one denominator, so that a product of matrices is one
of integers; doubles are rationals, and every constant counts as the rational that it is.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm, prod

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.convolution import convolution, transposed_convolution
from abduce.verify.networks.evaluation import moved
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.rationals import Rational, rational, together
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
    Sum,
)


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
            a, b = together(x, operands[1])
            return Rational(moved(node, (a.over, b.over)), a.under)
        case Pick() | Sum():
            return Rational(moved(node, (x.over,)), x.under)
        case Concat():
            under = lcm(*(operand.under for operand in operands))
            parts = [operand.over * (under // operand.under) for operand in operands]
            return Rational(moved(node, parts), under)
        case Nonlinearity(exact=exactly):
            return None if exactly is None else exactly(x)
        case Input():
            return x
    return None


def _largest(flat: np.ndarray, index: np.ndarray) -> np.ndarray:
    groups = index.reshape(-1, index.shape[-1]).tolist()
    result = np.empty(len(groups), object)
    result[:] = [max(flat[i] for i in group if i >= 0) for group in groups]
    return result.reshape(index.shape[:-1])


def _times(a: Rational, b: Rational) -> Rational:
    return Rational(a.over * b.over, a.under * b.under)


def _plus(a: Rational, b: Rational) -> Rational:
    a, b = together(a, b)
    return Rational(a.over + b.over, a.under)
