"""What jobs have to learn before they run: kernels and models, each learned once for all jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from abduce import clock
from abduce.benchmarks.execution.asked import experiments, kernel_config
from abduce.benchmarks.execution.job import ExecutionJob
from abduce.benchmarks.execution.modules import MODULE
from abduce.benchmarks.execution.tests import TRIALS
from abduce.benchmarks.processes.job import Job, call
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.kernel import LearnedKernel, one_thread, train
from abduce.neural.modules.catalogue import module_with

if TYPE_CHECKING:
    from abduce.neural.training.loop import Trained


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainable:
    """What jobs of one seed share once it is trained: a kernel, or the model of an experiment of a
    module."""

    name: str
    seed: int
    of_module: bool
    settings: tuple[str, ...] = ()


Learnt = tuple["LearnedKernel | Trained", bool]
"""What was trained, and whether the time limit ended its training."""


def trainables(job: ExecutionJob) -> tuple[Trainable, ...]:
    """What has to be trained for a job."""
    if job.level == "L0":
        return ()
    of_module = job.level == MODULE
    if of_module:
        names = [each.name for each in experiments(job.task, job.method, job.settings)]
    else:
        names = [*TRIALS[job.task, job.method].kernels(job.level)]
    return tuple(
        Trainable(name=name, seed=job.seed, of_module=of_module, settings=job.settings)
        for name in names
    )


def learn(wanted: Sequence[Trainable], limit_s: float) -> dict[Trainable, Learnt]:
    """Learn kernels and train models, one after the other; each may take as long as the limit."""
    one_thread()
    return {part: _learnt(part, clock.wall_s() + limit_s) for part in wanted}


def _learnt(part: Trainable, deadline: float) -> Learnt:
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


def learning_jobs(jobs: Sequence[ExecutionJob]) -> dict[Trainable, Job]:
    """The jobs that learn what others need: one for all kernels of a seed, for which torch is
    imported once, and one for each model."""
    wanted: dict[Trainable | int, dict[Trainable, float]] = {}
    for job in jobs:
        for part in trainables(job):
            together = wanted.setdefault(part if part.of_module else part.seed, {})
            together[part] = max(job.limit_s, together.get(part, 0.0))
    found: dict[Trainable, Job] = {}
    for limits in wanted.values():
        found |= dict.fromkeys(limits, call(learn, [*limits], max(limits.values())))
    return found
