"""What became of a question, as text and as plain data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abduce.symbolic.calculation.answering import Calculated


def told(found: "Calculated") -> Iterator[str]:
    """The lines that a person reads."""
    from abduce.symbolic.calculation.answering import program_text

    outcome = found.outcome
    match outcome.outcome:
        case "answered":
            yield f"answer: {outcome.answer}"
            if outcome.value is not None and outcome.value != outcome.answer:
                yield f"    as a decimal: {outcome.value}"
        case "withheld":
            yield f"withheld: {outcome.reason}"
        case "stopped":
            yield f"stopped: {outcome.reason}"
        case _:
            yield f"no answer: {outcome.reason}"
    yield f"asked: {found.plan.intent}"
    yield f"program: {program_text(found.plan)}"
    for step in outcome.steps:
        yield f"    {step}"
    for check in outcome.checks:
        yield f"    checked: {check}"
    for note in (*found.plan.notes, *outcome.remarks, *outcome.not_isolated):
        yield f"note: {note}"


def as_json(found: "Calculated") -> dict[str, Any]:
    """The same as plain data."""
    from abduce.symbolic.calculation.answering import program_text

    outcome = found.outcome
    return {
        "outcome": outcome.outcome,
        "answer": outcome.answer if outcome.outcome == "answered" else None,
        "value": outcome.value,
        "intent": found.plan.intent,
        "program": program_text(found.plan),
        "explanation": list(outcome.steps),
        "checks": list(outcome.checks),
        "reason": outcome.reason or None,
        "notes": [*found.plan.notes, *outcome.remarks, *outcome.not_isolated],
    }
