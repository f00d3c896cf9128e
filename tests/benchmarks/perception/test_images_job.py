"""A job says itself as a command; what cannot be asked is refused; a run leaves a record."""

import json
from pathlib import Path
from typing import Any

import pytest

from abduce.benchmarks.perception import peers
from abduce.benchmarks.perception.composing import hwf
from abduce.benchmarks.perception.job import ImageJob
from abduce.benchmarks.perception.programs import learn_programs
from abduce.benchmarks.records.record_file import read
from abduce.cli import app as cli
from abduce.errors import InputError, UnsupportedError

BRIEF = (
    "--set",
    "training.images=150",
    "--set",
    "limits.share=0.001",
    "--rows",
    "80",
    "--quiet",
    "--json",
)


@pytest.mark.parametrize(
    "options",
    [
        {"task": "hint", "oracle": "meaning,meaning"},
        {"task": "hint", "oracle": "meaning,"},
        {"task": "hint", "oracle": "everything"},
        {"task": "hint", "oracle": "perception,syntax,meaning"},
        {"task": "hint", "oracle": "perception,syntax", "labels": 1},
        {"task": "hint", "oracle": "meaning", "labels": 1},
        {"task": "hint", "labels": "all"},
        {"task": "hint", "operators": "unknown"},
        {"task": "hint", "oracle": "syntax,meaning", "operators": "unknown"},
        {"task": "hwf", "oracle": "meaning"},
        {"task": "hwf", "operators": "unknown", "labels": "all"},
    ],
)
def test_what_is_not_done_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        ImageJob(**options)


def test_the_order_of_what_an_oracle_gives_says_nothing() -> None:
    job = ImageJob(task="hint", oracle="meaning,syntax")
    assert job == ImageJob(task="hint", oracle="syntax,meaning")


def test_a_job_is_its_command() -> None:
    job = ImageJob(
        task="hint", oracle="syntax,meaning", labels=1, source="mdas", tested=9, seed=3,
        settings=("training.batch=64",),
    )  # fmt: skip
    assert job.command == (
        "abduce solve hint --images --oracle syntax,meaning --labels 1 --source mdas --tested 9 "
        "--seed 3 --set training.batch=64"
    )
    assert ImageJob(task="hwf").command == "abduce solve hwf"


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("hwf", "--operators", "unknown"), ("hwf", "--labels", "2")])
def test_solve_learns_from_images(
    arguments: tuple[str, ...], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, kept = tmp_path / "r.jsonl", tmp_path / "kept"
    command = ["solve", *arguments, *BRIEF, "--data", str(data), "--out", str(out)]
    assert cli.run([*command, "--save", str(kept)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["subsets"]) == {"1", "3", "5", "7"}
    assert found["parameters"] <= 2_000_000
    assert bool(found["learned"]) == ("unknown" in arguments)
    (record,) = read(out)
    assert record.kind == "images"
    assert record.metrics == found
    assert {Path(path).name for path in record.artifacts} == {
        "perception.json", "perception.safetensors", "sentences.tsv",
    }  # fmt: skip


@pytest.mark.slow
def test_without_sentences_that_are_read_no_lexicon_is_kept(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brief = [*BRIEF[:-1], "--tested", "1", "--set", "training.grown=1.0"]
    kept = tmp_path / "kept"
    command = ["solve", "hint", "--images", *brief, "--data", str(data), "--save", str(kept)]
    assert cli.run([*command, "--out", str(tmp_path / "r.jsonl")]) == 0
    assert "no lexicon is kept" in capsys.readouterr().out
    assert not (kept / "lexicon.json").exists()


def test_programs_are_learned_from_what_was_read(tmp_path: Path) -> None:
    sentences = tmp_path / "sentences.tsv"
    numbers = "".join(f"w{n}\t{n}\n" for n in range(6))
    pairs = [(m, n) for m in range(6) for n in range(6)]
    sums = "".join(f"w{m} w9 w{n}\t{m + n}\n" for m, n in pairs)
    sentences.write_text(numbers + sums)
    lexicon = learn_programs(sentences)
    assert lexicon is not None
    assert lexicon.answer("w5 w9 w5 w9 w4").value == ("14",)
    sentences.write_text(numbers)
    assert learn_programs(sentences) is None
    sentences.write_text("")
    assert learn_programs(sentences) is None


def test_with_perception_given_there_is_no_network_to_keep(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["solve", "hint", "--images", "--oracle", "perception", "--data", str(data)]
    assert cli.run([*command, "--save", str(tmp_path), "--out", str(tmp_path / "r.jsonl")]) == 2
    assert "--save with --oracle perception" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("hwf", "--operators", "some"),
        ("hwf", "--labels", "few"),
        ("hwf", "--source", "mars"),
        ("scan", "--images"),
    ],
)
def test_bad_options_are_named(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["solve", *arguments]) == 2
    assert arguments[-1].removeprefix("--images") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hwf", "--split", "a"), "--split with images"),
        (("hint", "--images", "--train", "pairs.txt"), "--train with images"),
        (("hwf", "--check-labels"), "--check-labels with images"),
        (("hint", "--oracle", "syntax,meaning"), "--oracle with words"),
        (("scan", "--labels", "all"), "--labels with words"),
    ],
)
def test_options_that_would_not_be_read_are_refused(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["solve", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_without_ablkit_the_comparison_says_how_to_get_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name="ablkit")

    monkeypatch.setattr(peers.importlib, "import_module", absent)
    with pytest.raises(UnsupportedError, match="pip install --no-deps ablkit"):
        peers.ablkit(hwf(0, 4, [data]), 1.0)
