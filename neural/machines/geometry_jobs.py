"""Jobs on points of the plane: the convex hull, the Delaunay triangulation."""

import numpy as np

from abduce.neural.machines.delaunay import FAR, Delaunay
from abduce.neural.machines.hull import convex_hull
from abduce.neural.machines.jobs import Answer, Job, Request
from abduce.neural.machines.plane import Plane, Predicate
from abduce.neural.machines.points import in_order, read_points

LEAST = 3


def _predicate(request: Request, name: str) -> Predicate:
    return Predicate.of(name, request.kernels[name])


def _steps(plane: Plane, pairs: int) -> dict[str, int]:
    signs = {f"{name} signs": count for name, count in plane.asked.items()}
    return {"pairs compared": pairs, **signs, "decided exactly": plane.exactly}


def _hull(request: Request) -> Answer:
    points = read_points(request.text, request.path, least=LEAST)
    order, _, pairs = in_order(points, request.kernels["compare"], request.note)
    plane = Plane(points.columns, points.bits, note=request.note)
    corners = convex_hull(plane, _predicate(request, "orientation"), order)
    rows = [(place, *points.texts[place].split()) for place in corners.tolist()]
    return Answer(
        lines=["place  x  y", *("  ".join(map(str, row)) for row in rows)],
        value=[{"place": place, "x": x, "y": y} for place, x, y in rows],
        steps=_steps(plane, pairs),
    )


def _delaunay(request: Request) -> Answer:
    points = read_points(request.text, request.path, least=LEAST)
    order, first, pairs = in_order(points, request.kernels["compare"], request.note)
    kept = np.sort(order)
    plane = Plane(points.columns[:, kept], points.bits, far=FAR, names=kept, note=request.note)
    turn, circle = (_predicate(request, name) for name in ("orientation", "in-circle"))
    triangles = kept[Delaunay(plane, turn, circle).run()]
    same = {place: int(other) for place, other in enumerate(first.tolist()) if place != other}
    return Answer(
        lines=["a  b  c", *("  ".join(map(str, row)) for row in triangles.tolist())],
        value={"triangles": triangles.tolist(), "same_as": same},
        steps={**_steps(plane, pairs), "triangles": len(triangles), "repeated points": len(same)},
    )


GEOMETRY_JOBS = (
    Job(
        name="hull",
        about="the corners of the convex hull, counter-clockwise",
        kernels=("compare", "orientation"),
        run=_hull,
        controllers={},
    ),
    Job(
        name="delaunay",
        about="the Delaunay triangulation, three places a triangle",
        kernels=("compare", "orientation", "in-circle"),
        run=_delaunay,
        controllers={},
    ),
)
