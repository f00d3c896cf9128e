"""The jobs of the benchmark of executed programs: one a task, method, level and seed."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from abduce.benchmarks.execution.asked import (
    asked,
    of_earlier_method,
    recorded_config,
    settings_for,
)
from abduce.benchmarks.execution.modules import MODULE, MODULE_SEEDS
from abduce.benchmarks.execution.tests import TRIALS
from abduce.benchmarks.records.record import record_id
from abduce.benchmarks.records.record_file import complete
from abduce.benchmarks.records.selecting import matching
from abduce.neural.modules.catalogue import MODULES

SEEDS = 5
TIMEOUTS_S = (600.0, 1800.0)
"""The upper limits in seconds on the time of a job and of the job of a module, where none is
given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionJob:
    """One row of the table.

    Attributes:
        timeout_s: the upper limit on its time; None for that of TIMEOUTS_S.
        settings: the settings of the configuration that differ from the defaults.
    """

    task: str
    method: str
    level: str
    seed: int = 0
    timeout_s: float | None = None
    settings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.task, self.method, self.level)))

    @property
    def command(self) -> str:
        """The command that runs the job again, with those of the other seeds."""
        limit = "" if self.timeout_s is None else f" --timeout-s {self.timeout_s:g}"
        settings = "".join(f" --set {shlex.quote(setting)}" for setting in self.settings)
        return f"abduce bench execution --only '^{self.name}$'{limit}{settings}"

    @property
    def limit_s(self) -> float:
        """The upper limit on its time."""
        return TIMEOUTS_S[self.level == MODULE] if self.timeout_s is None else self.timeout_s

    @property
    def asked(self) -> dict[str, Any]:
        """The task of the record."""
        return asked(self.task, self.method, self.level, self.limit_s)

    @property
    def config(self) -> dict[str, Any]:
        """The configuration of the record."""
        return recorded_config(self.task, self.method, self.level, self.settings)

    @property
    def id(self) -> str:
        return record_id("execute", self.asked, self.config, self.seed)


def execution_jobs(
    only: str | None = None,
    seeds: int | None = None,
    *,
    timeout_s: float | None = None,
    config: Path | None = None,
    settings: Sequence[str] = (),
) -> list[ExecutionJob]:
    """The jobs whose names have a match; L0, in which nothing is learned, has one seed, and so have
    modules where no number is given.

    Args:
        timeout_s: the time limit of each job, in seconds; None for TIMEOUTS_S.
        config: a JSON file with settings of the configuration that are not the default.
        settings: single ones, such as 'stream.seen=32'.

    Raises:
        InputError: no regular expression, no job has a match, or something is no setting of the
            kernels or the models of a job.

    >>> [job.name for job in execution_jobs("dijkstra", 1)]
    ['dijkstra L0', 'dijkstra L1', 'dijkstra L2', 'dijkstra execution-engine module']
    """
    jobs = [
        ExecutionJob(task=trial.task, method=trial.method, level=level, seed=seed)
        for trial in TRIALS.values()
        for level in trial.levels
        for seed in range(1 if level == "L0" else seeds or SEEDS)
    ]
    jobs += [
        ExecutionJob(task=task, method=method, level=MODULE, seed=seed)
        for task, method in ((module.task, module.method) for module in MODULES)
        for seed in range(seeds or MODULE_SEEDS)
    ]
    chosen = matching(jobs, only, lambda job: job.name, what="job", form="TASK METHOD LEVEL")
    return [
        replace(
            job,
            timeout_s=timeout_s,
            settings=settings_for(job.task, job.method, job.level, config, settings),
        )
        for job in chosen
    ]


def earlier_records(records: Path) -> int:
    """How many complete records of a file, which need not be there yet, an earlier method made."""
    return len(list(of_earlier_method(complete(records))))


def pending_execution(jobs: Sequence[ExecutionJob], records: Path) -> list[ExecutionJob]:
    """The jobs without a complete record in a file, which need not be there yet."""
    done = {record.id for record in complete(records)}
    return [job for job in jobs if job.id not in done]
