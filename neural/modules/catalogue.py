"""The tasks of trained modules, by task and method. None of them is proved."""

from collections.abc import Sequence

from abduce.errors import InputError
from abduce.neural.modules.convergent.tasks import CONVERGENT
from abduce.neural.modules.execution_engine.tasks import EXECUTION_ENGINE
from abduce.neural.modules.pointer_network.tasks import POINTER_NETWORK
from abduce.neural.modules.state_tracking.tasks import STATE_TRACKING
from abduce.neural.modules.transformer.transformer_task import TRANSFORMER
from abduce.neural.training.experiment import ModuleTask
from abduce.text import nearest

MODULES: Sequence[ModuleTask] = (
    *EXECUTION_ENGINE,
    *STATE_TRACKING,
    *POINTER_NETWORK,
    *CONVERGENT,
    *TRANSFORMER,
)


def module_task(task: str, method: str) -> ModuleTask:
    """Raises: InputError, where no module has this task, or none with this method."""
    if not methods_of(task):
        known = tuple(sorted(tasks()))
        raise InputError(f"the task {task!r} with --method", known, advice=nearest(task, known))
    if method not in methods_of(task):
        known = methods_of(task)
        raise InputError(f"the method {method!r} of {task}", known, advice=nearest(method, known))
    return next(found for found in MODULES if (found.task, found.method) == (task, method))


def module_with(experiment: str) -> ModuleTask:
    """A task of modules that takes the model of an experiment."""
    return next(found for found in MODULES if experiment in {e.name for e in found.experiments})


def methods_of(task: str) -> tuple[str, ...]:
    """The methods of the modules of a task; none where it has no modules."""
    return tuple(found.method for found in MODULES if found.task == task)


def tasks() -> set[str]:
    """The names of all tasks that a module has."""
    return {found.task for found in MODULES}
