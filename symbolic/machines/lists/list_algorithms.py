"""List algorithms on numbers: by what was learned, by hand, or by the compiled program.

A learned program is run where it is among the kernels. Where it is not, the program that was
written by hand for many pairs at once is; and where there is none, the definition's program, one
step after the other.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from abduce.symbolic.machines.jobs import Kernels
from abduce.symbolic.machines.lists.list_programs import Run, run_program
from abduce.symbolic.machines.lists.lists import ListMachine, Note
from abduce.symbolic.machines.lists.searching import WRITTEN
from abduce.symbolic.machines.lists.sorting import METHODS
from abduce.symbolic.programs.definitions.list_rules import ListAlgorithm
from abduce.symbolic.programs.machine_programs import compiled_program


def sorted_by(
    method: str,
    programs: Mapping[str, ListAlgorithm],
    values: Sequence[int],
    kernels: Kernels,
    note: Note | None = None,
) -> tuple[np.ndarray, dict[str, int]]:
    """The order of numbers by a method, and what it took: pairs compared, steps of a program.

    Args:
        programs: those that sort, by the name of the method.
    """
    algorithm = programs.get(method)
    if method in METHODS and (algorithm is None or algorithm.kernel not in kernels):
        machine = ListMachine(values, kernels["compare"], kernels.get("mask"), note)
        order = METHODS[method].order(machine)
        return order, {"pairs compared": machine.pairs}
    run = _run(programs[method], values, kernels, note=note)
    return run.places, _counts(run)


def place_of(
    algorithm: ListAlgorithm,
    machine: ListMachine,
    kernels: Kernels,
    *,
    length: int | None = None,
    t: int = 0,
) -> tuple[int, dict[str, int]]:
    """The place that answers, and what it took.

    Args:
        machine: the machine with the numbers; asked where the program is written by hand.
        length: how many of the numbers are searched; all where left out.
        t: what register t holds.
    """
    if algorithm.kernel not in kernels and algorithm.name in WRITTEN:
        place = WRITTEN[algorithm.name](machine, t)
        return place, {"pairs compared": machine.pairs}
    run = _run(algorithm, machine.values, kernels, length=length, t=t, note=machine.note)
    register = algorithm.register
    place = run.registers[register] if register else int(run.places[t])
    return place, _counts(run)


def _run(
    algorithm: ListAlgorithm,
    values: Sequence[int],
    kernels: Kernels,
    *,
    length: int | None = None,
    t: int = 0,
    note: Note | None = None,
) -> Run:
    program = kernels.get(algorithm.kernel)
    program = compiled_program(algorithm.program) if program is None else program
    return run_program(
        algorithm, program, values, kernels["compare"], length=length, t=t, note=note
    )


def _counts(run: Run) -> dict[str, int]:
    return {"pairs compared": run.pairs, "steps": run.steps}
