"""The table of jobs by name, and the kernels of a job at a level."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from abduce.errors import InputError
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.kernel import KernelTask
from abduce.neural.kernels.places import read
from abduce.symbolic.machines.graphs.graph_jobs import GRAPH_JOBS
from abduce.symbolic.machines.graphs.process_jobs import PROCESS_JOBS
from abduce.symbolic.machines.jobs import MachineJob
from abduce.symbolic.machines.lists.list_jobs import LIST_JOBS
from abduce.symbolic.machines.plane.geometry_jobs import GEOMETRY_JOBS
from abduce.symbolic.machines.terms.job import LAMBDA_JOB
from abduce.symbolic.machines.words.permutation_job import PERMUTATION_JOB
from abduce.symbolic.machines.words.state_jobs import STATE_JOBS
from abduce.symbolic.programs.compiling import compiled
from abduce.text import nearest

JOBS: Mapping[str, MachineJob] = MappingProxyType(
    {
        job.name: job
        for job in (
            *LIST_JOBS,
            *GRAPH_JOBS,
            *GEOMETRY_JOBS,
            *STATE_JOBS,
            PERMUTATION_JOB,
            *PROCESS_JOBS,
            LAMBDA_JOB,
        )
    }
)


def job_named(name: str) -> MachineJob:
    """Raises: InputError, where there is no such job."""
    if name not in JOBS:
        raise InputError(f"the task {name!r}", tuple(JOBS), advice=nearest(name, JOBS))
    return JOBS[name]


def tasks_of(names: Iterable[str]) -> list[KernelTask]:
    """The kernels behind jobs, or kernels by their own names, each once.

    Raises:
        InputError: neither a job nor a kernel.
    """
    found: dict[str, KernelTask] = {}
    for name in names:
        if name not in JOBS and name not in TASKS:
            known = tuple(dict.fromkeys((*JOBS, *TASKS)))
            raise InputError(f"the task or kernel {name!r}", known, advice=nearest(name, known))
        kernels = JOBS[name].all_kernels if name in JOBS else (name,)
        found |= {kernel: TASKS[kernel] for kernel in kernels}
    return list(found.values())


def compiled_kernels(names: Iterable[str]) -> dict[str, Any]:
    """Exact kernels by name, compiled from their specifications."""
    return {name: compiled(TASKS[name].specification) for name in names}


def kernels_at(
    level: str, names: Iterable[str], folder: Path | None = None
) -> tuple[dict[str, Any], dict[str, Path]]:
    """Exact kernels by name: compiled at L0, as they were learned at L1 and L2; and of those that
    were learned, the folder.

    Args:
        folder: where they are kept; None for ./kernels, and for what is not there the package.

    Raises:
        InputError: one is not there, or what is kept is not proved.
        ChecksumError: the arrays are not those that the JSON speaks of.
    """
    if level == "L0":
        return compiled_kernels(names), {}
    found: dict[str, Any] = {}
    places: dict[str, Path] = {}
    for kept in read([TASKS[name] for name in names], folder):
        name = kept.learned.name
        if not kept.learned.proved:
            advice = f"Train it again: abduce train {name}"
            missing = f"a kernel {name} without a proof"
            raise InputError(missing, ("a proved one",), kept.place, advice=advice)
        found[name], places[name] = kept.learned.exact, kept.place
    return found, places
