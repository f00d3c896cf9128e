"""A pair of files: NAME.safetensors with arrays, NAME.json with what they are.

The JSON names the sha256 of the arrays and is written last; both files appear or neither does. A
checkpoint, which is written again and again, is one file: its JSON lies within the safetensors.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from abduce.configuration import configured
from abduce.errors import ChecksumError, InputError, OutputError
from abduce.files import write_whole
from abduce.neural.store.tensors import metadata, packed, unpacked

SCHEMA = 2
"""The version of the JSON that is written. Schema 1 had no configuration, or a part of one."""
JSON_BYTES, ARRAYS_BYTES = 1 << 20, 1 << 28
"""The upper limits on the bytes of a JSON and of the arrays."""
KEY = "abduce"
"""The key of the JSON in the metadata of a file."""
Fields = Mapping[str, tuple[str, Callable[[Any], bool]]]
"""The fields of a JSON: a description of each, and a test of its value."""
C = TypeVar("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The object that is read from files, and its names in errors.

    Attributes:
        what: the thing, such as "the kernel 'add', as `abduce train` keeps it".
        advice: what to do where it is not there.
        again: what to do where it is damaged.
    """

    what: str
    advice: str
    again: str


def is_whole(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value < 1 << 63


def is_seconds(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < 1e12


def is_text(value: Any) -> bool:
    return isinstance(value, str)


COMMON: Fields = {
    "schema": (f"{SCHEMA}", lambda value: type(value) is int and value == SCHEMA),
    "sha256": ("64 digits", lambda value: isinstance(value, str) and len(value) == 64),
    "config": ("an object", lambda value: isinstance(value, dict)),
    "seed": ("a whole number", is_whole(0)),
    "examples": ("a whole number", is_whole(0)),
    "parameters": ("a whole number", is_whole(0)),
    "cpu_s": ("seconds", is_seconds),
}
"""The fields that the JSON of everything that was trained has."""


def paths(folder: Path, name: str) -> tuple[Path, Path]:
    """The paths of the arrays and the JSON of a name in a folder."""
    return folder / f"{name}.safetensors", folder / f"{name}.json"


def write(
    folder: Path, name: str, arrays: Mapping[str, np.ndarray], told: Mapping[str, Any]
) -> tuple[Path, Path]:
    """Write the two files, both or neither; their paths.

    Args:
        told: the fields of the JSON, without the schema and the checksum.

    Raises:
        OutputError: they cannot be written.
        MissingExtraError: safetensors is not installed.
    """
    content = packed(arrays)
    fields = {"schema": SCHEMA, "sha256": hashlib.sha256(content).hexdigest(), **told}
    tensors, described = paths(folder, name)
    if folder.exists() and not folder.is_dir():
        raise OutputError(folder, "it is a file, and a folder is needed")
    before = tensors.read_bytes() if tensors.is_file() else None
    try:
        write_whole(tensors, content)
        write_whole(described, (json.dumps(fields, indent=1) + "\n").encode())
    except BaseException:  # arrays without their own JSON are of no use to anybody
        if before is None:
            tensors.unlink(missing_ok=True)
        else:
            write_whole(tensors, before)
        raise
    return tensors, described


def read_told(
    path: Path, fields: Fields, wanted: Wanted, upgrade: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """The JSON of a pair: exactly these fields, each with a value that it can have.

    Args:
        upgrade: makes the fields of an older schema those of this one.

    Raises:
        InputError: there is none, or a field is missing, unknown, or of another value.
    """
    try:
        told = json.loads(_read(path, JSON_BYTES, wanted))
    except (ValueError, RecursionError) as error:
        raise _refused("no JSON", path, wanted) from error
    if not isinstance(told, dict):
        raise _refused(f"a JSON {type(told).__name__}", path, wanted)
    upgrade(told)
    for name, (expected, holds) in fields.items():
        if name not in told:
            raise _refused(f"no field {name!r}", path, wanted)
        if not holds(told[name]):
            found = f"{name} {short(told[name])}"
            raise InputError(found, (f"{name}: {expected}",), path, advice=wanted.advice)
    if strange := sorted(set(told) - set(fields)):
        found = f"the field {short(strange[0])}"
        raise InputError(found, tuple(fields), path, advice=wanted.advice)
    return told


def read_arrays(path: Path, sha256: str, wanted: Wanted) -> dict[str, np.ndarray]:
    """The arrays of a pair.

    Raises:
        InputError: there are none.
        ChecksumError: they are not those that the JSON speaks of.
    """
    content = _read(path, ARRAYS_BYTES, wanted)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ChecksumError(str(path), found, sha256, wanted.again)
    return unpacked(content, path)


def write_one(path: Path, arrays: Mapping[str, np.ndarray], told: Mapping[str, Any]) -> None:
    """Write a checkpoint.

    Raises:
        OutputError: it cannot be written.
    """
    write_whole(path, packed(arrays, {KEY: json.dumps({"schema": SCHEMA, **told})}))


def read_one(path: Path, wanted: Wanted) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The fields and the arrays of a checkpoint.

    Raises:
        InputError: there is none, or it is none of ours.
    """
    content = _read(path, ARRAYS_BYTES, wanted)
    try:
        arrays, told = unpacked(content, path), json.loads(metadata(content)[KEY])
    except (InputError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError("no checkpoint", (wanted.what,), path, advice=wanted.again) from error
    if not isinstance(told, dict):
        raise InputError("no checkpoint", (wanted.what,), path, advice=wanted.again)
    return told, arrays


def restored(default: C, values: Mapping[str, Any], path: Path, wanted: Wanted) -> C:
    """The configuration that a JSON holds, whole.

    Raises:
        InputError: a field is missing, unknown, or of a value that it cannot have.
    """
    try:
        given = configured(default, None, _settings(values, as_told(default), ""))
    except InputError as error:
        found = f"config: {error.found}"
        raise InputError(found, error.expected, path, advice=wanted.advice) from error
    if as_told(given) != values:
        expected = ("config: every field of the configuration",)
        raise InputError(f"config {short(values)}", expected, path, advice=wanted.advice)
    return given


def as_told(config: Any) -> dict[str, Any]:
    """A configuration as JSON has it."""
    return asdict(config)


def short(value: Any) -> str:
    """A value in an error, which shows no more of it than a line has room for."""
    text = ascii(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _settings(values: Mapping[str, Any], default: Any, above: str) -> list[str]:
    """One setting for each value that is not the default."""
    found: list[str] = []
    for name, value in values.items():
        known = default.get(name) if isinstance(default, dict) else None
        if isinstance(value, dict) and value:
            found += _settings(value, known, f"{above}{name}.")
        elif value != known or type(value) is not type(known):
            found.append(f"{above}{name}={json.dumps(value)}")
    return found


def _refused(found: str, path: Path, wanted: Wanted) -> InputError:
    return InputError(found, (wanted.what,), path, advice=wanted.advice)


def _read(path: Path, most: int, wanted: Wanted) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise _refused(found, path, wanted) from error
    if len(content) > most:
        raise _refused(f"more than {most:,} bytes", path, wanted)
    return content
