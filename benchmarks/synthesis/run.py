"""The run: a course for each seed, with the speed of enumeration after it, and its record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, record_id
from abduce.benchmarks.records.record_file import append, complete
from abduce.benchmarks.synthesis.course import EXAMPLES, TESTED, as_json, course
from abduce.benchmarks.synthesis.functions import BASE, FURTHER
from abduce.benchmarks.synthesis.speed import speed
from abduce.symbolic.nsr.priors import PRIORS
from abduce.symbolic.synthesis import Budget, Library

LIMIT_S: Final = 60.0
"""The default time limit of the search for one function, in seconds."""
METHOD: Final = 1
"""The version of the method; raise it where the same configuration may find other programs."""


def recorded(budget: Budget) -> Mapping[str, Any]:
    """The configuration as records hold it."""
    return {"method": METHOD, "budget": asdict(budget), "prices": asdict(PRIORS)}


def task(timeout_s: float) -> dict[str, Any]:
    return {"task": "synthesis", "timeout_s": timeout_s, "examples": EXAMPLES, "tests": TESTED}


def kept(seeds: Sequence[int], records: Path, budget: Budget, timeout_s: float) -> list[Record]:
    """The complete records that a file has already of some seeds."""
    wanted = {record_id("synthesis", task(timeout_s), recorded(budget), seed) for seed in seeds}
    return [each for each in complete(records) if each.id in wanted]


def run_courses(
    seeds: Sequence[int],
    records: Path,
    budget: Budget,
    *,
    timeout_s: float = LIMIT_S,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs the course of each seed, one after the other, and keeps records."""
    done: list[Record] = []
    for seed in seeds:
        started, began = clock.utc_now(), clock.wall_s()
        base, library = course(BASE, seed, budget, Library(), seconds=timeout_s, progress=progress)
        rate = speed(library, seed)
        further, _ = course(FURTHER, seed, budget, library, seconds=timeout_s, progress=progress)
        record = new_record(
            "synthesis",
            task=task(timeout_s),
            config=recorded(budget),
            seed=seed,
            started=started,
            wall_s=clock.wall_s() - began,
            command=f"abduce bench synthesis --first {seed} --draws 1 --timeout-s {timeout_s:g}",
            metrics={"base": as_json(base), "further": as_json(further), "speed": asdict(rate)},
        )
        append(records, record)
        done.append(record)
    return done
