"""The jobs: a network, and the way in which its images are verified."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType
from typing import Any, Final

from abduce.benchmarks.records.record import as_mapping, record_id
from abduce.benchmarks.specifications.nonlinear.families import FAMILIES, SPLITTING, Family
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.strategy import METHOD as VERIFIER

METHOD: Final = 1
"""The version of the method, which is part of every record's id."""
KIND: Final = "nonlinear"
RADII: Final = tuple(n / 200 for n in range(1, 21))
"""The grid of radii, 0.005 to 0.1."""
IMAGES: Final = 50
WORK_S: Final = 0.5
"""On networks this small, about one to two CPU seconds."""
ALPHA: Final = "alpha"
WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ALPHA: "none",
        "branching": "bbps",
        "uniform points": "bbps-middle",
        "babsr-like score": "babsr-like",
        "relaxation loss": "relaxation-loss",
    }
)
"""The ways, and the words of their scores (`verify.branch.scores`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonlinearJob:
    """One row: the verdicts on the images of one network.

    Attributes:
        way: a word of `WAYS`. The radius is found by alpha bounds alone; the other ways are asked
            about the images that those leave open.
        images: images that are classified rightly, drawn by the seed.
        work_s: the upper limit on each image, in work seconds.
    """

    family: Family
    way: str
    images: int = IMAGES
    work_s: float = WORK_S
    seed: int = 0

    @property
    def strategy(self) -> Strategy:
        activations = replace(AUTOMATIC.activations, score=WAYS[self.way])
        return replace(AUTOMATIC, split="activations", seed=self.seed, activations=activations)

    @property
    def kind(self) -> str:
        return KIND

    @property
    def task(self) -> dict[str, Any]:
        return {
            "task": "nonlinear",
            "network": self.family.name,
            "way": self.way,
            "images": self.images,
            "work_s": self.work_s,
        }

    @property
    def config(self) -> dict[str, Any]:
        strategy = as_mapping(self.strategy)
        del strategy["seed"]
        parts = {"radii": list(RADII), "training": as_mapping(self.family)}
        return {"method": METHOD, "verifier": VERIFIER, **parts, **strategy}

    @property
    def command(self) -> str:
        return "abduce bench specifications --only nonlinear"

    @property
    def id(self) -> str:
        return record_id(KIND, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        return f"{self.family.name}, {self.way}"


def nonlinear_jobs(seed: int = 0, work_s: float | None = None) -> list[NonlinearJob]:
    """All jobs, in the order of running: first those for which there is a target.

    >>> nonlinear_jobs()[1].name
    'sigmoid-2x50, branching'
    """
    limit = WORK_S if work_s is None else work_s
    first = [family for family in FAMILIES.values() if family.kind in SPLITTING]
    others = [family for family in FAMILIES.values() if family.kind not in SPLITTING]
    ways = list(WAYS)
    order = [*product(first, ways[:2]), *product(first, ways[2:]), *product(others, ways)]
    return [NonlinearJob(family=f, way=way, work_s=limit, seed=seed) for f, way in order]
