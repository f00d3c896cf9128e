"""The search for inputs behind neurons that no point has activated yet.

Where a ReLU is inactive at every point of an attack, no gradient passes through it, and what lies
behind it is never seen. So the pre-activation of such a neuron is raised first. Of all of them
those are chosen whose activation would move the query's rows most towards a violation.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.query import Query
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.refutation.gradients import forward, gradient, pulls
from abduce.verify.strategy import AttackConfig

Hits = Callable[[np.ndarray, np.ndarray, list[np.ndarray]], np.ndarray]
"""The points among (P, inputs), with their outputs and pre-activations, that violate a case."""


def woken(
    network: Layers,
    query: Query,
    box: tuple[np.ndarray, np.ndarray],
    best: np.ndarray,
    config: AttackConfig,
    hits: Hits,
    stopped: Callable[[], bool],
) -> Iterator[np.ndarray]:
    """Inputs that violate a case, met while inactive neurons are raised.

    Args:
        box: the least and the greatest inputs.
        best: the points (P, inputs) at which the attack ended; the first ones are raised from.
        stopped: whether time or effort is used up, asked after each step.
    """
    x = best[: config.raised_from]
    chosen = _inactive(network, query, best, x, config.raised)
    if not chosen or not len(x):
        return
    low, high = box
    width, count = high - low, len(x)
    x = np.tile(x, (len(chosen), 1))
    inner: dict[int, np.ndarray] = {}
    for n, (layer, neuron) in enumerate(chosen):
        wanted = inner.setdefault(layer, np.zeros((len(x), network.sizes[layer])))
        wanted[n * count : (n + 1) * count, neuron] = 1.0
    nothing = np.zeros((len(x), network.sizes[-1]))
    for size in np.geomspace(config.most_step, config.least_near, config.steps):
        y, before = forward(network, x)
        yield from x[hits(x, y, before)[: config.suspects]]
        for layer in network.layers:  # there and back
            network.effort.layer(2 * len(x) * layer.before.size, layer.multiplications)
        if stopped():
            return
        x = np.clip(
            x + size * width * np.sign(gradient(network, before, nothing, inner)), low, high
        )
    y, before = forward(network, x)
    yield from x[hits(x, y, before)[: config.suspects]]


def _inactive(
    network: Layers, query: Query, seen: np.ndarray, x: np.ndarray, most: int
) -> list[tuple[int, int]]:
    """Layers, counted from 1, and neurons that no point of `seen` activates, most useful first.

    The use of a neuron is how much its activation lowers the rows that are positive at `x`.
    """
    _, before = forward(network, seen)
    y, here = forward(network, x)
    rows = query.values(x, y)
    sought: Mapping[int, np.ndarray] = pulls(network, here, (rows > 0) @ query.outputs)
    found: list[tuple[float, int, int]] = []
    for j, layer in enumerate(network.layers, start=1):
        if layer.function is not RELU or j not in sought:
            continue
        flat = (before[j - 1] <= 0).all(0)
        use = np.where(flat, -sought[j].min(0), 0.0)
        best = np.argsort(-use, kind="stable")[:most]
        found += [(-float(use[k]), j, int(k)) for k in best if use[k] > 0]
    return [(j, k) for _, j, k in sorted(found)[:most]]
