"""`abduce verify --certificate` and `abduce check` from the command line."""

import json
from pathlib import Path

import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.cli import app as cli
from abduce.verify.certificates.certificate import sha256
from tests.instances import FAILS, HOLDS, network
from tests.verify.certificates.narrow import form_of, saved

Capture = pytest.CaptureFixture[str]
FILES = ["net.onnx", "holds.vnnlib", "proof.json.xz"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network with two properties, in the current folder."""
    monkeypatch.chdir(tmp_path)
    network(tmp_path / "net.onnx")
    (tmp_path / "holds.vnnlib").write_text(HOLDS)
    (tmp_path / "fails.vnnlib").write_text(FAILS)
    return tmp_path


def verify(property_: str, *more: str) -> int:
    return cli.run(["verify", "net.onnx", property_, "--certificate", "proof.json.xz", *more])


def test_a_proof_is_written_and_accepted(folder: Path, capsys: Capture) -> None:
    assert verify("holds.vnnlib") == 0
    out = capsys.readouterr().out
    assert out.startswith("proved")
    assert "certificate: proof.json.xz (leaves: 1, bytes: " in out
    assert cli.run(["check", *FILES]) == 0
    assert capsys.readouterr().out == (
        "accepted: the network has the property, in real arithmetic (recomputed in integers;"
        " regions: 1, cases: 1, leaves: 1)\n"
    )
    assert cli.run(["check", *FILES, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "verdict": "accepted",
        "evidence": "recomputed",
        "regions": 1,
        "cases": 1,
        "leaves": 1,
    }


def test_json_says_what_was_written(folder: Path, capsys: Capture) -> None:
    assert verify("holds.vnnlib", "--json") == 0
    found = json.loads(capsys.readouterr().out)["certificate_file"]
    size = (folder / "proof.json.xz").stat().st_size
    assert found == {"path": "proof.json.xz", "leaves": 1, "bytes": size}


def test_another_property_is_refused(folder: Path, capsys: Capture) -> None:
    assert verify("holds.vnnlib") == 0
    capsys.readouterr()
    assert cli.run(["check", "net.onnx", "fails.vnnlib", "proof.json.xz"]) == 1
    out = capsys.readouterr().out
    assert out == "refused: the certificate is about another property: the sha256 differs\n"


def test_a_counterexample_to_a_false_claim_is_printed(folder: Path, capsys: Capture) -> None:
    """A certificate of another property, with hashes that are made to fit."""
    assert verify("holds.vnnlib") == 0
    form = form_of(folder / "proof.json.xz")
    form["property"] = sha256((folder / "fails.vnnlib").read_bytes())
    saved(form, folder / "proof.json.xz")
    capsys.readouterr()
    command = ["check", "net.onnx", "fails.vnnlib", "proof.json.xz"]
    assert cli.run(command) == 1
    out = capsys.readouterr().out
    assert out.startswith("refused: region 0: leaf 0 does not close; its bounds: -0.5\n")
    assert "The claim is false. This input violates the property, in onnxruntime too:\n((X_0" in out
    assert cli.run([*command, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "rejected"
    assert found["box"] == [[-1.0, 1.0], [-1.0, 1.0]]
    assert found["counterexample"]["output"][0] >= 1.5


def test_what_is_not_proved_has_no_certificate(folder: Path, capsys: Capture) -> None:
    assert verify("fails.vnnlib") == 0
    assert "no certificate: nothing was proved" in capsys.readouterr().out
    assert not (folder / "proof.json.xz").exists()


def test_what_has_no_certificates_is_refused_before_the_search(
    folder: Path, capsys: Capture
) -> None:
    network(folder / "net.onnx", "Sigmoid")
    assert verify("holds.vnnlib") == 3
    assert "node 0 (Sigmoid): this operator has no translation" in capsys.readouterr().err
    network(folder / "net.onnx")
    assert verify("holds.vnnlib", "--semantics", "float32") == 2
    assert "--certificate with --semantics float32" in capsys.readouterr().err


def test_bad_input_is_named(folder: Path, capsys: Capture) -> None:
    assert cli.run(["check", *FILES]) == 2
    assert "proof.json.xz" in capsys.readouterr().err
    (folder / "proof.json.xz").write_text("{}")
    assert cli.run(["check", *FILES]) == 2
    assert "expected an abduce certificate" in capsys.readouterr().err
