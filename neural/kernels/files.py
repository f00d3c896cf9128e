"""Learned kernels as files: NAME.safetensors with the arrays, NAME.json with what they are.

The JSON names the sha256 of the arrays, and is written last; both files appear or neither does. A
proof is never believed from a file: what is read is proved again, which takes milliseconds. To read
them takes numpy alone.
"""

import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from abduce.errors import ChecksumError, InputError, UnsupportedError
from abduce.files import write_whole
from abduce.neural.kernels.kernel import KernelTask, LearnedKernel
from abduce.neural.kernels.tensors import unpacked
from abduce.verify.discrete.proving import prove

SCHEMA = 1
NUMBERS = ("seed", "attempts", "examples", "cpu_s")
SOFT, EXACT = "soft.", "exact."
ADVICE = "Install what training needs: pip install 'abduce[neural]'"
RECORD_BYTES, ARRAYS_BYTES = 1 << 16, 1 << 26
"""The upper limits on the bytes of a record and of the arrays."""


def _is_whole(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value < 1 << 63


def _is_seconds(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < 1e12


FIELDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "schema": (f"{SCHEMA}", lambda value: type(value) is int and value == SCHEMA),
    "kernel": ("a name", lambda value: isinstance(value, str)),
    "kind": ("a name", lambda value: isinstance(value, str)),
    "sha256": ("64 digits", lambda value: isinstance(value, str) and len(value) == 64),
    "seed": ("a whole number", _is_whole(0)),
    "attempts": ("a whole number, 1 or more", _is_whole(1)),
    "examples": ("a whole number", _is_whole(0)),
    "parameters": ("a whole number", _is_whole(0)),
    "cpu_s": ("seconds", _is_seconds),
    "verdict": ("a verdict", lambda value: value in ("proved", "refuted", "unknown")),
}
"""The fields of the JSON: a description of each, and a test of its value."""


def save(learned: LearnedKernel, folder: Path, *, shipped: bool = False) -> tuple[Path, Path]:
    """Write the two files; the paths of the arrays and of the JSON.

    Args:
        shipped: in few bytes: whole numbers of the exact part in the least type that has them.

    Raises:
        OutputError: they cannot be written.
        UnsupportedError: safetensors is not installed.
    """
    arrays = {SOFT + name: value for name, value in learned.weights.items()}
    exact = learned.exact.arrays()
    arrays |= {EXACT + name: _least(value) if shipped else value for name, value in exact.items()}
    content = _safetensors().save({k: np.ascontiguousarray(v) for k, v in arrays.items()})
    text = {
        "schema": SCHEMA,
        "kernel": learned.name,
        "kind": learned.exact.kind,
        "sha256": hashlib.sha256(content).hexdigest(),
        **{name: getattr(learned, name) for name in NUMBERS},
        "parameters": learned.parameters,
        "verdict": type(learned.verdict).__name__.lower(),
    }
    tensors, described = paths(folder, learned.name)
    before = tensors.read_bytes() if tensors.is_file() else None
    try:
        write_whole(tensors, content)
        write_whole(described, (json.dumps(text, indent=1) + "\n").encode())
    except BaseException:  # arrays without their own JSON are of no use to anybody
        if before is None:
            tensors.unlink(missing_ok=True)
        else:
            write_whole(tensors, before)
        raise
    return tensors, described


def load(task: KernelTask, folder: Path, *, deadline: float | None = None) -> LearnedKernel:
    """A kernel as it was kept, looked at and proved again.

    Its parameters are counted from the arrays; seed, attempts, examples and seconds are what the
    JSON says, and nothing else shows them.

    Raises:
        InputError: it was never kept there, the JSON is none of ours, or the arrays are none that
            the kernel could be made of.
        ChecksumError: the arrays are not those that the JSON speaks of.
    """
    tensors, described = paths(folder, task.name)
    text = _described(described, task)
    arrays = _arrays(tensors, text["sha256"], task)
    parts = {
        prefix: {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
        for prefix in (SOFT, EXACT)
    }
    advice = f"Train it: abduce train {task.name}"
    expected = (f"the arrays of the kernel {task.name!r}",)
    try:
        if strange := sorted(name for name in arrays if not name.startswith((SOFT, EXACT))):
            raise ValueError(f"the array {', '.join(map(repr, strange))}, which means nothing here")
        exact = task.exact(parts[EXACT])
    except ValueError as error:
        raise InputError(str(error), expected, tensors, advice=advice) from error
    if exact.kind != text["kind"]:
        found = f"the kind {_short(text['kind'])}"
        raise InputError(found, (repr(exact.kind),), described, advice=advice)
    counted = sum(value.size for value in parts[SOFT].values())
    if parts[SOFT] and counted != text["parameters"]:
        found = f"{text['parameters']:,} parameters"
        raise InputError(found, (f"{counted:,}, as in the arrays",), described, advice=advice)
    numbers = {name: text[name] for name in NUMBERS}
    verdict = prove(exact, task.specification, deadline=deadline)
    return LearnedKernel(
        name=task.name, exact=exact, verdict=verdict, weights=parts[SOFT], parameters=counted,
        **numbers,
    )  # fmt: skip


def check_installed() -> None:
    """Before anything is trained or a neural module is run: whether that can be done at all.

    Raises:
        UnsupportedError: safetensors or torch is not installed.
    """
    needed = ("torch", "safetensors")
    if absent := [name for name in needed if importlib.util.find_spec(name) is None]:
        what = f"a Python without {' and '.join(absent)}"
        raise UnsupportedError("what is trained by torch", (what,), ADVICE)


def missing(tasks: Iterable[KernelTask], folder: Path) -> list[str]:
    """The names of the kernels that are not kept in a folder."""
    return [task.name for task in tasks if not paths(folder, task.name)[1].is_file()]


def paths(folder: Path, name: str) -> tuple[Path, Path]:
    """Where the arrays and the JSON of a kernel are kept in a folder."""
    return folder / f"{name}.safetensors", folder / f"{name}.json"


def _described(path: Path, task: KernelTask) -> dict[str, Any]:
    expected = (f"the kernel {task.name!r}, as `abduce train` keeps it",)
    advice = f"Train it: abduce train {task.name}"
    try:
        text = json.loads(_read(path, RECORD_BYTES, expected, advice))
    except (ValueError, RecursionError) as error:
        raise InputError("no JSON", expected, path, advice=advice) from error
    if not isinstance(text, dict):
        raise InputError(f"a JSON {type(text).__name__}", expected, path, advice=advice)
    for name, (wanted, holds) in FIELDS.items():
        if name not in text:
            raise InputError(f"no field {name!r}", expected, path, advice=advice)
        if not holds(text[name]):
            found = f"{name} {_short(text[name])}"
            raise InputError(found, (f"{name}: {wanted}",), path, advice=advice)
    if strange := sorted(set(text) - set(FIELDS)):
        raise InputError(f"the field {_short(strange[0])}", tuple(FIELDS), path, advice=advice)
    if text["kernel"] != task.name:
        found = f"kernel {_short(text['kernel'])}"
        raise InputError(found, (f"kernel {task.name!r}",), path, advice=advice)
    return text


def _arrays(path: Path, sha256: str, task: KernelTask) -> Mapping[str, np.ndarray]:
    advice = f"Train it: abduce train {task.name}"
    content = _read(path, ARRAYS_BYTES, ("the arrays of a kernel",), advice)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        again = f"Train the kernel again: abduce train {task.name}"
        raise ChecksumError(str(path), found, sha256, again)
    return unpacked(content, path)


def _read(path: Path, most: int, expected: tuple[str, ...], advice: str) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise InputError(found, expected, path, advice=advice) from error
    if len(content) > most:
        raise InputError(f"more than {most:,} bytes", expected, path, advice=advice)
    return content


def _short(value: Any) -> str:
    """A value in an error, which shows no more of it than a line has room for."""
    text = ascii(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _least(whole: np.ndarray) -> np.ndarray:
    kinds = (np.int8, np.int16, np.int32, np.int64)
    low, high = int(whole.min(initial=0)), int(whole.max(initial=0))
    return whole.astype(
        next(k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max)
    )


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ModuleNotFoundError as error:
        what = "keeping what is trained"
        raise UnsupportedError(what, ("a Python without safetensors",), ADVICE) from error
    return safetensors.numpy
