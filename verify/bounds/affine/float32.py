"""Bounds on the errors of a runtime that computes in float32, operation by operation.

With unit roundoff u = 2^-24, the value of each operation differs from its exact value *at the
operands it was given* by at most

    relative * (sum of the absolute values of its terms) + absolute,

in whatever order a sum is taken, fused or not. This *noise* is added to the operation's value, and
bounds hold for every noise of that size; so they hold for every such runtime. What only moves,
compares or negates numbers has no noise. The file of each nonlinearity says what is assumed of it.

Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, sections 2.2 and 3.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, prod
from typing import Final

import numpy as np

from abduce.verify.networks.functions.nonlinearity import FUNCTION_UNITS, Nonlinearity
from abduce.verify.networks.network import (
    Add,
    Affine,
    Conv,
    ConvTranspose,
    Dense,
    MatMul,
    Node,
    Product,
    Shape,
    Softmax,
    Sum,
)

UNIT32: Final = 2.0**-24
TINY32: Final = 2.0**-126
"""The upper limit on the error of one operation that underflows, even where results are flushed to
zero."""
ROOM: Final = 8
"""The number of roundings added to those of the operation. They cover computed constants (the
inverse of a standard deviation) and factors that a runtime moves into a matrix beforehand."""
LARGEST: Final = 2.0**126
"""The upper limit on sums; the evaluation of larger ones may overflow, with any result."""


@dataclass(frozen=True, slots=True)
class Noise:
    """A bound on the error of a value: ``relative * reach + absolute``. The *reach* of a value is
    the sum of the absolute values of its terms; with ``of_operand``, it is that of the operand.
    """

    relative: float = 0.0
    absolute: float = 0.0
    of_operand: bool = False

    def __bool__(self) -> bool:
        return self.relative > 0 or self.absolute > 0

    def of(self, reach: np.ndarray) -> np.ndarray:
        """A bound on the error of values of this reach; infinite where one of their sums may
        overflow."""
        if not self.relative:
            return np.full(reach.shape, self.absolute)
        held = np.minimum(reach, LARGEST)
        return np.where(reach < LARGEST, self.relative * held + self.absolute, inf)


SILENT: Final = Noise()


def noise_of(node: Node, shapes: Sequence[Shape]) -> Noise:
    """The noise of a node's value.

    Args:
        shapes: the shapes of its operands.
    """
    extra = ROOM + node.merged
    match node.operation:
        case Dense(weight):
            return _of_terms(len(weight) + 1 + extra)
        case Conv(weight):
            return _of_terms(prod(weight.shape[1:]) + 1 + extra)
        case ConvTranspose(weight, groups=groups):
            return _of_terms(weight.shape[0] // groups * prod(weight.shape[2:]) + 1 + extra)
        case Affine(scale, shift):
            silent = not shift.any() and bool((np.abs(scale) == 1.0).all())
            return SILENT if silent else _of_terms(2 + extra)
        case Add() | Product():
            return _of_terms(2 + extra)
        case Sum(axes):
            return _of_terms(prod(shapes[0][axis] for axis in axes) + extra)
        case MatMul():
            return _of_terms(shapes[0][-1] + extra)
        case Softmax(axis):
            # exp(x - max x) is off by u / e for what the difference rounds, and then by its own
            # units; so are the n terms of the sum that divides it, which is at least 1
            n = shapes[0][axis]
            return Noise(0.0, (2 * n + 2 * FUNCTION_UNITS + extra) * UNIT32)
        case Nonlinearity(rounding=rounding):
            noise = _of_terms(rounding.relative + extra) if rounding.relative else SILENT
            units = rounding.absolute * (FUNCTION_UNITS + extra)
            absolute = units * UNIT32 if units else noise.absolute
            return replace(noise, absolute=absolute, of_operand=rounding.of_operand)
    return SILENT


def _of_terms(roundings: int) -> Noise:
    """The rounding of values whose terms pass through at most these roundings."""
    share = roundings * UNIT32
    relative = share / (1.0 - share) * 1.001 if share < 1.0 else inf
    return Noise(relative, roundings * TINY32)
