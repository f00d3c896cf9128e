"""Kernels that are programs of list machines."""

from functools import partial

from abduce.neural.kernels.config import CONFIG, ProgramConfig
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.lists.list_traces import list_traces
from abduce.symbolic.programs.definitions.list_rules import LIST_RULES
from abduce.symbolic.programs.programs import Program


def _program(lines: int, config: ProgramConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.lists.program import ProgramKernel

    return ProgramKernel(config, lines, seed)


def _task(name: str) -> KernelTask:
    specification = LIST_RULES[name]
    return KernelTask(
        name=f"{name}-program",
        about=f"the comparisons and actions of the program for {name}",
        learned_from=f"execution traces on {CONFIG.program.lists} random lists of up to "
        f"{CONFIG.program.longest} numbers",
        part="program",
        specification=specification,
        exact=Program.from_arrays,
        examples=partial(list_traces, name),
        module=partial(_program, len(specification.lines)),
    )


PROGRAM_TASKS: tuple[KernelTask, ...] = tuple(map(_task, LIST_RULES))
