"""Where a run was made: machine, libraries, commit. What `new_record` fills in by itself."""

import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from abduce import __version__
from abduce.benchmarks.records.record import Record, Status, as_mapping, record_id

LIBRARIES = (
    "numpy",
    "lark",
    "torch",
    "z3-solver",
    "sympy",
    "onnxruntime",
    "sqlglot",
    "transformers",
)
"""The libraries whose version can change a result; a record names those that are installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The machine and the code of a run; the fields are those of a record."""

    commit: str | None
    dirty: bool | None
    machine: Mapping[str, Any]
    libraries: Mapping[str, str]


def here() -> Provenance:
    """This machine, with the libraries and the commit of this process."""
    commit, dirty = checkout()
    return Provenance(commit=commit, dirty=dirty, machine=machine(), libraries=libraries())


def new_record(
    kind: str,
    *,
    task: Mapping[str, Any],
    config: object,
    seed: int,
    started: datetime,
    wall_s: float,
    metrics: Mapping[str, Any],
    status: Status = "complete",
    data_sha256: Mapping[str, str] | None = None,
    artifacts: Mapping[str, str] | None = None,
    command: str | None = None,
    where: Provenance | None = None,
) -> Record:
    """A record of a run that has just ended.

    Args:
        started: an aware time, `clock.utc_now()` taken before the work.
        command: None takes the command line of this process.
        where: the run was made; None is here.
    """
    where = where or here()
    return Record(
        kind=kind,
        task=dict(task),
        config=as_mapping(config),
        seed=seed,
        id=record_id(kind, task, config, seed),
        when=started.astimezone(UTC).isoformat(timespec="seconds"),
        version=__version__,
        commit=where.commit,
        dirty=where.dirty,
        command=command_line() if command is None else command,
        data_sha256=dict(data_sha256 or {}),
        machine=dict(where.machine),
        libraries=dict(where.libraries),
        status=status,
        wall_s=round(wall_s, 4),
        metrics=dict(metrics),
        artifacts=dict(artifacts or {}),
    )


def command_line(arguments: Sequence[str] | None = None) -> str:
    """This process's command, ready to be typed again.

    >>> command_line(["/usr/bin/abduce", "solve", "scan", "--split", "a b"])
    "abduce solve scan --split 'a b'"
    """
    program, *rest = sys.argv if arguments is None else arguments
    name = "python -m abduce" if Path(program).name == "__main__.py" else Path(program).name
    return " ".join((name, shlex.join(rest))).rstrip()


def machine() -> dict[str, Any]:
    """Processor, cores, memory and system; no name of the host, no user."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mb": _memory_mb(),
        "python": platform.python_version(),
    }


def libraries(names: Sequence[str] = LIBRARIES) -> dict[str, str]:
    """The installed ones and their versions, without importing any."""
    found: dict[str, str] = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def checkout(folder: Path | None = None) -> tuple[str | None, bool | None]:
    """The commit this code runs from and whether it was changed; None, None if no checkout."""
    root = Path(__file__).resolve().parents[2] if folder is None else folder
    if not (root / ".git").exists():
        return None, None
    commit = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain", "--untracked-files=no")
    return commit or None, None if changes is None else bool(changes)


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ("git", "-C", str(root), *arguments),
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), ""
    )


def _memory_mb() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (AttributeError, ValueError, OSError):
        return None
