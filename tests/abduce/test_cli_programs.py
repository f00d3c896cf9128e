"""`abduce execute` on words, permutations and processes: answers, and what bad input is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.files import save
from abduce.neural.kernels.jobs import tasks_of
from abduce.neural.kernels.kernel import LearnedKernel
from abduce.symbolic.programs.compiling import compiled
from abduce.verify.discrete.proving import prove
from tests.doors import answers, asked, refuses


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
        ("dyck", "([\n )", (),
         "broken: ) at line 2, column 2 does not close [ at line 1, column 2"),
        ("dyck", "()>", (), "broken: > at line 1, column 3 closes nothing"),
        ("dyck", "(<", (), "open: < at line 1, column 2; ( at line 1, column 1"),
        ("dyck", 9 * "(", (),
         "open: " + "; ".join(f"( at line 1, column {9 - k}" for k in range(8)) + "; and 1 more"),
        ("permutation", "2 3 1\n100\n0 1 1\n", (), "010\n101"),
        ("permutation", "1", (), ""),
        ("shortest-path", "a b 2\nb c -1.5\na c 1\nd\n", ("--directed",),
         "node  parent  distance\na  -  0\nb  a  2\nc  b  0.5\nd  -  -"),
        ("shortest-path", "a b 1e30", ("--source", "b"),
         "node  parent  distance\na  b  1000000000000000000000000000000\nb  -  0"),
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
    answers(capsys, task, write(text), options, expected)


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
        ("permutation", "\n1 1", (), ":2:3: found 1 twice"),
        ("permutation", "1 2\n\n001", (), ":3: found 3 bits, expected 2 bits"),
        ("permutation", "1 2\n0x", (), ":2:2: found 'x', expected one of 0 or 1"),
        ("permutation", "1 2\n00", (), "found a word of zeros"),
        ("shortest-path", "a b -1", (), "found a cycle of negative weight"),
        ("shortest-path", "a b", (), ":1:4: found 2 words"),
        ("shortest-path", "a b 1", ("--source", "c"), "found the node 'c'"),
        ("value-iteration", "a go b 1 0", (), "found no discount, expected discount NUMBER"),
        ("value-iteration", "discount 1", (), ":1:10: found 1, expected a discount of 0 or more"),
        ("value-iteration", "discount .5\n\ndiscount .5", (), ":3:1: found a second discount"),
        ("value-iteration", "discount .5", (), "found no states"),
        ("value-iteration", "discount .5\na go b 1", (), ":2:8: found 4 words"),
        ("value-iteration", "discount .5\na go b 0 1", (), ":2:8: found 0, expected a probability"),
        ("value-iteration", "discount .5\na go b 1 nan", (), ":2:10: found 'nan'"),
        ("value-iteration", "discount .5\na go b 1/0 1", (), "found '1/0'"),
        (
            "value-iteration",
            "discount .5\na go b .3 1\na go a .3 1",
            (),
            ":2: found probabilities of 'go' in 'a' that add to 0.6, expected a sum of 1",
        ),
        (
            "sort",
            "2 1",
            ("--level", "L2", "--method", "merge"),
            "found the method 'merge' at L2, expected one of bubble, heap, insertion, quick or",
        ),
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
    refuses(capsys, task, write(text), options, told)


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
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = asked(capsys, "prove", "permutation", "--size", "100000", "--json")
    (found,) = json.loads(out)
    assert (code, found["verdict"], found["certificate"]["cases"]) == (0, "proved", 100_000)
    code, _, err = asked(capsys, "prove", "sort", "--size", "3")
    assert code == 2
    assert "found --size with sort, expected one of add, compare" in err
    kernels = ("--kernels", str(tmp_path / "none"))
    code, _, err = asked(capsys, "prove", "add", "--size", "8", *kernels)
    assert code == 2
    assert "abduce train add" in err
    code, out, _ = asked(capsys, "prove", "permutation", "--size", "10000000000")
    assert code == 4
    assert "unknown" in out


def test_values_of_a_process_come_with_a_bound(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    path = write(
        "discount 0.5 # a half\na go b 1 1\na stay a 1 0.25\n\nb go a 0.5 2\nb go c 0.5 0\n"
    )
    code, out, _ = asked(capsys, "execute", "value-iteration", "--input", path, "--level", "L0")
    lines = out.splitlines()
    # a = 1 + b / 2, b = 1 + a / 4
    assert (code, lines[0]) == (0, "state  value  action")
    assert [line.split()[::2] for line in lines[1:4]] == [["a", "go"], ["b", "go"], ["c", "-"]]
    assert abs(float(lines[1].split()[1]) - 12 / 7) < 1e-11
    assert "in 3 of 3 states the best action is certain" in lines[4]
    options = ("--level", "L0", "--json", "--trace")
    _, out, _ = asked(capsys, "execute", "value-iteration", "--input", path, *options)
    found = json.loads(out)
    assert found["answer"]["error_bound"] < 1e-12
    assert abs(found["answer"]["states"][1]["value"] - 10 / 7) <= found["answer"]["error_bound"]
    assert len(found["trace"]) == found["steps"]["sweeps"]


def test_learned_programs_of_lists(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, write: Any
) -> None:
    kernels = ("--kernels", str(tmp_path / "kept"))
    names = ("minimum", "search-program", "select-program", "insertion-program")
    for task in tasks_of(names):
        exact = compiled(task.specification)  # as if it had been learned
        verdict = prove(exact, task.specification)
        numbers = {
            "seed": 0,
            "attempts": 1,
            "examples": 0,
            "parameters": 0,
            "cpu_s": 0.0,
            "config": getattr(CONFIG, task.part),
        }
        save(
            LearnedKernel(name=task.name, exact=exact, verdict=verdict, **numbers),
            tmp_path / "kept",
        )
    level = ("--level", "L2", "--input", write("-1 2.5 2.5 7"), *kernels)
    for task, options, expected in (
        ("minimum", (), "-1"),
        ("search", ("--find", "2.5"), "found at place 1"),
        ("search", ("--find", "9"), "not found; it would go to place 4"),
        ("select", ("--rank", "4"), "7"),
        ("sort", ("--method", "insertion"), "-1\n2.5\n2.5\n7"),
    ):
        code, out, err = asked(capsys, "execute", task, *options, *level)
        assert (code, out.strip()) == (0, expected), err
    level = ("--level", "L2", "--input", write("3 1"), *kernels)
    options = ("--method", "insertion", "--trace", "--json")
    _, out, _ = asked(capsys, "execute", "sort", *options, *level)
    assert json.loads(out)["trace"] == [
        "program  next: i < r: j = i, k = i - 1, then front",
        "program  front: zero = j: i = i + 1, then next",
        "program  next: i < r: j = i, k = i - 1, then front",
        "program  front: zero < j: look",
        "compare  [1] < [0]",
        "program  look: [j] < [k]: swap j k, j = j - 1, k = k - 1, then front",
        "program  front: zero = j: i = i + 1, then next",
        "program  next: i = r: halt",
    ]
