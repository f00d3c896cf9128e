"""The benchmark of executed programs: learn the kernels, prove them, run them far beyond their
training, keep a record.

One record a task, method, level and seed, of the kind 'execute'; the methods of lambda are families
of terms. Its metrics: proved, whether all kernels are; kernels, of each its attempts, examples,
parameters, CPU seconds and verdict; train_s, test_s, CPU seconds; parameters and examples in all;
trained_on, the sizes that something was learned from, and unit, what they count; sizes, of each
size its number n, inputs, accuracy (the share of right entries), exact (the share of inputs that
are right in every entry), cpu_s and steps (pairs compared, or steps of the program); and accuracy,
the least `exact` of all sizes. Of tours, gap and peer_s too: the mean by which they are longer than
LKH's, and its CPU seconds; None without elkai. Neural modules, whose level is 'module', are trained
and tested by `execution_modules`.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce import clock
from abduce.benchmarks.drawing.numbers import longer
from abduce.benchmarks.execution.asked import (
    asked,
    experiments,
    kernel_config,
    of_earlier_method,
    recorded_config,
    settings_for,
)
from abduce.benchmarks.execution.lambda_tests import LambdaSize
from abduce.benchmarks.execution.modules import MODULE, MODULE_SEEDS, run_module
from abduce.benchmarks.execution.tests import TRIALS, Trial
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status, record_id
from abduce.benchmarks.records.record_file import append, read
from abduce.benchmarks.records.score import Score, Size
from abduce.benchmarks.records.selecting import matching
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import Config
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.neural.kernels.kernel import LearnedKernel, Progress, train
from abduce.neural.modules.catalogue import MODULES
from abduce.neural.training.experiment import Experiment

if TYPE_CHECKING:
    from abduce.neural.training.loop import Trained

Known = dict[tuple[str, Config, int], LearnedKernel]
"""Kernels that were learned, by name, configuration and seed."""
SEEDS = 5
TIMEOUTS_S = (600.0, 1800.0)
"""The upper limits in seconds on the time of a job and of the job of a module, where none is
given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionJob:
    """One row of the table.

    Attributes:
        timeout_s: the upper limit on its time; None for that of TIMEOUTS_S.
        settings: of the configuration, those that are not the default.
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
        """What to type to have the job again, with those of the other seeds."""
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
        timeout_s: of each job; None for TIMEOUTS_S.
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
    known = read(records) if records.exists() else []
    return sum(record.status == "complete" for record in of_earlier_method(known))


def pending_execution(jobs: Sequence[ExecutionJob], records: Path) -> list[ExecutionJob]:
    """The jobs without a complete record in a file, which need not be there yet."""
    done = {r.id for r in read(records) if r.status == "complete"} if records.exists() else set()
    return [job for job in jobs if job.id not in done]


def run_execution(
    jobs: Sequence[ExecutionJob],
    records: Path,
    *,
    progress: Progress | None = None,
    ended: Callable[[ExecutionJob, Record], None] | None = None,
) -> list[Record]:
    """Run jobs and append their records; a kernel is learned once a seed and shared.

    Sizes that the limit of a job leaves no time for are missing from its record.
    """
    learned: Known = {}
    trained: dict[tuple[Experiment, int], Trained] = {}
    done: list[Record] = []
    for job in jobs:
        started, began = clock.utc_now(), clock.wall_s()
        deadline = began + job.limit_s
        if job.level == MODULE:
            models = experiments(job.task, job.method, job.settings)
            metrics, complete = run_module(
                job.task, job.method, models, job.seed, trained, deadline, progress
            )
        else:
            metrics, complete = _run(job, learned, deadline, progress)
        status: Status = "complete" if complete else "timeout"
        record = new_record(
            "execute",
            task=job.asked,
            config=job.config,
            seed=job.seed,
            started=started,
            wall_s=clock.wall_s() - began,
            status=status,
            command=job.command,
            metrics=metrics,
        )
        append(records, record)
        done.append(record)
        if ended is not None:
            ended(job, record)
    return done


def _run(
    job: ExecutionJob,
    learned: Known,
    deadline: float,
    progress: Progress | None,
) -> tuple[dict[str, Any], bool]:
    """Its metrics, and whether it is complete."""
    trial = TRIALS[job.task, job.method]
    names = trial.kernels(job.level)
    kernels: dict[str, LearnedKernel] = {}
    if job.level == "L0":
        exact = compiled_kernels(names)
    else:
        config = kernel_config(job.settings)
        for name in names:
            key = (name, config, job.seed)
            if key not in learned:
                learned[key] = train(
                    TASKS[name], config, seed=job.seed, deadline=deadline, progress=progress
                )
            kernels[name] = learned[key]
        exact = {name: kernel.exact for name, kernel in kernels.items()}
    found: dict[str, dict[str, Any]] = {}
    wanted = trial.sizes_at(job.level)
    for size in wanted:
        if clock.wall_s() > deadline:
            break
        if progress is not None:
            progress(f"{job.name}, seed {job.seed}: {size.name}")
        found[size.name] = _measured(trial, size, exact)
    return {**_learning(trial, job, kernels), **_testing(found)}, len(found) == len(wanted)


def _measured(trial: Trial, size: Size | LambdaSize, kernels: Mapping[str, Any]) -> dict[str, Any]:
    start = clock.cpu_s()
    told = list(trial.scores(size, kernels))
    own = [score.cpu_s for score in told if score.cpu_s is not None]
    cpu_s = sum(own) if own else clock.cpu_s() - start
    found: dict[str, Any] = {
        "n": size.n,
        "inputs": len(told),
        "accuracy": sum(score.right for score in told) / sum(score.entries for score in told),
        "exact": sum(score.right == score.entries for score in told) / len(told),
        "steps": sum(score.steps for score in told),
        "cpu_s": round(cpu_s, 4),
    }
    return found | (_beside_peer(told) if trial.beside_peer else {})


def _beside_peer(told: Sequence[Score]) -> dict[str, Any]:
    gaps = [score.gap for score in told if score.gap is not None]
    peer = sum(score.peer_s for score in told if score.peer_s is not None)
    if not gaps:
        return {"gap": None, "peer_s": None}
    return {"gap": sum(gaps) / len(gaps), "peer_s": round(peer, 4)}


def _learning(
    trial: Trial, job: ExecutionJob, kernels: Mapping[str, LearnedKernel]
) -> dict[str, Any]:
    seen = trial.trained_on.get(job.level)
    return {
        "proved": all(kernel.proved for kernel in kernels.values()) if kernels else None,
        "train_s": round(sum(kernel.cpu_s for kernel in kernels.values()), 4),
        "parameters": sum(kernel.parameters for kernel in kernels.values()),
        "examples": sum(kernel.examples for kernel in kernels.values()),
        "trained_on": None if seen is None else seen(kernel_config(job.settings)),
        "unit": trial.unit,
        "kernels": {
            name: {
                "attempts": kernel.attempts,
                "examples": kernel.examples,
                "parameters": kernel.parameters,
                "cpu_s": kernel.cpu_s,
                "verdict": type(kernel.verdict).__name__.lower(),
            }
            for name, kernel in kernels.items()
        },
    }


def _testing(found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "accuracy": min((size["exact"] for size in found.values()), default=None),
        "test_s": round(sum(size["cpu_s"] for size in found.values()), 4),
        "sizes": dict(found),
    }


def lines(records: Sequence[Record]) -> Iterator[str]:
    """A row for each task, method and level, over its seeds."""
    yield f"{'task':<30}{'level':<7}{'seeds':>5}{'proved':>8}{'attempts':>10}{'train s':>9}  exact"
    rows: dict[tuple[Any, ...], list[Record]] = {}
    for record in records:
        task = record.task
        rows.setdefault((task["task"], task["method"], task["level"]), []).append(record)
    for (task, method, level), group in rows.items():
        metrics = [record.metrics for record in group]
        proved = "-" if level == "L0" else f"{sum(bool(m['proved']) for m in metrics)}"
        attempts = max((k["attempts"] for m in metrics for k in m["kernels"].values()), default=0)
        seconds = sum(m["train_s"] for m in metrics) / len(metrics)
        exact = ", ".join(
            f"{name}: {100 * min(m['sizes'].get(name, {'exact': 0})['exact'] for m in metrics):g} %"
            + _gap([m["sizes"][name] for m in metrics if name in m["sizes"]])
            for name in metrics[0]["sizes"]
        )
        name = " ".join(filter(None, (task, method)))
        yield (
            f"{name:<30}{level:<7}{len(group):>5}{proved:>8}{attempts or '-':>10}"
            f"{seconds:>9.1f}  {exact}"
        )


def _gap(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Of tours: how much longer than those of LKH, in the mean."""
    if "gap" not in sizes[0]:
        return ""
    gaps = [size["gap"] for size in sizes if size["gap"] is not None]
    if not gaps:
        return " valid, gap not measured (no elkai)"
    return f" valid, gap {longer(sum(gaps) / len(gaps))}"
