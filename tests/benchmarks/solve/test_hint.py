"""HINT: what is read, drawn and measured, and what `bench hint` lists."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from abduce.benchmarks.data.hint import SUBSETS, hint_concept
from abduce.benchmarks.solve.job import SolveJob, make_job, material
from abduce.benchmarks.solve.learner import nsr
from abduce.benchmarks.solve.run import solve
from abduce.benchmarks.solve.tasks import FEW_ROWS, HINT_ROWS, load
from abduce.cli import app as cli
from abduce.cli.bench.hint import HINT_PARTS
from abduce.errors import InputError
from abduce.symbolic.nsr import Lexicon
from tests.symbolic.number_tasks import arithmetic, number_rows

Capture = pytest.CaptureFixture[str]


def test_the_main_split_is_read_as_symbols_and_numbers(data: Path) -> None:
    found = load("hint", "main", [data])
    assert len(found.train) == 998_000
    words, value = found.train[0]
    assert all(len(word) == 1 for word in words)
    assert value[0].isdecimal()
    assert set(found.groups) == set(SUBSETS)
    assert len(found.groups) == len(found.test)
    assert not found.few
    assert set(found.sha256) == {"hint_train.tsv", "hint_test.tsv"}


def test_rows_are_drawn_by_seed_and_the_groups_stay(data: Path) -> None:
    job = make_job("hint", None, None, rows=30, seed=0)
    one, same, other = [material(replace(job, seed=seed), [data]) for seed in (0, 0, 1)]
    assert one.train == same.train != other.train
    assert len(one.train) == 30
    assert one.groups == other.groups
    assert make_job("hint", None, None).rows == HINT_ROWS


@pytest.mark.parametrize("concept", ["x", "a", "c"])
def test_a_concept_has_a_few_rows_of_its_own_by_seed(concept: str, data: Path) -> None:
    found, other = [load("hint", concept, [data], seed=seed) for seed in (0, 1)]
    assert len(found.few) == FEW_ROWS
    assert all(concept in words for words, _ in found.few)
    assert found.few != other.few
    own = hint_concept(concept, "test", (data,))
    groups = Counter(found.groups)
    assert groups[concept] == len(own)
    assert found.groups[: len(own)] == [concept] * len(own)
    assert groups.keys() == {concept, *SUBSETS}
    assert not any(concept in words for words, _ in found.test[len(own) :])
    rows = {(row.symbols, (str(row.value),)) for row in hint_concept(concept, "train", (data,))}
    assert set(found.few) <= rows


def test_the_groups_are_measured_and_told(
    data: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = make_job("hint", "x", None, rows=20, seed=0)
    read = material(job, [data])
    small = replace(read, test=read.test[::500], groups=read.groups[::500])

    def learned(*_: object, **__: object) -> Lexicon:
        lexicon = arithmetic()
        return replace(lexicon, summary={"status": "complete", "explained": 20, "rows": 20})

    learner = replace(nsr(), learn=learned, extend=learned)
    _, record = solve(job, small, tmp_path / "r.jsonl", learner=learner)
    groups = record.metrics["groups"]
    counts = Counter(small.groups)
    assert {name: group["n"] for name, group in groups.items()} == counts
    assert groups["x"] == {"n": counts["x"], "accuracy": 0.0, "wrong": 0.0}
    assert record.metrics["few_rows"] == FEW_ROWS
    right = sum(group["n"] * group["accuracy"] for group in groups.values())
    assert right / len(small.test) == pytest.approx(record.metrics["accuracy"])


def test_the_concept_extends_what_was_learned_from_the_main_rows(
    data: Path, tmp_path: Path
) -> None:
    given: list[tuple[Any, ...]] = []

    def learn(pairs: object, *_: object, **__: object) -> Lexicon:
        given.append(("learn", pairs))
        return arithmetic()

    def extend(base: object, pairs: object, *_: object, **__: object) -> Lexicon:
        given.append(("extend", pairs))
        return arithmetic()

    job = make_job("hint", "a", None, rows=10, seed=3)
    read = material(job, [data])
    learner = replace(nsr(), learn=learn, extend=extend)
    solve(
        job,
        replace(read, test=read.test[:3], groups=read.groups[:3]),
        tmp_path / "r",
        learner=learner,
    )
    assert given == [("learn", read.train), ("extend", read.few)]


def test_extending_is_for_files_and_not_for_a_task(tmp_path: Path) -> None:
    for task, name in (("hint", "main"), ("scan", "simple")):
        with pytest.raises(InputError, match=f"the task {task} and files"):
            make_job(task, name, None, extend=tmp_path / "lexicon.json")
    train = tmp_path / "rows.tsv"
    with pytest.raises(InputError, match="--extend with --active"):
        make_job(None, None, train, extend=tmp_path / "lexicon.json", active=True)
    job = make_job(None, None, train, extend=tmp_path / "lexicon.json")
    assert job.arguments[-2:] == ("--extend", str(tmp_path / "lexicon.json"))
    assert job.asked["extend"] == str(tmp_path / "lexicon.json")
    assert "extend" not in SolveJob(task="pairs", train=train).asked


def test_a_lexicon_file_is_extended_by_the_rows_of_another(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    base = arithmetic()
    base.save(tmp_path / "base.json")
    Path("new.tsv").write_text("x + 2\t13\n3 * x\t33\nx - x + x\t11\n")
    asked = ["solve", "--train", "new.tsv", "--extend", "base.json", "--save", "wider.json"]
    assert cli.run([*asked, "--quiet", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed
    wider = Lexicon.load(tmp_path / "wider.json")
    assert wider.answer("x * 2").value == ("22",)
    assert {word: wider.entries[word] for word in base.entries} == base.entries
    assert cli.run(["solve", "--train", "new.tsv", "--extend", "wider.json", "--quiet"]) == 2
    assert "no new word" in capsys.readouterr().err
    assert cli.run(["solve", "scan", "--extend", "base.json"]) == 2
    assert "the task scan and files" in capsys.readouterr().err


def test_bench_lists_the_jobs_of_hint_and_of_one_part(capsys: Capture) -> None:
    def listed(*options: str) -> list[str]:
        assert cli.run(["bench", "hint", "--list", "--seeds", "1", *options]) == 0
        return capsys.readouterr().out.splitlines()

    whole = listed()
    parts = {name: listed("--only", name) for name in HINT_PARTS}
    assert [line for part in parts.values() for line in part] == whole
    symbols, concepts, ablation, labels = [
        parts[name] for name in ("symbols", "concepts", "ablation", "labels")
    ]
    assert symbols[0] == f"abduce solve hint --split main --rows {HINT_ROWS} --timeout-s 300"
    assert len(symbols) == 7
    assert [line.split("--split ")[1][0] for line in concepts] == ["x", "a", "c"]
    assert all("--set" in line or "--images" in line for line in ablation)
    assert not any("solve hint" in line for line in labels)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--only", "symbol"], "--only symbol"),
        (["symbols"], "symbols after hint"),
        (["--memory-gb", "3"], "--memory-gb"),
    ],
)
def test_what_hint_does_not_take_is_refused(options: list[str], says: str, capsys: Capture) -> None:
    assert cli.run(["bench", "hint", *options]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.slow
def test_two_thousand_rows_of_hint_are_enough(data: Path, tmp_path: Path) -> None:
    job = make_job("hint", None, None, seed=0)
    _, record = solve(job, material(job, [data]), tmp_path / "r.jsonl", learner=nsr())
    assert record.metrics["accuracy"] == 1
    assert record.metrics["wrong"] == 0


@pytest.mark.slow
def test_a_hundred_and_fifty_rows_of_arithmetic_are_enough(tmp_path: Path) -> None:
    rows = number_rows(2, 150, "+-*", range(10), most=4)
    lexicon = nsr().learn(rows, nsr().config)
    for sentence, value in number_rows(3, 100, "+-*", range(10), most=7):
        assert lexicon.answer(sentence).value == value
