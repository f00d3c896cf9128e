"""Activation patterns from the command line: mined, measured, proved, made smaller, refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.cli import app as cli
from abduce.cli import verify as cli_verify
from abduce.errors import Exit
from tests.onnx_models import proto

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """y = (relu(x_0) + 0.125, relu(-x_0)), and data of its two classes, in the current folder."""
    monkeypatch.chdir(tmp_path)
    steps = [
        ("Gemm", ["x", "a", "b"], ["z"], {}),
        ("Relu", ["z"], ["h"], {}),
        ("Gemm", ["h", "c", "d"], ["y"], {}),
    ]
    constants = {
        "a": np.array([[1.0, -1.0], [0.0, 0.0]]),
        "b": np.zeros(2),
        "c": np.eye(2),
        "d": np.array([0.125, 0.0]),
    }
    (tmp_path / "net.onnx").write_bytes(proto(steps, (1, 2), constants).SerializeToString())
    inputs = np.random.default_rng(0).uniform(-1, 1, (60, 2)).astype(np.float32)
    np.savez(tmp_path / "data.npz", inputs=inputs, labels=(inputs[:, 0] < -0.125).astype(int))
    return tmp_path


def mined(*options: str) -> dict[str, Any]:
    assert cli.run(["nap", "mine", "net.onnx", "data.npz", "-q", *options]) == Exit.ANSWERED
    return json.loads(Path("nap.json").read_text())


@pytest.mark.usefixtures("folder")
def test_what_is_mined_is_measured_and_its_claims_are_decided(capsys: Capture) -> None:
    data = mined("--delta", "1", "--each-input")
    assert (data["delta"], data["zero_is_active"]) == (1, False)
    assert [each["active"]["z"] for each in data["classes"]] == [[], [1]]
    told = capsys.readouterr().out
    assert "held-out inputs follow the pattern of their class" in told
    assert "pairs of classes that no neuron tells apart: 0 and 1" in told
    assert cli.run(["nap", "measure", "net.onnx", "nap.json", "data.npz", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["recall"] > 0.9
    assert cli_verify.run(["verify", "net.onnx", "nap.json", "--json"]) == Exit.ANSWERED
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "refuted"
    told = [(claim["kind"], claim["labels"], claim["verdict"]) for claim in answer["claims"]]
    assert ("class", [0], "refuted") in told  # no neuron has a sign, for x_0 is of either sign
    assert [kind for kind, _, _ in told] == ["class", "class", "pair"]


@pytest.mark.usefixtures("folder")
def test_a_pattern_in_a_ball_is_proved_and_loses_neurons(capsys: Capture) -> None:
    mined("--held-out", "0")
    assert "60 mined inputs" in capsys.readouterr().out
    command = ["nap", "minimise", "net.onnx", "nap.json", "data.npz", "--radius", "0.01"]
    assert cli.run([*command, "--json"]) == Exit.ANSWERED
    rows = json.loads(capsys.readouterr().out)
    assert all(row["proved"] and row["neurons"] == 0 for row in rows)
    data = json.loads(Path("minimal.json").read_text())
    assert [each["ball"]["radius"] for each in data["classes"]] == [0.01, 0.01]
    assert cli_verify.run(["verify", "net.onnx", "minimal.json"]) == Exit.ANSWERED
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        "proved: every input that follows the pattern of class 0 is classified as 0"
    )
    assert lines[-1].startswith("3 claims: 3 proved")


@pytest.mark.usefixtures("folder")
def test_an_empty_pattern_is_not_called_proved(capsys: Capture) -> None:
    data = mined()
    data["box"] = {"lower": 0.25, "upper": 1.0}
    for each in data["classes"]:
        each["examples"] = []
    Path("nap.json").write_text(json.dumps(data))
    capsys.readouterr()
    assert cli_verify.run(["verify", "net.onnx", "nap.json"]) == Exit.ANSWERED
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("proved: ")
    assert lines[1].startswith("empty: every input that follows the pattern of class 1")
    assert "says nothing" in lines[1]


@pytest.mark.usefixtures("folder")
def test_what_is_not_proved_is_in_the_exit_code(capsys: Capture) -> None:
    mined()
    capsys.readouterr()
    command = ["nap", "minimise", "net.onnx", "nap.json", "data.npz", "--json"]
    assert cli.run(command) == Exit.GAVE_UP  # in the whole box, class 0 is refuted
    assert not all(row["proved"] for row in json.loads(capsys.readouterr().out))


@pytest.mark.usefixtures("folder")
def test_the_radius_with_the_pattern_is_no_smaller(capsys: Capture) -> None:
    mined()
    capsys.readouterr()
    command = ["nap", "radius", "net.onnx", "nap.json", "data.npz", "--timeout-s", "1", "--json"]
    assert cli.run(command) == Exit.ANSWERED
    for row in json.loads(capsys.readouterr().out):
        assert row["with_pattern"] >= row["ball"] > 0


@pytest.mark.usefixtures("folder")
def test_mistakes_are_named(capsys: Capture) -> None:
    mined()
    for command, told in (
        (["nap", "mine", "net.onnx", "data.npz", "--layers", "q"], "'q'"),
        (["nap", "mine", "net.onnx", "net.onnx"], "numpy"),
        (["nap", "minimise", "net.onnx", "nap.json", "data.npz", "--way", "x"], "--way x"),
        (["nap", "measure", "net.onnx", "none.json", "data.npz"], "none.json"),
    ):
        assert cli.run(command) == Exit.BAD_INPUT
        assert told in capsys.readouterr().err
    verify = ["verify", "net.onnx", "nap.json", "--counterexample", "x.npy"]
    assert cli_verify.run(verify) == Exit.BAD_INPUT
    assert "--counterexample with activation patterns" in capsys.readouterr().err
