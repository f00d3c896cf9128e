"""The command `doctor`: what is installed, where files go, and whether a few answers are right."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

import typer

from abduce import __version__, clock
from abduce.cli.demo import DEMOS
from abduce.cli.terminal import Json, print_json, show
from abduce.errors import Exit, InputError

State = Literal["ok", "missing", "failed", "note"]
SECONDS: Final = 60.0
"""The upper limit on the time of each test, in seconds."""
PAIRS: Final = """IN: jump OUT: JUMP
IN: walk OUT: WALK
IN: left OUT: LEFT
IN: jump left OUT: LEFT JUMP
IN: walk left OUT: LEFT WALK
IN: jump twice OUT: JUMP JUMP
IN: walk left twice OUT: LEFT WALK LEFT WALK
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        part: `machine`, `packages`, `files`, `network` or `tests`.
        state: `missing` is no fault: a part of Abduce does not work without it.
    """

    part: str
    name: str
    state: State
    said: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A command whose output is known.

    Attributes:
        expected: how the last line of its output begins.
        read: what it reads from stdin.
        extra: the extra that it needs.
    """

    arguments: tuple[str, ...]
    expected: str
    read: str = ""
    extra: str | None = None


TRIALS: Final[Mapping[str, Trial]] = MappingProxyType(
    {
        "learn": Trial(("solve", "--train", "pairs.txt"), "7 of 7 training rows are explained"),
        "reduce": Trial(("reduce", r"(\n f x. f (n f x)) 3", "--decode", "church"), "value: 4"),
        "execute": Trial(("execute", "sort"), "3", read="3 -1 2.5"),
        "prove": Trial(("prove", "compare"), "compare: proved"),
        "verify": Trial(DEMOS["verify"].arguments, "proved", extra="verify"),
    }
)
"""One test for each kind of work, in a process of its own, as a person would start it."""


def doctor(
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not try to reach the servers of data sets.")
    ] = False,
    json_: Json = False,
) -> None:
    """Say what is installed, where files go and are found, and test that a few answers are right.

    The tests take about 10 seconds. The exit code is 1 if one of them fails. What is only missing
    is no failure: the report says what does not work without it, and how to install it.
    """
    found: list[Finding] = []
    for finding in findings(offline):
        found.append(finding)
        if not json_:
            if len(found) == 1 or found[-2].part != finding.part:
                show(f"{finding.part}")
            show(f"  {finding.state:8} {finding.name}: {finding.said}")
    failed = sum(finding.state == "failed" for finding in found)
    if json_:
        print_json({"failed": failed, "findings": [asdict(finding) for finding in found]})
    else:
        show(f"{failed} failed" if failed else "all tests passed")
    raise typer.Exit(Exit.INTERNAL if failed else Exit.ANSWERED)


def findings(offline: bool) -> Iterator[Finding]:
    """All findings, as they are made."""
    yield from _machine()
    yield from _packages()
    yield from _files()
    if not offline:
        yield from _network()
    yield from tried(TRIALS, run_command)


