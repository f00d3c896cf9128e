"""The doors of machines: train, prove, execute; and what bad input is told."""

import io
import json
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from abduce.cli.execute import task_command
from abduce.neural.kernels import kernel
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG, Config
from abduce.neural.kernels.files import load, save
from abduce.neural.kernels.jobs import JOBS
from abduce.neural.kernels.kernel import KernelTask, LearnedKernel
from abduce.neural.kernels.places import SHIPPED
from abduce.neural.modules.catalogue import methods_of
from abduce.symbolic.programs.compiling import compiled
from abduce.verify.discrete.proving import prove
from tests.doors import answer, answers, asked, refuses

GRAPH = "a b 2\nb c -1.5\na c 1 # a comment\nd\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records of training go to a folder of the test."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(text: str, name: str = "numbers.txt") -> str:
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return written


def test_sort_is_trained_proved_and_executed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, write: Any
) -> None:
    kernels = ("--kernels", str(tmp_path / "kept"))
    code, _, err = asked(capsys, "execute", "sort", "--input", write("3 1 2"), *kernels)
    assert code == 2
    assert "abduce train compare" in err
    for command in ("train", "prove"):
        found = answer(capsys, command, "compare", "mask", *kernels)
        assert [row["kernel"] for row in found] == ["compare", "mask"]
        assert {row["verdict"] for row in found} == {"proved"}
        assert [row["certificate"]["cases"] for row in found] == [12, 64]
    (sized,) = answer(capsys, "prove", "compare", "--size", "16", *kernels)
    assert (sized["verdict"], sized["size"]) == ("proved", 16)
    assert "for all numbers of 16 bits" in sized["certificate"]["claim"]
    code, out, err = asked(
        capsys, "execute", "sort", "--input", write("3 -1.5\n20,3.0"), "--trace", *kernels
    )
    assert (code, out) == (0, "-1.5\n3\n3.0\n20\n")
    assert "compare  [1] < [0]" in err
    assert "L1 merge" in err
    assert f"kernels: compare (trained: {tmp_path / 'kept'})" in err


