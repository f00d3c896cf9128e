"""`train word-problem` and `word-problem`: what a model learned is asked; bad input is told."""

import json
from pathlib import Path

import pytest

from tests.doors import Capture, answer, asked
from tests.neural.program_decoder.tiny import write_encoder

SMALL = (
    "network.frozen=1", "network.width=16", "network.heads=2", "network.layers=1",
    "network.inner=16", "training.passes=3", "training.batch=8", "training.judged=2",
    "training.kept_apart=0.2",
)  # fmt: skip
TEXT = "9 plus 4"


def write_examples(path: Path) -> Path:
    rows = [
        {"text": f"{n} plus {n + 9}", "equation": f"x={n}+{n + 9}", "answer": 2 * n + 9}
        for n in range(1, 20)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def training(tmp_path: Path, *more: str) -> tuple[str, ...]:
    settings = [part for setting in SMALL for part in ("--set", setting)]
    return (
        "train", "word-problem", "--examples", str(write_examples(tmp_path / "own.jsonl")),
        "--encoder", str(write_encoder(tmp_path / "encoder")), "--modules", str(tmp_path / "m"),
        "--out", str(tmp_path / "records.jsonl"), *settings, *more,
    )  # fmt: skip


def test_a_model_is_trained_kept_and_asked(capsys: Capture, tmp_path: Path) -> None:
    told = answer(capsys, *training(tmp_path))
    assert told["ended"] in ("complete", "stopped early")
    (record,) = map(json.loads, (tmp_path / "records.jsonl").read_text().splitlines())
    assert (record["kind"], record["task"]["network"]) == ("train", "word-problem")
    assert record["status"] == "complete"
    folder = ("--modules", str(tmp_path / "m"))
    found = answer(capsys, "word-problem", TEXT, *folder)
    assert found["proved"] is False
    assert eval(found["answer"]["equation"]) == pytest.approx(float(found["answer"]["value"]))
    for used in found["answer"]["quantities"]:
        assert TEXT[used["start"] : used["end"]] == used["text"]
    code, out, err = asked(capsys, "word-problem", TEXT, *folder, "--rivals", "1")
    assert code == 0
    assert f"{found['answer']['equation']} = " in out
    assert "confidence: " in out
    assert "not proved" in err


def test_a_training_without_time_is_kept_and_goes_on(capsys: Capture, tmp_path: Path) -> None:
    code, _, err = asked(capsys, *training(tmp_path, "--timeout-s", "0.001", "--quiet"))
    assert code == 4
    assert "out of time; continue with --resume" in err
    assert (tmp_path / "m" / "word-problem.checkpoint.safetensors").exists()
    told = answer(capsys, *training(tmp_path, "--resume", "--quiet"))
    assert told["steps"] == 6
    assert not (tmp_path / "m" / "word-problem.checkpoint.safetensors").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "an empty text"),
        ("How many apples has he?", "no number in 'How many apples has he?'"),
        ("He has 3. How many? And 4?", "found 2 questions in one text, expected one question"),
        ("7 apples " * 5000, "5000 numbers in a text of 10,000 words"),
        ("7 apples", "no such file or directory"),
    ],
)
def test_bad_problems_are_refused(capsys: Capture, tmp_path: Path, text: str, told: str) -> None:
    code, out, err = asked(capsys, "word-problem", text, "--modules", str(tmp_path))
    assert (code, out) == (2, "")
    assert told in err
    assert text != "7 apples" or "Train it: abduce train word-problem" in err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", ":1: found no JSON"),
        ("[]", ":1: found a JSON list"),
        ('{"text": "3"}', ":1: found no text in the field 'equation'"),
        ('{"text": "3", "equation": "3", "answer": "three"}', 'found "three" as answer'),
        ('{"text": "3", "equation": "3", "answer": true}', "found true as answer"),
    ],
)
def test_bad_examples_are_refused(capsys: Capture, tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(line)
    out = ("--out", str(tmp_path / "r.jsonl"))
    code, _, err = asked(capsys, "train", "word-problem", "--examples", str(path), *out)
    assert code == 2
    assert told in err


def test_what_cannot_be_trained_is_refused(capsys: Capture, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "r.jsonl"))
    for arguments, told in (
        (("word-problem", "add"), "found more than word-problem"),
        (("word-problem", "--method", "x"), "found more than word-problem"),
        (("word-problem", "--examples", "nothing"), "found --examples nothing"),
        (("add", "--examples", "mawps"), "found --examples with add"),
        (("word-problem", "--set", "network.wide=3"), "network.wide"),
    ):
        code, _, err = asked(capsys, "train", *arguments, *out)
        assert code == 2, arguments
        assert told in err
