"""Instances with a planted counterexample: their files, and how they are checked.

A folder of them has the form of VNN-COMP, `instances.csv` with the networks and properties that it
names, and a JSON file beside each property with the witness and how the instance was made.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from abduce.errors import DataError, InputError
from abduce.files import write_whole
from abduce.text import read_text

LIST: Final = "instances.csv"


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """A network, a property, and an input that violates it.

    Attributes:
        kind: 'needle', 'rounding', 'reader', 'type' or 'property'.
        model: the ONNX file's content.
        property: the text of the VNN-LIB file.
        witness: the input that violates the property, flat; None for a clean instance, of which
            nothing is known.
        made: how it was made, as JSON values.
    """

    name: str
    kind: str
    model: bytes
    property: str
    witness: np.ndarray | None
    made: Mapping[str, Any]
    timeout_s: float = 100.0


@dataclass(frozen=True, slots=True)
class Listed:
    """An instance of a folder.

    Attributes:
        planted: whether it has a witness.
    """

    name: str
    kind: str
    network: Path
    property: Path
    timeout_s: float
    planted: bool


def write(folder: Path, instances: Sequence[Planted]) -> Path:
    """Write instances into a folder; the list of them is written last.

    Raises:
        InputError: the folder has a list of instances already.
        OutputError: a file cannot be written.
    """
    listed = folder / LIST
    if listed.exists():
        raise InputError(
            "a folder that has instances already",
            ("a folder without instances.csv",),
            listed,
        )
    rows = io.StringIO()
    table = csv.writer(rows, lineterminator="\n")
    for instance in instances:
        network, text = Path("onnx", f"{instance.name}.onnx"), Path("vnnlib", instance.name)
        write_whole(folder / network, instance.model)
        write_whole(folder / f"{text}.vnnlib", instance.property.encode())
        write_whole(folder / f"{text}.json", _metadata(instance))
        table.writerow([network.as_posix(), f"{text.as_posix()}.vnnlib", f"{instance.timeout_s:g}"])
    write_whole(listed, rows.getvalue().encode())
    return listed


def _metadata(instance: Planted) -> bytes:
    witness = None if instance.witness is None else [float(v) for v in instance.witness.ravel()]
    about = {"kind": instance.kind, "witness": witness, "made": instance.made}
    return (json.dumps(about, indent=1) + "\n").encode()


def read(folder: Path) -> list[Listed]:
    """The instances of a folder that `write` wrote.

    Raises:
        DataError: the folder has no list of instances.
        InputError: there is no instance, a file is missing, or a row or a JSON file is not as
            `write` writes it.
    """
    listed = folder / LIST
    if not listed.is_file():
        raise DataError(
            LIST,
            (str(folder),),
            "Make some: abduce soundness make FOLDER",
        )
    text, _ = read_text(str(listed), "a list of instances")
    rows = list(csv.reader(io.StringIO(text)))
    found = [_listed(folder, listed, n, row) for n, row in enumerate(rows, start=1) if row]
    if not found:
        raise InputError("no instances", ("a network, a property and a timeout on a line",), listed)
    return found


def _listed(folder: Path, listed: Path, line: int, row: Sequence[str]) -> Listed:
    try:
        network, text, limit = row
        timeout_s = float(limit)
    except ValueError:
        raise InputError(
            ",".join(row), ("a network, a property and a timeout in seconds",), listed, line
        ) from None
    for name in (network, text):
        if not (folder / name).is_file():
            raise InputError(f"{name!r}", ("a file in this folder",), listed, line)
    about = (folder / text).with_suffix(".json")
    try:
        found = json.loads(about.read_text(encoding="utf-8"))
        kind, planted = found["kind"], found["witness"] is not None
    except (OSError, ValueError, LookupError, TypeError):
        raise InputError(
            "a file that does not describe an instance",
            ("JSON with 'kind' and 'witness'",),
            about,
        ) from None
    return Listed(Path(text).stem, str(kind), folder / network, folder / text, timeout_s, planted)
