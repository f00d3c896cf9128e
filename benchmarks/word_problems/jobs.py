"""The jobs: a model trained on one side of a split and tested on the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from abduce.benchmarks.records.record import as_mapping, record_id
from abduce.benchmarks.word_problems.splits import BENCHMARKS
from abduce.configuration import settings_of
from abduce.errors import InputError
from abduce.neural.training.experiment import METHOD as LOOP
from abduce.neural.word_problems.config import AnsweringConfig, WordProblemConfig
from abduce.text import nearest

KIND: Final = "word-problem"
METHOD: Final = 1
"""The version of the method, which is part of every record's id."""
LIMIT_S: Final = 2700.0
"""The upper limit on a training, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordProblemJob:
    """One row.

    Attributes:
        fold: the fold that is tested; -1 where there is one split.
        encoder: the name of the encoder; None for the default one.
    """

    benchmark: str
    fold: int
    seed: int
    timeout_s: float = LIMIT_S
    encoder: str | None = None
    model: WordProblemConfig = field(default_factory=WordProblemConfig)
    answering: AnsweringConfig = field(default_factory=AnsweringConfig)

    @property
    def kind(self) -> str:
        return KIND

    @property
    def task(self) -> dict[str, Any]:
        return {
            "task": self.benchmark,
            "fold": self.fold,
            "encoder": self.encoder or "all-MiniLM-L6-v2",
            "timeout_s": self.timeout_s,
        }

    @property
    def config(self) -> dict[str, Any]:
        told = {"model": as_mapping(self.model), "answering": as_mapping(self.answering)}
        return {"method": METHOD, "loop": LOOP, **told}

    @property
    def command(self) -> str:
        fold = "" if self.fold < 0 else f":{self.fold}"
        changed = "".join(f" --set {s}" for s in settings_of(self.model, WordProblemConfig()))
        return (
            f"abduce bench word-problem --only {self.benchmark}{fold} --seed {self.seed}{changed}"
        )

    @property
    def id(self) -> str:
        return record_id(KIND, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        fold = "" if self.fold < 0 else f", fold {self.fold}"
        return f"{self.benchmark}{fold}, seed {self.seed}"


def word_problem_jobs(
    only: str | None = None,
    seed: int = 0,
    timeout_s: float | None = None,
    model: WordProblemConfig | None = None,
) -> Sequence[WordProblemJob]:
    """All jobs, in the order of running.

    Args:
        only: a benchmark, or one fold of it, such as mawps or mawps:0; None for all.

    Raises:
        InputError: there is no such benchmark or fold.
    """
    name, _, fold = (only or "").partition(":")
    names = [name] if name else list(BENCHMARKS)
    told = {**BENCHMARKS}
    if name and name not in told:
        advice = nearest(name, told)
        raise InputError(f"--only {only} with word-problem", tuple(told), advice=advice)
    if fold and fold not in map(str, told[name].folds):
        expected = tuple(f"{name}:{each}" for each in told[name].folds if each >= 0)
        raise InputError(f"--only {only} with word-problem", expected or (name,))
    return [
        WordProblemJob(
            benchmark=each,
            fold=number,
            seed=seed,
            timeout_s=timeout_s or LIMIT_S,
            model=model or WordProblemConfig(),
        )
        for each in names
        for number in told[each].folds
        if not fold or number == int(fold)
    ]
