"""The jobs: the questions of one row, a course or a subject."""

from dataclasses import dataclass, field
from typing import Any, Final

from abduce.benchmarks.mathematics.questions import HALVES_SEED, Question, Questions
from abduce.benchmarks.records.record import record_id

KIND: Final = "mathematics"
METHOD: Final = 1
"""The version of the method: another one makes other records."""
LIMIT_S: Final = 10.0
"""The upper limit on the time of a program, in seconds."""
OUTCOMES: Final = ("right", "wrong", "refused", "unanswered")
"""What can become of a question."""
PARTS: Final = {"mathq": ("mathq",), "math500": ("math500-dev", "math500-test")}


@dataclass(frozen=True, slots=True, kw_only=True)
class MathematicsJob:
    """Questions that make one row of the table."""

    part: str
    row: str
    timeout_s: float
    seed: int = 0
    questions: tuple[Question, ...] = field(repr=False)

    @property
    def task(self) -> dict[str, Any]:
        """What the job is."""
        return {
            "task": "calculate",
            "part": self.part,
            "row": self.row,
            "questions": len(self.questions),
            "timeout_s": self.timeout_s,
        }

    @property
    def config(self) -> dict[str, Any]:
        """How it is answered."""
        return {"method": METHOD, "halves_seed": HALVES_SEED}

    @property
    def id(self) -> str:
        """The id of its record."""
        return record_id(KIND, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        return f"{self.part} {self.row}: {len(self.questions)} questions"


def mathematics_jobs(
    found: Questions, only: str | None, seed: int, timeout_s: float | None
) -> list[MathematicsJob]:
    """All jobs of a part, `mathq`, `math500` or one of its halves, or of both parts."""
    parts = PARTS.get(only or "", (only,)) if only else ("mathq", "math500-dev", "math500-test")
    jobs: list[MathematicsJob] = []
    for part in parts:
        questions = found.parts[str(part)]
        for row in dict.fromkeys(sorted(question.row for question in questions)):
            jobs.append(
                MathematicsJob(
                    part=str(part),
                    row=row,
                    timeout_s=timeout_s or LIMIT_S,
                    seed=seed,
                    questions=tuple(q for q in questions if q.row == row),
                )
            )
    return jobs
