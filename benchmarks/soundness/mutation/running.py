"""The audit of mutants, each in a forked process of its own, with its module replaced in memory."""

import hashlib
import importlib.abc
import importlib.util
import json
import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.soundness.mutation.audit import audit
from abduce.benchmarks.soundness.mutation.material import Material, material
from abduce.benchmarks.soundness.mutation.mutants import Mutant, source
from abduce.errors import InputError
from abduce.files import write_whole
from abduce.text import read_text

CPU_S: Final = 60
"""The CPU seconds after which an audit is stopped, many times what it takes; the mutant is caught
by that."""
ROOM: Final = "abduce.verify"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant, and what the audit told first; nothing, where it noticed nothing.

    Attributes:
        unsound: whether what was told is a wrong value, bound or proof, and no error, refusal or
            proof that is missing.
    """

    mutant: Mutant
    told: str
    unsound: bool
    seconds: float

    @property
    def caught(self) -> bool:
        return bool(self.told)


class _Replacing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a given text."""

    def __init__(self, name: str, text: str, path: Path) -> None:
        self.name, self.text, self.path = name, text, path

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.text, str(self.path), "exec"), module.__dict__)


def first_fault(material: Material, refused: Sequence[str] | None, *, every: bool = False) -> Any:
    """What the audit tells first, in this process; with `every`, all that it tells."""
    told = audit(material, refused)
    return list(told) if every else next(told, "")


def judged(mutant: Mutant, root: Path, material: Material, refused: Sequence[str]) -> Judged:
    """A mutant run on the audit.

    Args:
        root: the folder `verify/`.
    """
    began = clock.wall_s()
    told = _in_fork(lambda: _told(mutant, root, material, refused))
    unsound = told.split(":")[0] not in ("error", "stopped") and not told.startswith("refused")
    return Judged(mutant, told, bool(told) and unsound, clock.wall_s() - began)


def baseline(material: Material) -> list[str]:
    """The names of the networks that the verifier refuses.

    Raises:
        RuntimeError: the audit finds a fault in the verifier as it is.
    """
    told = _in_fork(lambda: "\n".join(first_fault(material, None, every=True)))
    lines = [line for line in told.splitlines() if line]
    faults = [line for line in lines if not line.startswith("refused ")]
    if faults:
        raise RuntimeError(f"the audit finds a fault in the verifier as it is: {faults[0]}")
    return [line.removeprefix("refused ") for line in lines]


def _told(mutant: Mutant, root: Path, material: Material, refused: Sequence[str]) -> str:
    sys.meta_path.insert(0, _Replacing(mutant.module, source(mutant, root), root / mutant.path))
    try:
        return first_fault(material, refused)
    except Exception as error:  # whatever a fault makes of the program
        return f"error: {type(error).__name__}: {str(error)[:100]}"


def _in_fork(work: Callable[[], str]) -> str:
    """What work tells, done in a fork of this process, which has not imported the verifier."""
    assert not any(name.startswith(ROOM) for name in sys.modules), (
        "the verifier is imported already"
    )
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def run(into: Connection) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        into.send(work())
        into.close()
        os._exit(0)

    process = context.Process(target=run, args=(there,))
    process.start()
    there.close()
    try:
        told = str(here.recv())
    except EOFError:
        told = ""
    process.join()
    if process.exitcode:
        return f"stopped: the audit does not end, or its process does (code {process.exitcode})"
    return told


def judge_all(
    mutants: Sequence[Mutant],
    root: Path,
    kept: Path,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Judged]:
    """Mutants one after the other.

    Args:
        kept: a file of JSON lines, one for each mutant that was judged. A mutant that stands there,
            made of the same source, is not judged again; the others are added.

    Raises:
        InputError: a line of the file is not of this form.
        OutputError: the file cannot be written.
    """
    known = _kept(kept)
    with TemporaryDirectory(prefix="abduce-") as folder:
        made, refused = None, []
        for number, mutant in enumerate(mutants, start=1):
            digest = hashlib.sha256((root / mutant.path).read_bytes()).hexdigest()[:16]
            if (found := known.get((mutant.name, digest))) is not None:
                yield replace(found, mutant=mutant)
                continue
            if progress:
                progress(f"mutant {number} of {len(mutants)}: {mutant.name}")
            if made is None:
                made = material(Path(folder))
                refused = baseline(made)
            yield (new := judged(mutant, root, made, refused))
            line = {"name": mutant.name, "of": digest, "told": new.told, "unsound": new.unsound}
            before = kept.read_bytes() if kept.exists() else b""
            text = json.dumps({**line, "s": round(new.seconds, 2)})
            write_whole(kept, before + text.encode() + b"\n")


def _kept(path: Path) -> Mapping[tuple[str, str], Judged]:
    """The judged mutants of a file, by name and digest of their source; of none where it is not
    there. Their places are not in it."""
    found: dict[tuple[str, str], Judged] = {}
    nowhere = Mutant("", "", "", 0, 0)
    lines = read_text(str(path), "a file of JSON lines")[0].splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            each = json.loads(line)
            judged_ = Judged(nowhere, str(each["told"]), bool(each["unsound"]), float(each["s"]))
            found[str(each["name"]), str(each["of"])] = judged_
        except (ValueError, LookupError, TypeError):
            expected = ("a line that `abduce soundness mutate` wrote",)
            raise InputError("a line of another form", expected, path, number) from None
    return found
