"""`abduce bench lambda`: the engines, and other packages to compare with, on one table of terms."""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.drawing.numbers import duration
from abduce.benchmarks.lambda_calculus.cases import CASES
from abduce.benchmarks.lambda_calculus.config import MEASURING, MeasuringConfig
from abduce.benchmarks.lambda_calculus.job import ENGINES
from abduce.benchmarks.lambda_calculus.peer import PEERS
from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.processes.job import Job, Limits
from abduce.benchmarks.processes.outcome import Ended, JobOutcome, Lost
from abduce.benchmarks.processes.runner import run
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Status
from abduce.benchmarks.records.record_file import append, check_writable
from abduce.benchmarks.records.selecting import matching
from abduce.configuration import settings_of
from abduce.errors import Exit, InputError
from abduce.symbolic.lambda_calculus.reduction.reduction import has_numba

Figures = dict[str, Any]


def jobs(peers: bool, only: str | None = None) -> list[tuple[str, str]]:
    """Engines or packages, and terms; only cases whose 'TERM ENGINE' matches.

    Raises:
        InputError: no regular expression, or nothing has a match.

    >>> jobs(False, "^2.1[06] plain")
    [('plain', '2^10'), ('plain', '2^16')]
    """
    engines = [engine for engine in ENGINES if engine != "compiled" or has_numba()]
    own = [
        (engine, name)
        for name, case in CASES.items()
        for engine in engines
        if engine != "plain" or case.plain
    ]
    others = [(peer, name) for name, case in CASES.items() for peer in PEERS if case.peers]
    listed = own + (others if peers else [])
    return matching(
        listed, only, lambda job: f"{job[1]} {job[0]}", what="measurement", form="TERM ENGINE"
    )


def command(engine: str, name: str, config: MeasuringConfig = MEASURING) -> str:
    """The command that repeats a measurement.

    >>> print(command("plain", "2^10"))
    abduce bench lambda --only '^2\\^10 plain$'
    """
    pattern = re.escape(f"{name} {engine}").replace("\\ ", " ").replace("\\-", "-")
    words = ["abduce", "bench", "lambda", "--only", f"^{pattern}$"]
    words += [word for each in settings_of(config, MEASURING) for word in ("--set", each)]
    return shlex.join(words + (["--peers", "PYTHON"] if engine in PEERS else []))


def run_jobs(
    records: Path,
    *,
    peers: Path | None = None,
    only: str | None = None,
    config: MeasuringConfig = MEASURING,
    placement: Placement = HERE,
    progress: Callable[[str], None] | None = None,
) -> list[Figures]:
    """Measure everything, each in a process of its own; a record of each is appended when it ends.

    Args:
        peers: a Python that has other packages; None leaves them out.
        only: a regular expression; see `jobs`.

    Raises:
        InputError: `peers` is no program, or the cluster does not answer.
        OutputError: records cannot be written.
    """
    check_writable(records)
    if peers is not None and not peers.is_file():
        raise InputError("no such file", ("a Python with the other packages",), peers)
    todo = jobs(peers is not None, only)
    began = clock.utc_now().isoformat(timespec="seconds")
    found: dict[tuple[str, str], Figures] = {}

    def ended(which: tuple[str, str], outcome: JobOutcome) -> None:
        engine, name = which
        figures = found[which] = (_peer if engine in PEERS else _own)(engine, name, outcome)
        figures["run"] = began
        run_s = outcome.run_s if isinstance(outcome, Ended) else 0.0
        record = new_record(
            "reduce",
            task={"task": "normal form", "term": name, "engine": engine, "fuel": CASES[name].fuel},
            config=config.recorded,
            seed=0,
            started=clock.utc_now() - timedelta(seconds=run_s),
            wall_s=run_s,
            metrics=figures,
            status="failed" if isinstance(outcome, Lost) else _status(figures),
            command=command(engine, name, config),
            where=outcome.where if isinstance(outcome, Ended) else None,
        )
        append(records, record)
        if progress:
            progress(f"{len(found)}/{len(todo)}  {told(figures)}")

    run(todo, lambda which: _job(*which, peers, config), ended, placement)
    return [found[which] for which in todo]


