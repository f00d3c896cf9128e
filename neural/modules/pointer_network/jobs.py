"""What a pointer network is asked: hulls, triangulations and tours of points.

It was trained on points of the unit square, so that points are moved and scaled into it; none of
the three answers changes by that.
"""

from collections.abc import Sequence

import numpy as np

from abduce.errors import InputError
from abduce.neural.modules.answers import Exact, ModuleAnswer, ModuleJob, check_size
from abduce.neural.modules.pointer_network import answers
from abduce.neural.modules.pointer_network.rules import RULES
from abduce.symbolic.machines.jobs import Kernels, NoOptions, RunContext
from abduce.symbolic.machines.plane.geometry_jobs import LEAST, tour_length
from abduce.symbolic.machines.plane.points import Points, read_points

MOST = {"hull": 1000, "delaunay": 60, "tsp": 300}
"""The upper limits on points; this many take some seconds."""
SHORTEST = 12
"""The upper limit on points for which the shortest tour is found by dynamic programming."""


def _pointed(
    task: str, least: int, text: str, models: Kernels, context: RunContext
) -> tuple[Points, np.ndarray, list[int]]:
    """The points, the same in the unit square, (points, 2), and the places pointed at."""
    import torch

    from abduce.neural.modules.pointer_network.beam import beam_search

    points = read_points(text, context.path, least=least)
    check_size(len(points), MOST[task], "points", context, task)
    (module,) = models.values()
    names = module.config.names
    if names and len(points) > names:
        advice = f"Its list of places is fixed. Without one: --method pointer-network, or {task}"
        found, expected = f"{len(points)} points", (f"at most {names}, as it was built",)
        raise InputError(found, expected, context.path, advice=advice + " without --method.")
    extent = max(int(points.columns.max(initial=0)), 1)
    square = np.array([[value / extent for value in row] for row in points.columns.tolist()]).T
    device = next(module.parameters()).device
    sent = torch.from_numpy(square.astype(np.float32)[None]).to(device)
    (found,) = beam_search(module, sent, RULES[task])
    if context.note is not None:
        for place in found:
            context.note(f"{'point':<9}place {place}  {points.texts[place]}")
    return points, square, found


def _hull(
    text: str, models: Kernels, _: NoOptions, context: RunContext, exact: Exact
) -> ModuleAnswer:
    points, square, found = _pointed("hull", LEAST, text, models, context)
    found = answers.from_lowest(found)
    true = [row["place"] for row in exact().value]
    rows = [(place, *points.texts[place].split()) for place in found]
    whole = answers.area(square[true])
    off = abs(answers.area(square[found]) - whole) / whole if whole else None
    remarks = () if found == true else (f"the exact machine says {_listed(true)}",)
    if off:
        remarks += (f"the area of the polygon is {100 * off:.3g} % off",)
    return ModuleAnswer(
        lines=["place  x  y", *("  ".join(map(str, row)) for row in rows)],
        value=[{"place": place, "x": x, "y": y} for place, x, y in rows],
        size=len(points),
        right=int(found == true),
        entries=1,
        entry="polygons",
        error=off,
        remarks=remarks,
    )


def _delaunay(
    text: str, models: Kernels, _: NoOptions, context: RunContext, exact: Exact
) -> ModuleAnswer:
    """Triangles that are too many count as wrong ones."""
    points, _square, found = _pointed("delaunay", LEAST, text, models, context)
    triangles = [found[n : n + 3] for n in range(0, len(found), 3)]
    one = {tuple(sorted(triangle)) for triangle in triangles}
    other = {tuple(sorted(triangle)) for triangle in exact().value["triangles"]}
    remarks = tuple(
        f"{_listed(sorted(part)[0])} {said}"
        for part, said in ((one - other, "is no triangle of it"), (other - one, "is missing"))
        if part
    )
    return ModuleAnswer(
        lines=["a  b  c", *("  ".join(map(str, triangle)) for triangle in triangles)],
        value={"triangles": triangles},
        size=len(points),
        right=len(one & other),
        entries=max(len(one), len(other)),
        entry="triangles",
        remarks=remarks,
    )


def _tour(
    text: str, models: Kernels, _: NoOptions, context: RunContext, exact: Exact
) -> ModuleAnswer:
    """The machine's tour is short, and not known to be the shortest one: with few points, dynamic
    programming tells that."""
    points, square, tour = _pointed("tsp", 1, text, models, context)
    length = tour_length(points, np.array(tour))
    rows = [(place, *points.texts[place].split()) for place in tour]
    known = len(points) <= SHORTEST
    best = exact().value["tour"]
    if known and len(points) > 1:
        best = answers.tours(square[None])[0].tolist()
    shortest = answers.length(square, best)
    longer = answers.length(square, tour) / shortest - 1 if shortest else 0.0
    right = int(longer < 1e-9) if known else None
    than = "the shortest one" if known else "that of the exact machine"
    how = "longer" if longer >= 0 else "shorter"
    remarks = (f"the tour is {100 * abs(longer):.3g} % {how} than {than}",)
    return ModuleAnswer(
        lines=[f"length  {length}", "place  x  y", *("  ".join(map(str, row)) for row in rows)],
        value={"tour": tour, "length": length},
        size=len(points),
        right=right,
        entries=1,
        entry="tours",
        error=max(longer, 0.0),
        remarks=() if right else remarks,
    )


def _listed(places: Sequence[int]) -> str:
    shown = " ".join(map(str, places[:20]))
    return shown + (" ..." if len(places) > 20 else "")


POINTER_NETWORK_JOBS = tuple(
    ModuleJob(task=task, machine=(task, ""), run=run)
    for task, run in (("hull", _hull), ("delaunay", _delaunay), ("tsp", _tour))
)
