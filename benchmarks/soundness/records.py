"""The record of a verifier's run on planted instances."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from abduce import clock
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.soundness.judging import Judged, by_kind, verdict_of
from abduce.benchmarks.soundness.planted import LIST


def soundness_record(
    folder: Path,
    judged: Sequence[Judged],
    verifier: str | None,
    timeout_s: float | None,
    started: datetime,
) -> Record:
    """The record of a run.

    Args:
        verifier: the command; None is Abduce.
        timeout_s: the limit on each instance; None is that of the instance.
    """
    listed = hashlib.sha256()
    for each in judged:
        listed.update(each.instance.network.read_bytes() + each.instance.property.read_bytes())
    answers = [
        {
            "name": each.instance.name,
            "kind": each.instance.kind,
            "said": each.said,
            "witness": each.witness,
            "s": round(each.seconds, 3),
        }
        for each in judged
    ]
    return new_record(
        "soundness",
        task={"task": "soundness", "verifier": verifier or "abduce", "timeout_s": timeout_s},
        config={},
        seed=0,
        started=started,
        wall_s=(clock.utc_now() - started).total_seconds(),
        metrics={
            "kinds": [asdict(kind) for kind in by_kind(judged)],
            "answers": answers,
            **verdict_of(by_kind(judged)),
        },
        data_sha256={f"{folder.name}/{LIST} and its files": listed.hexdigest()},
    )
