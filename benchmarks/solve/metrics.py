"""What is measured of a job, and the rows it got wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from abduce.benchmarks.data.pair_formats import Pair
from abduce.benchmarks.data.pairs import contradictions
from abduce.benchmarks.records.record import Status, config_hash
from abduce.benchmarks.solve.job import SolveJob
from abduce.benchmarks.solve.learner import Answered, Learned
from abduce.benchmarks.solve.tasks import Material
from abduce.clock import peak_mb

UNKNOWN_SHOWN = 20
ROWS = ("rows", "checked", "unexplained", "noise_rows", "reasons")
"""The parts of a summary that are stored under their own names."""


@dataclass(slots=True)
class Outcome:
    """The results so far; a run fills them in from top to bottom."""

    base: Learned | None = None
    train_rows: int = 0
    queries: int | None = None
    train_s: float | None = None
    lexicon: Learned | None = None
    answers: list[Answered] = field(default_factory=list)
    test_s: float | None = None

    def wrong(self, test: Sequence[Pair]) -> list[tuple[Pair, Answered | None]]:
        """The test pairs that were not answered rightly, or not at all."""
        given: list[Answered | None] = [*self.answers, *[None] * (len(test) - len(self.answers))]
        return [
            (pair, answer)
            for pair, answer in zip(test, given, strict=True)
            if answer is None or answer.abstained or answer.value != pair[1]
        ]


def gave_up(outcome: Outcome, test: Sequence[Pair]) -> bool:
    """Whether the time ended before anything came of it."""
    if test:
        return all(answer.abstained for answer in outcome.answers)
    return outcome.lexicon is None or not outcome.lexicon.summary.get("explained")


def explains_little(outcome: Outcome) -> bool:
    """Whether what was learned explains fewer than half of the rows that it was learned from."""
    summary = outcome.lexicon.summary if outcome.lexicon else {}
    return 2 * summary.get("explained", 0) < summary.get("checked", 0)


def metrics(
    job: SolveJob, material: Material, config: object, outcome: Outcome, status: Status
) -> dict[str, Any]:
    """The measurements of a run. An accuracy is there only where the whole test was to be
    answered."""
    test, wrong = material.test, outcome.wrong(material.test)
    unknown = list(dict.fromkeys(word for answer in outcome.answers for word in answer.unknown))
    abstained = len(test) - sum(not answer.abstained for answer in outcome.answers)
    whole = status in ("complete", "timeout") and len(test) > 0
    seen = {words for words, _ in material.train}
    found: dict[str, Any] = {
        "task": job.task,
        "split": job.name,
        "status": status,
        "accuracy": (len(test) - len(wrong)) / len(test) if whole else None,
        "n": len(test),
        "answered": len(test) - abstained,
        "wrong": len(wrong) - abstained,
        "abstained": abstained,
        "train_rows": outcome.train_rows,
        "train_s": outcome.train_s,
        "test_s": outcome.test_s,
        "peak_mb": peak_mb(),
        "seed": job.seed,
        "noise": job.noise,
        "active": job.active,
        "queries": outcome.queries,
        "config_hash": config_hash(config),
        "contradictions": contradictions(material.train),
        "test_inputs_in_train": sum(words in seen for words, _ in test),
        "unknown": unknown[:UNKNOWN_SHOWN],
        "unknown_count": len(unknown),
    }
    summary = outcome.lexicon.summary if outcome.lexicon else {}
    found |= {f"learned_{k}": v for k, v in summary.items() if k not in ROWS}
    named = ("rows", "checked", "explained", "reasons")
    found |= {name: summary[name] for name in named if name in summary}
    for name in ("unexplained", "noise_rows"):
        rows = summary.get(name)
        if rows is not None and not job.active:
            found[name] = [material.lines[n - 1] for n in rows] if material.lines else rows
    if whole and material.groups:
        found["groups"] = _by_group(material.groups, outcome, test)
    if material.few:
        found["few_rows"] = len(material.few)
    found |= material.facts
    found |= {"column_names": list(material.headers)} if material.headers else {}
    if found["accuracy"] is None:
        del found["accuracy"]
    return found


def _by_group(
    groups: Sequence[str], outcome: Outcome, test: Sequence[Pair]
) -> dict[str, dict[str, float]]:
    """The number of rows of each group, and the shares that are answered rightly and wrongly."""
    found: dict[str, list[int]] = {}
    for group, (_, target), answer in zip(groups, test, outcome.answers, strict=False):
        counts = found.setdefault(group, [0, 0, 0])
        counts[0] += 1
        counts[1] += answer.value == target
        counts[2] += not answer.abstained and answer.value != target
    return {
        group: {"n": n, "accuracy": right / n, "wrong": wrong / n}
        for group, (n, right, wrong) in found.items()
    }


def wrong_answers(outcome: Outcome, test: Sequence[Pair]) -> list[dict[str, Any]]:
    """The rows of an errors file."""
    rows: list[dict[str, Any]] = []
    for (words, target), answer in outcome.wrong(test):
        row: dict[str, Any] = {"input": " ".join(words), "target": list(target)}
        rows.append(row | (as_json(answer) if answer else {"answer": None, "reason": "no time"}))
    return rows


def unexplained_rows(outcome: Outcome, material: Material) -> list[dict[str, Any]]:
    """All training rows that the lexicon does not explain, with the lines of a person's own file.

    Each says what the lexicon gives, and whether the row is treated as noise.
    """
    assert outcome.lexicon is not None
    found = [each.as_json() for each in outcome.lexicon.unexplained(material.train)]
    if material.lines:
        return [{"line": material.lines[row["row"] - 1], **row} for row in found]
    return found


def as_json(answer: Answered) -> dict[str, Any]:
    """An answer as plain data."""
    return {
        "answer": None if answer.value is None else list(answer.value),
        "posterior": answer.posterior,
        "alternatives": [[list(value), p] for value, p in answer.alternatives],
        "unknown": list(answer.unknown),
        "abstained": answer.abstained,
        "reason": answer.reason,
    }
