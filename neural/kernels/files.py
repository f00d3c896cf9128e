"""Learned kernels as files: NAME.safetensors with the arrays, NAME.json with what they are.

The JSON names the sha256 of the arrays, and is written last; each file appears whole or not at all.
A proof is never believed from a file: what is read is proved again, which takes milliseconds.
"""

import hashlib
import importlib.util
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from abduce.errors import ChecksumError, InputError, UnsupportedError
from abduce.files import write_whole
from abduce.neural.kernels.kernel import Learned, Task

SCHEMA = 1
NUMBERS = ("seed", "attempts", "examples", "parameters", "cpu_s")
SOFT, EXACT = "soft.", "exact."
ADVICE = "Install what kernels need: pip install 'abduce[neural]'"


def save(learned: Learned, folder: Path) -> tuple[Path, Path]:
    """Write the two files; the paths of the arrays and of the JSON.

    Raises:
        OutputError: they cannot be written.
        UnsupportedError: safetensors is not installed.
    """
    arrays = {SOFT + name: value for name, value in learned.weights.items()}
    arrays |= {EXACT + name: value for name, value in learned.exact.arrays().items()}
    content = _safetensors().save({k: np.ascontiguousarray(v) for k, v in arrays.items()})
    text = {
        "schema": SCHEMA,
        "kernel": learned.name,
        "kind": learned.exact.kind,
        "sha256": hashlib.sha256(content).hexdigest(),
        **{name: getattr(learned, name) for name in NUMBERS},
        "verdict": type(learned.verdict).__name__.lower(),
    }
    tensors, described = _paths(folder, learned.name)
    write_whole(tensors, content)
    write_whole(described, (json.dumps(text, indent=1) + "\n").encode())
    return tensors, described


def load(task: Task, folder: Path, *, deadline: float | None = None) -> Learned:
    """A kernel as it was kept, proved again.

    Raises:
        InputError: it was never kept there, or the JSON is none of ours.
        ChecksumError: the arrays are not those that the JSON speaks of.
        UnsupportedError: safetensors is not installed.
    """
    tensors, described = _paths(folder, task.name)
    text = _described(described, task)
    arrays = _arrays(tensors, text["sha256"])
    parts = {
        prefix: {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
        for prefix in (SOFT, EXACT)
    }
    try:
        exact = task.exact(parts[EXACT])
    except (KeyError, ValueError, IndexError) as error:
        raise InputError(str(error), (f"the arrays of a {text['kind']}",), tensors) from error
    numbers = {name: text[name] for name in NUMBERS}
    verdict = exact.prove(task.specification, deadline=deadline)
    return Learned(name=task.name, exact=exact, verdict=verdict, weights=parts[SOFT], **numbers)


def check_installed() -> None:
    """Before anything is trained: whether it could be kept and trained at all.

    Raises:
        UnsupportedError: safetensors or torch is not installed.
    """
    _safetensors()
    if importlib.util.find_spec("torch") is None:
        raise UnsupportedError("training", ("a Python without torch",), ADVICE)


def missing(tasks: Iterable[Task], folder: Path) -> list[str]:
    """The names of the kernels that are not kept in a folder."""
    return [task.name for task in tasks if not _paths(folder, task.name)[1].is_file()]


def _paths(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.safetensors", folder / f"{name}.json"


def _described(path: Path, task: Task) -> dict[str, Any]:
    expected = (f"the kernel {task.name!r}, as `abduce train` keeps it",)
    advice = f"Train it: abduce train {task.name}"
    try:
        text = json.loads(path.read_bytes())
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise InputError(found, expected, path, advice=advice) from error
    except ValueError as error:
        raise InputError("no JSON", expected, path, advice=advice) from error
    wanted = {"schema": SCHEMA, "kernel": task.name}
    for name, value in wanted.items():
        found = text.get(name) if isinstance(text, dict) else text
        if found != value:
            raise InputError(f"{name} {found!r}", (f"{name} {value!r}",), path, advice=advice)
    for name in ("kind", "sha256", *NUMBERS):
        if name not in text:
            raise InputError(f"no field {name!r}", expected, path, advice=advice)
    return text


def _arrays(path: Path, sha256: str) -> Mapping[str, np.ndarray]:
    try:
        content = path.read_bytes()
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise InputError(found, ("the arrays of a kernel",), path) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ChecksumError(str(path), found, sha256, "Train the kernel again: abduce train")
    return _safetensors().load(content)


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ModuleNotFoundError as error:
        raise UnsupportedError(
            "a kept kernel", ("a Python without safetensors",), ADVICE
        ) from error
    return safetensors.numpy
