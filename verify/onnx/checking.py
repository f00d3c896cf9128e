"""A network that was read, beside the reference implementation of ONNX."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from abduce.errors import InputError, UnsupportedError
from abduce.verify.agreement import ImportMismatchError, check_agreement
from abduce.verify.bounds.float32 import noise_of
from abduce.verify.bounds.layers import layers_of
from abduce.verify.bounds.points import at_points
from abduce.verify.network import Network
from abduce.verify.onnx.model import read_bytes

MAX_VALUES = 10_000
"""Networks with more values are not bounded at points: that takes long, and the bounds are wide."""


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
        wanted = self.output or self.session.get_outputs()[0].name
        try:
            return self.session.run([wanted], {source.name: point})[0]
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
    runtime: Callable[[np.ndarray], np.ndarray] | None = None,
) -> None:
    """Compare the network with its file at random points of a box, the first half of them corners.

    What onnxruntime computes must be as near to the network as rounding at random explains, and
    within the bounds of all that rounding in float32 allows, where the network is not large.

    Raises:
        ImportMismatchError: a difference that rounding does not explain.
    """
    rng = np.random.default_rng(seed)
    run = runtime or Runtime(path)
    low, high = (np.broadcast_to(b, network.input_shape) for b in (lower, upper))
    share = rng.random((points, *network.input_shape))
    share[: points // 2] = np.round(share[: points // 2])
    x = (low + (high - low) * share).astype(np.float32).astype(np.float64)
    theirs = [np.asarray(run(point), np.float64) for point in x]
    outputs = iter(theirs)
    check_agreement(network, x, lambda _: next(outputs), path, rng)
    if sum(prod(node.shape) for node in network.nodes) > MAX_VALUES:
        return
    with suppress(UnsupportedError):  # functions without bounds, or of unknown accuracy
        least, most = at_points(layers_of(network, noise_of=noise_of), x.reshape(points, -1))
        _check_within(least, most, np.reshape(theirs, least.shape), path)


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
