"""Runs the tasks of suites one after the other, and keeps a record of each."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record, record_id
from abduce.benchmarks.records.record_file import append, complete
from abduce.benchmarks.synthesis.suites import SHOWN, SuiteTask
from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram
from abduce.symbolic.synthesis.functional.library import FunctionLibrary
from abduce.symbolic.synthesis.functional.lists import LISTS
from abduce.symbolic.synthesis.functional.primitives import Undefined
from abduce.symbolic.synthesis.functional.synthesise import FunctionFound, synthesise_function

KIND: Final = "functions"
METHOD: Final = 1
"""The version of the method; raise it where the same configuration may find other programs."""


def task_of(task: SuiteTask, limit_s: float) -> dict[str, Any]:
    """What a record says that was to be done."""
    return {
        "task": task.suite,
        "part": task.part,
        "function": task.name,
        "shown": SHOWN,
        "limit_cpu_s": limit_s,
    }


def config_of(budget: FunctionalBudget, library: FunctionLibrary) -> dict[str, Any]:
    """How it is done: the limits, the primitives with their prices, and what is in the library."""
    table = "\n".join([f"{p.name}: {p.type} {p.bits}" for p in LISTS.values()])
    digest = hashlib.sha256(table.encode()).hexdigest()
    known = {"method": METHOD, "budget": asdict(budget), "primitives_sha256": digest}
    learned = [str(definition) for definition in library.definitions]
    return known | ({"library": learned} if learned else {})


def id_of(
    task: SuiteTask, limit_s: float, budget: FunctionalBudget, seed: int, library: FunctionLibrary
) -> str:
    return record_id(KIND, task_of(task, limit_s), config_of(budget, library), seed)


def pending(
    tasks: Sequence[SuiteTask],
    limit_s: float,
    budget: FunctionalBudget,
    seed: int,
    library: FunctionLibrary,
    records: Path,
) -> list[SuiteTask]:
    """The tasks that a file has no complete record of."""
    done = {record.id for record in complete(records)}
    return [task for task in tasks if id_of(task, limit_s, budget, seed, library) not in done]


def run_suite(
    tasks: Sequence[SuiteTask],
    sha256: Mapping[str, str],
    limit_s: float,
    budget: FunctionalBudget,
    seed: int,
    library: FunctionLibrary,
    records: Path,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Looks for each function, and adds a record of each.

    Args:
        seed: the number of the repetition; the search has no randomness.
        library: what programs may call beside the primitives.
    """
    where, done = here(), []
    for task in tasks:
        started, watch = clock.utc_now(), clock.Stopwatch.now()
        metrics = result(task, limit_s, budget, library)
        record = new_record(
            KIND,
            task=task_of(task, limit_s),
            config=config_of(budget, library),
            seed=seed,
            started=started,
            wall_s=watch.wall_s,
            metrics=metrics,
            data_sha256=sha256,
            command=f"abduce bench synthesis --only {task.suite} --seed {seed}",
            where=where,
        )
        append(records, record)
        done.append(record)
        if progress:
            progress(told(record))
    return done


def result(
    task: SuiteTask, limit_s: float, budget: FunctionalBudget, library: FunctionLibrary
) -> dict[str, Any]:
    """What was found for a function, and on how many unseen examples it is right."""
    shown, unseen = task.examples.examples[:SHOWN], task.examples.examples[SHOWN:]
    began = clock.thread_cpu_s()
    found = synthesise_function(
        shown, task.examples.type, library.table, budget, cpu_seconds=limit_s
    )
    cpu_s = round(clock.thread_cpu_s() - began, 3)
    program = found.program if isinstance(found, FunctionFound) else None
    right = 0
    if program is not None:
        right = sum([_right(program, e.arguments, e.value) for e in unseen])
    return {
        "found": program is not None,
        "right": right,
        "unseen": len(unseen),
        "program": "" if program is None else str(program),
        "bits": 0 if program is None else program.bits,
        "tried": found.tried,
        "cpu_s": cpu_s,
        "reason": "" if isinstance(found, FunctionFound) else found.reason,
    }


def _right(program: FunctionalProgram, arguments: tuple[Any, ...], value: Any) -> bool:
    try:
        return program.run(*arguments) == value
    except Undefined:
        return False


def solved(record: Record) -> bool:
    """Whether a program was found that is right on all unseen examples."""
    metrics = record.metrics
    return bool(metrics["found"]) and metrics["right"] == metrics["unseen"]


def told(record: Record) -> str:
    """A record in a line."""
    metrics, name = record.metrics, record.task["function"]
    if not metrics["found"]:
        return f"{name}: {metrics['reason']} ({metrics['cpu_s']:.2f} s)"
    return (
        f"{name}: {metrics['right']} of {metrics['unseen']} unseen right, "
        f"{metrics['cpu_s']:.2f} s: {metrics['program']}"
    )
