"""Sentences of images say what their expressions say, and are the same for the same seed."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from abduce.benchmarks.perception.composing import LENGTHS, ImageMaterial, hint, hwf, value_of
from abduce.benchmarks.perception.hypotheses import candidates, possible
from abduce.benchmarks.perception.job import ImageJob
from abduce.benchmarks.perception.languages import (
    FUNCTIONS,
    HINT,
    HWF,
    NATURAL_FUNCTIONS,
    proposed,
)
from abduce.errors import InputError


@pytest.fixture(scope="module")
def formulas(data: Path) -> ImageMaterial:
    return hwf(0, 200, [data])


@pytest.fixture(scope="module")
def arithmetic(data: Path) -> ImageMaterial:
    return hint(0, 2_000, [data], tested=20)


def test_formulas_are_python_s_arithmetic(formulas: ImageMaterial) -> None:
    for row in formulas.train:
        assert row.labels is not None
        words = [formulas.symbols[n] for n in row.labels]
        text = "".join(f"Fraction({word})" if word.isdigit() else word for word in words)
        assert row.value == eval(text, {"Fraction": Fraction})
        assert [formulas.symbols[n] for n in formulas.labels[row.images]] == words


def test_formulas_have_the_lengths_of_the_protocol(formulas: ImageMaterial) -> None:
    assert [len(row.images) for row in formulas.train[::50]] == list(LENGTHS)
    assert {name: len(part) for name, part in formulas.test.items()} == dict.fromkeys("1357", 500)


def test_the_test_is_the_same_for_all_seeds_and_shares_no_image(
    formulas: ImageMaterial, data: Path
) -> None:
    other = hwf(1, 200, [data])
    for name, part in formulas.test.items():
        for one, two in zip(part, other.test[name], strict=True):
            assert np.array_equal(one.images, two.images)
    assert any(
        not np.array_equal(one.images, two.images)
        for one, two in zip(formulas.train, other.train, strict=True)
    )
    trained = {n for row in formulas.train for n in row.images.tolist()}
    tested = {n for part in formulas.test.values() for row in part for n in row.images.tolist()}
    assert not trained & tested
    assert tested <= set(formulas.unseen.tolist())
    assert not trained & set(formulas.unseen.tolist())


def test_every_value_of_hint_is_what_its_language_says(
    arithmetic: ImageMaterial, data: Path
) -> None:
    found = arithmetic
    readings = {word: meanings[0][1] for word, meanings in HINT.items()}
    for part in (found.train, *found.test.values()):
        for row in part:
            assert row.labels is not None
            assert value_of([found.symbols[n] for n in row.labels], readings) == row.value
    assert {name: len(part) for name, part in found.test.items()} == dict.fromkeys(
        ("I", "SS", "LS", "SL", "LL"), 20
    )
    with pytest.raises(InputError, match="--rows"):
        hint(0, 10**7, [data])


def test_what_operators_might_be_holds_the_truth() -> None:
    open_ = proposed([Fraction(1), Fraction(2)], FUNCTIONS, {})
    assert list(open_) == ["1", "2", *FUNCTIONS]
    truth = [HWF[word][0][1] for word in "+-*/"]
    for reading, name in zip(truth, ("x + y", "x - y", "x * y", "x / y"), strict=True):
        same = [r for _, r in open_[name] if (r.left, r.right) == (reading.left, reading.right)]
        assert len(same) == 1
        one, other = same[0].meaning, reading.meaning
        assert callable(one)
        assert callable(other)
        assert all(
            one(Fraction(x), Fraction(y)) == other(Fraction(x), Fraction(y))
            for x in range(9)
            for y in range(9)
        )


@pytest.mark.parametrize(
    ("oracle", "hypotheses", "of_plus"),
    [
        ("syntax", 10 + 2 * len(NATURAL_FUNCTIONS) + 2, len(NATURAL_FUNCTIONS)),
        ("perception,syntax", 10 + 2 * len(NATURAL_FUNCTIONS) + 2, len(NATURAL_FUNCTIONS)),
        ("perception", 10 + len(NATURAL_FUNCTIONS) + 2, 10 + len(NATURAL_FUNCTIONS) + 2),
        ("perception,meaning", 16, 1),
    ],
)
def test_an_oracle_leaves_so_many_hypotheses(
    oracle: str, hypotheses: int, of_plus: int, arithmetic: ImageMaterial
) -> None:
    job = ImageJob(task="hint", oracle=oracle)
    found = candidates(job, arithmetic)
    allowed = possible(job, arithmetic, found)
    assert allowed is not None
    assert allowed.shape == (16, len(found)) == (16, hypotheses)
    assert allowed[arithmetic.symbols.index("+")].sum() == of_plus


def test_where_nothing_is_told_everything_may_stand_everywhere(arithmetic: ImageMaterial) -> None:
    job = ImageJob(task="hint")
    assert possible(job, arithmetic, candidates(job, arithmetic)) is None
