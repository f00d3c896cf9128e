"""Scores agree with the verdicts of the official evaluator of Spider."""

import json
import lzma
import sqlite3
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from abduce import clock
from abduce.benchmarks.questions.data import content, databases
from abduce.symbolic.databases.reading import opened
from abduce.verify.queries.scoring.exact_set import exact_set_match
from abduce.verify.queries.scoring.execution import execution_match, prepared, same_rows
from abduce.verify.queries.scoring.tokens import Names, NotRead, names_of

NAMES = Names({"a": ("id", "x", "b_id"), "b": ("id", "y")}, {"a.b_id": "a.b_id", "b.id": "a.b_id"})
SAMPLE = 17
"""The default test looks at one verdict of so many."""


def disagreements(data: Path, tmp_path: Path, every: int) -> tuple[int, list[dict]]:
    """The verdicts that differ from ours, and how many were looked at."""
    packed = content("evaluator_verdicts.jsonl.xz", [data])
    rows = [json.loads(line) for line in lzma.decompress(packed).decode().splitlines()][::every]
    keys = tmp_path / "keys.json"
    keys.write_bytes(lzma.decompress(content("spider/tables_testsuite.json.xz", [data])))
    found = []
    with databases("dev", [data]) as places:
        for name in sorted({row["database"] for row in rows}):
            with opened(places.files[name], keys) as database:
                database.connection.text_factory = lambda text: text.decode(errors="ignore")
                names = names_of(database.schema)
                for row in (row for row in rows if row["database"] == name):
                    gold, prediction = row["gold"], row["prediction"]
                    ours = exact_set_match(gold, prediction, names), None
                    if row["execution"] is not None:
                        limit = clock.wall_s() + 60
                        connection = database.connection
                        rows_ = execution_match(connection, gold, prediction, deadline=limit)
                        ours = ours[0], rows_
                    if ours != (row["exact_set_match"], row["execution"]):
                        found.append({**row, "ours": ours})
    return len(rows), found


def test_scores_agree_with_a_sample_of_the_official_verdicts(data: Path, tmp_path: Path) -> None:
    looked_at, found = disagreements(data, tmp_path, SAMPLE)
    assert looked_at > 100
    assert found == []


@pytest.mark.slow
def test_scores_agree_with_all_official_verdicts(data: Path, tmp_path: Path) -> None:
    looked_at, found = disagreements(data, tmp_path, 1)
    assert looked_at == 2000
    assert found == []


@pytest.mark.parametrize(
    ("gold", "prediction", "match"),
    [
        ("select x from a where x = 1", "select x from a where x = 2", True),
        ("select x from a where x = 1", "select x from a where x > 1", False),
        ("select distinct x from a", "select x from a", True),
        ("select b_id from a join b on a.b_id = b.id", "select b.id from b join a on a.b_id = b.id",
         True),
        ("select x from a", "select b.x from a as b", False),
        ("select x from a order by x limit 1", "select x from a order by x limit 9", True),
        ("select x from a order by x limit 1", "select x from a order by x", False),
        ("select x from a where x = 1 and id = 2", "select x from a where id = 3 and x = 4", True),
        ("select x from a where x = 1 and id = 2", "select x from a where id = 3 or x = 4", False),
        ("select x from a", "select x from a inner join b on a.b_id = b.id", False),
        ("select x from a union select y from b", "select y from b union select x from a", False),
        ("select x from a", "select x from", False),
        ("select x from a", "", False),
    ],
)  # fmt: skip
def test_exact_set_match(gold: str, prediction: str, match: bool) -> None:
    assert exact_set_match(gold, prediction, NAMES) is match


@pytest.mark.parametrize("gold", ["", "select x", "select x from", "select ' from a", "((((" * 999])
def test_gold_that_is_not_read_is_an_error(gold: str) -> None:
    with pytest.raises(NotRead):
        exact_set_match(gold, "select x from a", NAMES)


def test_rows_are_the_same_in_any_order_of_columns_and_rows(rng: Random) -> None:
    for _ in range(50):
        width = rng.randint(1, 4)
        rows = [tuple(rng.choice((1, 2, "a", None)) for _ in range(width)) for _ in range(4)]
        order = rng.sample(range(width), width)
        moved = [tuple(row[i] for i in order) for row in rows]
        assert same_rows(rows, moved, ordered=True)
        rng.shuffle(moved)
        assert same_rows(rows, moved, ordered=False)


def test_rows_are_the_same_only_if_some_order_of_columns_makes_them_so(rng: Random) -> None:
    for _ in range(200):
        one, other = (
            [tuple(rng.choice((1, 2)) for _ in range(3)) for _ in range(3)] for _ in range(2)
        )
        fits = any(
            sorted(one) == sorted(tuple(row[i] for i in order) for row in other)
            for order in permutations(range(3))
        )
        assert same_rows(one, other, ordered=False) is fits


def test_only_words_that_are_distinct_are_left_out() -> None:
    assert prepared("select 'distinct', \"DISTINCT\", distinctly") == (
        "select 'distinct', \"DISTINCT\", distinctly"
    )


def test_a_prediction_that_does_not_run_has_not_the_rows() -> None:
    connection = sqlite3.connect(":memory:")
    assert execution_match(connection, "select 1", "select x from nowhere") is False
    assert execution_match(connection, "select 1", "drop table t") is False
