"""The jobs about certified answers: which perception, which radius, which sentences."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from abduce.benchmarks.perception.job import ALL, GIVEN, ImageJob, recorded
from abduce.benchmarks.records.record import record_id
from abduce.neural.perception.certified.settings import METHOD, CertifyConfig

KIND: Final = "answers"
RADII: Final = (0.01, 0.02, 0.05)
MOST: Final = 5
"""The upper limit on the symbols of an expression."""
DRAWN: Final = 50
"""The number of expressions."""
TESTED: Final = 400
"""The test rows of each subset of HINT from which expressions are drawn."""
IMAGES: Final = "training.images=200000"
TRAININGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"plain": (), "certified": ("training.robust.radius=0.02",)}
)
"""What is changed in the configuration of perception."""
LOOKS: Final = (("certified", 0), ("plain", 0), ("certified", 8))
"""The trainings, and the numbers of distorted copies over which answers average. Without copies a
symbol has one look, and its bounds take a ninth of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersJob:
    """One row: the verdicts on the answers to the expressions, for one radius.

    Attributes:
        training: a word of `TRAININGS`.
        looks: the number of distorted copies of an image over which an answer averages.
        expressions: the number of HINT's test expressions of at most `MOST` symbols.
        timeout_s: the upper limit on each expression, in seconds; None for no limit.
    """

    training: str
    looks: int
    radius: float
    expressions: int = DRAWN
    timeout_s: float | None = None
    seed: int = 0
    settings: CertifyConfig = field(default_factory=CertifyConfig)

    @property
    def perception(self) -> ImageJob:
        """The job that learns to see, as `abduce solve` runs it."""
        settings = (IMAGES, *TRAININGS[self.training])
        asked = {"task": "hint", "oracle": GIVEN, "labels": ALL, "tested": 1}
        return ImageJob(**asked, seed=self.seed, settings=settings)

    @property
    def task(self) -> dict[str, Any]:
        return {
            "task": "hint",
            "training": self.training,
            "looks": self.looks,
            "radius": self.radius,
            "expressions": self.expressions,
            "symbols": MOST,
            "timeout_s": self.timeout_s,
        }

    @property
    def config(self) -> dict[str, Any]:
        seen = recorded(self.perception.config)
        return {"method": METHOD, "tested": TESTED, **asdict(self.settings), "perception": seen}

    @property
    def id(self) -> str:
        return record_id(KIND, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        return f"answers, {self.training} training, {self.looks} copies, radius {self.radius:g}"


def answers_jobs(seed: int = 0, timeout_s: float | None = None) -> list[AnswersJob]:
    """All jobs, in the order of running.

    >>> answers_jobs()[0].name
    'answers, certified training, 0 copies, radius 0.01'
    """
    settings = replace(CertifyConfig(), seed=seed)
    asked = {"timeout_s": timeout_s, "seed": seed, "settings": settings}
    return [
        AnswersJob(training=training, looks=looks, radius=radius, **asked)
        for training, looks in LOOKS
        for radius in RADII
    ]
