"""The benchmark of executed programs: learn the kernels, prove them, run them far beyond their
training, keep a record.

Each task, method, level and seed has a record of the kind 'execute'; the methods of lambda are
families of terms. Its metrics are:

- proved: whether all kernels are proved;
- kernels: the attempts, examples, parameters, CPU seconds and verdict of each kernel;
- parameters, examples, train_s, test_s: sums over all kernels, and CPU seconds;
- trained_on, unit: the sizes that something was learned from, and what they count;
- sizes: for each size its number n, inputs, accuracy (the share of right entries), exact (the share
  of inputs that are right in every entry), cpu_s and steps (pairs compared, or program steps);
- accuracy: the least `exact` of all sizes.

Tours also have gap and peer_s: the mean by which they are longer than those of LKH, and its CPU
seconds; None without the package elkai. A job that failed has a reason. Neural modules, whose level
is 'module', are tested by `modules`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.execution.asked import kernel_config
from abduce.benchmarks.execution.job import ExecutionJob
from abduce.benchmarks.execution.lambda_tests import LambdaSize
from abduce.benchmarks.execution.learning import Learnt, Trainable, learning_jobs, trainables
from abduce.benchmarks.execution.modules import MODULE, run_module
from abduce.benchmarks.execution.tests import TRIALS, Trial
from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.processes.job import Job, call
from abduce.benchmarks.processes.outcome import Ended, JobOutcome
from abduce.benchmarks.processes.runner import run
from abduce.benchmarks.records.provenance import Provenance, new_record
from abduce.benchmarks.records.record import Record, Status
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.records.score import Score, Size
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.neural.kernels.kernel import LearnedKernel, Progress


def execute(job: ExecutionJob, *learned: Mapping[Trainable, Learnt]) -> Record:
    """The record of a job.

    Sizes that its limit leaves no time for are missing, as all are where the time was up before
    something was learned.

    Args:
        learned: the `parts` of the job, and perhaps others.
    """
    started, began = clock.utc_now(), clock.wall_s()
    there = {part: learnt for each in learned for part, learnt in each.items()}
    own = {part.name: there[part] for part in trainables(job)}
    found: dict[str, Any] = {name: thing for name, (thing, _) in own.items()}
    late = any(late for _, late in own.values())
    deadline = began + (0.0 if late else job.limit_s)
    if job.level == MODULE:
        metrics, complete = run_module(job.task, job.method, found, deadline)
    else:
        metrics, complete = _run(job, found, deadline)
    status: Status = "complete" if complete else "timeout"
    return _record(job, metrics, status, started, clock.wall_s() - began)


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
        progress: called with how each job ended.

    Returns:
        The records, in the order of the jobs.

    Raises:
        InputError: the cluster does not answer.
        KeyboardInterrupt: what ran was stopped; what had ended has its record.
    """
    learning = learning_jobs(jobs)
    done: dict[ExecutionJob, Record] = {}

    def placed(job: ExecutionJob) -> Job:
        needs = dict.fromkeys(learning[part] for part in trainables(job))
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
