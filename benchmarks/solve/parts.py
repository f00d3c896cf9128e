"""The jobs behind the tables of the README, as a table; and how to run them.

Three parts have the splits of a data set: scan, pcfg and miniscan. Four are of HINT: hint-symbols,
hint-curve, hint-concepts and hint-ablation. The others have few rows (rows, pcfg-rows), more of
them (curve), wrong training outputs (noise) or examples that the learner asks for (active). Or they
have large vocabularies (words), random lexicons (lexicons) or changed priors (priors).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from abduce import clock
from abduce.benchmarks.data.random_lexicons import DRAWS
from abduce.benchmarks.data.scan_splits import GENERATED, READ
from abduce.benchmarks.data.word_languages import SIZES
from abduce.benchmarks.processes import job as processes
from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.processes.outcome import Ended, JobOutcome
from abduce.benchmarks.processes.runner import run
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, from_fields, record_id
from abduce.benchmarks.records.record_file import append, check_writable, complete
from abduce.benchmarks.solve.job import SolveJob
from abduce.benchmarks.solve.priors import prior_jobs
from abduce.benchmarks.solve.tasks import HINT_CONCEPTS, HINT_ROWS, split_name
from abduce.errors import Exit, InputError
from abduce.text import nearest

FEW = (25, 50)
CURVE = (100, 200, 400, 800, 1600, 3200)
NOISES = (0.05, 0.1, 0.2)
HINT_CURVE = (100, 200, 500, 1_000, 5_000, 20_000)
HINT_SWITCHES = (
    ("integers.ancestors=false",),
    ("priors.shared_level=6.0", "priors.class_level=6.0"),
    ("integers.noise=0.0",),
    ("integers.library=false",),
    ("search.beam=1",),
)
"""Without abduction through ancestors, without levels that are cheaper when shared, without the
noise model of programs, without library growth, and greedy instead of with a beam."""
PCFG = ("iid", "systematicity", "productivity")


@dataclass(frozen=True, slots=True)
class Part:
    """Jobs that are each run with the seeds 0 to `seeds` - 1."""

    about: str
    jobs: tuple[SolveJob, ...]
    seeds: int = 1


def word_job(words: int) -> SolveJob:
    """Learns a language with this many words.

    Raises:
        InputError: too few.
    """
    return SolveJob(task="words", split=split_name("words", str(words)))


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "scan": Part(
            "every split of SCAN, with all training rows",
            tuple(SolveJob(task="scan", split=name) for name in (*GENERATED, *READ)),
        ),
        "rows": Part(
            "the simple split of SCAN, with 25 and 50 training rows",
            tuple(SolveJob(task="scan", split="simple", rows=rows) for rows in FEW),
            20,
        ),
        "curve": Part(
            "the simple split of SCAN, with 100 to 3,200 training rows",
            tuple(SolveJob(task="scan", split="simple", rows=rows) for rows in CURVE),
            5,
        ),
        "noise": Part(
            "the simple split of SCAN, with a share of wrong training outputs",
            tuple(SolveJob(task="scan", split="simple", noise=noise) for noise in NOISES),
            3,
        ),
        "active": Part(
            "the length and MCD splits of SCAN, by active learning",
            tuple(SolveJob(task="scan", split=name, active=True) for name in ("length", *READ)),
            5,
        ),
        "pcfg": Part(
            "PCFG SET, with all training rows",
            tuple(SolveJob(task="pcfg", split=name) for name in (*PCFG, "10k")),
        ),
        "pcfg-rows": Part(
            "PCFG SET, with 200 training rows",
            tuple(SolveJob(task="pcfg", split=name, rows=200) for name in PCFG),
            20,
        ),
        "miniscan": Part("miniSCAN, with its 14 study examples", (SolveJob(task="miniscan"),)),
        "hint-symbols": Part(
            "HINT at symbol level, with 2,000 training rows",
            (SolveJob(task="hint", split="main", rows=HINT_ROWS),),
            5,
        ),
        "hint-curve": Part(
            "HINT at symbol level, with 100 to 20,000 training rows",
            tuple(SolveJob(task="hint", split="main", rows=rows) for rows in HINT_CURVE),
            3,
        ),
        "hint-concepts": Part(
            "HINT with a new concept from 10 rows",
            tuple(SolveJob(task="hint", split=name, rows=HINT_ROWS) for name in HINT_CONCEPTS),
            5,
        ),
        "hint-ablation": Part(
            "HINT at symbol level, with a part of the learner switched off",
            tuple(
                SolveJob(task="hint", split="main", rows=HINT_ROWS, settings=settings)
                for settings in HINT_SWITCHES
            ),
            3,
        ),
        "words": Part(
            "languages of 100, 1,000 and 10,000 words, with 30,000 training rows",
            tuple(map(word_job, SIZES)),
        ),
        "lexicons": Part(
            "random lexicons of the learner's own space, from up to 2,000 rows of each",
            (SolveJob(task="lexicons"),),
            DRAWS,
        ),
        "priors": Part("five splits of SCAN, with one or a few priors changed", prior_jobs()),
    }
)


def jobs(
    names: Iterable[str], seeds: int | None = None, sizes: Sequence[int] | None = None
) -> list[SolveJob]:
    """The jobs of some parts, or of 'all'.

    Args:
        seeds: the number of seeds of each part that has more than one; None for its own number.
        sizes: numbers of words, for the part of this name.

    Raises:
        InputError: there is no such part.

    >>> [job.command for job in jobs(["noise"], 1)][0]
    'abduce solve scan --split simple --noise 0.05'
    """
    wanted = list(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in PARTS and name != "all"]
    if unknown:
        known = ("all", *PARTS)
        raise InputError(f"the part {unknown[0]!r}", known, advice=nearest(unknown[0], known))
    parts = dict(PARTS)
    if sizes is not None:
        parts["words"] = Part("", tuple(word_job(size) for size in sizes))
    chosen = parts.values() if "all" in wanted else [parts[name] for name in wanted]
    return [
        replace(job, seed=seed)
        for part in chosen
        for job in part.jobs
        for seed in range(part.seeds if seeds is None or part.seeds == 1 else seeds)
    ]


def pending(todo: Sequence[SolveJob], records: Path, config: object) -> list[SolveJob]:
    """The jobs without a complete record in a file, which need not be there yet."""
    done = {record.id for record in complete(records)}
    return [job for job in todo if record_id("solve", job.asked, config, job.seed) not in done]


def run_jobs(
    todo: Sequence[SolveJob],
    records: Path,
    config: Callable[[SolveJob], Mapping[str, Any]],
    *,
    data: Path | None = None,
    placement: Placement = HERE,
    progress: Callable[[str], None] | None = None,
) -> list[dict[str, Any]]:
    """Run jobs, each in a process of its own, and append the record of each when it ends.

    Args:
        config: the configuration that the record of a job holds.
        progress: called with how each job ended, and what its process had to say.

    Returns:
        How each job ended, in the order of `todo`.

    Raises:
        InputError: the cluster does not answer.
        OutputError: the records cannot be written.
        KeyboardInterrupt: what ran was stopped; what had ended has its record.
    """
    check_writable(records)
    ends: dict[int, dict[str, Any]] = {}

    def ended(which: tuple[int, SolveJob], outcome: JobOutcome) -> None:
        number, job = which
        record = _record(job, config(job), outcome)
        append(records, record)
        end = ends[number] = _end(job, record, outcome)
        if progress is None:
            return
        if isinstance(outcome, Ended) and outcome.errors:
            progress(outcome.errors.rstrip("\n"))
        accuracy = end["accuracy"]
        shown = f"exit code {end['exit_code']}" if accuracy is None else accuracy
        progress(f"{len(ends)}/{len(todo)}  {job.command}: {shown}  ({end['wall_s']:.1f} s)")

    numbered = list(enumerate(todo))
    run(numbered, lambda which: _process(which[1], data), ended, placement)
    return [ends[number] for number, _ in numbered]


def _process(job: SolveJob, data: Path | None) -> processes.Job:
    """The command of a job. Its process keeps its record in a file of its own."""
    options = ("--out", processes.KEPT, "--json", "--quiet")
    folder = () if data is None else ("--data", str(data.absolute()))
    return processes.Job(arguments=("-m", "abduce", *job.arguments, *options, *folder))


def _record(job: SolveJob, config: Mapping[str, Any], outcome: JobOutcome) -> Record:
    """The record that the process of a job has kept, or one that says why there is none."""
    if isinstance(outcome, Ended) and (lines := outcome.kept.splitlines()):
        return from_fields(json.loads(lines[-1]))
    ended = outcome if isinstance(outcome, Ended) else None
    run_s = ended.run_s if ended else 0.0
    return new_record(
        "solve",
        task=job.asked,
        config=config,
        seed=job.seed,
        started=clock.utc_now() - timedelta(seconds=run_s),
        wall_s=run_s,
        status="failed",
        command=job.command,
        metrics={"task": job.task, "split": job.name, "status": "failed", "reason": outcome.fault},
        where=ended and ended.where,
    )


def _end(job: SolveJob, record: Record, outcome: JobOutcome) -> dict[str, Any]:
    ended = outcome if isinstance(outcome, Ended) else None
    return {
        "command": job.command,
        "exit_code": ended.exit_code if ended else int(Exit.INTERNAL),
        "status": record.status,
        "accuracy": record.metrics.get("accuracy"),
        "wall_s": round(ended.run_s if ended else 0.0, 3),
    }
