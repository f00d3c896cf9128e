"""Comparisons, and what is chosen by them, of values that depend on the input.

A truth value is the number 0 or 1. It jumps, so that its bounds are 0 and 1 wherever an input may
be on either side.
"""

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

import numpy as np

from abduce.errors import UnsupportedError
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.floor import FLOOR
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.pieces.sign import SIGN
from abduce.verify.networks.functions.pieces.step import STEP
from abduce.verify.networks.network import Shape
from abduce.verify.networks.onnx.building import Builder, Site, Translator, Value, doubles
from abduce.verify.networks.onnx.operators.masking import undefined_in


def difference(builder: Builder, a: Value, b: Value) -> int:
    """``a - b``, broadcast; in floating point its sign is exact, too."""
    shape = np.broadcast_shapes(builder.shape_of(a), builder.shape_of(b))
    match builder.broadcast(a, shape), builder.broadcast(b, shape):
        case int(a), int(b):
            return builder.plus(a, b, -1.0)
        case int(a), np.ndarray() as b:
            return builder.affine(a, 1.0, -doubles(b))
        case np.ndarray() as a, b:
            return builder.affine(builder.node(b), -1.0, doubles(a))
    raise AssertionError("a value is a node or an array")


def greater(builder: Builder, a: Value, b: Value) -> int:
    return builder.unary(difference(builder, a, b), STEP)


def negation(builder: Builder, node: int) -> int:
    return builder.affine(node, -1.0, 1.0)


def chosen(builder: Builder, truth: int, a: Value, b: Value) -> Value:
    """a where it is true, else b: ``b + truth (a - b)``."""
    if any(v in builder.masked or v in builder.undefined for v in (a, b) if isinstance(v, int)):
        raise UnsupportedError("", ("an operand with entries of minus infinity",))
    shape = np.broadcast_shapes(*(builder.shape_of(value) for value in (truth, a, b)))
    truth = builder.node(builder.broadcast(truth, shape))
    a, b = builder.broadcast(a, shape), builder.broadcast(b, shape)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return builder.affine(truth, doubles(a) - doubles(b), doubles(b))
    part = builder.times(truth, difference(builder, a, b))
    if isinstance(b, np.ndarray):
        return builder.affine(part, 1.0, doubles(b))
    return builder.plus(part, b)


def hardened(builder: Builder, node: int, groups: Shape) -> int:
    """1 at the first of the largest entries of each row, and 0 at the others: (rows, entries)."""
    rows, size = groups
    index = np.arange(rows * size).reshape(rows, size)
    parts = []
    for i in range(size):
        own = builder.pick(node, index[:, i])
        truth = None
        for others, strict in ((index[:, :i], True), (index[:, i + 1 :], False)):
            if not others.shape[1]:
                continue
            best = builder.largest(node, others)
            more = (
                greater(builder, own, best)
                if strict
                else negation(builder, greater(builder, best, own))
            )
            truth = more if truth is None else both(builder, truth, more)
        assert truth is not None
        parts.append(builder.reshape(truth, (rows, 1)))
    return builder.concat(parts, 1)


def both(builder: Builder, a: int, b: int) -> int:
    return builder.unary(builder.affine(builder.plus(a, b), 1.0, -1.0), RELU)


def _compared(swapped: bool, negated: bool) -> Translator:
    """a > b, b > a with `swapped`, or the negation of it."""

    def translate(site: Site) -> Value:
        a, b = site.value(0), site.value(1)
        found = greater(site.builder, *((b, a) if swapped else (a, b)))
        return negation(site.builder, found) if negated else found

    return translate


def _equal(site: Site) -> Value:
    builder = site.builder
    sign = builder.unary(difference(builder, site.value(0), site.value(1)), SIGN)
    return negation(builder, builder.unary(sign, ABS))


def _not(site: Site) -> Value:
    return negation(site.builder, site.node(0))


