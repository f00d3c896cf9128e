"""An instance of verification: from the files of a network and a property to a verdict.

Nothing is called proved before the network that was read has been compared with onnxruntime, and
nothing refuted that was not replayed there; it is loaded for that at the end, once. Every output of
it that is seen is judged by the property.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from abduce import clock
from abduce.verify.ledger import NO_LEDGER, Ledger
from abduce.verify.verdict import OUT_OF_TIME, Proved, Unknown, Verdict, Work

if TYPE_CHECKING:
    from abduce.verify.instances.checking import Runtime
    from abduce.verify.networks.network import Network
    from abduce.verify.strategy import Strategy
    from abduce.verify.verification import Semantics, SplitsInputs

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
    ledger: Ledger = NO_LEDGER,
    splitting: "SplitsInputs | None" = None,
) -> Verdict:
    """Whether the network in an ONNX file has the property in a VNN-LIB file.

    Args:
        network, property_: packed by gzip or not; where there is no such file, PATH.gz is taken.
        timeout_s: the time limit of everything, reading included.
        semantics: what the network computes, see `verify`.
        output: the name of the output that the property is about, where there are several.
        strategy: the automatic one where it is left out.
        since: ``clock.wall_s()`` from which that counts; now where it is left out.
        progress: called with the work done so far, after each batch.
        ledger: receives the subdomains of the search, as in `verify`.
        splitting: makes the search where inputs are split, as in `verify`.

    Returns:
        A `Proved` only where the network that was read gives what onnxruntime does, at points of
        the property's boxes (`sampling`); where what onnxruntime computes there violates the
        property by its own rounding, the proof says so. An `Unknown` with the reason
        `OUT_OF_MEMORY` too, where memory has a limit.

    Raises:
        DataError, InputError, UnsupportedError: as `read_network` and `read_property`.
        ImportMismatchError: the network was read wrongly.
    """
    from abduce.verify.branch.inputs import InputSplitting
    from abduce.verify.instances.memory import keep_freed_memory
    from abduce.verify.networks.onnx.reading import read_network
    from abduce.verify.specifications.vnnlib.reading import read_property
    from abduce.verify.strategy import Strategy
    from abduce.verify.verification import Budget, verify

    keep_freed_memory()
    deadline = (clock.wall_s() if since is None else since) + timeout_s
    done = Work()

    def told(work: Work) -> None:
        nonlocal done
        done = work
        if progress is not None:
            progress(work)

    path = instance_path(network)
    try:
        read = read_network(path, output=output, deadline=deadline)
        runtime = OnDemand(path, read, output)
        shapes = read.input_shape, read.output_shape
        specification = read_property(instance_path(property_), *shapes, deadline=deadline)
        budget = Budget(timeout_s=max(0.0, deadline - clock.wall_s()))
        verdict = verify(
            read,
            specification,
            budget,
            strategy or Strategy(),
            semantics=semantics,
            replay=runtime,
            progress=told,
            ledger=ledger,
            splitting=splitting or InputSplitting,
        )
        if isinstance(verdict, Proved) and runtime.x:
            runtime.check(None if verdict.rounding is None else verdict.rounding.x)
    except MemoryError:
        return Unknown(OUT_OF_MEMORY, done)
    except clock.OutOfTime:
        return Unknown(f"{OUT_OF_TIME} after {timeout_s:g} s", done)
    if isinstance(verdict, Unknown) and clock.wall_s() >= deadline:
        return Unknown(f"{OUT_OF_TIME} after {timeout_s:g} s", verdict.work)
    return verdict


@dataclass(slots=True, eq=False)
class OnDemand:
    """A file in onnxruntime, which is loaded with its first input; its inputs and outputs are kept.

    Attributes:
        network: the network that was read from the file.
        output: which of several outputs is computed.
        x, y: inputs and outputs.
    """

    path: Path
    network: "Network"
    output: str | None = None
    loaded: "Runtime | None" = None
    x: list[np.ndarray] = field(default_factory=list)
    y: list[np.ndarray] = field(default_factory=list)
    batched: bool = False

    @property
    def runtime(self) -> "Runtime":
        if self.loaded is None:
            from abduce.verify.instances.checking import Runtime

            self.loaded = Runtime(self.path, self.output)
        return self.loaded

    def __call__(self, x: np.ndarray) -> np.ndarray:
        output = self.runtime(x)
        self._keep(x[None], output[None])
        return output

    def many(self, x: np.ndarray) -> np.ndarray | None:
        outputs = self.runtime.many(x)
        if outputs is None or outputs.shape[1:] != self.network.output_shape:
            return None
        self.batched = True
        self._keep(x, outputs)
        return outputs

    def forget(self) -> None:
        """Forgets its inputs and outputs, so that `check` is about later ones alone."""
        self.x.clear()
        self.y.clear()
        self.batched = False

    def check(self, first: np.ndarray | None) -> None:
        """Compares the network with onnxruntime at all inputs so far, and at this input first.

        Outputs of a batch may be those of another function than the file's: what differs there is
        run again, each input alone.

        Raises:
            ImportMismatchError: the network was read wrongly.
        """
        from abduce.verify.instances.checking import check_points
        from abduce.verify.networks.agreement import ImportMismatchError

        x, y = np.stack(self.x), np.stack(self.y).astype(np.float64)
        if first is not None:
            first = self.runtime.given(first).astype(np.float64)
            order = np.argsort([not np.array_equal(point, first) for point in x], kind="stable")
            x, y = x[order], y[order]
        try:
            check_points(self.network, x, y, self.path)
        except ImportMismatchError:
            if not self.batched:
                raise
            alone = np.stack([self.runtime(point) for point in x]).astype(np.float64)
            check_points(self.network, x, alone, self.path)

    def _keep(self, x: np.ndarray, y: np.ndarray) -> None:
        if y.shape[1:] != self.network.output_shape:
            from abduce.verify.networks.agreement import ImportMismatchError

            raise ImportMismatchError(self.path, np.inf, 0.0)
        self.x.extend(self.runtime.given(x).astype(np.float64))
        self.y.extend(y)