def test_levels_and_methods_agree(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    path = write("5 3 3 -9 12 0")
    for method in ("merge", "bitonic", "selection", "quick", "heap", "insertion", "bubble"):
        options = ("--input", path, "--level", "L0", "--method", method)
        found = answer(capsys, "execute", "sort", *options, "--trace")
        assert found["answer"] == ["-9", "0", "3", "3", "5", "12"]
        assert len(found["trace"]) >= found["steps"]["pairs compared"] > 0


@pytest.mark.parametrize(
    ("task", "text", "options", "expected"),
    [
        ("add", "1 2 3", (), "6"),
        ("subtract", "1 2 3", (), "-4"),
        ("multiply", "-12345678901234567890 10", (), "-123456789012345678900"),
        ("increment", "-1 7", (), "0\n8"),
        ("minimum", "2 1.5 1.50", (), "1.5"),
        ("select", "9 7 8", (), "8"),
        ("select", "9 7 8", ("--rank", "3"), "9"),
        ("search", "1 3 5", ("--find", "3"), "found at place 1"),
        ("search", "", ("--find", "3"), "not found; it would go to place 0"),
        ("sort", "", (), ""),
        ("sort", "1e2 .5 99", (), ".5\n99\n1e2"),
        ("add", "1e3 4.0", (), "1004"),
    ],
)
def test_tasks_at_the_compiled_level(
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
        ("sort", "1 nan", (), ":1:3: found 'nan', expected a number"),
        ("sort", "1\n2 x7", (), ":2:3: found 'x7'"),
        ("sort", "1 inf", (), "NaN and infinity"),
        ("sort", "1e99999 1e-99999", (), "at most 100000 places"),
        ("minimum", " \n", (), "found no numbers"),
        ("select", "1 2", ("--rank", "3"), "found rank 3, expected 1 to 2"),
        ("search", "1 2", (), "--find NUMBER"),
        ("search", "2 1", ("--find", "1"), "abduce execute sort"),
        ("add", "1 2.5", (), "found '2.5', expected a whole number"),
        ("add", "1 2", ("--find", "1"), "found --find with add, expected none"),
        ("sort", "1", ("--method", "bogo"), "found the method 'bogo' at L0"),
        ("s5", "21345", ("--method", "deltanett"), "expected one of deltanet or deltaproduct"),
        ("sorte", "1", (), "found the task 'sorte'"),
        ("sorte", "1", (), "Did you mean sort?"),
        ("add", "1", ("--level", "L3"), "found level 'L3'"),
        ("add", "1", ("--level", "L2"), "found level L2 of add, expected one of L0 or L1"),
        ("dijkstra", GRAPH, (), "found the weight -1.5, expected weights of 0 or more"),
        ("dijkstra", "a b nan", (), ":1:5: found 'nan', expected a number"),
        ("dijkstra", "a b", (), ":1:4: found 2 words, expected one of NODE or NODE NODE WEIGHT"),
        ("bfs", "a b c d", (), "found 4 words"),
        ("prim", "# nothing", (), "found no nodes"),
        ("bfs", "a b", ("--source", "c"), "found the node 'c', expected one of a or b"),
        ("bellman-ford", GRAPH, (), "found a cycle of negative weight"),
        ("hull", "", (), "found 0 points, expected 1 or more"),
        ("delaunay", "0 0\n1 1", (), "found 2 points, expected 3 or more"),
        ("sort", "1", ("--method", "mrege"), "Did you mean merge?"),
        ("sort", "a 3", (), "found 'a', expected a number"),
        ("delaunay", "0 0\n1 nan\n2 2", (), ":2:3: found 'nan', expected a number"),
        ("tsp", "0 0\n1\n", (), ":2:2: found 1 number, expected two numbers, X Y"),
        ("tsp", "", (), "found 0 points, expected 1 or more"),
        ("hull", "0 0", ("--seed", "0"), "found --seed with hull, expected none"),
        ("sort", "1", ("--timeout-s", "2"), "found --timeout-s with sort, expected none"),
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


@pytest.mark.parametrize(
    ("task", "text", "options", "expected"),
    [
        ("dijkstra", "3 1 2\n1 2 .5\n10", (), "node  parent  distance\n1  -  0\n2  1  0.5\n"
         "3  1  2\n10  -  -\n"),
        ("dijkstra", "3 1 2\n1 2 .5", ("--source", "2", "--directed"),
         "node  parent  distance\n1  -  -\n2  -  0\n3  -  -\n"),
        ("bellman-ford", GRAPH, ("--directed",),
         "node  parent  distance\na  -  0\nb  a  2\nc  b  0.5\nd  -  -\n"),
        ("prim", "a b 2\nb c 3\na c 9", (), "node  parent  weight\na  -  0\nb  a  2\nc  b  3\n"),
        ("bfs", GRAPH, ("--source", "c"),
         "node  parent  hops\na  c  1\nb  c  1\nc  -  0\nd  -  -\n"),
        ("dfs", "a c\na b\nb c\nd", (), "node  parent\na  -\nc  a\nb  c\nd  -\n"),
        ("hull", "0 0\n1 1\n4.0 0\n2 0\n0 4", (),
         "place  x  y\n0  0  0\n2  4.0  0\n4  0  4\n"),
        ("hull", "3 3\n1 1\n2 2", (), "place  x  y\n0  3  3\n1  1  1\n"),
        ("delaunay", "0 0\n1 0\n1 1\n0 1\n1 1", (), "a  b  c\n0  1  2\n0  2  3\n"),
        ("delaunay", "3 3\n1 1\n2 2", (), "a  b  c\n"),
        ("tsp", "0 0\n3 4\n3 0\n0 4", ("--seed", "1"),
         "length  14\nplace  x  y\n0  0  0\n2  3  0\n1  3  4\n3  0  4\n"),
    ],
)  # fmt: skip
def test_tasks_on_graphs_and_points(
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
    assert out == expected


def test_a_learned_program_shows_its_steps(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, write: Any
) -> None:
    kernels = ("--kernels", str(tmp_path / "kept"))
    found = answer(capsys, "train", "dijkstra", *kernels)
    assert [row["kernel"] for row in found] == ["compare", "add", "dijkstra-rules"]
    assert {row["verdict"] for row in found} == {"proved"}
    options = ("--input", write("a b 2"), "--level", "L2", "--trace", *kernels)
    found = answer(capsys, "execute", "dijkstra", *options)
    assert found["answer"][1] == {"node": "b", "parent": "a", "distance": "2"}
    assert found["trace"] == [
        "compare  a acts",
        "add      b takes key + weight from a",
        "rules    a goes from state 1 to 2",
        "rules    b goes from state 0 to 1",
        "compare  b acts",
        "rules    b goes from state 1 to 2",
    ]


@pytest.mark.slow
def test_a_triangulation_by_learned_predicates_shows_its_signs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, write: Any
) -> None:
    kernels = ("--kernels", str(tmp_path / "kept"))
    found = answer(capsys, "train", "delaunay", *kernels)
    assert [row["kernel"] for row in found] == ["compare", "orientation", "in-circle"]
    assert {row["verdict"] for row in found} == {"proved"}
    text = write("0 0\n1e30 0\n1e30 1e30\n0 1e30\n1e30 0")
    found = answer(capsys, "execute", "delaunay", "--input", text, "--trace", *kernels)
    assert found["answer"] == {"triangles": [[0, 1, 2], [0, 2, 3]], "same_as": {"4": 1}}
    signs = [line for line in found["trace"] if line.startswith("in-circle")]
    assert len(signs) == found["steps"]["in-circle signs"]
    assert any(line.endswith("0") and "far" not in line for line in signs)
    found = answer(capsys, "execute", "hull", "--input", text, *kernels)
    assert [row["place"] for row in found["answer"]] == [0, 1, 2, 3]


def test_a_file_that_is_no_text_is_an_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(b"1 2\n3\xff")
    cases = {"x": ":2:2: found the byte 0xff, expected UTF-8 text",
             "missing": "found no such file or directory, expected a text file"}  # fmt: skip
    for name, told in cases.items():
        code, _, err = asked(
            capsys, "execute", "sort", "--level", "L0", "--input", str(tmp_path / name)
        )
        assert code == 2
        assert told in err


@pytest.mark.parametrize("command", ["train", "prove", "execute"])
def test_without_a_task_they_are_listed(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = asked(capsys, command)
    assert code == 0
    assert "192 are never shown" in out
    listed = answer(capsys, command)
    assert listed["tasks"]["sort"]["kernels"] == ["compare"]
    assert "compare" in listed["kernels"]


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (("increment", "--kernels"), "Name a folder with --kernels."),
        (("sort", "--method", "execution-engine", "--modules"), "Name a folder with --modules."),
    ],
)
def test_a_file_in_place_of_a_folder_is_refused_before_the_training(
    capsys: pytest.CaptureFixture[str], write: Any, options: tuple[str, ...], advice: str
) -> None:
    code, _, err = asked(capsys, "train", *options, str(write("kept")))
    assert code == 2
    assert "it is a file" in err
    assert advice in err


def test_training_that_is_too_short_gives_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    options = ("--timeout-s", "0.001", "--kernels", str(kept))
    code, out, err = asked(capsys, "train", "add", *options)
    assert code == 4
    assert "unknown: the time was up" in out
    assert "not saved" in err
    assert not kept.exists()


def test_a_refuted_kernel_ends_prove_with_5_and_its_counterexample(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    cost = {
        "seed": 0,
        "attempts": 1,
        "examples": 0,
        "parameters": 0,
        "cpu_s": 0.0,
        "config": CONFIG.stream,
    }
    for task, other in (("add", "subtract"), ("compare", "compare")):
        exact = compiled(TASKS[other].specification)
        verdict = prove(exact, TASKS[task].specification)
        save(LearnedKernel(name=task, exact=exact, verdict=verdict, **cost), folder)
    kernels = ("--kernels", str(folder))
    for options in ((), ("--size", "4")):
        code, out, err = asked(capsys, "prove", "add", "compare", *options, *kernels)
        assert code == 5, err
        told = (
            "it gives the bits " if options else "for a = 0, b = 1 (2 bits) it gives the bits 1 1"
        )
        assert told in out
        assert "; expected the bits " in out
        assert "compare" in out
        assert "Refuted(" not in out
        code, out, _ = asked(capsys, "prove", "add", "--json", *options, *kernels)
        (row,) = json.loads(out)
        assert (code, row["verdict"]) == (5, "refuted")
        assert "; expected the bits " in row["counterexample"]["told"]
        assert asked(capsys, "prove", "compare", *options, *kernels)[0] == 0
    assert "5 refuted (`prove`)" in asked(capsys, "--help")[1].replace("\n", " ")


@pytest.mark.parametrize(
    ("task", "content", "expected"),
    [
        ("sort", b"\xef\xbb\xbf3, 1\r\n2", "1\n2\n3\n"),
        ("bfs", b"\xef\xbb\xbfA B 3\nA C 4\n", "node  parent  hops\nA  -  0\nB  A  1\nC  A  1\n"),
        ("hull", b"\xef\xbb\xbf0,0\r\n2;0\r\n0 2", "place  x  y\n0  0  0\n1  2  0\n2  0  2\n"),
        ("parity", b"\xef\xbb\xbf011 1", "odd\n"),
        ("dyck", b"\xef\xbb\xbf([])", "balanced\n"),
        ("s3", b"\xef\xbb\xbf(12)\r(12)", "123\n"),
        ("value-iteration", b"\xef\xbb\xbfdiscount 0\r\na,go,a,1,2", None),
    ],
)
def test_a_byte_order_mark_is_no_part_of_an_input(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    task: str,
    content: bytes,
    expected: str | None,
) -> None:
    path = tmp_path / "marked.txt"
    path.write_bytes(content)
    code, out, err = asked(capsys, "execute", task, "--level", "L0", "--input", str(path))
    assert code == 0, err
    assert out == expected or (expected is None and "a  2  go" in out)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), "latin1"))
    assert asked(capsys, "execute", task, "--level", "L0") == (0, out, ANY)


