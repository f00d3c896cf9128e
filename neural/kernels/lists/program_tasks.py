"""Kernels that are programs of list machines."""

from functools import partial

from abduce.neural.kernels.config import CONFIG, ProgramConfig
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.lists.list_traces import ALGORITHMS, Algorithm, list_traces
from abduce.symbolic.programs.definitions.list_rules import LIST_ALGORITHMS, ListAlgorithm
from abduce.symbolic.programs.machine_programs import MachineProgram


def _program(lines: int, config: ProgramConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.lists.program import ProgramKernel

    return ProgramKernel(config, lines, seed)


def program_task(row: ListAlgorithm, algorithm: Algorithm) -> KernelTask:
    """The kernel of a list algorithm.

    Args:
        algorithm: how it runs by hand, to be learned from.
    """
    return KernelTask(
        name=row.kernel,
        about=f"the comparisons and actions of the program for {row.name}",
        learned_from=f"execution traces on {CONFIG.program.lists} random lists of up to "
        f"{CONFIG.program.longest} numbers",
        part="program",
        specification=row.program,
        exact=MachineProgram.from_arrays,
        examples=partial(list_traces, row, algorithm),
        module=partial(_program, len(row.program.lines)),
    )


PROGRAM_TASKS: tuple[KernelTask, ...] = tuple(
    program_task(row, ALGORITHMS[row.name]) for row in LIST_ALGORITHMS.values()
)
