"""Benchmarks of verification in the form of VNN-COMP: instances.csv, expected.csv, results.csv.

instances.csv has a line for each instance, ``onnx,vnnlib,timeout``, with paths from its own folder.
expected.csv, if there is one beside it, has a header with the columns onnx, vnnlib and expected;
only sat and unsat count. results.csv has a line for each instance,
``category,onnx,vnnlib,prepare_time,result,run_time``, and no header.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from abduce.errors import InputError

Pair = tuple[str, str, str]
"""(category, network, property)."""
Key = tuple[str, str, str, int]
"""A `Pair`, and the number of earlier instances with the same pair and other time limits."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A network, a property and how long they may take.

    Attributes:
        category: the name of the benchmark's folder.
        onnx, vnnlib: paths from that folder, as written in the file.
        expected: 'sat', 'unsat', some other word, or None if nothing is expected.
        repeat: how many earlier instances have the same network and property.
    """

    category: str
    folder: Path
    onnx: str
    vnnlib: str
    timeout_s: float
    expected: str | None = None
    repeat: int = 0

    @property
    def pair(self) -> Pair:
        return self.category, self.onnx, self.vnnlib

    @property
    def key(self) -> Key:
        return *self.pair, self.repeat

    def contradicted_by(self, result: str) -> bool:
        """Whether the expected result and this one contradict each other."""
        return {self.expected, result} == {"sat", "unsat"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of results.csv."""

    key: Key
    result: str
    run_s: float

    def line(self) -> str:
        stream = io.StringIO()
        fields = (*self.key[:3], "0.0", self.result, f"{self.run_s:.3f}")
        csv.writer(stream, lineterminator="\n").writerow(fields)
        return stream.getvalue()


def read_instances(path: Path) -> list[Instance]:
    """The instances of a benchmark, in order; a repeated line is left out.

    A network and property with another timeout are another instance.

    Raises:
        InputError: no such file, or a line that is no instance.
    """
    folder = path.resolve().parent
    expected = _expected(folder / "expected.csv")
    found: dict[tuple[Pair, float], Instance] = {}
    counts: Counter[Pair] = Counter()
    for number, row in enumerate(csv.reader(_lines(path)), start=1):
        if not row:
            continue
        fields = [field.strip() for field in row]
        try:
            network, property_, seconds = fields
            timeout_s = float(seconds)
            if not 0 < timeout_s < float("inf"):
                raise ValueError
        except ValueError as error:
            raise InputError(
                repr(",".join(row)), ("onnx,vnnlib,timeout in seconds",), path, number
            ) from error
        pair = network, property_
        whole = folder.name, *pair
        if (whole, timeout_s) not in found:
            told = expected.get(pair)
            instance = Instance(folder.name, folder, *pair, timeout_s, told, counts[whole])
            found[whole, timeout_s] = instance
            counts[whole] += 1
    if not found:
        raise InputError("no instances", ("onnx,vnnlib,timeout in seconds",), path)
    return list(found.values())


def read_results(path: Path, instances: Sequence[Instance]) -> dict[Key, Row]:
    """The rows of an earlier run, without an incomplete last line.

    A row does not say its timeout: the rows of a network and property are those of its instances in
    their order. If there are more rows than instances, the last ones count.
    """
    counts = Counter(instance.pair for instance in instances)
    found: dict[Pair, list[Row]] = {}
    for line in _lines(path):
        fields = next(csv.reader([line]), [])
        if len(fields) != 6 or not line.endswith("\n"):
            continue
        category, network, property_, _, result, seconds = fields
        pair = category, network, property_
        try:
            row = Row((*pair, 0), result, float(seconds))
        except ValueError as error:
            expected = ("category,onnx,vnnlib,prepare_time,result,run_time",)
            raise InputError(repr(line.rstrip("\n")), expected, path) from error
        found.setdefault(pair, []).append(row)
    kept = {pair: rows[-max(1, counts[pair]) :] for pair, rows in found.items()}
    rows = [
        replace(row, key=(*pair, repeat))
        for pair, some in kept.items()
        for repeat, row in enumerate(some)
    ]
    return {row.key: row for row in rows}


def _expected(path: Path) -> dict[tuple[str, str], str]:
    if not path.exists():
        return {}
    table = csv.DictReader(_lines(path))
    columns = ("onnx", "vnnlib", "expected")
    if not set(columns) <= set(table.fieldnames or ()):
        raise InputError(
            f"the columns {', '.join(table.fieldnames or ()) or 'none'}",
            (", ".join(columns),),
            path,
        )
    return {
        (row["onnx"].strip(), row["vnnlib"].strip()): (row["expected"] or "").strip()
        for row in table
    }


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        raise InputError(
            (error.strerror or str(error)).lower(), ("a file of instances",), path
        ) from error
    except UnicodeDecodeError as error:
        raise InputError("no text in UTF-8", ("lines of onnx,vnnlib,timeout",), path) from error
