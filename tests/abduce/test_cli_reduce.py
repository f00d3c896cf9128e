"""The doors to the lambda calculus: `abduce reduce` and `abduce bench lambda`."""

import io
import json
import shlex
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.benchmarks.lambda_calculus import suite as lambda_suite
from abduce.benchmarks.lambda_calculus.cases import CASES
from abduce.benchmarks.lambda_calculus.config import MEASURING
from abduce.benchmarks.lambda_calculus.job import measure
from abduce.benchmarks.lambda_calculus.peer import PEERS, built, coded
from abduce.benchmarks.processes.job import Job
from abduce.benchmarks.processes.process import run_process
from abduce.benchmarks.records.record_file import read
from abduce.cli import app as cli
from abduce.cli import reduce as cli_reduce
from abduce.symbolic.lambda_calculus import NormalForm, normal_form, parse
from abduce.symbolic.lambda_calculus.reduction import limits
from abduce.symbolic.lambda_calculus.terms import deadline
from abduce.symbolic.lambda_calculus.terms.deadline import OutOfTime

OMEGA = "(\\x. x x) (\\x. x x)"


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert cli.run(["reduce", *arguments]) == code
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["(\\x. x x) (\\y. y)"], "\\y. y\n"),
        (["2 3", "--decode", "church"], f"\\x x1. {'x (' * 8}x x1{')' * 8}\nvalue: 9\n"),
        (["\\a b. b", "--decode", "church"], "\\a b. b\nvalue: 0 or false or []\n"),
        (["(\\n s z. s n) 1", "--decode", "scott"], "\\s z. s (\\s1 z1. s1 (\\s2 z2. z2))\n"
                                                    "value: 2\n"),
        (["\\x. f x", "--eta"], "f\n"),
        (["\\x. x (\\y. y z)", "--notation", "de-bruijn"], "\\ 0 (\\ 0 z)\n"),
        (["\\x. x (\\y. y z)", "--notation", "tokens"], "l @ 0 l @ 0 z\n"),
        (["\\x. (\\y. y) x", "--strategy", "weak-head"], "\\x. (\\y. y) x\n"),
        (["\\f g x. f (g x)", "--type"],
         "\\f g x. f (g x)\ntype: (a -> b) -> (c -> a) -> c -> b\n"),
        (["\\x. x x", "--type"], "\\x. x x\nno type: a type would contain itself in \\x. [x x]\n"),
        (["(\\x. x x) ((\\y. y) z)", "--trace"],
         "    1  beta  [(\\x. x x) ((\\y. y) z)]\n"
         "    2  beta  [(\\y. y) z] ((\\y. y) z)\n"
         "    3  beta  z [(\\y. y) z]\nz z\n"),
        (["\\x. f x", "--trace", "--eta"], "    1  eta  [\\x. f x]\nf\n"),
    ],
)  # fmt: skip
def test_answers(arguments: Sequence[str], shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *arguments, "--quiet") == shown


