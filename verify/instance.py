"""An instance of verification: from the files of a network and a property to a verdict.

Nothing is called proved before the network that was read has been compared with onnxruntime, and
nothing refuted that was not replayed there; it is loaded for that at the end, once.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from abduce import clock
from abduce.verify.verdict import Proved, Unknown, Verdict, Work

if TYPE_CHECKING:
    from abduce.verify.network import Network
    from abduce.verify.specification import Specification
    from abduce.verify.strategy import Strategy
    from abduce.verify.verification import Semantics

OUT_OF_TIME = "out of time"
OUT_OF_MEMORY = "out of memory"


def instance_path(path: Path) -> Path:
    """The path, or PATH.gz where only that exists."""
    packed = path.with_name(path.name + ".gz")
    return packed if packed.exists() and not path.exists() else path


def verify_files(
    network: Path,
    property_: Path,
    *,
    timeout_s: float = 300.0,
    semantics: "Semantics" = "real",
    output: str | None = None,
    since: float | None = None,
    strategy: "Strategy | None" = None,
    progress: Callable[[Work], None] | None = None,
) -> Verdict:
    """Whether the network in an ONNX file has the property in a VNN-LIB file.

    Args:
        network, property_: packed by gzip or not; where there is no such file, PATH.gz is taken.
        timeout_s: for everything, reading included.
        semantics: what the network computes, see `verify`.
        output: the name of the output that the property is about, where there are several.
        strategy: the automatic one where it is left out.
        since: ``clock.wall_s()`` from which that counts; now where it is left out.
        progress: is told the work done so far, after each batch.

    Returns:
        A `Proved` only where the network that was read, at corners and random points of the
        property's first box, gives what onnxruntime does. An `Unknown` with the reason
        `OUT_OF_MEMORY` too, where memory has a limit.

    Raises:
        DataError, InputError, UnsupportedError: as `read_network` and `read_property`.
        ImportMismatchError: the network was read wrongly.
    """
    from abduce.verify.memory import keep_freed_memory
    from abduce.verify.onnx.reading import read_network
    from abduce.verify.strategy import Strategy
    from abduce.verify.verification import Budget, verify
    from abduce.verify.vnnlib import read_property

    keep_freed_memory()
    deadline = (clock.wall_s() if since is None else since) + timeout_s
    done = Work()

    def told(work: Work) -> None:
        nonlocal done
        done = work
        if progress is not None:
            progress(work)

    path = instance_path(network)
    runtime = _OnDemand(path, output)
    try:
        read = read_network(path, output)
        shapes = read.input_shape, read.output_shape
        specification = read_property(instance_path(property_), *shapes)
        budget = Budget(timeout_s=max(0.0, deadline - clock.wall_s()))
        verdict = verify(
            read,
            specification,
            budget,
            strategy or Strategy(),
            semantics=semantics,
            replay=runtime,
            progress=told,
        )
        if isinstance(verdict, Proved):
            _check(read, specification, runtime)
    except MemoryError:
        return Unknown(OUT_OF_MEMORY, done)
    if isinstance(verdict, Unknown) and clock.wall_s() >= deadline:
        return Unknown(f"{OUT_OF_TIME} after {timeout_s:g} s", verdict.work)
    return verdict


def _check(network: "Network", specification: "Specification", runtime: "_OnDemand") -> None:
    from abduce.verify.onnx.checking import check_import

    for case in specification.cases[:1]:
        low, high = (end.reshape(network.input_shape) for end in (case.lower, case.upper))
        check_import(network, runtime.path, lower=low, upper=high, runtime=runtime)


class _OnDemand:
    """A file in onnxruntime, loaded with its first input."""

    def __init__(self, path: Path, output: str | None = None) -> None:
        self.path, self.output = path, output
        self.loaded: Callable[[np.ndarray], np.ndarray] | None = None

    def __call__(self, x: np.ndarray) -> np.ndarray:
        if self.loaded is None:
            from abduce.verify.onnx.checking import Runtime

            self.loaded = Runtime(self.path, self.output)
        return self.loaded(x)
