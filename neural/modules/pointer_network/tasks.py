"""Hulls, triangulations and tours of random points in the unit square."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from abduce.neural.modules.config import PointerNetworkConfig
from abduce.neural.modules.pointer_network import answers
from abduce.neural.modules.pointer_network.rules import RULES
from abduce.neural.training.experiment import (
    Experiment,
    ModuleConfig,
    ModuleScore,
    ModuleTask,
    Schedule,
)

SOURCE = "Vinyals et al. 2015, Pointer networks"
NAMES = 16
"""The number of output classes of the baseline without a pointer."""

Answers = Callable[[np.ndarray], Sequence[Sequence[int]]]


def _hulls(points: np.ndarray) -> Sequence[Sequence[int]]:
    return [answers.hull(part) for part in points]


def _triangulations(points: np.ndarray) -> Sequence[Sequence[int]]:
    return [answers.delaunay(part) for part in points]


def _tours(points: np.ndarray) -> Sequence[Sequence[int]]:
    return answers.tours(points).tolist()


def _model(config: PointerNetworkConfig, seed: int) -> Any:
    from abduce.neural.modules.pointer_network.model import PointerNetwork

    return PointerNetwork(config, seed)


def _batch(
    answered: Answers,
    trained_on: tuple[int, int],
    config: PointerNetworkConfig,
    generator: np.random.Generator,
    count: int,
    done: float,
) -> Mapping[str, np.ndarray]:
    """Points, and their answers with an end, filled up with what is no place."""
    n = int(generator.integers(trained_on[0], trained_on[1] + 1))
    points = generator.random((count, n, 2))
    found = [[*answer, n] for answer in answered(points)]
    targets = np.full((count, max(map(len, found))), -1)
    for row, answer in zip(targets, found, strict=True):
        row[: len(answer)] = answer
    return {"points": points.astype(np.float32), "targets": targets}


def _score(
    judged: Callable[[np.ndarray, Sequence[int], Sequence[int]], ModuleScore],
    answered: Answers,
    task: str,
    modules: Mapping[str, Any],
    n: int,
    inputs: int,
    generator: np.random.Generator,
) -> Iterator[ModuleScore]:
    import torch

    from abduce.neural.modules.pointer_network.beam import beam_search

    (module,) = modules.values()
    points = generator.random((inputs, n, 2))
    sent = torch.from_numpy(points.astype(np.float32)).to(next(module.parameters()).device)
    found = beam_search(module, sent, RULES[task])
    for part, answer, true in zip(points, found, answered(points), strict=True):
        yield judged(part, answer, true)


def _hull_score(points: np.ndarray, found: Sequence[int], true: Sequence[int]) -> ModuleScore:
    """Right as a whole; the error is that of the area."""
    whole = answers.area(points[list(true)])
    off = abs(answers.area(points[list(found)]) - whole) / whole
    return ModuleScore(int(answers.from_lowest(list(found)) == list(true)), 1, off)


def _triangles_score(points: np.ndarray, found: Sequence[int], true: Sequence[int]) -> ModuleScore:
    """An entry is a triangle, in any order; those that are too many count as wrong ones."""
    one, other = ({tuple(a[n : n + 3]) for n in range(0, len(a), 3)} for a in (found, true))
    return ModuleScore(len(one & other), max(len(one), len(other)))


def _tour_score(points: np.ndarray, found: Sequence[int], true: Sequence[int]) -> ModuleScore:
    """Right where no tour is shorter; the error is how much longer it is than the shortest."""
    shortest = answers.length(points, list(true))
    longer = answers.length(points, list(found)) / shortest - 1
    return ModuleScore(int(longer < 1e-9), 1, max(longer, 0.0))


def _task(
    task: str,
    about: str,
    answered: Answers,
    judged: Callable[[np.ndarray, Sequence[int], Sequence[int]], ModuleScore],
    trained_on: tuple[int, int],
    sizes: tuple[int, ...],
    steps: int,
    *,
    method: str = "pointer-network",
    names: int = 0,
) -> ModuleTask:
    experiment = Experiment(
        name=f"{method}-{task}",
        about=about,
        model=_model,
        batch=partial(_batch, answered, trained_on),
        config=ModuleConfig(
            schedule=Schedule(steps=steps, batch=128, rate=2e-3, clip=2.0),
            network=PointerNetworkConfig(names=names),
        ),
    )
    return ModuleTask(
        task=task,
        method=method,
        about=about,
        experiments=(experiment,),
        sizes=sizes,
        unit="points",
        trained_on=trained_on,
        inputs=100,
        score=partial(_score, judged, answered, task),
        given="which outputs are valid, in the search for the most probable one",
        source=SOURCE,
    )


HULL = ("hull", "the corners of the convex hull", _hulls, _hull_score)
POINTER_NETWORK: tuple[ModuleTask, ...] = (
    _task(*HULL, (5, 12), (5, 8, 12, 16, 24, 48), 4000),
    _task(*HULL, (5, 12), (5, 8, 12, 16), 4000, method="attention", names=NAMES),
    _task("delaunay", "the triangles of the Delaunay triangulation", _triangulations,
          _triangles_score, (5, 7), (5, 6, 7, 8, 10, 12), 4000),
    _task("tsp", "the shortest tour", _tours, _tour_score, (5, 8), (5, 6, 8, 10, 12), 4000),
)  # fmt: skip
