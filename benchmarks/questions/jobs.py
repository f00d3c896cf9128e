"""The jobs: what is measured, on which questions, with which keys."""

from dataclasses import dataclass
from typing import Any, Final

from abduce.benchmarks.records.record import record_id
from abduce.grammars.sql.items import Value

KIND: Final = "questions"
METHOD: Final = 1
"""The version of the grammar, of linking and of what is counted."""
GRAMMAR: Final = "grammar"
LINKING: Final = "linking"
PARTS: Final = (GRAMMAR, LINKING)
DATA: Final = (("geoquery", "file"), ("dev", "schema"), ("dev", "file"), ("train", "schema"))
"""Data sets, with where their keys come from: the file and its rows, or tables.json."""
CONSTANTS: Final[dict[str, tuple[Value, ...]]] = {"geoquery": (1, 150_000, 750)}
"""The constants that queries of a data set name without a word for them; 1 for others. Those of
GeoQuery are in its training questions, such as the population of a major city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsJob:
    """What makes one row of the table.

    Attributes:
        part: what is measured, 'grammar' or 'linking'.
        data: 'geoquery', or the split of Spider.
        keys: 'file' (of the file, or inferred) or 'schema' (tables.json).
    """

    part: str
    data: str
    keys: str

    @property
    def task(self) -> dict[str, Any]:
        return {"task": self.part, "data": self.data, "keys": self.keys}

    @property
    def constants(self) -> tuple[Value, ...]:
        return CONSTANTS.get(self.data, (1,))

    @property
    def config(self) -> dict[str, Any]:
        told: dict[str, Any] = {"method": METHOD}
        if self.part == LINKING:
            told |= {"constants": list(self.constants)}
        return told

    @property
    def id(self) -> str:
        return record_id(KIND, self.task, self.config, 0)

    @property
    def name(self) -> str:
        """The job in words."""
        return f"{self.part}, {self.data}, keys of the {self.keys}"


def questions_jobs(part: str | None) -> list[QuestionsJob]:
    """The jobs of a part, or of both, in the order of running."""
    return [
        QuestionsJob(part=each, data=data, keys=keys)
        for each in PARTS
        if part in (None, each)
        for data, keys in DATA
    ]
