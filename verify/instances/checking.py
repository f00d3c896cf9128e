"""Compares a network that was read with onnxruntime, the reference implementation of ONNX."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from abduce.errors import InputError
from abduce.files import is_packed
from abduce.verify.bounds.affine.float32 import noise_of
from abduce.verify.bounds.affine.layers import backward_cost, layers_of
from abduce.verify.bounds.propagation.points import at_points
from abduce.verify.networks.agreement import ImportMismatchError, check_agreement
from abduce.verify.networks.network import Conv, ConvTranspose, Dense, MatMul, Network, Node
from abduce.verify.networks.onnx.model import DEFAULT, read_bytes

MAX_VALUES = 10_000
"""The upper limit on the values of a network that is bounded at points. Larger networks take long,
and their bounds are wide."""
NO_MEMORY = ("bad_alloc", "bad allocation", "failed to allocate memory", "out of memory")
FEWEST = 4
"""The least number of points that are compared and bounded, however large the network is."""
RUN = 7
"""The least opset of which onnxruntime runs all operators."""
CONVERTED, LAST_RUN = 13, 26
"""The opset that earlier ones are converted to, and the one that later ones are."""
MAX_COST = 3e7
"""The upper limit on the multiplications for bounding points beyond the first FEWEST."""
WORK = 5e8
"""The upper limit on the multiplications for evaluating the network at points beyond the first
FEWEST."""
EVALUATIONS = 2
MOST_ENTRIES = 10_000_000
"""The upper limit on the values of the network held in memory at once."""


@dataclass(slots=True, eq=False)
class Runtime:
    """An ONNX file in onnxruntime, on one thread, for many inputs.

    Attributes:
        output: the name of the output that is computed; the first one where it is left out.

    Raises:
        InputError: onnxruntime cannot load it.
    """

    path: Path | str
    output: str | None = None
    session: Any = field(init=False)
    source: Any = field(init=False)

    def __post_init__(self) -> None:
        path = Path(self.path)
        try:
            self.session = _session(read_bytes(path) if is_packed(path) else str(path))
        except Exception as error:  # a class for each kind of failure, without a common root
            _check_memory(error)
            self.session = _converted_session(path, error)

        overridable = {n.name for n in self.session.get_overridable_initializers()}
        (self.source,) = (i for i in self.session.get_inputs() if i.name not in overridable)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The output at one input, of the shapes in the file; in the type of the file."""
        wanted = self.output or self.session.get_outputs()[0].name
        try:
            return self.session.run([wanted], {self.source.name: self.given(x)})[0]
        except Exception as error:  # as above
            _check_memory(error)
            raise InputError(
                f"an input that onnxruntime cannot run ({error})", (), self.path
            ) from (error)

    def given(self, x: np.ndarray) -> np.ndarray:
        """An input in the shape and type of the file."""
        with np.errstate(over="ignore"):  # what float32 does not hold is infinite there
            return np.asarray(x, np.float64 if self.source.type == "tensor(double)" else np.float32)

    def many(self, x: np.ndarray) -> np.ndarray | None:
        """The outputs of inputs (P, *shape in the file), if the file has a free axis for a batch.

        That is the first axis of input and output, of one entry in ``shape``. None where there is
        none, or where the batch cannot be run.
        """
        shape = self.source.shape
        (output, *others) = self.session.get_outputs()
        free = bool(shape) and isinstance(shape[0], str | None) and x.shape[1:2] == (1,)
        if others or not free or not output.shape or isinstance(output.shape[0], int):
            return None
        try:
            y = self(x[:, 0])
        except InputError:  # a free axis that the operations do not leave free
            return None
        return y[:, None] if len(y) == len(x) else None


def _session(source: bytes | str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        source, options, providers=["CPUExecutionProvider"], enable_fallback=0
    )


