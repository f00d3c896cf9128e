"""`verify --near`: a line for each input, the words of verdicts, and options that do not go."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.cli import verify as cli
from tests.onnx_models import proto, saved


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """Its outputs are its inputs."""
    return saved(proto([("Gemm", ["x", "w"], ["y"], {})], (1, 2), {"w": np.eye(2)}), tmp_path)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    path = tmp_path / "inputs.csv"
    path.write_text("0.75,0.25\n0,1\n")
    return path


def test_every_input_has_a_line_and_all_a_summary(
    network: Path, inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["verify", str(network), "--near", str(inputs), "--radius", "0.3"]) == 0
    one, other, both = capsys.readouterr().out.splitlines()
    assert one.startswith("input 0, class 0: refuted: an input within 0.3 is classified as 1")
    assert other.startswith("input 1, class 1: proved: every input within 0.3 is classified as 1 (")
    assert both.startswith("2 inputs: 1 proved, 1 refuted (")


def test_the_json_has_the_counterexample(
    network: Path, inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--near", str(inputs), "--radius", "0.3", "--within", "0,1", "--json"]
    assert cli.run(["verify", str(network), *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["within"] == [0, 1]
    refuted, proved = told["inputs"]
    assert (refuted["verdict"], proved["verdict"]) == ("refuted", "proved")
    x = np.array(refuted["counterexample"]["input"]).ravel()
    assert x[1] >= x[0]
    assert (np.abs(x - [0.75, 0.25]) <= 0.3 + 1e-7).all()


def test_the_largest_radius_is_told(
    network: Path, inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--near", str(inputs), "--largest-radius", "--within", "0,1"]
    assert cli.run(["verify", str(network), *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "proved within 0.24" in lines[0]
    assert "a counterexample within" in lines[0]


def test_an_input_of_another_class_is_refuted_at_once(
    network: Path, inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--near", str(inputs), "--label", "1"]
    assert cli.run(["verify", str(network), *arguments, "--radius", "0"]) == 0
    assert "input 0, class 1: refuted" in capsys.readouterr().out
    assert cli.run(["verify", str(network), *arguments, "--largest-radius"]) == 0
    assert "input 0, class 1: no radius was proved" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--radius", "1"], "--radius without --near"),
        (["--label", "1"], "--label without --near"),
        (["--largest-radius"], "--largest-radius without --near"),
        (["--near", "X"], "neither of --radius and --largest-radius"),
        (["--near", "X", "--radius", "1", "--largest-radius"], "both of --radius"),
        (["--near", "X", "--radius", "1", "--certificate", "c.xz"], "--near with --certificate"),
        (["p.vnnlib", "--near", "X", "--radius", "1"], "--near with a property"),
        (["--near", "X", "--radius", "-1"], "'-1' is not a number from 0"),
        (["--near", "X", "--radius", "1", "--within", "1"], "'1' is not two numbers"),
        (["--near", "X", "--radius", "1", "--within", "1,0"], "'1,0' is not two numbers"),
        (["--near", "X", "--radius", "1", "--label", "7"], "found the class 7"),
    ],
)
def test_options_that_do_not_go_are_refused(
    options: list[str],
    said: str,
    network: Path,
    inputs: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = [str(inputs) if option == "X" else option for option in options]
    assert cli.run(["verify", str(network), *named]) == 2
    assert said in capsys.readouterr().err