def _together(site: Site, either: bool) -> Value:
    """And, or with `either` Or, of truth values."""
    shape = np.broadcast_shapes(site.shape(0), site.shape(1))
    builder = site.builder
    a, b = (builder.node(builder.broadcast(site.value(i), shape)) for i in (0, 1))
    if not either:
        return both(builder, a, b)
    return negation(builder, both(builder, negation(builder, a), negation(builder, b)))


def _not_a_number(site: Site) -> Value:
    """In real arithmetic, no value is none but a softmax of masked entries."""
    return undefined_in(site.builder, site.node(0))


def _hardmax(site: Site) -> Value:
    """Along an axis; before opset 13 over all axes from one on."""
    shape, builder = site.shape(0), site.builder
    axis = site.axis(site.number("axis", -1 if site.opset >= 13 else 1), len(shape))
    if site.opset < 13:
        rows = (prod(shape[:axis]), prod(shape[axis:]))
        if rows[1] == 1:
            return np.ones(shape)
        return builder.reshape(hardened(builder, site.node(0), rows), shape)
    if shape[axis] == 1:
        return np.ones(shape)
    moved = builder.node(builder.copied(site.node(0), lambda array: np.moveaxis(array, axis, -1)))
    turned = builder.nodes[moved].shape
    found = hardened(builder, moved, (prod(turned[:-1]), turned[-1]))
    return builder.copied(found, lambda a: np.moveaxis(a.reshape(turned), -1, axis))


def _thresholded(site: Site) -> Value:
    """x where it is above alpha, else 0."""
    alpha, builder, node = site.number("alpha", 1.0), site.builder, site.node(0)
    return chosen(builder, greater(builder, node, np.array(alpha)), node, np.array(0.0))


def _shrink(site: Site) -> Value:
    """x + bias below -lambda, x - bias above lambda, and 0 between."""
    bias, limit = site.number("bias", 0.0), site.number("lambd", 0.5)
    builder, node = site.builder, site.node(0)
    if limit < 0:
        raise site.unsupported(f"lambd = {limit}")
    zero = np.array(0.0)
    below = greater(builder, np.array(-limit), node)
    above = greater(builder, node, np.array(limit))
    low = chosen(builder, below, builder.affine(node, 1.0, bias), zero)
    high = chosen(builder, above, builder.affine(node, 1.0, -bias), zero)
    return builder.plus(builder.node(low), builder.node(high))


def _mod(site: Site) -> Value:
    """The rest of a division by a constant: of the sign of x with `fmod`, else of the divisor.

    The quotient is rounded down or towards zero, and so has to be exact: the divisor is a power
    of two.
    """
    divisor, builder = site.constant(1), site.builder
    shape = np.broadcast_shapes(site.shape(0), divisor.shape)
    fraction, _ = np.frexp(divisor)
    if not np.isin(np.abs(fraction), [0.5]).all():
        raise site.unsupported("a divisor that is no power of two")
    node = builder.node(builder.broadcast(site.value(0), shape))
    quotient = builder.affine(node, 1.0 / divisor, 0.0)
    if site.number("fmod", 0):
        up = builder.unary(builder.unary(quotient, RELU), FLOOR)
        down = builder.unary(builder.unary(builder.affine(quotient, -1.0, 0.0), RELU), FLOOR)
        whole = builder.plus(up, down, -1.0)
    else:
        whole = builder.unary(quotient, FLOOR)
    return builder.plus(node, builder.affine(whole, divisor, 0.0), -1.0)


COMPARING: Mapping[str, Translator] = MappingProxyType(
    {
        "And": lambda site: _together(site, False),
        "Equal": _equal,
        "Greater": _compared(False, False),
        "GreaterOrEqual": _compared(True, True),
        "Hardmax": _hardmax,
        "IsNaN": _not_a_number,
        "Less": _compared(True, False),
        "LessOrEqual": _compared(False, True),
        "Mod": _mod,
        "Not": _not,
        "Or": lambda site: _together(site, True),
        "Shrink": _shrink,
        "ThresholdedRelu": _thresholded,
    }
)