def _converted_session(path: Path, failed: Exception) -> Any:
    """A network of an opset that onnxruntime does not run, as onnx converts it.

    Args:
        failed: why the file itself was not loaded.

    Raises:
        InputError: it is of another opset, or cannot be converted.
    """
    from onnx import ModelProto, version_converter

    try:
        model = ModelProto()
        model.ParseFromString(read_bytes(path))
        own = max((o.version for o in model.opset_import if o.domain in DEFAULT), default=1)
        if own < RUN or own > LAST_RUN:
            to = CONVERTED if own < RUN else LAST_RUN
            return _session(version_converter.convert_version(model, to).SerializeToString())
    except Exception as error:  # as above
        _check_memory(error)
        failed = error
    raise InputError(f"a network that onnxruntime cannot load ({failed})", (), path) from failed


def _check_memory(error: Exception) -> None:
    """Raises `MemoryError` if the error of onnxruntime says that memory ran out."""
    if any(words in str(error).lower() for words in NO_MEMORY):
        raise MemoryError from error


def check_import(
    network: Network,
    path: Path | str,
    points: int = 4,
    seed: int = 0,
    lower: np.ndarray | float = 0.0,
    upper: np.ndarray | float = 1.0,
    runtime: Callable[[np.ndarray], np.ndarray] | None = None,
) -> None:
    """Compare the network with its file at random points of a box, the first half of them corners.

    The difference to onnxruntime's outputs must be one that random rounding explains. If the
    network is not large, the outputs must also lie within the bounds of float32.

    Raises:
        ImportMismatchError: a difference that rounding does not explain.
    """
    rng = np.random.default_rng(seed)
    run = runtime or Runtime(path)
    low, high = (np.broadcast_to(b, network.input_shape) for b in (lower, upper))
    share = rng.random((points, *network.input_shape))
    share[: points // 2] = np.round(share[: points // 2])
    x = (low + (high - low) * share).astype(np.float32).astype(np.float64)
    check_points(network, x, np.stack([np.asarray(run(point), np.float64) for point in x]), path)


def check_points(network: Network, x: np.ndarray, theirs: np.ndarray, path: Path | str) -> None:
    """Compare the network with outputs (P, *output shape) at points (P, *input shape).

    Large networks are compared at the first points only.

    Raises:
        ImportMismatchError: as `check_import`.
    """
    values = sum(prod(node.shape) for node in network.nodes)
    cost = EVALUATIONS * sum(_products(network, node) for node in network.nodes)
    most = max(FEWEST, int(min(WORK / cost, MOST_ENTRIES / values)))
    outputs = iter(theirs[:most])
    check_agreement(network, x[:most], lambda _: next(outputs), path, np.random.default_rng(0))
    if values > MAX_VALUES:
        return
    layers = layers_of(network, noise_of=noise_of)
    most = max(FEWEST, int(MAX_COST / max(1.0, backward_cost(layers))))
    points = x[:most].reshape(-1, layers.inputs)
    least, most_ = at_points(layers, points)
    _check_within(least, most_, theirs[:most].reshape(least.shape), path)


def _products(network: Network, node: Node) -> float:
    """The approximate number of multiplications for the value of a node at one point."""
    size = prod(node.shape)
    match node.operation:
        case Dense(weight):
            return size * len(weight)
        case Conv(weight):
            return size * prod(weight.shape[1:])
        case ConvTranspose(weight):
            return prod(network.nodes[node.inputs[0]].shape) * prod(weight.shape[1:])
        case MatMul():
            return size * network.nodes[node.inputs[0]].shape[-1]
    return 10.0 * size


def _check_within(
    least: np.ndarray, most: np.ndarray, theirs: np.ndarray, path: Path | str
) -> None:
    told = np.isfinite(least) & np.isfinite(most)
    with np.errstate(invalid="ignore"):
        middle, radius = (least + most) / 2, (most - least) / 2
        difference = np.abs(theirs - middle)
    if (wrong := told & ~((least <= theirs) & (theirs <= most))).any():
        at = np.where(wrong, difference - radius, -np.inf).argmax()
        found, explained = (float(part.ravel()[at]) for part in (difference, radius))
        raise ImportMismatchError(path, found, explained)
