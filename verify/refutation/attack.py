"""Attacks: the search for inputs that violate a query, before the proof and during it.

Projected gradient descent in sign steps of many sizes from random points and corners, on the sum of
the rows of a case that do not hold yet, and of the assumptions on neurons that do not. Then it is
repeated from near the best points, and at last neurons are raised that nothing has activated.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from abduce import clock
from abduce.verify.bounds.affine.layers import Layers, evaluation_cost
from abduce.verify.bounds.query import Query
from abduce.verify.refutation.gradients import forward, gradient
from abduce.verify.refutation.waking import woken
from abduce.verify.strategy import AttackConfig

NOTHING: Mapping[int, np.ndarray] = MappingProxyType({})


def candidates(
    network: Layers,
    query: Query,
    rng: np.random.Generator,
    config: AttackConfig,
    deadline: float = np.inf,
    effort: float = np.inf,
    ended: Callable[[Query, np.ndarray], None] = lambda query, x: None,
) -> Iterator[np.ndarray]:
    """Inputs (inputs,) at which a case of the query is violated, as computed in float64.

    Args:
        deadline: ``clock.wall_s()`` at which to stop.
        effort: the upper limit on the work.
        ended: called with the points (P, inputs) at which the attack ends.
    """
    until = network.effort.spent + effort
    low, high = inner_box(query)
    width = high - low
    owner, steps = _planned(network, query, config, (low + high) / 2)
    start = rng.random((len(owner), network.inputs))
    corners = rng.random(len(owner)) < config.corners
    start[corners] = np.round(start[corners])
    start[0] = 0.5
    x = low + width * start
    size = _spread(rng, len(x), config.least_step, config.most_step)
    best, least = x.copy(), np.full(len(x), np.inf)
    for step in range(2 * steps):
        if step == steps:
            kept = np.argsort(least)[: max(config.best, len(x) // config.best_of)]
            kept = np.repeat(kept, max(1, min(config.copies, len(x) // len(kept))))
            owner, best, least = owner[kept], best[kept], least[kept]
            size = _spread(rng, len(best), config.least_near, config.most_near)
            x = np.clip(best + width * size * rng.normal(size=best.shape), low, high)
        y, before = forward(network, x)
        rows = query.values(x, y)
        outside = query.outside(network, before)
        hit = np.flatnonzero(violations(query, rows, outside).any(-1))
        yield from x[hit[: config.suspects]]
        for layer in network.layers:  # there and back
            network.effort.layer(2 * len(x) * layer.before.size, layer.multiplications)
        if len(hit) or network.effort.spent > until or clock.wall_s() > deadline:
            ended(query, x[hit] if len(hit) else best)
            return
        most = np.where(owner, rows, -np.inf).max(-1)
        for off in outside.values():
            most = np.maximum(most, np.abs(off).max(-1))
        better = most < least
        least = np.where(better, most, least)
        best[better] = x[better]
        wanted = (owner & (rows > 0)).astype(float)
        inner = {j: np.sign(off) for j, off in outside.items()}
        slope = gradient(network, before, wanted @ query.outputs, inner) + wanted @ query.inputs
        x = np.clip(x - size * width * np.sign(slope), low, high)
        size = np.maximum(config.least_size, config.decay * size)

    def hits(x: np.ndarray, y: np.ndarray, before: list[np.ndarray]) -> np.ndarray:
        outside = query.outside(network, before)
        return np.flatnonzero(violations(query, query.values(x, y), outside).any(-1))

    def stopped() -> bool:
        return network.effort.spent > until or clock.wall_s() > deadline

    best = best[np.argsort(least, kind="stable")]
    yield from woken(network, query, (low, high), best, config, hits, stopped)
    ended(query, best)


def _planned(
    network: Layers, query: Query, config: AttackConfig, centre: np.ndarray
) -> tuple[np.ndarray, int]:
    """The rows that each point tries to make negative, (P, R), and its number of steps.

    Where there is work for all cases each has as many points; else those cases have points that are
    nearest to being violated in the centre.
    """
    count = len(query.cases)
    each = 3 * evaluation_cost(network)
    steps = config.steps
    spare = config.work * config.restarts / each
    points = min(spare / (2 * steps), config.values / sum(network.sizes))
    if points >= 2 * count:
        cases = np.repeat(np.arange(count), int(min(points / count, config.restarts)))
    else:
        few = max(1, min(config.least_points, int(config.step_work / each)))
        steps = int(np.clip(spare / (2 * few), min(config.least_steps, steps), steps))
        y, _ = forward(network, centre[None])
        nearest = np.argsort(query.of_rows(query.values(centre[None], y))[0], kind="stable")
        cases = np.resize(nearest, max(few, int(points)))
    return query.owner[None] == cases[:, None], steps


def _spread(rng: np.random.Generator, count: int, low: float, high: float) -> np.ndarray:
    """Step sizes, as shares of the box, (count, 1)."""
    return np.exp(rng.uniform(np.log(low), np.log(high), (count, 1)))


def violations(
    query: Query, rows: np.ndarray, outside: Mapping[int, np.ndarray] = NOTHING
) -> np.ndarray:
    """The cases that rows (P, R) violate, (P, C); none where `Query.outside` is not 0."""
    held = np.where(query.strict, rows < 0, rows <= 0)
    found = query.of_rows(np.where(held, 0.0, 1.0)) <= 0.0
    for off in outside.values():
        found &= (off == 0).all(-1)[:, None]
    return found


def violating(network: Layers, query: Query, x: np.ndarray, most: int) -> np.ndarray:
    """The inputs among (P, inputs), moved into the box, that seem to violate a case.

    Args:
        most: the upper limit on their number.
    """
    x = np.clip(x, query.low, query.high)
    y, before = forward(network, x)
    found = violations(query, query.values(x, y), query.outside(network, before))
    return x[np.flatnonzero(found.any(-1))[:most]]


def inner_box(query: Query) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest float32 numbers in the box, as float64.

    Where there are none, both are the middle of its bounds.
    """
    with np.errstate(over="ignore"):
        low = query.low.astype(np.float32)
        high = query.high.astype(np.float32)
        low = np.where(low < query.low, np.nextafter(low, np.float32(np.inf)), low)
        high = np.where(high > query.high, np.nextafter(high, np.float32(-np.inf)), high)
    low, high = low.astype(np.float64), high.astype(np.float64)
    middle = np.clip((query.low + query.high) / 2, query.low, query.high)
    return np.where(low > high, middle, low), np.where(low > high, middle, high)


def rounded(query: Query, x: np.ndarray) -> np.ndarray:
    """The nearest point of `inner_box`."""
    low, high = inner_box(query)
    with np.errstate(over="ignore"):  # of what no float32 is near to, the end of the box is nearest
        return np.clip(x.astype(np.float32).astype(np.float64), low, high)
