"""Verifiers are judged by their words alone, and a proof of what is false is never overlooked."""

import json
import shlex
import sys
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.benchmarks.soundness.judging import answer, check_command, judge_all
from abduce.benchmarks.soundness.making import instances
from abduce.benchmarks.soundness.planted import read, write
from abduce.cli import app as cli
from abduce.errors import InputError


def saying(code: str) -> str:
    """A verifier that runs a line of Python; its arguments are network, property and result."""
    return shlex.join([sys.executable, "-c", code]) + " {onnx} {vnnlib} {result}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "set", instances(["property"], 0)[:3])
    return tmp_path / "set"


def judged(folder: Path, verifier: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict]:  # type: ignore[type-arg]
    code = cli.run(["soundness", "run", str(folder), "--verifier", verifier, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_verifier_that_proves_everything_is_wrong_everywhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = judged(folder, saying("print('unsat')"), capsys)
    assert code == 5
    assert found["falsely verified"] == found["planted"] == len(found["names"]) == 3


@pytest.mark.parametrize("said", ["unknown", "unsat?", "not unsat", "UNSATISFIABLE", ""])
def test_only_a_word_alone_is_an_answer(
    folder: Path, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = judged(folder, saying(f"print({said!r})"), capsys)
    assert code == 0
    assert found["falsely verified"] == found["falsified"] == 0


def test_a_counterexample_is_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = (
        "import json, sys; "
        "x = json.load(open(sys.argv[2].replace('.vnnlib', '.json')))['witness']; "
        "open(sys.argv[3], 'w').write('sat\\n(' + ' '.join(f'(X_{i} {v})' "
        "for i, v in enumerate(x)) + ')')"
    )
    _, found = judged(folder, saying(right), capsys)
    assert found["falsified"] == 3
    wrong = "import sys; open(sys.argv[3], 'w').write('sat\\n((X_0 0.0)(X_1 0.45))')"
    _, found = judged(folder, saying(wrong), capsys)
    assert found["falsified"] == 0
    assert found["unfounded counterexamples"] == 3
    _, found = judged(folder, saying(wrong.replace("0.45", "4e")), capsys)
    assert found["unfounded counterexamples"] == 3


def test_a_network_that_cannot_be_loaded_is_named(folder: Path) -> None:
    network = min((folder / "onnx").iterdir())
    network.write_bytes(b"no network")
    right = "import sys; open(sys.argv[3], 'w').write('sat\\n((X_0 0.0)(X_1 0.45))')"
    with pytest.raises(InputError, match=network.name):
        list(judge_all(saying(right), read(folder)))


def test_abduce_refutes_what_is_planted_in_properties(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.jsonl"
    assert cli.run(["soundness", "run", str(folder), "--record", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["falsified"] == 3
    assert cli.run(["report", str(out)]) == 0


def test_commands_without_places_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="vnnlib"):
        check_command("verifier {onnx}")
    with pytest.raises(InputError, match="quotes"):
        check_command("verifier '{onnx} {vnnlib}")
    told = ["soundness", "run", str(folder), "--verifier", "/no/such/program {onnx} {vnnlib}"]
    assert cli.run(told) == 2


def test_the_result_file_comes_before_the_output() -> None:
    assert answer("timeout", "unsat") == "timeout"
    assert answer("", "found unsat\nverified") == "unsat"
    assert answer("what?", "") == "error"


def test_limits_of_inputs_are_of_a_network(tmp_path: Path) -> None:
    made = ["soundness", "make", str(tmp_path / "x")]
    for option in (["--low", "0"], ["--high", "1"], ["--count", "2"]):
        assert cli.run([*made, *option]) == 2
    assert not (tmp_path / "x").exists()
