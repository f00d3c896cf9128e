"""The record: its identity, its line, its schema."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.benchmarks import record as module
from abduce.benchmarks.record import (
    SCHEMA,
    UPGRADES,
    Record,
    config_hash,
    from_fields,
    record_id,
    to_line,
)
from abduce.errors import InputError

MakeRun = Callable[..., Record]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
CONFIGS = st.dictionaries(st.text(max_size=8), PLAIN, max_size=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    beam: int = 8
    fuel: int = 1000


def test_a_record_survives_its_line(make_run: MakeRun) -> None:
    record = make_run()
    assert from_fields(json.loads(to_line(record))) == record


@given(text=st.text())
def test_a_line_is_one_line_of_ascii_that_begins_with_its_schema(text: str) -> None:
    record = from_fields(EXAMPLE | {"command": text})
    line = to_line(record)
    assert line.isascii()
    assert "\n" not in line
    assert line.startswith('{"schema":')
    assert json.loads(line)["command"] == text


@given(config=CONFIGS)
def test_the_hash_of_a_config_does_not_depend_on_the_order_of_its_fields(
    config: dict[str, object],
) -> None:
    backwards = dict(reversed(list(config.items())))
    assert config_hash(config) == config_hash(backwards)


def test_a_config_dataclass_hashes_as_its_fields() -> None:
    assert config_hash(Config()) == config_hash({"fuel": 1000, "beam": 8})
    assert config_hash(Config()) != config_hash(Config(beam=9))


@pytest.mark.parametrize("other", [{"rows": 801}, {"rows": 800, "noise": 0.1}, {}])
def test_the_id_tells_tasks_apart(other: dict[str, object]) -> None:
    assert record_id("solve", {"rows": 800}, {}, 0) != record_id("solve", other, {}, 0)


def test_a_class_is_no_configuration() -> None:
    with pytest.raises(TypeError, match="dataclass instance"):
        config_hash(Config)


def test_a_newer_schema_is_refused_with_its_place() -> None:
    with pytest.raises(InputError) as caught:
        from_fields(EXAMPLE | {"schema": SCHEMA + 1}, "r.jsonl", 7)
    text = str(caught.value)
    assert text.startswith(f"r.jsonl:7: found a record of schema {SCHEMA + 1}, expected schema")
    assert "newer Abduce" in text


@pytest.mark.parametrize("schema", [None, 0, True, "1"])
def test_a_schema_that_is_no_number_is_refused(schema: object) -> None:
    with pytest.raises(InputError, match="a schema number"):
        from_fields(EXAMPLE | {"schema": schema})


def test_missing_and_unknown_fields_are_named_together() -> None:
    values = {key: value for key, value in EXAMPLE.items() if key != "seed"} | {"sede": 0}
    with pytest.raises(InputError, match="no field 'seed' and the unknown field 'sede'"):
        from_fields(values)


def test_a_status_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="'complete', 'interrupted', 'failed' or 'timeout'"):
        from_fields(EXAMPLE | {"status": "done"})


@given(
    number=st.sampled_from((math.inf, -math.inf, math.nan)), text=st.characters(categories=["Cs"])
)
def test_what_json_has_no_word_for_is_null_and_half_a_character_is_spelt_out(
    number: float, text: str
) -> None:
    record = from_fields(EXAMPLE)
    odd = replace(record, command=f"abduce {text}", metrics={"accuracy": 1.0, "error": [number]})
    read = from_fields(json.loads(to_line(odd)))
    assert read.metrics == {"accuracy": 1.0, "error": [None]}
    assert read.command == f"abduce \\u{ord(text):04x}"


def test_older_records_pass_through_every_upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """With two made-up older schemas: seconds were called `time`, then `wall`, then `wall_s`."""

    def renamed(old: str, new: str) -> module.Upgrade:
        return lambda values: {new if k == old else k: v for k, v in values.items()}

    monkeypatch.setattr(module, "SCHEMA", 3)
    monkeypatch.setattr(module, "UPGRADES", (renamed("time", "wall"), renamed("wall", "wall_s")))
    first = {("time" if k == "wall_s" else k): v for k, v in EXAMPLE.items()} | {"schema": 1}
    second = {("wall" if k == "wall_s" else k): v for k, v in EXAMPLE.items()} | {"schema": 2}
    before = dict(first)
    assert from_fields(first) == from_fields(second)
    assert from_fields(first).wall_s == EXAMPLE["wall_s"]
    assert first == before


def test_there_is_an_upgrade_for_every_older_schema() -> None:
    assert len(UPGRADES) == SCHEMA - 1


EXAMPLE: dict[str, object] = {
    "schema": 1,
    "kind": "solve",
    "task": {"task": "scan", "split": "length"},
    "config": {"beam": 8},
    "seed": 0,
    "id": "0123456789abcdef",
    "when": "2026-11-21T12:00:00+00:00",
    "version": "0.1.0",
    "commit": None,
    "dirty": None,
    "command": "abduce solve scan",
    "data_sha256": {},
    "machine": {},
    "libraries": {},
    "status": "complete",
    "wall_s": 1.5,
    "metrics": {"accuracy": 1.0},
    "artifacts": {},
}
