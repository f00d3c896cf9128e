"""The command `synthesise`: examples from a file, a library that grows, proofs, and errors."""

import io
import json
from pathlib import Path

import pytest

from abduce.cli import app as cli
from abduce.errors import Exit

PLUS = '{"examples": [[[3, 4], 7], [[0, 2], 2], [[5, 1], 6], [[9, 9], 18]]}'
TIMES = '{"examples": [[[3, 4], 12], [[0, 2], 0], [[5, 1], 5], [[9, 9], 81], [[2, 6], 12]]}'


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert cli.run(["synthesise", *arguments]) == code
    return capsys.readouterr()


def test_a_library_grows_and_makes_the_next_program_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("z3")
    plus, times, known = tmp_path / "plus.json", tmp_path / "times.json", tmp_path / "known.json"
    plus.write_text(PLUS)
    times.write_text(TIMES)
    out, err = run(capsys, str(plus), "--save-library", str(known), "--name", "plus", "--prove")
    assert out.splitlines() == [
        "iterate(y, s + 1, x)   (12 bits)",
        "proved: iterate(y, s + 1, x) = x + y for all x >= 0, y >= 0",
    ]
    assert "programs tried" in err
    out, _ = run(capsys, str(times), "--library", str(known), "--json", "--prove")
    answer = json.loads(out)
    assert answer["bits"] == 15
    assert answer["proof"]["verdict"] == "proved"
    assert "plus" in answer["program"]
    assert "plus" not in answer["expanded"]
    _, err = run(capsys, str(times), "--library", str(known), "--quiet")
    assert err == ""


def test_examples_come_from_stdin_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '{"type": "list -> list", "examples": [[[["a", "b"]], ["b", "a"]], [[["c"]], ["c"]]]}'
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    out, _ = run(capsys, "-", "--prove")
    assert out.splitlines()[0] == "reverse(x)   (5 bits)"
    assert out.splitlines()[1].startswith("not proved: only programs of natural numbers")


def test_a_share_may_stay_unexplained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [[[x], x + 1] for x in range(9)] + [[[50], 3]]
    file = tmp_path / "noisy.json"
    file.write_text(json.dumps({"examples": rows}))
    out, _ = run(capsys, str(file), "--noise", "0.1", "--set", "unsure=10")
    assert out == "x + 1   (4 bits)\nunexplained examples: a weight of 1\n"


def test_what_is_not_found_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "hard.json"
    file.write_text(json.dumps({"examples": [[[x, y], (x * x + 3 * y) % 5] for x in range(6)
                                             for y in range(5)]}))  # fmt: skip
    out, _ = run(capsys, str(file), "--set", "programs=2000", code=Exit.GAVE_UP)
    assert out == "gave up: the programs that were tried reached their limit (programs)\n"
    out, _ = run(capsys, str(file), "--timeout-s", "0.001", "--json", code=Exit.GAVE_UP)
    assert json.loads(out)["reason"] == "the time was up"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.json"], "missing.json"),
        (["FILE", "--library", "missing.json"], "missing.json"),
        (["FILE", "--set", "foo=1"], "foo"),
        (["FILE", "--save-library", "new.json", "--name", "zero"], "'zero'"),
        (["FILE", "--library", "FILE"], "abduce-library 1"),
    ],
)
def test_wrong_input_is_refused_by_name(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plus.json"
    file.write_text(PLUS)
    given = [str(file) if each == "FILE" else each for each in arguments]
    _, err = run(capsys, *given, code=Exit.BAD_INPUT)
    assert said in err


def test_a_type_of_lists_of_integers_is_for_functional_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "last.json"
    path.write_text('{"type": "[int] -> int", "examples": [[[[3, -1]], -1], [[[2, 7, 5]], 5]]}')
    out, err = run(capsys, str(path))
    assert out == "last(x)   (5 bits)\n"
    assert "programs tried" in err
    out, _ = run(capsys, str(path), "--json")
    answer = json.loads(out)
    assert answer["term"] == ["last", ["argument", 0]]
    assert answer["type"] == "[int] -> int"


def test_primitives_come_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, mine = tmp_path / "four.json", tmp_path / "mine.py"
    path.write_text('{"type": "int -> int", "examples": [[[3], 12], [[1], 4]]}')
    mine.write_text('PRIMITIVES = [("double", "int -> int", lambda x: 2 * x)]')
    out, _ = run(capsys, str(path), "--primitives", str(mine))
    assert out.startswith("double(double(x))")


def test_functional_programs_refuse_what_they_have_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{"examples": [[[[1]], 2], [[[1]], 3]]}')
    _, err = run(capsys, str(path), code=Exit.BAD_INPUT)
    assert "contradict" in err
    assert "wrong.json" in err
    _, err = run(capsys, str(path), "--prove", code=Exit.BAD_INPUT)
    assert "--prove" in err
    path.write_text('{"examples": [[[[1]], 2], [[[5]], 9]]}')
    _, err = run(capsys, str(path), "--set", "cells=0", code=Exit.BAD_INPUT)
    assert "cells" in err


def test_questions_are_answered_on_stdin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sort.json"
    path.write_text('{"type": "[int] -> [int]", "examples": [[[[1, 2, 4]], [1, 2, 4]]]}')
    small = ("--set", "programs=8000")
    monkeypatch.setattr("sys.stdin", io.StringIO("[0, 0]\n\n"))
    out, err = run(capsys, str(path), "--ask", "--json", *small)
    assert "What is the output for [0, 0]?" in err
    answer = json.loads(out)
    assert answer["questions"][0] == [[[0, 0]], [0, 0]]
    assert answer["open"]
    monkeypatch.setattr("sys.stdin", io.StringIO("seven\n"))
    _, err = run(capsys, str(path), "--ask", *small, code=Exit.BAD_INPUT)
    assert "the answer 'seven'" in err
    _, err = run(capsys, "-", "--ask", code=Exit.BAD_INPUT)
    assert "--ask" in err


def test_a_library_of_functional_programs_is_saved_and_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, known = (
        tmp_path / "first.json",
        tmp_path / "second.json",
        tmp_path / "known.json",
    )
    lists = [[3, 1, 2], [5, 4], [7, 9, 8, 6]]
    rotated = [[[xs], [*xs[1:], xs[0]]] for xs in lists]
    twice = [[[xs], [*xs[2:], *xs[:2]]] for xs in lists]
    first.write_text(json.dumps({"type": "[int] -> [int]", "examples": rotated}))
    second.write_text(json.dumps({"type": "[int] -> [int]", "examples": twice}))
    small = ("--set", "patience=5000")
    run(capsys, str(first), "--save-library", str(known), "--name", "rotated", *small)
    out, _ = run(capsys, str(second), "--library", str(known), *small)
    assert out.splitlines()[0].startswith("rotated(rotated(x))")
    assert out.splitlines()[1].startswith("= append(tail(append(tail(x)")
    _, err = run(
        capsys, str(first), "--save-library", str(known), "--name", "head", code=Exit.BAD_INPUT
    )
    assert "taken" in err
    known.write_text('{"format": "abduce-library 1", "programs": []}')
    _, err = run(capsys, str(second), "--library", str(known), code=Exit.BAD_INPUT)
    assert "abduce-function-library 1" in err
