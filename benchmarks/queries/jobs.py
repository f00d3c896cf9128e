"""The jobs: the mutants of one kind of edit, with the keys that are stated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from abduce.benchmarks.queries.mutants import Mutant
from abduce.benchmarks.records.record import as_mapping, record_id
from abduce.verify.queries.comparing import METHOD, Budget

KIND: Final = "sql"
LIMIT_S: Final = 5.0
"""The upper limit on the time of a comparison, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualJob:
    """Comparisons that make one row of the table.

    Attributes:
        listed: the list of the mutants, 'refuted' or 'open'.
        keys: where the keys come from, 'file' or 'schema' (tables.json).
        edit: the kind of edit.
        mutants: the pairs, each with its line in the list, from 0.
    """

    listed: str
    keys: str
    edit: str
    mutants: tuple[tuple[int, Mutant], ...] = field(repr=False)
    budget: Budget = field(default_factory=Budget)

    @property
    def task(self) -> dict[str, Any]:
        told = {"task": "equal", "list": self.listed, "keys": self.keys, "edit": self.edit}
        return {**told, "pairs": len(self.mutants), "timeout_s": self.budget.timeout_s}

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
        return f"{self.listed}, keys of the {self.keys}, {self.edit}: {len(self.mutants)} pairs"


def equal_jobs(
    mutants: Mapping[str, Sequence[Mutant]], seed: int = 0, timeout_s: float | None = None
) -> list[EqualJob]:
    """All jobs, in the order of running."""
    budget = replace(Budget(), seed=seed, timeout_s=timeout_s or LIMIT_S)
    found = []
    for listed, pairs in mutants.items():
        edits: dict[str, list[tuple[int, Mutant]]] = {}
        for number, mutant in enumerate(pairs):
            edits.setdefault(mutant.edit, []).append((number, mutant))
        for keys in ("file", "schema"):
            for edit in sorted(edits):
                some = tuple(edits[edit])
                found.append(
                    EqualJob(listed=listed, keys=keys, edit=edit, mutants=some, budget=budget)
                )
    return found
