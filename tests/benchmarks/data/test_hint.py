"""HINT's rows: of the sizes that are published, and right by a second reading of arithmetic."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from abduce.benchmarks.data.hint import SUBSETS, HintRow, hint_concept, hint_rows
from abduce.benchmarks.data.hint_making import CONCEPTS, MAIN, buckets
from abduce.benchmarks.data.making import make
from abduce.benchmarks.data.table import checksums
from abduce.errors import DataError


@dataclass
class Natural:
    """A number with HINT's minus and division, for Python's own parser of arithmetic."""

    value: int

    def __add__(self, other: "Natural") -> "Natural":
        return Natural(self.value + other.value)

    def __sub__(self, other: "Natural") -> "Natural":
        return Natural(max(0, self.value - other.value))

    def __mul__(self, other: "Natural") -> "Natural":
        return Natural(self.value * other.value)

    def __truediv__(self, other: "Natural") -> "Natural":
        return Natural(-(-self.value // other.value))

    def __or__(self, other: "Natural") -> "Natural":
        return Natural(max(self.value, other.value))


def value_of(expr: str) -> int:
    return eval(re.sub(r"(\d)", r"Natural(\1)", expr), {"Natural": Natural}).value


def largest_ok(row: HintRow) -> bool:
    return row.largest >= max(row.value, *map(int, re.findall(r"\d", row.expr)))


def test_the_validation_rows_are_arithmetic(data: Path) -> None:
    rows = hint_rows("val", (data,))
    assert len(rows) == 4_698
    assert {row.subset for row in rows} == set(SUBSETS)
    for row in rows:
        assert value_of(row.expr) == row.value
        assert len(re.findall(r"[-+*/]", row.expr)) == row.n_op
        assert largest_ok(row)
        assert (row.largest <= 100, row.n_op <= 10) == (
            row.subset not in ("SL", "LL"),
            row.subset not in ("LS", "LL"),
        )


@pytest.mark.slow
def test_the_parts_have_their_published_sizes(data: Path) -> None:
    train, test = hint_rows("train", (data,)), hint_rows("test", (data,))
    assert len(train) == 998_000
    assert {row.subset for row in train} == {"I"}
    assert Counter(row.subset for row in test) == {
        "I": 9_980,
        "SS": 8_000,
        "LS": 10_000,
        "SL": 8_640,
        "LL": 10_000,
    }
    assert set("".join(row.expr for row in test)) == set("0123456789+-*/()")
    assert {row.expr for row in test if row.subset == "I"} <= {row.expr for row in train}


def test_concepts_are_read_by_their_symbol(data: Path) -> None:
    assert [len(hint_concept(symbol, "train", (data,))) for symbol in "xac"] == [1100, 1000, 1000]
    row = hint_concept("a", "test", (data,))[0]
    assert row == HintRow("7a1", 7, 7, 1, "I")
    assert row.symbols == ("7", "a", "1")
    with pytest.raises(DataError, match=r"Expected one of x, a, c"):
        hint_concept("q", "train", (data,))


def test_the_first_rows_are_derived_anew_draw_by_draw(data: Path) -> None:
    """The draws follow each other, so that a wrong one would change all that come later."""
    rows = hint_rows("val", (data,))
    made = [row for bucket in islice(buckets(MAIN), 3) for row in bucket.val]
    assert made == list(rows[: len(made)])


@pytest.mark.parametrize("symbol", CONCEPTS)
def test_new_concepts_are_derived_anew(data: Path, symbol: str) -> None:
    made = list(islice(buckets(CONCEPTS[symbol]), 5))
    for part in ("train", "val", "test"):
        rows = [row for bucket in made for row in getattr(bucket, part)]
        assert rows == list(hint_concept(symbol, part, (data,))[: len(rows)])


@pytest.mark.slow
def test_every_member_is_derived_anew(tmp_path: Path) -> None:
    assert set(make("hint", tmp_path, print)) == set(checksums("hint"))


def test_rows_that_are_nowhere_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"hint_val\.tsv"):
        hint_rows("val", (tmp_path,))