def test_executing_needs_no_torch(write: Any) -> None:
    code = f"""
import sys
from abduce.cli.app import run
assert run(["execute", "sort", "--input", {write("2 1")!r}, "--level", "L0"]) == 0
assert "torch" not in sys.modules
"""
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1\n2\n"), done.stderr


OMEGA = "(\\x. x x) (\\x. x x)"


@pytest.mark.parametrize(
    ("term", "options", "expected"),
    [
        ("(\\x. x x) (\\y. y)", (), "\\y. y"),
        ("two = \\f x. f (f x)\ntwo y", (), "\\x. y (y x)"),
        ("2 2", ("--notation", "tokens"), "l l @ 1 @ 1 @ 1 @ 1 0"),
        ("\\x. (\\y z. y) x", ("--notation", "de-bruijn"), "\\ \\ 1"),
    ],
)
def test_lambda_terms_are_reduced(
    capsys: pytest.CaptureFixture[str],
    write: Any,
    term: str,
    options: tuple[str, ...],
    expected: str,
) -> None:
    for source in ((term,), ("--input", write(term, "term.txt"))):
        found = answer(capsys, "execute", "lambda", *source, "--level", "L0", *options)
        assert found["answer"]["result"] == expected
        assert found["answer"]["outcome"] == "normal form"