def exit_code(found: Sequence[Figures]) -> Exit:
    """Whether the engines were right throughout; other packages may be wrong."""
    own = [figures for figures in found if figures["engine"] not in PEERS]
    return Exit.ANSWERED if all(figures.get("right") for figures in own) else Exit.INTERNAL


def told(figures: Figures) -> str:
    """One measurement as text; `abduce report` makes tables of all.

    >>> told({"term": "2^10", "engine": "plain", "right": True, "s": 0.000661})
    '2^10, plain: 0.661 ms'
    """
    head = f"{figures['term']}, {figures['engine']}"
    if "error" in figures:
        return f"{head}: {figures['error']}"
    return f"{head}: {duration(figures['s'])}{'' if figures['right'] else ', wrong'}"


def summary(found: Sequence[Figures]) -> Iterator[str]:
    """The errors of the other packages, and how many times faster the plain engine is."""
    own = {f["term"]: f["s"] for f in found if f["engine"] == "plain" and "s" in f}
    for peer in PEERS:
        mine = [figures for figures in found if figures["engine"] == peer]
        if not mine:
            continue
        right = {f["term"]: f["s"] for f in mine if f.get("right")}
        ratios = sorted(seconds / own[name] for name, seconds in right.items())
        errors = [f"{f['term']}: {f['error']}" for f in mine if "error" in f]
        wrong = [f["term"] for f in mine if f.get("right") is False and "error" not in f]
        speed = f"{ratios[0]:,.1f} to {ratios[-1]:,.0f} times slower" if ratios else "none right"
        yield f"{peer}: right on {len(right)} of {len(mine)} ({speed} than the plain engine)"
        if wrong:
            yield f"    wrong: {', '.join(wrong)}"
        if errors:
            yield f"    {'; '.join(errors)}"
    loading = [f["start_up_s"] for f in found if f["engine"] == "compiled" and "start_up_s" in f]
    if loading:
        yield (f"loading the compiled engine: {loading[0]:.1f} s the first time, "
               f"{min(loading):.1f} s from its cache")  # fmt: skip


def _job(engine: str, name: str, peers: Path | None, config: MeasuringConfig) -> Job:
    """The job of a measurement."""
    if engine not in PEERS:
        measured = ("-m", "abduce.benchmarks.lambda_calculus.job", engine, name)
        arguments = (*measured, *settings_of(config, MEASURING))
        return Job(arguments=arguments, limits=_limits(config.timeout_s, config))
    return Job(
        program=str(peers and peers.absolute()),
        arguments=("-P", str(Path(__file__).with_name("peer.py")), engine),
        stdin=json.dumps(CASES[name].term().codes).encode(),
        limits=_limits(min(config.timeout_s, config.peer_timeout_s), config),
    )


def _limits(timeout_s: float, config: MeasuringConfig) -> Limits:
    """CPU seconds are limited, so that a busy machine stops nobody."""
    seconds = max(1, round(timeout_s))
    return Limits(wall_s=config.longest * timeout_s, cpu_s=seconds, memory_gb=config.memory_gb)


def _printed(outcome: JobOutcome) -> Figures:
    """The JSON object that a process has printed; {'error': ...} where it printed none."""
    if not isinstance(outcome, Ended) or outcome.fault is not None:
        return {"error": outcome.fault}
    found = json.loads(outcome.printed)
    if (found.get("error") or "").startswith("MemoryError"):
        found["error"] = "out of memory"
    return found


def _own(engine: str, name: str, outcome: JobOutcome) -> Figures:
    return {"term": name, "engine": engine} | _printed(outcome)


def _peer(peer: str, name: str, outcome: JobOutcome) -> Figures:
    case = CASES[name]
    assert case.expected is not None
    blank: Figures = {"term": name, "engine": peer, "beta": None}
    found = _printed(outcome)
    if "version" in found:
        blank["version"] = found["version"]
    if "code" not in found:
        return blank | {"error": found.get("error") or "not installed"}
    return blank | {"s": found["s"], "right": found["code"] == case.expected().codes}


def _status(figures: Figures) -> Status:
    """The status of the record; no answer from another package counts as a result."""
    if "error" not in figures or figures["engine"] in PEERS:
        return "complete"
    return "timeout" if figures["error"] == "timeout" else "failed"
