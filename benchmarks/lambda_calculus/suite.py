"""`abduce bench lambda`: the engines, and other packages beside them, on one table of terms."""

import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.lambda_calculus.cases import CASES
from abduce.benchmarks.lambda_calculus.config import MEASURING, MeasuringConfig
from abduce.benchmarks.lambda_calculus.job import ENGINES
from abduce.benchmarks.lambda_calculus.peer import PEERS
from abduce.benchmarks.lambda_calculus.process import printed
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Status
from abduce.benchmarks.records.record_file import append, check_writable
from abduce.benchmarks.records.selecting import matching
from abduce.configuration import settings_of
from abduce.errors import Exit, InputError
from abduce.symbolic.lambda_calculus.reduction.reduction import has_numba

Figures = dict[str, Any]


def jobs(peers: bool, only: str | None = None) -> list[tuple[str, str]]:
    """Engines or packages, and terms; of 'TERM ENGINE' those with a match.

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
    """What to type to have a measurement again.

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
    progress: Callable[[str], None] | None = None,
) -> list[Figures]:
    """Measure everything, each in a process of its own; a record of each is appended.

    Args:
        peers: a Python that has other packages; None leaves them out.
        only: a regular expression; see `jobs`.

    Raises:
        InputError: `peers` is no program; OutputError: records cannot be written.
    """
    check_writable(records)
    if peers is not None and not peers.is_file():
        raise InputError("no such file", ("a Python with the other packages",), peers)
    todo = jobs(peers is not None, only)
    run = clock.utc_now().isoformat(timespec="seconds")
    found: list[Figures] = []
    for number, (engine, name) in enumerate(todo, 1):
        started, start = clock.utc_now(), clock.wall_s()
        if engine in PEERS:
            assert peers is not None
            figures = _peer(peers, engine, name, config)
        else:
            figures = _own(engine, name, config)
        wall_s = clock.wall_s() - start
        figures["run"] = run
        found.append(figures)
        task = {"task": "normal form", "term": name, "engine": engine, "fuel": CASES[name].fuel}
        record = new_record(
            "reduce",
            task=task,
            config=config.recorded,
            seed=0,
            started=started,
            wall_s=wall_s,
            metrics=figures,
            status=_status(figures),
            command=command(engine, name, config),
        )
        append(records, record)
        if progress:
            progress(f"{number}/{len(todo)}  {line(figures)}")
    return found


def exit_code(found: Sequence[Figures]) -> Exit:
    """Whether the engines were right throughout; other packages may be wrong."""
    own = [figures for figures in found if figures["engine"] not in PEERS]
    return Exit.ANSWERED if all(figures.get("right") for figures in own) else Exit.INTERNAL


def line(figures: Figures) -> str:
    """One measurement for a person."""
    head = f"{figures['term']:<27} {figures['engine']:<19}"
    if "error" in figures:
        return f"{head} {figures['error']}"
    wrong = "" if figures["right"] else "  WRONG"
    if figures.get("beta") is None:
        return f"{head} {figures['s'] * 1e3:>11.3f} ms{wrong}"
    return (
        f"{head} {figures['s'] * 1e3:>11.3f} ms {figures['beta']:>10,} beta "
        f"{figures['beta_per_s'] / 1e6:>7.2f} M/s {figures['peak_mb']:>6.0f} MB{wrong}"
    )


def summary(found: Sequence[Figures]) -> Iterator[str]:
    """What the other packages got wrong, and how many times faster the plain engine is."""
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


def _own(engine: str, name: str, config: MeasuringConfig) -> Figures:
    job = [sys.executable, "-m", "abduce.benchmarks.lambda_calculus.job", engine, name]
    command = [*job, *settings_of(config, MEASURING)]
    return {"term": name, "engine": engine} | printed(command, config.timeout_s, config)


def _peer(python: Path, peer: str, name: str, config: MeasuringConfig) -> Figures:
    case = CASES[name]
    assert case.expected is not None
    command = [str(python), "-P", str(Path(__file__).with_name("peer.py")), peer]
    blank: Figures = {"term": name, "engine": peer, "beta": None}
    timeout_s = min(config.timeout_s, config.peer_timeout_s)
    found = printed(command, timeout_s, config, json.dumps(case.term().codes))
    if "version" in found:
        blank["version"] = found["version"]
    if "code" not in found:
        return blank | {"error": found.get("error") or "not installed"}
    return blank | {"s": found["s"], "right": found["code"] == case.expected().codes}


def _status(figures: Figures) -> Status:
    """That another package gave no answer is a result."""
    if "error" not in figures or figures["engine"] in PEERS:
        return "complete"
    return "timeout" if figures["error"] == "timeout" else "failed"
