"""Checking a runtime before a proof counts: every output is judged by the specification. A point
that violates it goes to the court, like a point of an attack. It refutes the specification, or
rounding alone is the reason. Then the proof holds in real arithmetic, and the verdict says at which
input the runtime contradicts it.
"""

from collections.abc import Sequence
from math import prod
from typing import Protocol, runtime_checkable

import numpy as np

from abduce import clock
from abduce.verify.bounds.query import Query
from abduce.verify.networks.network import Network
from abduce.verify.refutation.sampling import Sample, may_violate
from abduce.verify.refutation.witness import Court, Replay
from abduce.verify.verdict import Checked, Refuted

BATCH = 256
MOST_VALUES = 10_000_000
"""The upper limit on the values of the network held in memory at once."""


@runtime_checkable
class Batched(Protocol):
    """A replay that may be able to run many inputs at once."""

    def __call__(self, x: np.ndarray, /) -> np.ndarray: ...

    def many(self, x: np.ndarray, /) -> np.ndarray | None:
        """The outputs (P, *output shape) of inputs (P, *input shape); None if it cannot."""
        ...


def looked_at(
    court: Court,
    replay: Replay,
    queries: Sequence[Query],
    sample: Sample,
    *,
    cost: float,
    deadline: float,
) -> tuple[Refuted | None, Checked]:
    """Run the points of a sample, and have the court judge every output.

    An output that was computed in a batch and may violate the specification is computed again, the
    input alone: that one counts.

    Args:
        cost: multiplications of the network at one point.
        deadline: ``clock.wall_s()`` at which the fewest points are enough.

    Returns:
        A point that refutes the specification, if there is one; and where the runtime was run.
    """
    config = court.config
    most = max(config.least_points, int(config.work / max(1.0, cost)))
    x = sample.x[:most]
    y, alone = _outputs(court.network, replay, x, config.least_points, deadline)
    checked = Checked(len(y), min(len(y), sample.boxes), sample.of)
    for query in queries:
        places = may_violate(query, x[: len(y)], y)
        for at in np.flatnonzero(places >= 0).tolist():
            point = x[at].reshape(court.network.input_shape)
            shape = court.network.output_shape
            there = y[at].reshape(shape) if alone[at] else np.asarray(replay(point))
            found = court.weighed(point, there, int(places[at]))
            if found is not None or len(court.rounding) >= config.roundings:
                return found, checked
    return None, checked


def _outputs(
    network: Network, replay: Replay, x: np.ndarray, fewest: int, deadline: float
) -> tuple[np.ndarray, np.ndarray]:
    """Outputs (P, outputs) of all points or of the first ones; and which of them were computed one
    by one."""
    values = sum(prod(node.shape) for node in network.nodes)
    size = min(BATCH, max(1, MOST_VALUES // values))
    found: list[np.ndarray] = []
    alone: list[bool] = []
    points = x.reshape(-1, *network.input_shape)
    while len(found) < len(x) and (len(found) < fewest or clock.wall_s() < deadline):
        part = points[len(found) : len(found) + size]
        together = replay.many(part) if isinstance(replay, Batched) and len(part) > 1 else None
        alone += [together is None] * (len(part) if together is not None else 1)
        rows = [np.asarray(replay(part[0]))] if together is None else list(together)
        found += [np.asarray(row, np.float64).ravel() for row in rows]
        if len(found[-1]) != prod(network.output_shape):
            raise ValueError(
                f"a replay with {len(found[-1])} outputs, where the network has"
                f" {prod(network.output_shape)}"
            )
    return np.stack(found), np.array(alone)
