"""The record of one reduction, of a term that the user gave."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status, as_mapping
from abduce.symbolic.lambda_calculus.reduction.config import METHOD, ReductionConfig

LONGEST_TEXT = 1000
"""The upper limit on the characters of a term in a record; of a longer one the beginning is kept,
and its sha256 says which it was."""


def single_record(
    text: str,
    config: ReductionConfig,
    answer: Mapping[str, Any],
    started: datetime,
    wall_s: float,
    timeout_s: float | None,
) -> Record:
    """The record of `abduce reduce`, of the kind 'reduce'.

    Args:
        text: the term, with its definitions.
        answer: the JSON that `abduce reduce --json` prints.
    """
    name = text.strip() if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
    kept = ("outcome", "engine", "beta", "eta", "nodes", "s")
    figures = {key: answer[key] for key in kept if key in answer}
    outcome = answer["outcome"]
    if outcome != "normal form":
        figures["error"] = outcome
    return new_record(
        "reduce",
        task={"task": "reduce", "term": name, "timeout_s": timeout_s},
        config={"method": METHOD, **as_mapping(config)},
        seed=0,
        started=started,
        wall_s=wall_s,
        metrics={"term": name, "run": started.isoformat(timespec="seconds"), **figures},
        status=_status(outcome),
        data_sha256={"term": sha256(text.encode(errors="surrogatepass")).hexdigest()},
    )


def _status(outcome: str) -> Status:
    """The status of the record; running out of fuel counts as a result."""
    return "timeout" if outcome == "out of time" else "complete"