def tried(
    trials: Mapping[str, Trial], run: Callable[[Trial, Path], tuple[int, str, str]]
) -> Iterator[Finding]:
    """Whether commands give what they should.

    Args:
        run: runs a command in a folder, and returns its exit code, stdout and stderr.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pairs.txt").write_text(PAIRS)
        for word, trial in trials.items():
            if trial.extra and (lacking := _lacking(trial.extra)):
                said = f"not run without {lacking[0]}: pip install 'abduce[{trial.extra}]'"
                yield Finding("tests", word, "missing", said)
                continue
            began = clock.wall_s()
            code, out, err = run(trial, folder)
            last = (out.strip().splitlines() or [""])[-1]
            if code == 0 and last.startswith(trial.expected):
                yield Finding("tests", word, "ok", f"right, in {clock.wall_s() - began:.1f} s")
                continue
            told = last if code == 0 else (err.strip().splitlines() or [f"exit code {code}"])[-1]
            said = f"expected {trial.expected!r}, found {told!r}"
            yield Finding("tests", word, "failed", said)


def run_command(trial: Trial, folder: Path) -> tuple[int, str, str]:
    """Run a command of Abduce in a folder."""
    command = [sys.executable, "-m", "abduce", *trial.arguments]
    try:
        done = subprocess.run(
            command,
            input=trial.read,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            cwd=folder,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Exit.GAVE_UP, "", f"it was stopped after {SECONDS:g} s"
    return done.returncode, done.stdout, done.stderr


def _machine() -> Iterator[Finding]:
    from abduce.benchmarks.records.provenance import checkout, machine

    here, (commit, dirty) = machine(), checkout()
    where = "installed" if commit is None else f"a checkout at {commit[:7]}"
    changed = ", with changes" if dirty else ""
    yield Finding("machine", "abduce", "note", f"{__version__}, {where}{changed}")
    yield Finding("machine", "python", "note", f"{here['python']} ({sys.executable})")
    memory = f"{here['memory_mb'] / 1024:.0f} GB" if here["memory_mb"] else "memory not known"
    said = f"{here['system']} {here['machine']}, {here['cores']} cores, {memory}"
    yield Finding("machine", "system", "note", said)
    yield Finding("machine", "accelerator", "note", _accelerator())


def _accelerator() -> str:
    try:
        import torch
    except ImportError:
        return "not looked for: torch is not installed"
    if not torch.cuda.is_available():
        return "none that torch can use; everything runs on the processor"
    names = [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())]
    return f"{', '.join(names)}; use it with --device cuda where a command has that option"


def _packages() -> Iterator[Finding]:
    for extra, names in _declared().items():
        have = {name: _version(name) for name in names}
        lacking = [name for name, number in have.items() if number is None]
        versions = ", ".join(f"{name} {number}" for name, number in have.items() if number)
        if not lacking:
            yield Finding("packages", extra or "base", "ok", versions)
            continue
        said = f"without {', '.join(lacking)}: pip install 'abduce{f'[{extra}]' if extra else ''}'"
        yield Finding("packages", extra or "base", "missing" if extra else "failed", said)


def _declared() -> dict[str, list[str]]:
    """The packages that Abduce declares, by extra; '' has those that it always needs."""
    found: dict[str, list[str]] = {}
    try:
        lines = requires("abduce") or []
    except PackageNotFoundError:  # run from a folder, without being installed
        lines = []
    for line in lines:
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", line)
        found.setdefault(extra[1] if extra else "", []).append(name)
    return dict(sorted(found.items()))


def _lacking(extra: str) -> Sequence[str]:
    return [name for name in _declared().get(extra, []) if _version(name) is None]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _files() -> Iterator[Finding]:
    from abduce.benchmarks.data.members import cache_folder, folders, overview
    from abduce.benchmarks.records.record_file import records_path

    places = (("records", records_path("solve", None).parent), ("cache", cache_folder()))
    for name, folder in places:
        there = next(each for each in (folder, *folder.parents) if each.exists())
        writable = there.is_dir() and os.access(there, os.W_OK)
        said = f"go to {folder}" if writable else f"{there} cannot be written to"
        yield Finding("files", name, "ok" if writable else "failed", said)
    try:
        rows = overview(folders())
    except InputError as error:
        yield Finding("files", "data", "failed", str(error))
        return
    for row in rows:
        there = row["at_hand"] == row["members"]
        said = f"{row['at_hand']} of {row['members']} files are here"
        if not there:
            said += f": abduce data where {row['name']}"
        yield Finding("files", f"data {row['name']}", "ok" if there else "missing", said)


def _network() -> Iterator[Finding]:
    import requests

    from abduce.benchmarks.data.table import DATA_SETS

    every = [a for each in DATA_SETS.values() for part in each.parts for a in part.addresses]
    servers = {address.split("/")[2] for address in every}
    for server in sorted(servers):
        try:
            requests.head(f"https://{server}", timeout=5)
        except requests.RequestException as error:
            why = type(error).__name__
            said = f"cannot be reached ({why}); abduce data fetch NAME --from FOLDER"
            yield Finding("network", server, "missing", said)
        else:
            yield Finding("network", server, "ok", "answers")
