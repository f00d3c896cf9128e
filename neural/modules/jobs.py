"""What trained modules can be asked for, by the name of the task."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from abduce.neural.modules.answers import ModuleAnswer, ModuleJob, answered
from abduce.neural.modules.catalogue import module_task
from abduce.neural.modules.convergent.jobs import CONVERGENT_JOBS
from abduce.neural.modules.execution_engine.jobs import EXECUTION_ENGINE_JOBS
from abduce.neural.modules.pointer_network.jobs import POINTER_NETWORK_JOBS
from abduce.neural.modules.state_tracking.jobs import STATE_TRACKING_JOBS
from abduce.neural.modules.transformer.transformer_job import TRANSFORMER_JOB
from abduce.symbolic.machines.jobs import RunContext

MODULE_JOBS: Mapping[str, ModuleJob] = MappingProxyType(
    {
        job.task: job
        for job in (
            *EXECUTION_ENGINE_JOBS,
            *STATE_TRACKING_JOBS,
            *POINTER_NETWORK_JOBS,
            *CONVERGENT_JOBS,
            TRANSFORMER_JOB,
        )
    }
)


def execute(
    task: str,
    method: str,
    text: str,
    models: Mapping[str, Any],
    *,
    path: Path | str = "<text>",
    **options: Any,
) -> ModuleAnswer:
    """The answer of trained modules to a text, and how much of it is right.

    Args:
        models: torch modules by the names of the task's experiments.
        path: what to call the text in an error.
        options: those of the job, such as `source` of a graph.

    Raises:
        InputError: no such task or method, the text cannot be read, or is more than the module can
            take.
        TypeError: the job has no such option.
    """
    module, job = module_task(task, method), MODULE_JOBS[task]
    context = RunContext(path=path)
    return answered(job, module, text, models, job.options(**options), context)[0]
