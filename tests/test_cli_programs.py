"""`abduce execute` on words, permutations and processes: answers, and what bad input is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from abduce import cli


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(text: str) -> str:
        path = tmp_path / "input.txt"
        path.write_text(text)
        return str(path)

    return written


@pytest.mark.parametrize(
    ("task", "text", "options", "expected"),
    [
        ("parity", "0110 1\n", (), "odd"),
        ("parity", "", (), "even"),
        ("mod", "1 2, 2\n", (), "2"),
        ("mod", "9 9", ("--method", "10"), "8"),
        ("s3", "213 (123) 132", (), "231"),
        ("a5", "(123)(345)", (), "24153"),
        ("s5", "21345 ()", (), "21345"),
        ("s4", " ", (), "1234"),
        ("dyck", "([{}]\n<>)", (), "balanced"),
        ("dyck", "", (), "balanced"),
        ("dyck", "([\n )", (), "broken: ) of 2:2 meets [ of 1:2"),
        ("dyck", "()>", (), "broken: > of 1:3 closes nothing"),
        ("dyck", "(<", (), "open: < of 1:2, ( of 1:1"),
        ("dyck", 9 * "(", (), "open: " + ", ".join(f"( of 1:{9 - k}" for k in range(8))
         + " and 1 more"),
        ("permutation", "2 3 1\n100\n0 1 1\n", (), "010\n101"),
        ("permutation", "1", (), ""),
        ("permutation", "\n1100000000\n", ("--method", "ensemble"), "0100100000"),
    ],
)  # fmt: skip
def test_words(
    capsys: pytest.CaptureFixture[str],
    write: Any,
    task: str,
    text: str,
    options: tuple[str, ...],
    expected: str,
) -> None:
    code, out, err = asked(
        capsys, "execute", task, "--input", write(text), "--level", "L0", *options
    )
    assert code == 0, err
    assert out.strip() == expected


@pytest.mark.parametrize(
    ("task", "text", "options", "told"),
    [
        ("parity", "01\n12", (), ":2:2: found '2', expected one of 0 or 1"),
        ("mod", "1 5", ("--method", "5"), ":1:3: found '5', expected a whole number from 0 to 4"),
        ("mod", "1", ("--method", "4"), "found the method '4' at L0"),
        ("s5", "12345 (16)", (), ":1:7: found '(16)', expected an element of S5"),
        ("a5", "(12)", (), "found '(12)', expected an element of A5"),
        ("dyck", "(a)", (), ":1:2: found 'a'"),
        ("permutation", " \n", (), "found no lines"),
        ("permutation", "1 3", (), ":1:3: found '3', expected a permutation of 1 to 2"),
        ("permutation", "\n1 1", (), ":2: found 1 twice"),
        ("permutation", "1 2\n\n001", (), ":3: found 3 bits, expected 2 bits"),
        ("permutation", "1 2\n0x", (), ":2:2: found 'x', expected one of 0 or 1"),
        ("permutation", "1 2\n00", (), "found a word of zeros"),
        ("dyck", "()", ("--level", "L2"), "found level L2 of dyck"),
    ],
)
def test_bad_input_is_told_what_was_expected(
    capsys: pytest.CaptureFixture[str],
    write: Any,
    task: str,
    text: str,
    options: tuple[str, ...],
    told: str,
) -> None:
    level = () if "--level" in options else ("--level", "L0")
    code, out, err = asked(capsys, "execute", task, "--input", write(text), *level, *options)
    assert (code, out) == (2, "")
    assert told in err


def test_traces_of_words(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    options = ("--level", "L0", "--trace", "--json")
    _, out, _ = asked(capsys, "execute", "s3", "--input", write("213 132"), *options)
    assert json.loads(out)["trace"] == [
        "s3       123 * 213 = 213",
        "s3       213 * 132 = 312",
    ]
    _, out, _ = asked(capsys, "execute", "dyck", "--input", write("(]"), *options)
    found = json.loads(out)
    assert found["trace"] == ["brackets ( at depth 0: push", "brackets ] at depth 1: break"]
    assert found["answer"]["broken"] == {"line": 1, "column": 2}


def test_the_mean_of_the_infinite_ensemble_is_proved_for_any_size(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = asked(capsys, "prove", "permutation", "--size", "100000", "--json")
    (found,) = json.loads(out)
    assert (code, found["verdict"], found["certificate"]["cases"]) == (0, "proved", 100_000)
    code, _, err = asked(capsys, "prove", "sort", "--size", "3")
    assert code == 2
    assert "found --size with sort, expected permutation" in err
    code, out, _ = asked(capsys, "prove", "permutation", "--size", "10000000000")
    assert code == 4
    assert "unknown" in out
