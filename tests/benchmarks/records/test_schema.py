"""What passes the schema can be shown: no table, figure or page stumbles over it."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.benchmarks.records.record import SCHEMA, from_fields, to_line
from abduce.benchmarks.records.schema import KINDS, spelt
from abduce.benchmarks.report.report import markdown_tables, write_report
from abduce.errors import InputError

RESULTS = Path(__file__).parents[3] / "docs" / "results"
Place = tuple[Any, ...]
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 0.5, -0.5, 1e-9, 1e10, 1e18, 1e300, 10**18, 2**63, 10**400,
    float("inf"), float("nan"), "", "_x", "$x", "[/]", "[bold]", "<b>", "a|b", "\x1b[31m", "\n",
    "\0", "\ud800", "日本語", "x" * 400, "x" * 5000, "a\nb", "_$\x1b", [], [1], [0, 0], [3, 1],
    {}, {"a": 1}, "L0", "plain", "sat", "2026-13-21T18:00:52+00:00", "<script>alert(1)</script>",
)  # fmt: skip


@cache
def committed(kind: str) -> tuple[dict[str, Any], ...]:
    lines = (RESULTS / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """All of a value but its root."""
    if place:
        yield place
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in pairs:
        yield from places(each, (*place, key))


@st.composite
def damaged(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """A committed record, one of its values another one, or gone, or under another name."""
    record = deepcopy(draw(st.sampled_from(committed(kind))))
    place = draw(st.sampled_from([p for p in places(record) if p[0] != "config" or len(p) < 3]))
    owner: Any = record
    last = list(place).pop()
    for key in place[:-1]:
        owner = owner[key]
    how = draw(st.sampled_from(("changed", "changed", "gone", "renamed")))
    if how == "changed":
        owner[last] = draw(st.sampled_from(ODD))
    else:
        value = owner.pop(last)
        if how == "renamed" and isinstance(owner, dict):
            owner[draw(st.sampled_from(("_x", "$x$", "[/]", "日本")))] = value
    return record


FILES = st.tuples(
    *(st.lists(damaged(kind) | st.sampled_from(committed(kind)), max_size=6) for kind in KINDS)
).map(lambda groups: [record for group in groups for record in group])


@settings(max_examples=12)
@given(records=FILES)
def test_a_report_of_damaged_records_is_made_of_those_that_are_left(
    records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path, page = folder / "records.jsonl", folder / "report.html"
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    left = sum(passes(record) for record in records)
    if not left:
        with pytest.raises(InputError, match="no record that can be read"):
            write_report([path], page)
        assert not page.exists()
        return
    summary = write_report([path], page)
    assert summary["records"] == left
    json.dumps(summary, allow_nan=False)
    assert "<script>alert" not in page.read_text(encoding="utf-8")
    markdown = markdown_tables([path])
    assert "\x1b" not in markdown
    assert all(not line or line.startswith("|") for line in markdown.splitlines())


ANY = st.text(st.characters(), max_size=40)


@given(name=ANY, text=ANY, number=st.floats() | st.integers(0, 10**9))
def test_what_is_written_is_read_whatever_its_names(name: str, text: str, number: float) -> None:
    for kind in KINDS:
        record = from_fields(committed(kind)[0])
        odd = replace(
            record,
            task={**record.task, "task": name, "benchmark": name, "network": text},
            metrics={**record.metrics, "split": name, "term": name, "reason": text, "new": number},
            command=text,
        )
        assert from_fields(json.loads(to_line(odd))).kind == kind


def passes(record: dict[str, Any]) -> bool:
    try:
        from_fields(record)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_every_committed_record_passes(kind: str) -> None:
    for number, record in enumerate(committed(kind), start=1):
        assert from_fields(record, kind, number).schema == SCHEMA


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_of_another_type_is_refused_by_its_place(kind: str, rng: random.Random) -> None:
    record = deepcopy(rng.choice(committed(kind)))
    known = {"machine": ("memory_mb",), "task": (), "metrics": ()}
    typed = [p for p in places(record) if len(p) == 1 and p[0] not in known]
    typed += [("machine", "memory_mb"), ("libraries", "numpy")]
    for place in typed:
        changed = deepcopy(record)
        owner: Any = changed
        for key in place[:-1]:
            owner = owner[key]
        owner[place[-1]] = [{"not": "this"}]
        with pytest.raises(InputError) as caught:
            from_fields(changed, "r.jsonl", 3)
        assert str(caught.value).startswith("r.jsonl:3: found ")
        assert spelt(place) in str(caught.value)


def test_a_kind_that_has_no_schema_is_refused() -> None:
    record = {**committed("solve")[0], "kind": "solv"}
    expected = '"solv" at kind, expected one of answers, asking, certificates, execute'
    with pytest.raises(InputError, match=expected):
        from_fields(record)
