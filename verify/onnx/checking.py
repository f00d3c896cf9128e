"""A network that was read, beside the reference implementation of ONNX."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from abduce.errors import InputError
from abduce.verify.agreement import check_agreement
from abduce.verify.network import Network
from abduce.verify.onnx.model import read_bytes


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
    low, high = (np.broadcast_to(b, network.input_shape) for b in (lower, upper))
    x = low + (high - low) * rng.random((points, *network.input_shape))
    x = x.astype(np.float32).astype(np.float64)
    check_agreement(network, x, runtime or Runtime(path), path, rng)
