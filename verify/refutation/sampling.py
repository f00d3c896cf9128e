"""The points at which a runtime is run before a proof counts: in every box, at corners, and where
attacks end. A proof is about the network that was read; a runtime can only be checked at points.
These are float32 numbers within the boxes of the specification, except where a box has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from abduce.verify.bounds.query import Query
from abduce.verify.refutation.attack import inner_box, rounded
from abduce.verify.strategy import CheckConfig

ROUNDING = 2.0**-52


@dataclass(slots=True, eq=False)
class Ends:
    """Collects the points at which attacks end."""

    config: CheckConfig = field(default_factory=CheckConfig)
    points: list[np.ndarray] = field(default_factory=list)
    count: int = 0

    def add(self, query: Query, x: np.ndarray) -> None:
        """Keep points (P, inputs) of a query's box, as far as there is room."""
        config = self.config
        room = min(config.ends, config.end_numbers // max(1, x.shape[1])) - self.count
        if room > 0:
            self.points.append(rounded(query, x[:room]))
            self.count += len(self.points[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Points (P, inputs), the most important ones first.

    Attributes:
        boxes: how many of the ``of`` boxes have one of the first points, in order.
    """

    x: np.ndarray
    boxes: int
    of: int


def sample(
    queries: Sequence[Query], ends: Ends, rng: np.random.Generator, cost: float = 0.0
) -> Sample:
    """Points at which the runtime is run, none of them twice.

    They are a point in each box (of many boxes, in some that are drawn), the centre of the boxes'
    hull, and corners. The end points of attacks follow, and then more points in the boxes.

    Args:
        cost: multiplications of the network at one point.
    """
    chosen, config = list(queries), ends.config
    if len(chosen) > config.boxes:
        places = rng.choice(len(chosen), config.boxes, replace=False)
        chosen = [queries[place] for place in np.sort(places)]
    inner = [inner_box(query) for query in chosen]
    one = [
        rounded(query, _spread(low, high, 1, rng)[0])
        for query, (low, high) in zip(chosen, inner, strict=True)
    ]
    hull = replace(
        queries[0],
        low=np.min([query.low for query in queries], axis=0),
        high=np.max([query.high for query in queries], axis=0),
    )
    centre = rounded(hull, hull.low / 2 + hull.high / 2)[None]
    drawn = min(config.drawn, config.drawn_work / max(1.0, cost))
    drawn = min(drawn, config.drawn_numbers / max(1, len(hull.low)))
    more = [
        rounded(query, _spread(low, high, int(drawn / len(chosen)), rng))
        for query, (low, high) in zip(chosen, inner, strict=True)
        if drawn >= len(chosen)
    ]
    points = [np.stack(one), centre, _corners(inner, rng, config.corners), *ends.points, *more]
    return Sample(_once(np.concatenate(points)), len(chosen), len(queries))


def _spread(low: np.ndarray, high: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Points of a box, (count, inputs): each input has one value in each of ``count`` equal parts
    of its interval, so that no part is missed.

    Source: McKay, Beckman and Conover 1979 (Latin hypercube sampling).
    """
    part = rng.permuted(np.tile(np.arange(count)[:, None], len(low)), axis=0)
    return low + (high - low) * (part + rng.random(part.shape)) / count


def _corners(
    inner: Sequence[tuple[np.ndarray, np.ndarray]], rng: np.random.Generator, count: int
) -> np.ndarray:
    """This many random corners of boxes; all corners of a single box that has no more."""
    low, high = inner[0]
    varied = np.flatnonzero(low < high)
    if len(inner) == 1 and 2 ** len(varied) <= count:
        corners = np.repeat(low[None], 2 ** len(varied), axis=0)
        upper = np.arange(len(corners))[:, None] >> np.arange(len(varied)) & 1
        corners[:, varied] = np.where(upper, high[varied], low[varied])
        return corners
    drawn = [inner[place] for place in rng.integers(len(inner), size=count).tolist()]
    return np.stack([np.where(rng.random(len(low)) < 0.5, low, high) for low, high in drawn])


def _once(x: np.ndarray) -> np.ndarray:
    """The points without repeated ones."""
    first: dict[bytes, int] = {}
    for place, point in enumerate(x):
        first.setdefault(point.tobytes(), place)
    return x[list(first.values())]


def may_violate(query: Query, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The case of a query that each point (P, inputs) with its output (P, outputs) may violate, or
    -1: a point is left out only where rounding in float64 cannot be the reason."""
    place = np.full(len(x), -1)
    inside = np.flatnonzero(_inside(query, x))
    if not len(inside):
        return place
    x, y = x[inside], np.nan_to_num(y[inside], nan=0.0, posinf=1e300, neginf=-1e300)
    with np.errstate(all="ignore"):
        rows = query.values(x, y)
        sizes = np.abs(x) @ np.abs(query.inputs).T + np.abs(y) @ np.abs(query.outputs).T
        slack = ROUNDING * (x.shape[1] + y.shape[1] + 8) * (sizes + np.abs(query.bounds)) + 1e-300
        held = ~(rows > slack)  # what is no number may hold
    cases = query.of_rows(np.where(held, 0.0, 1.0)) <= 0.0
    found = np.asarray(query.cases)[cases.argmax(-1)]
    place[inside] = np.where(cases.any(-1), found, -1)
    return place


def _inside(query: Query, x: np.ndarray, width: int = 64) -> np.ndarray:
    """Which points are in the box; a few inputs at a time, since most are out soon."""
    inside = np.arange(len(x))
    for start in range(0, x.shape[1], width):
        some = slice(start, start + width)
        part = x[inside, some]
        fits = ((query.low[some] <= part) & (part <= query.high[some])).all(-1)
        inside = inside[fits]
        if not len(inside):
            break
    found = np.zeros(len(x), bool)
    found[inside] = True
    return found
