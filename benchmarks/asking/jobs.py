"""The jobs: a model trained on one side of a split and tested on the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from abduce.benchmarks.asking.protocols import BENCHMARKS
from abduce.benchmarks.records.record import as_mapping, record_id
from abduce.configuration import settings_of
from abduce.neural.questions_to_sql.config import AnsweringConfig, SqlConfig
from abduce.neural.training.experiment import METHOD as LOOP

KIND: Final = "asking"
METHOD: Final = 1
"""The version of the method, which is part of every record's id."""
LIMIT_S: Final = 3600.0
"""The upper limit on a training, in seconds."""
PARTS: Final = ("geoquery", "spider")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingConfig:
    """How models are trained and tested.

    Attributes:
        tests: the upper limit on tested questions, which are then taken evenly from all; 0 for all
            of them.
        compared_s: the upper limit on the time of comparing an answer that has gold's rows with
            gold on other databases, in seconds; 0 for no comparison.
    """

    model: SqlConfig = field(default_factory=SqlConfig)
    answering: AnsweringConfig = field(default_factory=AnsweringConfig)
    tests: int = field(default=0, metadata={"least": 0})
    compared_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingJob:
    """One row.

    Attributes:
        encoder: the name of the encoder; None for the default one.
    """

    benchmark: str
    seed: int
    timeout_s: float = LIMIT_S
    encoder: str | None = None
    chosen: AskingConfig = field(default_factory=AskingConfig)

    @property
    def kind(self) -> str:
        return KIND

    @property
    def task(self) -> dict[str, Any]:
        return {
            "task": self.benchmark,
            "encoder": self.encoder or "all-MiniLM-L6-v2",
            "timeout_s": self.timeout_s,
        }

    @property
    def config(self) -> dict[str, Any]:
        return {"method": METHOD, "loop": LOOP, **as_mapping(self.chosen)}

    @property
    def command(self) -> str:
        changed = "".join(f" --set {s}" for s in settings_of(self.chosen, AskingConfig()))
        return f"abduce bench sql --only {self.benchmark} --seed {self.seed}{changed}"

    @property
    def id(self) -> str:
        return record_id(KIND, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        return f"{self.benchmark}, seed {self.seed}"


def asking_jobs(
    only: str,
    seed: int = 0,
    timeout_s: float | None = None,
    chosen: AskingConfig | None = None,
) -> Sequence[AskingJob]:
    """The jobs of a part, such as geoquery, or of one split of it, such as geoquery:query."""
    return [
        AskingJob(
            benchmark=name,
            seed=seed,
            timeout_s=timeout_s or LIMIT_S,
            chosen=chosen or AskingConfig(),
        )
        for name in BENCHMARKS
        if only in (name, name.partition(":")[0])
    ]