def test_files_and_stdin_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "two = \\f x. f (f x)  # a definition\ntwo two\n"
    file = tmp_path / "four.txt"
    file.write_text(text)
    shown = run(capsys, "--file", str(file))
    for arguments in ([], ["-"]):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        assert run(capsys, *arguments) == shown == "\\x x1. x (x (x (x x1)))\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x ("], "abduce: 1:4: found the end, expected one of '(', '\\', a name or a number\n"
                  "    x (\n       ^\n"),
        (["x", "--file", "y"], "abduce: found a term and --file, expected only one of the two\n"),
        (["--file", "no-such-file"],
         "abduce: no-such-file: found no such file or directory, expected a file with a lambda "
         "term\n"),
        (["x", "--strategy", "head", "--eta"],
         "abduce: found eta with the strategy head, expected one of applicative or normal\n"),
    ],
)  # fmt: skip
def test_bad_input_is_2(
    arguments: Sequence[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["reduce", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", message)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([OMEGA, "--fuel", "1000"], "no normal form after 1,000 beta steps: out of fuel"),
        ([OMEGA, "--timeout-s", "0.01", "--fuel", "1000000000"], "out of time"),
        (["20 2", "--nodes", "1000"], "a normal form of more than 1,000 nodes"),
    ],
)
def test_giving_up_is_4_and_says_why(
    arguments: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["reduce", *arguments, "--quiet"]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


@pytest.mark.parametrize(
    "wish",
    [[], ["--type"], ["--eta"], ["--trace"], ["--decode", "church"], ["--notation", "tokens"],
     ["--strategy", "applicative"], ["--strategy", "head"], ["--json"], ["--graph", "GRAPH"]],
)  # fmt: skip
def test_time_is_looked_at_from_reading_to_printing(
    wish: Sequence[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whenever the time is up, it is said, nothing is half-written, and the exit code is 4."""
    monkeypatch.setattr(deadline, "STRETCH", 1000)
    monkeypatch.setattr(limits, "BURST", 1000)
    graph = tmp_path / "graph.svg"
    arguments = ["reduce", "(\\x. x) 2000", *(str(graph) if w == "GRAPH" else w for w in wish)]
    codes: set[int] = set()
    for last in range(1, 100):
        looks = iter(range(10_000))
        monkeypatch.setattr(clock, "wall_s", lambda looks=looks, last=last: next(looks) >= last)
        code = cli.run([*arguments, "--timeout-s", "0.5", "--engine", "plain"])
        out, err = capsys.readouterr()
        assert "out of time" in out + err or code == 0
        assert graph.exists() == ("--graph" in wish and "no graph" not in err and code == 0)
        codes.add(code)
        if code == 0:
            break
        assert code == 4
        assert "--json" not in wish or json.loads(out)["outcome"] == "out of time"
    assert codes == {0, 4}


def test_a_part_without_time_is_left_out_and_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **__: object) -> None:
        raise OutOfTime

    monkeypatch.setattr("abduce.symbolic.lambda_calculus.principal_type", late)
    assert cli.run(["reduce", "\\x. x", "--type", "--decode", "church"]) == 4
    out, err = capsys.readouterr()
    value = "none: the result is not a number, truth value, pair or list in this encoding"
    assert out == f"\\x. x\nvalue: {value}\n"
    assert err.endswith("out of time before the type\n")
    assert cli.run(["reduce", "\\x. x", "--type", "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["out_of_time"] == ["type"]


def test_names_of_several_letters_are_said_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    note = "note: 1:1: 'xy' is read as one name; for 2 variables write \\x y.\n"
    assert cli.run(["reduce", "\\xy.x"]) == 0
    out, err = capsys.readouterr()
    assert out == "\\xy. x\n"
    assert err.startswith(note)
    assert cli.run(["reduce", "\\xy.x", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"x\xff", "bytes that are not UTF-8 text"), (b"x" * 101, "more than 100 characters"),
     (b"\xef\xbb\xbfx \xe2\x80\x8b", "1:3: found the invisible character U+200B")],
)  # fmt: skip
def test_files_and_stdin_that_are_no_term_are_refused(
    content: bytes,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli_reduce, "LONGEST_TEXT", 100)
    file = tmp_path / "term.txt"
    file.write_bytes(content)
    assert cli.run(["reduce", "--file", str(file)]) == 2
    assert said in capsys.readouterr().err
    strict = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", strict)
    assert cli.run(["reduce"]) == 2
    assert said in capsys.readouterr().err


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("\\λxy01(). ;=#\n@'\0\x1b\u200b\udcff\ufeff") | st.characters()),
    wish=st.lists(
        st.sampled_from(
            ("--type", "--trace", "--eta", "--json", "--quiet", "--strategy=applicative",
             "--strategy=weak-head", "--decode=scott", "--decode=church", "--notation=tokens",
             "--notation=de-bruijn", "--engine=plain", "--graph=GRAPH", "--graph-of=term",
             "--graph-of=result", "--nodes=20")
        ),
        max_size=5,
        unique=True,
    ),
)  # fmt: skip
def test_no_text_and_no_options_raise(text: str, wish: list[str], tmp_path: Path) -> None:
    graph = str(tmp_path / "graph.svg")
    options = [each.replace("GRAPH", graph) for each in wish]
    assert cli.run(["reduce", "--fuel", "200", *options, "--", text]) in (0, 2, 3, 4)


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "2 2", "--json", "--type", "--decode", "church", "--trace"))
    assert (found["outcome"], found["beta"], found["engine"]) == ("normal form", 5, "plain")
    assert (found["values"], found["type"]) == ([4], "(a -> a) -> a -> a")
    assert found["trace"][0] == {"rule": "beta", "text": f"[{parse('2 2')}]"}
    spent = json.loads(run(capsys, OMEGA, "--json", "--fuel", "7", "--trace", code=4))
    assert (spent["outcome"], spent["beta"], spent["result"]) == ("out of fuel", 7, None)
    assert (len(spent["trace"]), spent["trace_stopped"]) == (7, "more than 7 steps")


@pytest.mark.parametrize("of", ["reductions", "term", "result"])
def test_graphs_are_pictures(of: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "graph.svg"
    run(capsys, "(\\x. x x) ((\\y. y) (\\w. z))", "--graph", str(file), "--graph-of", of)
    root = ElementTree.parse(file).getroot()
    boxes = root.findall(".//{*}rect")
    assert len(boxes) == {"reductions": 7, "term": 10, "result": 1}[of]
    assert root.tag.endswith("svg")


def test_reductions_without_end_have_a_graph_too(tmp_path: Path) -> None:
    file = tmp_path / "graph.svg"
    growing = "(\\x. x x x) (\\x. x x x)"
    assert cli.run(["reduce", growing, "--fuel", "5", "--graph", str(file), "-q"]) == 4
    assert "and more" in file.read_text()


def test_every_measurement_is_right_and_has_its_fields() -> None:
    for engine in ("plain", "compiled"):
        figures = measure(engine, "fact 5")
        assert figures["right"]
        assert figures["read_back"]
        assert {"term", "engine", "beta", "s", "beta_per_s", "peak_mb"} <= figures.keys()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.peers])
def test_terms_of_the_table_have_the_normal_form_expected(name: str) -> None:
    case = CASES[name]
    found = normal_form(case.term(), engine="plain")
    assert isinstance(found, NormalForm)
    assert case.expected is not None
    assert found.term == case.expected()


@pytest.mark.slow
def test_bench_writes_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = tmp_path / "reduce.jsonl"
    only = r"^5\*5\*5"
    assert cli.run(["bench", "lambda", "--only", only, "--out", str(records), "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert [(f["term"], f["engine"]) for f in found] == [
        ("5*5*5", "plain"),
        ("5*5*5", "compiled"),
    ]
    assert [record.metrics for record in read(records)] == found
    assert "from its cache" in err
    (command, _) = (record.command for record in read(records))
    assert command == "abduce bench lambda --only '^5\\*5\\*5 plain$'"


def test_commands_choose_what_they_name() -> None:
    every = lambda_suite.jobs(True)
    for engine, name in every:
        words = shlex.split(lambda_suite.command(engine, name))
        assert lambda_suite.jobs(True, words[words.index("--only") + 1]) == [(engine, name)]
        assert words[5:] == (["--peers", "PYTHON"] if engine in PEERS else [])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("print('[1]'[:0] or '{}')", None),
        ("while True: pass", "timeout"),
        ("b'x' * (5 << 30)", "out of memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed (SIGSEGV)"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_measurements_end(text: str, error: str | None) -> None:
    job = Job(arguments=("-c", text), limits=lambda_suite._limits(1.0, MEASURING))
    ended = run_process(job, lambda: False)
    assert ended is not None
    assert lambda_suite._printed(ended).get("error") == error


def test_other_packages_are_counted(tmp_path: Path) -> None:
    """A stand-in for a Python with other packages: right, wrong, broken, and too slow."""
    stand_in = tmp_path / "python"
    codes = {name: case.expected().codes for name, case in CASES.items() if case.expected
             and name in ("5*5*5",)}  # fmt: skip
    answers = {
        "lambda-calculus": json.dumps({"s": 0.5, "code": codes["5*5*5"]}),
        "lamb-engine": json.dumps({"s": 0.5, "code": [1, 2]}),
        "lc": json.dumps({"error": "RecursionError"}),
        "lambda-interpreter": json.dumps({"missing": "no module"}),
    }
    cases = "\n".join(f"{name}) echo '{answer}' ;;" for name, answer in answers.items())
    stand_in.write_text(f'#!/bin/sh\ncat > /dev/null\ncase "$3" in\n{cases}\nesac\n')
    stand_in.chmod(0o755)
    found: list[lambda_suite.Figures] = []
    config = replace(MEASURING, timeout_s=10.0)
    for peer in PEERS:
        ended = run_process(lambda_suite._job(peer, "5*5*5", stand_in, config), lambda: False)
        assert ended is not None
        found.append(lambda_suite._peer(peer, "5*5*5", ended))
    assert [figures.get("right") for figures in found] == [True, False, None, None]
    lines = "\n".join(
        lambda_suite.summary([{"term": "5*5*5", "engine": "plain", "s": 0.1}, *found])
    )
    assert "lambda-calculus: right on 1 of 1 (5.0 to 5 times slower" in lines
    assert "wrong: 5*5*5" in lines
    assert "5*5*5: RecursionError" in lines
    assert "5*5*5: not installed" in lines


def test_terms_are_handed_over_as_they_are() -> None:
    codes = parse("\\x y. x (\\z. z x w) (y v)").codes
    trees = built(codes, lambda n: ("variable", n), lambda n, b: ("abstraction", n, b),
                  lambda f, a: ("application", f, a))  # fmt: skip
    assert coded(trees, lambda tree: tree) == codes
