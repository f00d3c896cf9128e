"""Products that are functions of one variable: squares and cubes, SiLU, and GeLU in both forms.

Exporters spell x (1 + erf(x / sqrt 2)) / 2 and the like with several operations. The bounds of the
function are much tighter than those of the product. So these operations are combined into the
function, with the constants of the file, if no number has to be rounded.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from abduce.verify.networks.functions.gates.gelu import gelu
from abduce.verify.networks.functions.gates.gelu_tanh import gelu_tanh
from abduce.verify.networks.functions.gates.silu import silu
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.smooth.erf import ERF
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Add, Affine, Product
from abduce.verify.networks.onnx.building import Builder

Gate = Callable[..., Nonlinearity]
Line = tuple[int, Fraction, Fraction]
"""A node, with the scale and the shift of it."""
MOST = 2**20
"""The upper limit on scales and on their inverses; other scales are left as written."""
MERGED = 10
"""The upper limit on the roundings in the operations that express a gate."""


def product(builder: Builder, a: int, b: int) -> int:
    """``a * b``, as a function of one variable where it is one."""
    if a == b:
        return builder.unary(a, power(2.0))
    for x, y in ((a, b), (b, a)):
        if _is_power(builder, y, x, 2.0):
            return builder.unary(x, power(3.0))
        found = _gate(builder, x, y)
        if found is not None:
            return found
    return builder.times(a, b)


def _gate(builder: Builder, x: int, y: int) -> int | None:
    """``x * y`` where y is a sigmoid of x, or 1 plus its erf or tanh, but for factors."""
    for node, scale, shift in _lines(builder, y):
        operation, operands = builder.nodes[node].operation, builder.nodes[node].inputs
        if operation is SIGMOID and shift == 0:
            return _of_multiples(builder, silu, x, operands[0], scale)
        if operation is ERF and shift == scale:
            return _of_multiples(builder, gelu, x, operands[0], 2 * scale)
        if operation is TANH and shift == scale:
            return _tanh_form(builder, x, operands[0], 2 * scale)
    return None


def _of_multiples(
    builder: Builder, function: Gate, x: int, inner: int, factor: Fraction
) -> int | None:
    """``factor`` times a function of a node that x and ``inner`` are both multiples of."""
    multiples = _multiples(builder, x)
    for node, scale in _multiples(builder, inner).items():
        if node in multiples and scale > 0:
            return _scaled(builder, node, function, (scale,), factor * multiples[node])
    return None


def _tanh_form(builder: Builder, x: int, inner: int, factor: Fraction) -> int | None:
    multiples = _multiples(builder, x)
    for node, outer in _multiples(builder, inner).items():
        operation, operands = builder.nodes[node].operation, builder.nodes[node].inputs
        for first, second in (operands, operands[::-1]) if len(operands) == 2 else ():
            for base, scale in _multiples(builder, first).items():
                if base not in multiples:
                    continue
                cubic = _cubic(builder, operation, base, scale, second)
                numbers = (outer * scale, cubic) if cubic is not None else (0, 0)
                if all(number > 0 for number in numbers):
                    return _scaled(builder, base, gelu_tanh, numbers, factor * multiples[base])
    return None


def _cubic(
    builder: Builder, operation: object, base: int, scale: Fraction, second: int
) -> Fraction | None:
    """c, where ``scale * base`` with ``second`` makes ``scale * (base + c base^3)``."""
    exponent = {Add: 3.0, Product: 2.0}.get(type(operation))
    if isinstance(operation, Add) and operation.sign < 0:
        return None
    for node, factor, shift in _lines(builder, second):
        if exponent is None or not _is_power(builder, node, base, exponent):
            continue
        if exponent == 3.0 and shift == 0:
            return factor / scale
        if exponent == 2.0 and shift == 1:
            return factor
    return None


def _is_power(builder: Builder, node: int, base: int, exponent: float) -> bool:
    found = builder.nodes[node]
    return found.operation is power(exponent) and found.inputs == (base,)


def _lines(builder: Builder, node: int) -> Iterator[Line]:
    """The nodes that a node is a line of, itself first."""
    scale, shift = Fraction(1), Fraction(0)
    while True:
        yield node, scale, shift
        operation = builder.nodes[node].operation
        if not isinstance(operation, Affine):
            return
        numbers = [np.unique(constant) for constant in (operation.scale, operation.shift)]
        if any(len(number) != 1 for number in numbers):
            return
        inner, more = (Fraction(float(number[0])) for number in numbers)
        scale, shift = scale * inner, scale * more + shift
        (node,) = builder.nodes[node].inputs


def _multiples(builder: Builder, node: int) -> dict[int, Fraction]:
    """The nodes that a node is a multiple of, with the factors."""
    return {source: scale for source, scale, shift in _lines(builder, node) if shift == 0}


def _scaled(
    builder: Builder,
    node: int,
    function: Gate,
    parameters: tuple[Fraction | int, ...],
    factor: Fraction,
) -> int | None:
    """``factor`` times a function of a node; None where numbers are no doubles, or out of scale."""
    if not all(Fraction(1, MOST) <= parameter <= MOST for parameter in parameters):
        return None
    numbers = [Fraction(number) for number in (*parameters, factor)]
    doubles = [float(number) for number in numbers]
    if any(Fraction(double) != number for double, number in zip(doubles, numbers, strict=True)):
        return None
    *rest, last = doubles
    found = builder.unary(node, function(*rest))
    builder.nodes[found] = replace(builder.nodes[found], merged=MERGED)
    return found if last == 1.0 else builder.affine(found, last, 0.0)
