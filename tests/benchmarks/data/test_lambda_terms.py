"""Data sets of lambda terms: right, reproducible, and disjoint."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from abduce.benchmarks.data.lambda_terms import Sample, samples
from abduce.cli import app as cli
from abduce.errors import InputError
from abduce.symbolic.lambda_calculus import NormalForm, from_tokens, normal_form
from abduce.symbolic.lambda_calculus.terms.sampling import (
    FAMILIES,
    Family,
    Uniform,
    boolean_expression,
)
from abduce.symbolic.lambda_calculus.terms.splits import Split
from tests.lambda_terms import reduce_naively, step, term_of, tree_of

SPLITS: tuple[Split, ...] = ("train", "valid", "test")


@pytest.mark.parametrize("family", FAMILIES)
def test_lines_say_what_naive_reduction_says(family: Family) -> None:
    lines = list(samples(Sample(family=family, split="test", count=30, longest=40)))
    assert len(set(lines)) == 30
    for line in map(json.loads, lines):
        term = from_tokens(line["term"].split())
        assert 2 <= term.size <= 40
        assert family == "closed-bool" or set(term.free) <= {"a", "b", "c"}
        assert family != "closed-bool" or term.is_closed
        after = step(tree_of(term), "normal")
        assert after is not None
        assert from_tokens(line["step"].split()) == term_of(after)
        wanted = reduce_naively(term, "normal")
        if wanted is not None:
            assert from_tokens(line["normal"].split()) == wanted[0]


def test_splits_are_disjoint_whatever_the_seed() -> None:
    terms = {
        split: {
            json.loads(line)["term"]
            for seed in (0, 1)
            for line in samples(
                Sample(family="closed-bool", split=split, count=60, seed=seed, longest=60)
            )
        }
        for split in SPLITS
    }
    assert not terms["train"] & terms["test"]
    assert not terms["train"] & terms["valid"]
    assert not terms["valid"] & terms["test"]


def test_one_seed_gives_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["data", "lambda", "--count", "20", "--family", "general", "--longest", "20"]
    assert cli.run([*common, "--out", str(tmp_path / "a"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["terms"] == 20
    assert cli.run(common) == 0
    shown = capsys.readouterr().out
    assert shown == (tmp_path / "a").read_text()
    assert cli.run([*common, "--seed", "1"]) == 0
    assert capsys.readouterr().out != shown


def test_small_terms_are_drawn_alike() -> None:
    """The 4 terms of 3 nodes with one free variable: each within 5 standard deviations."""
    uniform, rng = Uniform(3, ("y",)), Random(7)
    counts = Counter(uniform.draw(3, rng) for _ in range(4000))
    assert uniform.counts[3][0] == 4  # \x. \z. (x, z or y); y y
    assert len(counts) == 4
    assert all(abs(count - 1000) < 5 * 28 for count in counts.values())


def test_boolean_expressions_are_truth_values() -> None:
    for seed in range(30):
        term = boolean_expression(seed, Random(seed))
        found = normal_form(term)
        assert isinstance(found, NormalForm)
        assert found.term.codes in ([1, 1, 2], [1, 1, 3])
    assert boolean_expression(20_000, Random(0)).size > 200_000


def test_what_cannot_be_had_is_refused() -> None:
    for wanted, message in (
        (
            Sample(family="closed-bool", split="test", count=10**4, longest=12),
            "different terms, and none in 10,000 more",
        ),
        (Sample(family="general", split="test", count=1, longest=1000), "terms of 1000 nodes"),
        (Sample(family="general", split="test", count=1, shortest=9, longest=8), "9 to 8 tokens"),
    ):
        with pytest.raises(InputError, match=message):
            list(samples(wanted))
    with pytest.raises(InputError, match="closed terms of 1 nodes"):
        Uniform(5).draw(1, Random(0))
    assert cli.run(["data", "lambda", "--json"]) == 2
