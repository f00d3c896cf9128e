"""The configuration of `abduce bench lambda`: its fields are what a record stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from abduce.benchmarks.records.record import as_mapping
from abduce.symbolic.lambda_calculus import Limits, Strategy
from abduce.symbolic.lambda_calculus.reduction.config import METHOD


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringConfig:
    """How a reduction is measured. Engine, term and fuel belong to the task of a measurement.

    Attributes:
        strategy: which redex is reduced next.
        nodes: the upper limit on the nodes of a result.
        cells: the upper limit on the cells of the heap.
        timeout_s: the upper limit on the CPU seconds of a process.
        peer_timeout_s: the same for another package.
        memory_gb: the upper limit on the memory of a process, in GiB.
        longest: the upper limit on the wall-clock time of a process, as a multiple of its CPU time
            limit.
        batch_s: shorter reductions are repeated for this many seconds, and their mean is taken. On
            virtual machines, the clock was seen to stand still for a reduction of 20 microseconds.
        repeats: the least number of measurements, of which the fastest counts.
        enough_s: the least seconds that these take together.
        most_s: the seconds after which there are no more measurements in any case.
    """

    strategy: Strategy = "normal"
    nodes: int = 10_000_000
    cells: int = 30_000_000
    timeout_s: float = 60.0
    peer_timeout_s: float = 20.0
    memory_gb: float = 4.0
    longest: float = 20.0
    batch_s: float = 0.02
    repeats: int = 3
    enough_s: float = 0.5
    most_s: float = 5.0

    def limits(self, fuel: int) -> Limits:
        """The limits of one reduction."""
        return Limits(fuel=fuel, nodes=self.nodes, cells=self.cells)

    @property
    def recorded(self) -> Mapping[str, Any]:
        """The configuration as a record holds it: with the version of the method."""
        return {"method": METHOD, **as_mapping(self)}


MEASURING = MeasuringConfig()
"""The default configuration."""
