"""The door: quick to open, honest in its exit codes, only JSON on stdout where it was asked."""

import json
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

import abduce
from abduce.benchmarks.data.table import DATA_SETS
from abduce.cli import app as cli
from abduce.errors import InputError, UnsupportedError

HEAVY = ("lark", "matplotlib", "numpy", "pooch", "pydantic", "torch")


def python(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, *options, "-c", textwrap.dedent(code))
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


def test_help_loads_nothing_heavy() -> None:
    done = python(
        f"""
        import sys
        from abduce.cli.app import run
        assert run(["--help"]) == 0
        loaded = [name for name in {HEAVY!r} if name in sys.modules]
        assert not loaded, loaded
        """
    )
    assert done.returncode == 0, done.stderr
    assert "Learn programs" in done.stdout


def test_the_package_loads_nothing_until_it_is_asked() -> None:
    done = python(
        """
        import sys, abduce
        assert not [name for name in sys.modules if name.startswith("abduce.")]
        abduce.Record
        assert "abduce.benchmarks.records.record" in sys.modules
        """
    )
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there() -> None:
    for name in abduce.__all__:
        assert getattr(abduce, name) is not None
        assert name in dir(abduce)
    assert set(abduce.HOMES) | {"__version__"} == set(abduce.__all__)
    with pytest.raises(AttributeError, match="no attribute 'solve_everything'"):
        _ = abduce.solve_everything  # pyright: ignore[reportAttributeAccessIssue]


def test_the_module_is_the_command() -> None:
    command = (sys.executable, "-m", "abduce", "--version")
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stdout) == (0, f"abduce {abduce.__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [["solv"], ["report", "--outt", "x"], ["data", "fetch"], ["data", "where", "scam"]],
)
def test_bad_usage_is_2_and_says_so_on_stderr(
    arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err


@pytest.mark.parametrize(
    ("raised", "code", "text"),
    [
        (InputError("'x'", path="f.txt", line=3), 2, "abduce: f.txt:3: found 'x'\n"),
        (UnsupportedError("net.onnx", ("Loop",)), 3, "abduce: net.onnx needs something"),
        (KeyboardInterrupt(), 130, "abduce: interrupted\n"),
        (typer.Exit(4), 4, ""),
    ],
)
def test_every_end_has_its_code_and_no_traceback(
    raised: BaseException,
    code: int,
    text: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def overview(_: object) -> list[dict[str, object]]:
        raise raised

    monkeypatch.setattr("abduce.benchmarks.data.members.overview", overview)
    assert cli.run(["data", "list"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(text)
    assert "Traceback" not in err


def test_an_error_is_json_too_where_json_was_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overview(_: object) -> list[dict[str, object]]:
        raise InputError("'x'", ("'y'",), "f.txt", 3, 2, "axb")

    monkeypatch.setattr("abduce.benchmarks.data.members.overview", overview)
    assert cli.run(["data", "list", "--json"]) == 2
    out, err = capsys.readouterr()
    message = "f.txt:3:2: found 'x', expected 'y'\n    axb\n     ^"
    error = {"kind": "InputError", "message": message, "path": "f.txt", "line": 3, "column": 2}
    assert json.loads(out) == {"error": error}
    assert err == f"abduce: {message}\n"


def test_a_damaged_record_is_named_whole_and_the_rest_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = Path(__file__).parents[2] / "docs" / "results" / "reduce.jsonl"
    good = results.read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / ("long" * 40 + ".jsonl")
    path.write_text(f"{good}\n{good.replace('24105', '[]')}\n")
    assert cli.run(["report", str(path), "--out", str(tmp_path / "report.html")]) == 0
    _, err = capsys.readouterr()
    assert f"abduce: {path}:2: found [] at machine.memory_mb, expected a valid integer\n" in err
    path.write_text("{}\n")
    assert cli.run(["report", str(path), "--out", str(tmp_path / "report.html")]) == 2
    assert "found no record that can be read" in capsys.readouterr().err


def test_a_bug_keeps_its_traceback_and_exits_with_1() -> None:
    done = python(
        """
        from abduce.benchmarks.data import members
        from abduce.cli.app import main
        import sys
        def overview(_): raise ZeroDivisionError("a bug")
        members.overview = overview
        sys.argv = ["abduce", "data", "list"]
        main()
        """
    )
    assert done.returncode == 1
    assert "ZeroDivisionError: a bug" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_ctrl_c_is_130_and_one_line() -> None:
    code = """
        import os, signal, sys
        from abduce.benchmarks.data import members
        from abduce.cli.app import main
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
        def overview(_): os.kill(os.getpid(), signal.SIGINT), __import__("time").sleep(9)
        members.overview = overview
        sys.argv = ["abduce", "data", "list"]
        main()
        """
    done = python(code)
    assert done.returncode in (130, -signal.SIGINT)
    assert done.stderr == "abduce: interrupted\n"


def test_json_is_all_there_is_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["data", "list", "--json", "--data", str(tmp_path)]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == list(DATA_SETS)
    assert cli.run(["data", "where", "scan", "--json", "--data", str(tmp_path)]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 45


def test_tables_are_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["data", "list", "--data", str(tmp_path)]) == 0
    assert "MCD1-3" in capsys.readouterr().out
    assert cli.run(["data", "where", "--data", str(tmp_path)]) == 0
    assert str(tmp_path) in capsys.readouterr().out


def test_a_fetch_from_a_folder_tells_what_it_did(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ABDUCE_CACHE", str(tmp_path))
    assert cli.run(["data", "fetch", "miniscan", "--from", str(data)]) == 0
    assert capsys.readouterr().out.startswith("miniscan: 11 new, 0 already there")
    assert cli.run(["data", "fetch", "miniscan", "--from", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == 11


def test_a_report_without_records_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["report"]) == 2
    assert "records/*.jsonl" in capsys.readouterr().err
