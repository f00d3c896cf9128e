"""Records of single kernels, single modules and single answers.

The kind 'train' has a record for each kernel or module that `abduce train` trains; 'prove' has one
for each kernel that `abduce prove --record` reads. Their task has the name of the network; metrics
have its verdict, which is None of a module, for of a module nothing is proved. The answer of
`abduce execute --record` is a record of the kind 'execute' without sizes, so that no table of
accuracy counts it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status
from abduce.neural.kernels.config import METHOD, Config, recorded
from abduce.neural.training import experiment

if TYPE_CHECKING:
    from abduce.neural.kernels.kernel import LearnedKernel
    from abduce.neural.training.loop import Trained
    from abduce.verify.verdict import Verdict


def kernel_trained(
    learned: "LearnedKernel",
    part: str,
    config: Config,
    files: Sequence[Path],
    *,
    timeout_s: float | None,
    started: datetime,
    wall_s: float,
) -> Record:
    """A kernel that was trained.

    Args:
        part: the part of the configuration that it was trained by.
        files: what was written of it; nothing, where it is not proved.
    """
    return new_record(
        "train",
        task={"network": learned.name, "method": None, "timeout_s": timeout_s},
        config=recorded(config, (part,)),
        seed=learned.seed,
        started=started,
        wall_s=wall_s,
        status="complete" if learned.proved or learned.attempts == config.attempts else "timeout",
        metrics={
            "verdict": _name(learned.verdict),
            "attempts": learned.attempts,
            "examples": learned.examples,
            "parameters": learned.parameters,
            "train_s": learned.cpu_s,
        },
        artifacts=checksums(files),
    )


def module_trained(
    trained: "Trained",
    method: str,
    files: Sequence[Path],
    *,
    timeout_s: float | None,
    started: datetime,
    wall_s: float,
) -> Record:
    """A module that was trained."""
    statuses: Mapping[str, Status] = {
        "complete": "complete",
        "stopped early": "complete",
        "out of time": "timeout",
    }
    return new_record(
        "train",
        task={"network": trained.experiment.name, "method": method, "timeout_s": timeout_s},
        config={"method": experiment.METHOD, **asdict(trained.experiment.config)},
        seed=trained.seed,
        started=started,
        wall_s=wall_s,
        status=statuses.get(trained.ended, "failed"),
        metrics={
            "verdict": None,
            "attempts": 1,
            "examples": trained.examples,
            "parameters": trained.parameters,
            "train_s": trained.cpu_s,
            "ended": trained.ended,
            "steps": trained.steps,
        },
        artifacts=checksums(files),
    )


def kernel_proved(
    name: str,
    verdict: "Verdict",
    size: int | None,
    files: Sequence[Path],
    *,
    timeout_s: float | None,
    started: datetime,
    wall_s: float,
) -> Record:
    """The verdict on a kernel that was read.

    Args:
        size: the number of bits it was proved for; None for all.
        files: what was read of it.
        wall_s: the wall time of the command, which reads and proves all the kernels that it names.
    """
    return new_record(
        "prove",
        task={"network": name, "size": size, "timeout_s": timeout_s, "files": _named(files)},
        config={"method": METHOD},
        seed=0,
        started=started,
        wall_s=wall_s,
        metrics={"verdict": _name(verdict)},
        data_sha256=checksums(files),
    )


def answered(
    asked: Mapping[str, Any],
    config: Mapping[str, Any],
    text: str,
    answer: Any,
    *,
    proved: bool | None,
    gave_up: bool,
    files: Sequence[Path],
    started: datetime,
    wall_s: float,
    cpu_s: float,
) -> Record:
    """One input that was executed.

    Args:
        asked: task, method and level, and the options that were given.
        text: the input; a record has its checksum, and that of the answer.
        proved: whether the kernels are; None where nothing was learned.
        files: the files of the kernels or modules.
    """
    given = hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
    told = json.dumps(answer, sort_keys=True).encode()
    return new_record(
        "execute",
        task={**asked, "input_sha256": given, "files": _named(files)},
        config=config,
        seed=0,
        started=started,
        wall_s=wall_s,
        status="timeout" if gave_up else "complete",
        metrics={
            "proved": proved,
            "train_s": 0.0,
            "test_s": round(cpu_s, 4),
            "parameters": 0,
            "examples": 0,
            "kernels": {},
            "sizes": {},
            "answer_sha256": hashlib.sha256(told).hexdigest(),
        },
        data_sha256=checksums(files),
    )


def checksums(files: Sequence[Path]) -> dict[str, str]:
    """The SHA-256 checksum of each file, by its path."""
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _named(files: Sequence[Path]) -> dict[str, str]:
    """The checksums by the names of the files, wherever these lie."""
    return {Path(path).name: checksum for path, checksum in checksums(files).items()}


def _name(verdict: "Verdict") -> str:
    return type(verdict).__name__.lower()
