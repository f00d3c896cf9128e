"""Jobs on points of the plane: the convex hull, the Delaunay triangulation, a short tour."""

from dataclasses import dataclass
from decimal import Context, Decimal
from math import isqrt

import numpy as np

from abduce import clock
from abduce.symbolic.machines.jobs import (
    Kernels,
    MachineAnswer,
    MachineJob,
    NoOptions,
    RunContext,
    option,
)
from abduce.symbolic.machines.lists.numbers import digits as whole
from abduce.symbolic.machines.plane.delaunay import FAR, Delaunay
from abduce.symbolic.machines.plane.hull import convex_hull
from abduce.symbolic.machines.plane.plane import Plane, Predicate
from abduce.symbolic.machines.plane.pointing import by_distance, by_score
from abduce.symbolic.machines.plane.points import Points, in_order, read_points
from abduce.symbolic.machines.plane.touring import Search, scaled

LEAST = 3
"""The least number of points that have a triangle or a tour; one or two have a hull."""
PLACES = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class TourOptions:
    """How a tour is searched for."""

    seed: int = option("The random seed.", default=0, min=0)
    timeout_s: float | None = option(
        "How long the search goes on, in seconds. Default: for 20 random changes of each point.",
        metavar="SECONDS",
        min=0.001,
    )


def _predicate(kernels: Kernels, name: str) -> Predicate:
    return Predicate.of(name, kernels[name])


def _steps(plane: Plane, pairs: int) -> dict[str, int]:
    signs = {f"{name} signs": count for name, count in plane.asked.items()}
    return {"pairs compared": pairs, **signs, "decided exactly": plane.exactly}


def _hull(text: str, kernels: Kernels, _: NoOptions, context: RunContext) -> MachineAnswer:
    points = read_points(text, context.path, least=1)
    order, _first, pairs = in_order(points, kernels["compare"], context.note)
    plane = Plane(points.columns, points.bits, note=context.note)
    corners = convex_hull(plane, _predicate(kernels, "orientation"), order)
    rows = [(place, *points.texts[place].split()) for place in corners.tolist()]
    return MachineAnswer(
        lines=["place  x  y", *("  ".join(map(str, row)) for row in rows)],
        value=[{"place": place, "x": x, "y": y} for place, x, y in rows],
        steps=_steps(plane, pairs),
    )


def _delaunay(text: str, kernels: Kernels, _: NoOptions, context: RunContext) -> MachineAnswer:
    points = read_points(text, context.path, least=LEAST)
    order, first, pairs = in_order(points, kernels["compare"], context.note)
    kept = np.sort(order)
    plane = Plane(points.columns[:, kept], points.bits, far=FAR, names=kept, note=context.note)
    turn, circle = (_predicate(kernels, name) for name in ("orientation", "in-circle"))
    triangles = kept[Delaunay(plane, turn, circle).run()]
    same = {place: int(other) for place, other in enumerate(first.tolist()) if place != other}
    return MachineAnswer(
        lines=["a  b  c", *("  ".join(map(str, row)) for row in triangles.tolist())],
        value={"triangles": triangles.tolist(), "same_as": same},
        steps={**_steps(plane, pairs), "triangles": len(triangles), "repeated points": len(same)},
    )


def _tsp(text: str, kernels: Kernels, options: TourOptions, context: RunContext) -> MachineAnswer:
    limit = options.timeout_s
    deadline = None if limit is None else clock.wall_s() + limit  # what follows counts, too
    points = read_points(text, context.path, least=1)
    order, first, pairs = in_order(points, kernels["compare"], context.note)
    kept = np.sort(order)
    plane = Plane(points.columns[:, kept], points.bits, far=FAR, names=kept, note=context.note)
    turn, circle = (_predicate(kernels, name) for name in ("orientation", "in-circle"))
    triangles = Delaunay(plane, turn, circle).run()
    kicks = 0
    if len(triangles):
        x, y = scaled(points.columns[:, kept])
        pointer = kernels.get("pointer")
        if pointer is None:
            pointing = by_distance(x, y, triangles)
        else:
            pointing = by_score(x, y, triangles, pointer, names=kept, note=context.note)
        moves = (kernels[name] for name in ("exchange", "insertion"))
        seed = options.seed
        search = Search(x, y, pointing, *moves, seed=seed, names=kept, note=context.note)
        order, kicks = kept[search.run(deadline=deadline, progress=context.progress)], search.kicks
    tour = _with_repeated(order, first)
    length = tour_length(points, tour)
    rows = [(place, *points.texts[place].split()) for place in tour.tolist()]
    return MachineAnswer(
        lines=[f"length  {length}", "place  x  y", *("  ".join(map(str, row)) for row in rows)],
        value={"tour": tour.tolist(), "length": length},
        steps={**_steps(plane, pairs), "kicks": kicks},
    )


def _with_repeated(order: np.ndarray, first: np.ndarray) -> np.ndarray:
    """A tour of distinct points with those that repeat them beside them; from place 0 on, in the
    direction of the lesser neighbour."""
    rank = np.empty(len(first), dtype=np.int64)
    rank[order] = np.arange(len(order))
    tour = np.argsort(rank[first], kind="stable")
    tour = np.roll(tour, -int(tour.argmin()))
    return np.roll(tour[::-1], 1) if len(tour) > 2 and tour[-1] < tour[1] else tour


def tour_length(points: Points, tour: np.ndarray, digits: int = 12) -> str:
    """The length of a closed tour as text with `digits` digits.

    Each edge is rounded down, and the extent of the points has PLACES digits for that.
    """
    x, y = (row[tour].tolist() for row in points.columns)
    more = max(0, PLACES - len(whole(int(points.columns.max(initial=0)))))
    total = sum(
        isqrt(((a - c) ** 2 + (b - d) ** 2) * 100**more)
        for a, b, c, d in zip(x, y, x[-1:] + x[:-1], y[-1:] + y[:-1], strict=True)
    )
    exact = Decimal(total).scaleb(-points.places - more, Context(prec=len(whole(total)) + 1))
    return str(Context(prec=digits).create_decimal(exact).normalize())


GEOMETRY_JOBS = (
    MachineJob(
        name="hull",
        about="the corners of the convex hull, in counter-clockwise order",
        kernels=("compare", "orientation"),
        run=_hull,
        controllers={},
    ),
    MachineJob(
        name="delaunay",
        about="the Delaunay triangulation, each triangle as three positions in the input",
        kernels=("compare", "orientation", "in-circle"),
        run=_delaunay,
        controllers={},
    ),
    MachineJob(
        name="tsp",
        about="a short closed tour of points, by a hand-written local search that computes the "
        "costs of its moves with learned kernels",
        kernels=("compare", "orientation", "in-circle", "exchange", "insertion"),
        run=_tsp,
        controllers={"": "pointer"},
        options=TourOptions,
    ),
)
