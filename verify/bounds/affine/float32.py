"""How far a runtime that computes in float32 can be off, operation by operation.

With unit roundoff u = 2^-24, the value of each operation differs from its exact value *at the
operands it was given* by at most

    relative * (sum of the absolute values of its terms) + absolute,

in whatever order a sum is taken, fused or not. This *noise* is added to the operation's value, and
bounds hold for every noise of that size; so they hold for every such runtime. What only moves,
compares or negates numbers has no noise. Assumed of elementwise functions: FUNCTION_UNITS.

Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, sections 2.2 and 3.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, prod
from typing import Final

import numpy as np

from abduce.errors import UnsupportedError
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
    Unary,
)

UNIT32: Final = 2.0**-24
TINY32: Final = 2.0**-126
"""The upper limit on the error of one operation that underflows, even where results are flushed to
zero."""
ROOM: Final = 8
"""The number of roundings added to those of the operation. They cover computed constants (the
inverse of a standard deviation) and factors that a runtime moves into a matrix beforehand."""
FUNCTION_UNITS: Final = 16
"""The error assumed of every elementwise function, in units of roundoff of its value; for functions
within [-1, 1], in units of roundoff of 1. onnxruntime 1.31 needed 5.3, for tanh."""
LARGEST: Final = 2.0**126
"""The upper limit on sums; the evaluation of larger ones may overflow, with any result."""

EXACT: Final = frozenset(["relu", "abs", "clip", "sign", "floor", "integer"])
BOUNDED: Final = frozenset(["sigmoid", "tanh", "sin", "cos", "erf"])
GATES: Final = frozenset(["gelu", "gelu_tanh", "silu", "hard_swish"])
"""Functions that are the operand times a function within [0, 1]."""
FUNCTIONS: Final = frozenset(["exp", "log", "sqrt", "reciprocal", "power"])


@dataclass(frozen=True, slots=True)
class Noise:
    """A value is off by at most ``relative * reach + absolute``.

    Its *reach* is the sum of the absolute values of its terms; or, ``of_operand``, that of what it
    was computed from.
    """

    relative: float = 0.0
    absolute: float = 0.0
    of_operand: bool = False

    def __bool__(self) -> bool:
        return self.relative > 0 or self.absolute > 0

    def of(self, reach: np.ndarray) -> np.ndarray:
        """How far values of this reach are off; infinite where one of their sums may overflow."""
        if not self.relative:
            return np.full(reach.shape, self.absolute)
        held = np.minimum(reach, LARGEST)
        return np.where(reach < LARGEST, self.relative * held + self.absolute, inf)


SILENT: Final = Noise()


def noise_of(node: Node, shapes: Sequence[Shape]) -> Noise:
    """The noise of a node's value.

    Args:
        shapes: of its operands.

    Raises:
        UnsupportedError: a function of which nothing is assumed.
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
        case Unary("leaky_relu"):
            return _of_terms(1 + extra)
        case Unary(name) if name in BOUNDED:
            return Noise(0.0, (FUNCTION_UNITS + extra) * UNIT32)
        case Unary(name) if name in FUNCTIONS:
            return _of_terms(FUNCTION_UNITS + extra)
        case Unary("softplus" | "elu", parameters):
            # log (1 + exp x) and alpha (exp x - 1): of these exp may be off by units of 1
            noise, alpha = _of_terms(FUNCTION_UNITS + extra), max(1.0, *parameters, 1.0)
            return replace(noise, absolute=alpha * (FUNCTION_UNITS + extra) * UNIT32)
        case Unary(name) if name in GATES:
            return replace(_of_terms(FUNCTION_UNITS + extra), of_operand=True)
        case Unary(name) if name not in EXACT:
            raise UnsupportedError("--semantics float32", (f"{node.name}: {name}",))
    return SILENT


def _of_terms(roundings: int) -> Noise:
    """Of values none of whose terms passes through more roundings than these."""
    share = roundings * UNIT32
    relative = share / (1.0 - share) * 1.001 if share < 1.0 else inf
    return Noise(relative, roundings * TINY32)
