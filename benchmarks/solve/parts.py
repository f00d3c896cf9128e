"""The jobs behind the tables of the README, as a table; and how to run one in its own process.

Parts: every split (scan, pcfg, miniscan), the learning curve (rows), wrong training outputs
(noise), asked examples instead of a training set (active), few rows of PCFG SET (pcfg-rows), and
changed priors (priors).
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from abduce import clock
from abduce.benchmarks.data.scan_splits import GENERATED, READ
from abduce.benchmarks.records.record import record_id
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.solve.job import Job
from abduce.benchmarks.solve.priors import prior_jobs
from abduce.errors import InputError

CURVE = (50, 100, 200, 400, 800, 1600, 3200)
NOISES = (0.05, 0.1, 0.2)
PCFG = ("iid", "systematicity", "productivity")


@dataclass(frozen=True, slots=True)
class Part:
    """Jobs that are each run with the seeds 0 to `seeds` - 1."""

    about: str
    jobs: tuple[Job, ...]
    seeds: int = 1


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "scan": Part(
            "every split of SCAN, with all training rows",
            tuple(Job(task="scan", split=name) for name in (*GENERATED, *READ)),
        ),
        "rows": Part(
            "the simple split of SCAN, with 50 to 3,200 training rows",
            tuple(Job(task="scan", split="simple", rows=rows) for rows in CURVE),
            5,
        ),
        "noise": Part(
            "the simple split of SCAN, with a share of wrong training outputs",
            tuple(Job(task="scan", split="simple", noise=noise) for noise in NOISES),
            3,
        ),
        "active": Part(
            "the length and MCD splits of SCAN, by active learning",
            tuple(Job(task="scan", split=name, active=True) for name in ("length", *READ)),
            5,
        ),
        "pcfg": Part(
            "PCFG SET, with all training rows",
            tuple(Job(task="pcfg", split=name) for name in (*PCFG, "10k")),
        ),
        "pcfg-rows": Part(
            "PCFG SET, with 200 training rows",
            tuple(Job(task="pcfg", split=name, rows=200) for name in PCFG),
            20,
        ),
        "miniscan": Part("miniSCAN, with its 14 study examples", (Job(task="miniscan"),)),
        "priors": Part("five splits of SCAN, with one or a few priors changed", prior_jobs()),
    }
)


def jobs(names: Iterable[str], seeds: int | None = None) -> list[Job]:
    """The jobs of some parts, or of 'all'.

    Args:
        seeds: instead of a part's own number, where that is more than one.

    Raises:
        InputError: there is no such part.

    >>> [job.command for job in jobs(["noise"], 1)][0]
    'abduce solve scan --split simple --noise 0.05'
    """
    wanted = list(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in PARTS and name != "all"]
    if unknown:
        raise InputError(f"the part {unknown[0]!r}", ("all", *PARTS))
    chosen = PARTS.values() if "all" in wanted else [PARTS[name] for name in wanted]
    return [
        replace(job, seed=seed)
        for part in chosen
        for job in part.jobs
        for seed in range(part.seeds if seeds is None or part.seeds == 1 else seeds)
    ]


def pending(todo: Sequence[Job], records: Path, config: object) -> list[Job]:
    """The jobs without a complete record in a file, which need not be there yet."""
    done = {r.id for r in read(records) if r.status == "complete"} if records.exists() else set()
    return [job for job in todo if record_id("solve", job.asked, config, job.seed) not in done]


def run_job(job: Job, records: Path, data: Path | None = None) -> dict[str, Any]:
    """Run one job in a fresh process, which appends its record; how it ended.

    Its messages go to this process's stderr. Ctrl-C is passed on to it, once, and it is given the
    time to leave its record.
    """
    options = ["--out", str(records), "--json", "--quiet"]
    folder = ["--data", str(data)] if data else []
    command = [sys.executable, "-m", "abduce", *job.arguments, *options, *folder]
    start = clock.wall_s()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, text=True, start_new_session=True) as process:
        try:
            printed, _ = process.communicate()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            raise
    metrics = json.loads(printed) if printed.strip() else {}
    return {
        "exit_code": process.returncode,
        "status": metrics.get("status"),
        "accuracy": metrics.get("accuracy"),
        "wall_s": round(clock.wall_s() - start, 3),
    }
