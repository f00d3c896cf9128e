"""The record of a verifier's run on planted instances."""

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from abduce import clock
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, as_mapping
from abduce.benchmarks.soundness.judging import Judged, by_kind, verdict_of
from abduce.benchmarks.soundness.planted import LIST
from abduce.verify.strategy import AUTOMATIC, METHOD


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
    listed, kinds = hashlib.sha256(), by_kind(judged)
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
        config={} if verifier else {"method": METHOD, "strategy": as_mapping(AUTOMATIC)},
        seed=0,
        started=started,
        wall_s=(clock.utc_now() - started).total_seconds(),
        metrics={
            "kinds": [asdict(kind) for kind in kinds],
            "answers": answers,
            **verdict_of(kinds),
        },
        command=_command(folder, verifier, timeout_s),
        data_sha256={f"{folder.name}/{LIST} and its files": listed.hexdigest()},
    )


def _command(folder: Path, verifier: str | None, timeout_s: float | None) -> str:
    words = ["abduce", "soundness", "run", folder.name]
    words += ["--verifier", verifier] if verifier else []
    words += ["--timeout-s", f"{timeout_s:g}"] if timeout_s else []
    return shlex.join(words)
