"""Trained modules asked what machines are asked: the same text in, an answer, and how right it is.

Nothing of an answer is proved. Beside it runs the exact machine of the same task, its kernels
compiled (L0), which says how much of it is right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from abduce.errors import InputError
from abduce.neural.kernels.jobs import JOBS, compiled_kernels
from abduce.neural.training.experiment import ModuleTask
from abduce.symbolic.machines.jobs import (
    Kernels,
    MachineAnswer,
    MachineJob,
    NoOptions,
    RunContext,
)

Exact = Callable[[], MachineAnswer]
"""The answer of the exact machine, found when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleAnswer:
    """The answer of a module, and how much of it is right.

    Attributes:
        lines: the answer as lines of text.
        value: the same as JSON, in the form of the machine's answer, as far as the module gives it.
        size: the size of the input, in the unit of the module's task.
        right: the number of right entries; None if the machine cannot tell.
        entries: the number of all entries.
        entry: what one is called, in the plural.
        error: how far a number, an area or a length is off: 0.1 is 10 %; None where there is none.
        remarks: what is wrong, and what the machine says.
    """

    lines: Sequence[str]
    value: Any
    size: int
    right: int | None
    entries: int
    entry: str
    error: float | None = None
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleJob:
    """A task that modules can be asked for.

    Attributes:
        task: the name of the task among modules.
        machine: the job of the machine, and its method.
        run: answers, given the text, the trained models by name, the options, the context, and the
            machine's answer, which is found when it is asked for.
        options: the dataclass of the job's options. The machine is given those that it has too.
        traced: whether there are steps to show.
    """

    task: str
    machine: tuple[str, str]
    run: Callable[[str, Kernels, Any, RunContext, Exact], ModuleAnswer]
    options: type[Any] = NoOptions
    traced: bool = True


def answered(
    job: ModuleJob,
    task: ModuleTask,
    text: str,
    models: Kernels,
    options: Any,
    context: RunContext,
) -> tuple[ModuleAnswer, MachineAnswer]:
    """The answers of trained models and of the exact machine.

    Args:
        models: torch modules by the names of the task's experiments.
        options: the options of the job.
        context: its method is filled in here.

    Raises:
        InputError: the text is not what the machine reads, or more than the module can take.
    """
    import torch

    name, method = job.machine
    machine = JOBS[name]
    known: list[MachineAnswer] = []

    def exact() -> MachineAnswer:
        if not known:
            kernels = compiled_kernels(machine.needs(method, "L0"))
            own = replace(context, method=method, note=None)
            known.append(machine.run(text, kernels, shared(options, machine), own))
        return known[0]

    with torch.no_grad():
        found = job.run(text, models, options, replace(context, method=task.method), exact)
    return found, exact()


def shared(options: Any, machine: MachineJob) -> Any:
    """A machine's options, as another job's say them where both have them."""
    names = {each.name for each in fields(machine.options)}
    return machine.options(
        **{each.name: getattr(options, each.name) for each in fields(options) if each.name in names}
    )


def check_size(found: int, most: int, what: str, context: RunContext, task: str) -> None:
    """Raises: InputError, where there is more than a module takes."""
    if found > most:
        advice = f"The exact machine takes more: abduce execute {task}"
        raise InputError(f"{found:,} {what}", (f"at most {most:,}",), context.path, advice=advice)


def differing(found: Sequence[Any], expected: Sequence[Any], entry: str) -> tuple[str, ...]:
    """A sentence about the first wrong entry; none if all are right.

    >>> differing([1, 3, 3], [1, 2, 3], "number")
    ('number 2 is 3; the exact machine says 2',)
    """
    for place, (one, other) in enumerate(zip(found, expected, strict=True), start=1):
        if one != other:
            return (f"{entry} {place} is {one}; the exact machine says {other}",)
    return ()
