"""The record: one JSON line that says everything about one run.

Tables, figures and the README's numbers are made from records only. A record is identified by what
was to be done (kind, task, config, seed), not by when or where: records with one id are repetitions
of each other.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal

from abduce.errors import InputError

SCHEMA = 1
"""The version of the schema that is written. Raise it with every change of meaning, and add an
upgrade below."""

Status = Literal["complete", "interrupted", "failed", "timeout"]

SHOWN = 400
"""The upper limit on the characters shown of a fault in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run.

    Args:
        kind: what was run, such as 'solve' or 'verify'; `schema` says what the records of each
        hold.
        task: what was to be done, as the person asked for it: {'task': 'scan', 'split': 'length',
            'rows': 800}, {'benchmark': 'acasxu', 'network': 'onnx/...', 'timeout_s': 116.0, ...}.
        config: the whole configuration of what was run, defaults included, and the version of its
            method; the task is no part of it.
        id: `record_id(kind, task, config, seed)`.
        when: UTC, ISO 8601, at the start of the run.
        commit: the checkout's commit; None where the code is not run from a checkout. `dirty`: with
            changes on top.
        command: the command that repeats the run.
        data_sha256: member or file name to sha256 of each input.
        metrics: the results; an interrupted run has what it had got to.
        artifacts: path to sha256 of each file that was written.

    Source: ../docs/decisions/0003-records.md.
    """

    kind: str
    task: Mapping[str, Any]
    config: Mapping[str, Any]
    seed: int
    id: str
    when: str
    version: str
    commit: str | None
    dirty: bool | None
    command: str
    data_sha256: Mapping[str, str]
    machine: Mapping[str, Any]
    libraries: Mapping[str, str]
    status: Status
    wall_s: float
    metrics: Mapping[str, Any]
    artifacts: Mapping[str, str] = field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def stands(self) -> bool:
        """Whether it is a result: a run that ended, also a verifier that ran out of time, whose
        verdict is 'unknown'."""
        return self.status == "complete" or (self.kind == "verify" and self.status == "timeout")


def config_hash(config: object) -> str:
    """A short name for a configuration: the first 12 hex digits of the sha256 of its canonical
    JSON.

    Takes a dataclass instance or a mapping; equal values have equal hashes whatever the order of
    their fields.

    >>> config_hash({"beam": 4, "fuel": 10}) == config_hash({"fuel": 10, "beam": 4})
    True
    >>> config_hash({"beam": 4})
    'b8d08013fde1'
    """
    return hashlib.sha256(canonical(as_mapping(config)).encode()).hexdigest()[:12]


def record_id(kind: str, task: Mapping[str, Any], config: object, seed: int) -> str:
    """The id of a record: a hash of kind, task, configuration and seed, in 16 hex digits.

    >>> record_id("solve", {"task": "scan"}, {}, 0) == record_id("solve", {"task": "scan"}, {}, 1)
    False
    """
    whole = {"kind": kind, "task": dict(task), "config": as_mapping(config), "seed": seed}
    return hashlib.sha256(canonical(whole).encode()).hexdigest()[:16]


def as_mapping(config: object) -> dict[str, Any]:
    """A configuration as plain data: a frozen dataclass, or a mapping."""
    if is_dataclass(config) and not isinstance(config, type):
        return asdict(config)
    if isinstance(config, Mapping):
        return dict(config)
    raise TypeError(
        f"a configuration is a dataclass instance or a mapping, not {type(config).__name__}"
    )


def canonical(value: object) -> str:
    """JSON with sorted keys and nothing to choose; NaN is refused, paths are text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a record holds plain values, not {type(value).__name__}")


def to_line(record: Record) -> str:
    """One line of ASCII JSON, schema first, so that a torn line can be known as one.

    A measurement that is no number is null: JSON has no word for it. Half a character, as a file
    name or an argument may hold one, is spelt out.
    """
    values = {f.name: getattr(record, f.name) for f in fields(record)}
    ordered = {"schema": values.pop("schema"), **values}
    return json.dumps(_writable(ordered), separators=(",", ":"), default=_plain, allow_nan=False)


def _writable(value: object) -> object:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case Mapping():
            return {_key(key): _writable(each) for key, each in value.items()}
        case list() | tuple():
            return [_writable(each) for each in value]
        case _:
            return value


def _key(key: object) -> object:
    return _writable(key) if isinstance(key, str) else key


Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADES: Sequence[Upgrade] = ()
"""`UPGRADES[n - 1]` takes the fields of schema n to schema n + 1: pure, total, tested."""


def from_fields(
    values: Mapping[str, Any], path: Path | str | None = None, line: int | None = None
) -> Record:
    """A record from the fields of one JSON line, upgraded to this version's schema.

    Raises:
        InputError: a newer schema; a field that is missing, unknown, or of which the value is none
            that records of this kind have (`record_schema`).
    """
    from abduce.benchmarks.records.schema import check, check_plain

    schema = values.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise InputError(
            f"a record of schema {schema}" if schema < 2**64 else "a record of a newer schema",
            (f"schema {SCHEMA} or older",),
            path,
            line,
            advice="A newer Abduce wrote it; read it with that version or a later one.",
        )
    fault = check_plain(values)
    if fault is not None:
        raise InputError(fault, (), path, line)
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise InputError(f"schema {schema!r}"[:SHOWN], ("a schema number",), path, line)
    upgraded = dict(values)
    for upgrade in UPGRADES[schema - 1 :]:
        upgraded = upgrade(upgraded)
    upgraded["schema"] = SCHEMA
    names = {f.name for f in fields(Record)}
    wrong = [f"no field {n!r}" for n in sorted(names - upgraded.keys())]
    wrong += [f"the unknown field {n!r}" for n in sorted(upgraded.keys() - names)]
    if wrong:
        told = " and ".join(wrong)[:SHOWN]
        raise InputError(told, (f"the fields of a record of schema {schema}",), path, line)
    check(upgraded, path, line)
    return Record(**upgraded)
