"""The benchmark of executed programs: learn the kernels, prove them, run them far beyond their
training, keep a record.

One record a task, method, level and seed, of the kind 'execute'; the methods of lambda are families
of terms. Its metrics: proved, whether all kernels are; kernels, of each its attempts, examples,
parameters, CPU seconds and verdict; train_s, test_s, CPU seconds; parameters and examples in all;
trained_on, the sizes that something was learned from, and unit, what they count; sizes, of each
size its number n, inputs, accuracy (the share of right entries), exact (the share of inputs that
are right in every entry), cpu_s and steps (pairs compared, or steps of the program); and accuracy,
the least `exact` of all sizes. Of tours, gap and peer_s too: the mean by which they are longer than
LKH's, and its CPU seconds; None without elkai. A job that failed has a reason. Neural modules,
whose level is 'module', are tested by `modules`.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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
from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.processes.job import Job, call
from abduce.benchmarks.processes.outcome import Ended, JobOutcome
from abduce.benchmarks.processes.runner import run
from abduce.benchmarks.records.provenance import Provenance, new_record
from abduce.benchmarks.records.record import Record, Status, record_id
from abduce.benchmarks.records.record_file import append, read
from abduce.benchmarks.records.score import Score, Size
from abduce.benchmarks.records.selecting import matching
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.neural.kernels.kernel import LearnedKernel, Progress, one_thread, train
from abduce.neural.modules.catalogue import MODULES, module_with

if TYPE_CHECKING:
    from abduce.neural.training.loop import Trained

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What jobs of one seed share: a kernel, or the model of an experiment of a module."""

    name: str
    seed: int
    of_module: bool
    settings: tuple[str, ...] = ()


Learnt = tuple["LearnedKernel | Trained", bool]
"""What was learned, and whether the time was up before that ended."""


def parts(job: ExecutionJob) -> tuple[Part, ...]:
    """What has to be learned for a job."""
    if job.level == "L0":
        return ()
    of_module = job.level == MODULE
    if of_module:
        names = [each.name for each in experiments(job.task, job.method, job.settings)]
    else:
        names = [*TRIALS[job.task, job.method].kernels(job.level)]
    return tuple(
        Part(name=name, seed=job.seed, of_module=of_module, settings=job.settings) for name in names
    )


def learn(wanted: Sequence[Part], limit_s: float) -> dict[Part, Learnt]:
    """Learn kernels and train models, one after the other; each may take as long as the limit."""
    one_thread()
    return {part: _learnt(part, clock.wall_s() + limit_s) for part in wanted}


def _learnt(part: Part, deadline: float) -> Learnt:
    if not part.of_module:
        config = kernel_config(part.settings)
        kernel = train(TASKS[part.name], config, seed=part.seed, deadline=deadline)
        return kernel, not kernel.proved and clock.passed(deadline)
    from abduce.neural.training.loop import train as train_model

    module = module_with(part.name)
    configured = experiments(module.task, module.method, part.settings)
    (experiment,) = (each for each in configured if each.name == part.name)
    trained = train_model(experiment, seed=part.seed, deadline=deadline)
    return trained, trained.ended == "out of time"


def execute(job: ExecutionJob, *learned: Mapping[Part, Learnt]) -> Record:
    """The record of a job.

    Sizes that its limit leaves no time for are missing, as all are where the time was up before
    something was learned.

    Args:
        learned: the `parts` of the job, and perhaps others.
    """
    started, began = clock.utc_now(), clock.wall_s()
    there = {part: learnt for each in learned for part, learnt in each.items()}
    own = {part.name: there[part] for part in parts(job)}
    found: dict[str, Any] = {name: thing for name, (thing, _) in own.items()}
    late = any(late for _, late in own.values())
    deadline = began + (0.0 if late else job.limit_s)
    if job.level == MODULE:
        metrics, complete = run_module(job.task, job.method, found, deadline)
    else:
        metrics, complete = _run(job, found, deadline)
    status: Status = "complete" if complete else "timeout"
    return _record(job, metrics, status, started, clock.wall_s() - began)


def learning_jobs(jobs: Sequence[ExecutionJob]) -> dict[Part, Job]:
    """The jobs that learn what others need: one for all kernels of a seed, for which torch is
    imported once, and one for each model."""
    wanted: dict[Part | int, dict[Part, float]] = {}
    for job in jobs:
        for part in parts(job):
            together = wanted.setdefault(part if part.of_module else part.seed, {})
            together[part] = max(job.limit_s, together.get(part, 0.0))
    found: dict[Part, Job] = {}
    for limits in wanted.values():
        found |= dict.fromkeys(limits, call(learn, [*limits], max(limits.values())))
    return found


def run_execution(
    jobs: Sequence[ExecutionJob],
    records: Path,
    *,
    placement: Placement = HERE,
    progress: Progress | None = None,
) -> list[Record]:
    """Run jobs, each in a process of its own, and append the record of each when it ends.

    What jobs share is learned once, in another process, when the first of them needs it.

    The limit of a job is one on testing, and one on learning each part.

    Args:
        progress: is told how each job ended.

    Returns:
        The records, in the order of the jobs.

    Raises:
        InputError: the cluster does not answer.
        KeyboardInterrupt: what ran was stopped; what had ended has its record.
    """
    learning = learning_jobs(jobs)
    done: dict[ExecutionJob, Record] = {}

    def placed(job: ExecutionJob) -> Job:
        needs = dict.fromkeys(learning[part] for part in parts(job))
        return call(execute, job, needs=[*needs])

    def ended(job: ExecutionJob, outcome: JobOutcome) -> None:
        if isinstance(outcome, Ended) and outcome.fault is None:
            record: Record = outcome.value
        else:
            record = _failed(job, outcome)
        append(records, record)
        done[job] = record
        if progress is not None:
            told = outcome.fault or record.status
            progress(f"{len(done)}/{len(jobs)}  {job.name}, seed {job.seed}: {told}")

    run(jobs, placed, ended, placement)
    return [done[job] for job in jobs]


def _record(
    job: ExecutionJob,
    metrics: Mapping[str, Any],
    status: Status,
    started: datetime,
    wall_s: float,
    where: Provenance | None = None,
) -> Record:
    return new_record(
        "execute",
        task=job.asked,
        config=job.config,
        seed=job.seed,
        started=started,
        wall_s=wall_s,
        status=status,
        command=job.command,
        metrics=metrics,
        where=where,
    )


def _failed(job: ExecutionJob, outcome: JobOutcome) -> Record:
    """The record of a job that came to no end, with the reason."""
    ended = outcome if isinstance(outcome, Ended) else None
    run_s = ended.run_s if ended else 0.0
    learning = {"proved": None, "train_s": 0.0, "parameters": 0, "examples": 0, "kernels": {}}
    metrics = {**learning, **_testing({}), "reason": outcome.fault}
    started = clock.utc_now() - timedelta(seconds=run_s)
    return _record(job, metrics, "failed", started, run_s, ended and ended.where)


def _run(
    job: ExecutionJob, kernels: Mapping[str, LearnedKernel], deadline: float
) -> tuple[dict[str, Any], bool]:
    """Its metrics, and whether it is complete."""
    trial = TRIALS[job.task, job.method]
    if job.level == "L0":
        exact = compiled_kernels(trial.kernels(job.level))
    else:
        exact = {name: kernel.exact for name, kernel in kernels.items()}
    found: dict[str, dict[str, Any]] = {}
    wanted = trial.sizes_at(job.level)
    for size in wanted:
        if clock.wall_s() > deadline:
            break
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
