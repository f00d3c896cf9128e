"""The jobs: a pair of queries each, with the keys that are stated."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from abduce.benchmarks.queries.mutants import Mutant
from abduce.benchmarks.records.record import as_mapping, record_id
from abduce.verify.queries.comparing import METHOD, Budget

KIND: Final = "sql"
LIMIT_S: Final = 5.0
"""The upper limit on the time of a comparison, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualJob:
    """A comparison.

    Attributes:
        listed: the list of the mutant, 'refuted' or 'open'.
        keys: where the keys come from, 'file' or 'schema' (tables.json).
    """

    listed: str
    keys: str
    mutant: Mutant
    budget: Budget = field(default_factory=Budget)

    @property
    def task(self) -> dict[str, Any]:
        told = {"task": "equal", "list": self.listed, "keys": self.keys}
        return {**told, **asdict(self.mutant), "timeout_s": self.budget.timeout_s}

    @property
    def config(self) -> dict[str, Any]:
        settings = as_mapping(self.budget)
        del settings["timeout_s"], settings["seed"]
        return {"method": METHOD, **settings}

    @property
    def seed(self) -> int:
        return self.budget.seed

    @property
    def id(self) -> str:
        return record_id(KIND, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        words = (self.listed, f"keys of the {self.keys}", self.mutant.database, self.mutant.edit)
        return f"{', '.join(words)}: {self.mutant.mutant}"


def equal_jobs(
    mutants: Mapping[str, Sequence[Mutant]], seed: int = 0, timeout_s: float | None = None
) -> list[EqualJob]:
    """All jobs, in the order of running."""
    budget = replace(Budget(), seed=seed, timeout_s=timeout_s or LIMIT_S)
    return [
        EqualJob(listed=listed, keys=keys, mutant=mutant, budget=budget)
        for listed, pairs in mutants.items()
        for keys in ("file", "schema")
        for mutant in pairs
    ]