def test_the_steps_of_a_term_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(
        capsys, "execute", "lambda", "(\\x. x x) ((\\y. y) z)", "--level", "L0", "--trace"
    )
    assert found["trace"][0] == "lambda-step  [(\\x. x x) ((\\y. y) z)]"
    assert found["steps"] == {"beta steps": len(found["trace"])} == {"beta steps": 3}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (
            ("lambda", OMEGA, "--level", "L0", "--fuel", "10"),
            4,
            "10 steps, at 9 nodes",
        ),
        (("lambda", OMEGA, "--level", "L0", "--timeout-s", "0.1"), 4, "out of time"),
        (("lambda", "(\\x. x", "--level", "L0"), 2, "<term>:1:7"),
        (("lambda", "x", "--rank", "2"), 2, "--rank with lambda"),
        (("bfs", "x"), 2, "the argument 'x'"),
        (("sort", "--fuel", "3"), 2, "--fuel with sort"),
        (("--fuel", "3", "sort"), 2, "--fuel with sort"),
        (("lambda", "x", "y", "--level", "L0"), 2, "the argument 'y'"),
        (("lambda", "x", "--input", "f"), 2, "the argument 'x'"),
        (("bfs", "--method", "x"), 2, "--method with bfs, expected one of --directed or --source"),
        (("bfs", "--modules", "x"), 2, "--modules without a module, expected none"),
        (("tsp", "--seed", "-1"), 2, "--seed"),
        (("lambda", "x", "--notation", "latin"), 2, "--notation"),
        (("sort", "--sed", "3"), 2, "No such option: --sed"),
        (("--sed", "3", "sort"), 2, "No such option: --sed"),
    ],
)
def test_terms_without_an_end_and_wrong_ones(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, told: str
) -> None:
    found, out, err = asked(capsys, "execute", *arguments)
    assert (found, out) == (code, "")
    assert told in err


