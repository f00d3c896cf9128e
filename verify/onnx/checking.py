"""A network that was read, beside the reference implementation of ONNX.

What is proved of a `Network` holds for the file only if both are the same function. Here they are
compared at points; a difference that rounding does not explain is an error.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from abduce.errors import AbduceError, Exit, InputError
from abduce.verify.evaluation import applied, evaluate
from abduce.verify.network import (
    Affine,
    Conv,
    ConvTranspose,
    Dense,
    MatMul,
    Network,
    Node,
    Product,
)
from abduce.verify.onnx.model import read_bytes

ROUNDING = 4.0
"""How many times the differences that rounding at random makes are allowed."""
UNIT = float(np.finfo(np.float32).eps)


@dataclass(eq=False)
class ImportMismatchError(AbduceError):
    """A network that does not compute what its file does: nothing may be said about it.

    >>> print(ImportMismatchError("net.onnx", 0.5, 1e-6))
    net.onnx was read wrongly: at some input it differs from onnxruntime by 0.5, and rounding
    explains 1e-06. Nothing was proved. This is a mistake in Abduce: please report it.
    """

    exit_code: ClassVar[Exit] = Exit.UNSUPPORTED

    path: Path | str
    difference: float
    explained: float

    def __str__(self) -> str:
        return (
            f"{self.path} was read wrongly: at some input it differs from onnxruntime by"
            f" {self.difference:.3g}, and rounding\nexplains {self.explained:.3g}. Nothing was"
            " proved. This is a mistake in Abduce: please report it."
        )


@dataclass(slots=True, eq=False)
class Runtime:
    """An ONNX file in onnxruntime, on one thread, for many inputs.

    Raises:
        InputError: onnxruntime cannot load it.
    """

    path: Path | str
    session: Any = field(init=False)

    def __post_init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        path = Path(self.path)
        source = read_bytes(path) if path.suffix == ".gz" else str(path)
        try:
            self.session = onnxruntime.InferenceSession(
                source, options, providers=["CPUExecutionProvider"], enable_fallback=0
            )
        except Exception as error:  # a class for each kind of failure, without a common root
            raise InputError(
                f"a network that onnxruntime cannot load ({error})", (), path
            ) from error

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The output at one input, of the shapes in the file; in the type of the file."""
        (source,) = (
            i
            for i in self.session.get_inputs()
            if i.name not in {n.name for n in self.session.get_overridable_initializers()}
        )
        point = np.asarray(x, np.float64 if source.type == "tensor(double)" else np.float32)
        try:
            return self.session.run(None, {source.name: point})[0]
        except Exception as error:  # as above
            raise InputError(
                f"an input that onnxruntime cannot run ({error})", (), self.path
            ) from (error)


def run_onnx(path: Path | str, x: np.ndarray) -> np.ndarray:
    """The output of the file at one input, computed by onnxruntime."""
    return Runtime(path)(x)


def check_import(
    network: Network,
    path: Path | str,
    points: int = 4,
    seed: int = 0,
    lower: np.ndarray | float = 0.0,
    upper: np.ndarray | float = 1.0,
    runtime: Runtime | None = None,
) -> None:
    """Compare the network with its file at random points of a box.

    Entries that are not finite, with or without rounding, say nothing and are passed over.

    Raises:
        ImportMismatchError: a difference that rounding does not explain.
    """
    rng = np.random.default_rng(seed)
    runtime = runtime or Runtime(path)
    low, high = (np.broadcast_to(b, network.input_shape) for b in (lower, upper))
    x = low + (high - low) * rng.random((points, *network.input_shape))
    x = x.astype(np.float32).astype(np.float64)
    theirs = np.stack([np.asarray(runtime(point), np.float64) for point in x])
    ours = evaluate(network, x)
    if theirs.shape != ours.shape:
        raise ImportMismatchError(path, np.inf, 0.0)
    rounded = _rounded(network, x, rng)
    told = np.isfinite(ours) & np.isfinite(rounded).all(axis=0)
    if not told.any():
        return
    spread = float(np.abs(rounded - ours)[:, told].max())
    explained = ROUNDING * spread + 8 * UNIT * float(np.abs(ours[told]).max())
    difference = float(np.abs(theirs - ours)[told].max())
    if not difference <= explained:
        raise ImportMismatchError(path, difference, explained)


def _rounded(network: Network, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Outputs as float32 could give them: its own, and three of float64 that is disturbed.

    The value of a node is disturbed by a float32 unit of the sum of its terms without their signs,
    times the square root of their number; so cancellation counts as what it is.
    """
    outputs = [evaluate(network, x, np.float32).astype(np.float64)]
    for _ in range(3):
        results: list[np.ndarray] = [x]
        with np.errstate(all="ignore"):
            for node in network.nodes[1:]:
                operands = [results[source] for source in node.inputs]
                value, size = applied(node, operands), _sizes(node, operands)
                results.append(value + rng.uniform(-UNIT, UNIT, value.shape) * size)
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
