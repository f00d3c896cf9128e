"""Compares a network that was read with the program that it was read from.

What is proved of a `Network` holds for its source only if both are the same function. Here they
are compared at points; a difference that rounding does not explain is an error.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from abduce.errors import AbduceError, Exit
from abduce.verify.networks.evaluation import applied, evaluate
from abduce.verify.networks.network import (
    Affine,
    Conv,
    ConvTranspose,
    Dense,
    MatMul,
    Network,
    Node,
    Product,
)

ROUNDING = 4.0
"""The factor on the differences due to random rounding, up to which a difference is accepted."""
DRAWS = 3
"""The number of random roundings that are tried at POINTS points."""
POINTS = 64
MORE_DRAWS = 61
"""The number of further random roundings, if the first ones do not explain a difference. They are
tried at the WORST points that differ most, in up to ROUNDS rounds."""
WORST = 4
ROUNDS = 4
SINGLE = float(np.finfo(np.float32).eps)


@dataclass(eq=False)
class ImportMismatchError(AbduceError):
    """A network that does not compute what its source does, so that no verdict about it is
    possible.

    >>> print(ImportMismatchError("net.onnx", 0.5, 1e-6))
    net.onnx was read wrongly: at some input it differs from onnxruntime by 0.5, and rounding
    explains 1e-06. Nothing was proved. This is a mistake in Abduce: please report it.
    """

    exit_code: ClassVar[Exit] = Exit.UNSUPPORTED

    path: Path | str
    difference: float
    explained: float
    reference: str = "onnxruntime"

    def __str__(self) -> str:
        return (
            f"{self.path} was read wrongly: at some input it differs from {self.reference} by"
            f" {self.difference:.3g}, and rounding\nexplains {self.explained:.3g}. Nothing was"
            " proved. This is a mistake in Abduce: please report it."
        )


def check_agreement(
    network: Network,
    x: np.ndarray,
    run: Callable[[np.ndarray], np.ndarray],
    path: Path | str,
    rng: np.random.Generator,
    *,
    unit: float = SINGLE,
    reference: str = "onnxruntime",
) -> None:
    """Compare the network with its source at points (P, *input shape).

    Entries that are not finite, with or without rounding, say nothing and are passed over.

    Args:
        run: computes the source's output at one point.
        path: what to call the source in an error; `reference` is what runs it.
        unit: the relative rounding error of the numbers it computes with.

    Raises:
        ImportMismatchError: a difference that rounding does not explain.
    """
    theirs = np.stack([np.asarray(run(point), np.float64) for point in x])
    ours = evaluate(network, x)
    if theirs.shape != ours.shape:
        raise ImportMismatchError(path, np.inf, 0.0, reference)
    told = np.isfinite(ours)
    rounded = _rounded(network, x[:POINTS], rng, unit, DRAWS)
    told[:POINTS] &= np.isfinite(rounded).all(axis=0)
    spread = _spread(rounded, ours[:POINTS], told[:POINTS])
    difference, explained = _compared(theirs, ours, told, spread, unit)
    if difference <= explained:
        return
    if unit >= SINGLE:
        told &= np.isfinite(evaluate(network, x, np.float32))
    for _ in range(ROUNDS):
        apart = np.where(told, np.abs(theirs - ours), 0.0).reshape(len(x), -1).max(-1)
        worst = np.argsort(np.nan_to_num(-apart, nan=-np.inf))[:WORST]
        rounded = _rounded(network, x[worst], rng, unit, MORE_DRAWS)
        told[worst] &= np.isfinite(rounded).all(axis=0)
        spread = max(spread, _spread(rounded, ours[worst], told[worst]))
        difference, explained = _compared(theirs, ours, told, spread, unit)
        if difference <= explained:
            return
    raise ImportMismatchError(path, difference, explained, reference)


def _compared(
    theirs: np.ndarray, ours: np.ndarray, told: np.ndarray, spread: float, unit: float
) -> tuple[float, float]:
    """The largest difference, and the largest one that rounding explains."""
    if not told.any():
        return 0.0, 0.0
    size = float(np.abs(ours[told]).max())
    return float(np.abs(theirs - ours)[told].max()), ROUNDING * spread + 8 * unit * size


def _spread(rounded: np.ndarray, ours: np.ndarray, told: np.ndarray) -> float:
    return float(np.abs(rounded - ours)[:, told].max(initial=0.0))


def _rounded(
    network: Network, x: np.ndarray, rng: np.random.Generator, unit: float, draws: int
) -> np.ndarray:
    """Outputs that rounding could give: some of disturbed float64 evaluations, and that of float32.

    The value of a node is disturbed by a unit of the sum of its terms without their signs, times
    the square root of their number; so cancellation counts as what it is.
    """
    outputs = []
    if unit >= SINGLE:
        outputs.append(evaluate(network, x, np.float32).astype(np.float64))
    for _ in range(draws):
        results: list[np.ndarray] = [x]
        with np.errstate(all="ignore"):
            for node in network.nodes[1:]:
                operands = [results[source] for source in node.inputs]
                value, size = applied(node, operands), _sizes(node, operands)
                results.append(value + rng.uniform(-unit, unit, value.shape) * size)
        outputs.append(results[network.output])
    return np.stack(outputs)


def _sizes(node: Node, operands: list[np.ndarray]) -> np.ndarray:
    """The terms of a node's value, added up without signs, times the root of their number."""
    sizes, terms = [np.abs(operand) for operand in operands], 1
    match node.operation:
        case Dense(weight, bias) | Conv(weight, bias) | ConvTranspose(weight, bias):
            operation = replace(node.operation, weight=np.abs(weight), bias=np.abs(bias))
            node, terms = replace(node, operation=operation), weight.size
        case Affine(scale, shift):
            node = replace(node, operation=Affine(np.abs(scale), np.abs(shift)))
        case MatMul():
            terms = operands[0].shape[-1]
        case Product():
            pass
        case _:
            return np.abs(applied(node, operands))
    return applied(node, sizes) * np.sqrt(min(terms, 64))