def test_without_a_folder_the_shipped_kernels_run(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    write: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write("3 1 2")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    for level in ("L1", "L2"):
        code, out, err = asked(capsys, "execute", "sort", "--input", path, "--level", level)
        assert (code, out) == (0, "1\n2\n3\n"), err
        assert "shipped with abduce" in err
    found = answer(capsys, "execute", "sort", "--input", path, "--method", "selection")
    assert list(found["kernels"]) == ["compare", "mask"]
    assert all(place.startswith("shipped") for place in found["kernels"].values())
    assert answer(capsys, "execute", "sort", "--input", path, "--level", "L0")["kernels"] == {}
    assert list((tmp_path / "empty").iterdir()) == []
    (row,) = answer(capsys, "prove", "add")
    assert (row["verdict"], row["learned"], row["parameters"]) == ("proved", True, 96)


def test_weights_that_are_gone_are_said_and_nothing_is_repeated_from_the_record(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bare = replace(load(TASKS["compare"], SHIPPED), weights={})
    save(bare, tmp_path)
    code, out, _ = asked(capsys, "prove", "compare", "--kernels", str(tmp_path))
    assert code == 0
    assert "nothing in this file shows that it was learned" in out
    assert "4,096" not in out
    assert "parameters" not in out
    (row,) = answer(capsys, "prove", "compare", "--kernels", str(tmp_path))
    assert (row["learned"], row["examples"], row["parameters"]) == (False, None, 0)


def test_what_is_learned_before_an_interruption_is_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def learn(task: KernelTask, _: Config, **__: Any) -> LearnedKernel:
        if task.name == "subtract":
            raise KeyboardInterrupt
        return load(task, SHIPPED)

    monkeypatch.setattr(kernel, "train", learn)
    kept = tmp_path / "kept"
    names = ("add", "compare", "subtract", "increment")
    code, out, err = asked(capsys, "train", *names, "--kernels", str(kept))
    assert code == 130
    assert f"saved in {kept}: add, compare" in err
    assert len(out.splitlines()) == 2
    wanted = {f"{name}.{end}" for name in names[:2] for end in ("json", "safetensors")}
    assert {path.name for path in kept.iterdir()} == wanted


COMMON = {"--level", "--kernels", "--input", "--trace", "--record", "--json", "--quiet", "-q"}
MODULE = {"--model", "--modules", "--device"}


@pytest.mark.parametrize("name", JOBS)
def test_a_task_has_its_own_options_and_no_others(name: str) -> None:
    job = JOBS[name]
    flags = {flag for each in task_command(name).params for flag in each.opts if flag[0] == "-"}
    own = {f"--{each.name.replace('_', '-')}" for each in fields(job.options)}
    modules = methods_of(name)
    own |= {"--method"} if job.methods or modules else set()
    assert flags == own | COMMON | (MODULE if modules else set())


def test_the_help_of_a_task_lists_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    listed = {"select": "--rank", "search": "--find", "dijkstra": "--source", "tsp": "--seed"}
    for name, flag in listed.items():
        code, out, _ = asked(capsys, "execute", name, "--help")
        assert code == 0
        assert flag in out
        assert not [other for other in listed.values() if other != flag and other in out]


def test_options_may_stand_before_the_task(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    words = ("--level", "L0", "--rank", "1", "--input", write("3 1 2"))
    before = answer(capsys, "execute", *words, "select")
    after = answer(capsys, "execute", "select", *words)
    assert before["answer"] == after["answer"] == {"value": "1", "place": 1, "rank": 1}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["add", "12 + 30"], "42"),
        (["add", "12+30", "1"], "43"),
        (["subtract", "12 - 3"], "9"),
        (["subtract", "12", "-3"], "15"),
        (["multiply", "3*4"], "12"),
        (["sort", "3", "-1", "2"], "-1 2 3"),
        (["sort", "b", "\u00e9", "a", "ab"], "a ab b \u00e9"),
        (["minimum", "4", "2", "9"], "2"),
    ],
)
def test_items_may_be_arguments(
    capsys: pytest.CaptureFixture[str], words: list[str], expected: str
) -> None:
    code, out, _ = asked(capsys, "execute", *words, "--level", "L0", "--quiet")
    assert (code, out.split()) == (0, expected.split())


def test_one_or_two_points_have_a_hull(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    for text, corners in (("3 4", 1), ("3 4\n0 1", 2), ("3 4\n3 4", 1)):
        options = ("--input", write(text), "--level", "L0", "--quiet")
        code, out, _ = asked(capsys, "execute", "hull", *options)
        assert (code, len(out.splitlines())) == (0, 1 + corners)
