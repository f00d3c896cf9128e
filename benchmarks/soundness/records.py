"""The record of a verifier's run on planted instances."""

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, as_mapping
from abduce.benchmarks.soundness.judging import Judged, by_kind, verdict_of
from abduce.benchmarks.soundness.planted import LIST
from abduce.verify.strategy import AUTOMATIC, METHOD

KIND: Final = "soundness"
OURSELVES: Final = "abduce"


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
    return new_record(
        KIND,
        task={"task": KIND, "verifier": verifier or OURSELVES, "timeout_s": timeout_s},
        config={} if verifier else our_config(),
        seed=0,
        started=started,
        wall_s=(clock.utc_now() - started).total_seconds(),
        metrics=judged_metrics(judged),
        command=_command(folder, verifier, timeout_s),
        data_sha256={f"{folder.name}/{LIST} and its files": files_sha256(judged)},
    )


def our_config() -> Mapping[str, Any]:
    """What shapes the answers of Abduce's own verifier."""
    return {"method": METHOD, "strategy": as_mapping(AUTOMATIC)}


def judged_metrics(judged: Sequence[Judged]) -> Mapping[str, Any]:
    """The answers of a verifier, one by one, by kind and over all."""
    kinds = by_kind(judged)
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
    return {
        "kinds": [asdict(kind) for kind in kinds],
        "answers": answers,
        **verdict_of(kinds),
    }


def files_sha256(judged: Sequence[Judged]) -> str:
    """The sha256 over the networks and properties of the instances, one after the other."""
    listed = hashlib.sha256()
    for each in judged:
        listed.update(each.instance.network.read_bytes() + each.instance.property.read_bytes())
    return listed.hexdigest()


def _command(folder: Path, verifier: str | None, timeout_s: float | None) -> str:
    words = ["abduce", "soundness", "run", folder.name]
    words += ["--verifier", verifier] if verifier else []
    words += ["--timeout-s", f"{timeout_s:g}"] if timeout_s else []
    return shlex.join(words)
