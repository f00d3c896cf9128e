"""A section is all that a report asks of a kind of record: a new kind is one more of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, markdown, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.schema import KINDS
from abduce.benchmarks.report.page import page
from abduce.benchmarks.report.section import Section
from abduce.benchmarks.report.sections import SECTIONS

MakeRun = Callable[..., Record]


def test_every_kind_of_record_has_one_section() -> None:
    assert sorted(kind for each in SECTIONS for kind in each.kinds) == sorted(KINDS)
    assert len({each.name for each in SECTIONS}) == len(SECTIONS)


def weights_table(records: Sequence[Record]) -> Table:
    heaviest = max(record.metrics["weight"] for record in records)
    columns: Sequence[Column[Record]] = (
        Column("stone", lambda record: record.task["name"]),
        Column(
            "weight",
            lambda record: f"{record.metrics['weight']} g",
            right=True,
            mood=lambda record: "bad" if record.metrics["weight"] == heaviest else "",
        ),
    )
    return table_of(columns, records)


STONES: Section[Sequence[Record]] = Section(
    kinds=("stone",),
    name="stones",
    title="What was weighed",
    gather=lambda records: [record for record in records if record.kind == "stone"],
    records=lambda records: records,
    tables=lambda records: [weights_table(records)],
    parts=lambda records: [section("Weights", "In grams.", html(weights_table(records)))],
    summary=lambda records: [record.metrics["weight"] for record in records],
)


def test_a_new_kind_is_one_object(make_run: MakeRun) -> None:
    stones = [
        replace(make_run(), kind="stone", task={"name": name}, metrics={"weight": weight})
        for name, weight in (("flint", 9), ("slate", 120))
    ]
    told = [each.of([make_run(), *stones]) for each in (*SECTIONS, STONES)]
    assert told[-1].summary == [9, 120]
    (table,) = told[-1].tables
    assert markdown(table).splitlines()[2:] == ["| flint |    9 g |", "| slate |  120 g |"]
    text = page(told, [], ["stones.jsonl"])
    assert text.index("<h1>What was learned") < text.index("<h1>What was weighed")
    assert "3 runs" in text
    assert '<td class="right bad">120 g</td>' in text


@pytest.mark.parametrize("kept", SECTIONS, ids=lambda each: each.name)
def test_other_kinds_are_nothing_to_a_section(make_run: MakeRun, kept: Section) -> None:
    assert not kept.of([replace(make_run(), kind="stone")])
