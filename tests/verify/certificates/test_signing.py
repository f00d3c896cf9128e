"""Certificates of searches over activations: their signs, slopes and multipliers are accepted."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.verify.certificates.certificate import Certificate, encoded
from abduce.verify.certificates.checking import Accepted, Rejected, check_files
from abduce.verify.certificates.claims import read_claim
from abduce.verify.certificates.kernel import CASES
from abduce.verify.certificates.tracing import Tracing
from abduce.verify.certificates.writing import NotWritten
from abduce.verify.instances.proving import Proof, prove_files
from abduce.verify.verdict import Proved
from tests.verify.certificates.narrow import form_of, saved
from tests.verify.certificates.relu_nets import box, random_net

INPUTS = 30
PROPERTY = "(assert (or (and (<= (- Y_0 Y_1) {:.4f})) (and (>= Y_2 {:.4f}))))"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A network of many inputs, and a property with two cases that hold narrowly."""
    rng = np.random.default_rng(2)
    net = random_net(rng, [INPUTS, 20, 20, 3])
    v = rng.uniform(-0.1, 0.1, (20_000, INPUTS))
    for weight, bias in zip(net.weights[:-1], net.biases[:-1], strict=True):
        v = np.maximum(v @ weight.T + bias, 0)
    y = v @ net.weights[-1].T + net.biases[-1]
    bounds = (y[:, 0] - y[:, 1]).min() - 0.15, y[:, 2].max() + 0.15
    inputs = box([-0.1] * INPUTS, [0.1] * INPUTS)
    return net.files(tmp_path_factory.mktemp("signs"), inputs + PROPERTY.format(*bounds))


@pytest.fixture(scope="module")
def proof(files: tuple[Path, Path]) -> Proof:
    return prove_files(*files)


def test_a_search_over_activations_leaves_a_certificate(
    files: tuple[Path, Path], proof: Proof, tmp_path: Path
) -> None:
    """With no split of an input, and a tree for each case."""
    assert isinstance(proof.verdict, Proved)
    assert isinstance(proof.certificate, Certificate)
    (tree,) = proof.certificate.trees
    splits = [entry for entry in tree.entries if entry >= 0]
    assert tree.entries[0] == CASES
    assert splits
    assert min(splits) >= INPUTS
    assert any(multipliers for *_, multipliers in tree.choices)
    path = tmp_path / "proof.json.xz"
    path.write_bytes(encoded(proof.certificate))
    assert check_files(*files, path) == Accepted(1, 2, proof.certificate.leaves)


def test_without_its_multipliers_it_is_refused(
    files: tuple[Path, Path], proof: Proof, tmp_path: Path
) -> None:
    assert isinstance(proof.certificate, Certificate)
    path = tmp_path / "proof.json.xz"
    path.write_bytes(encoded(proof.certificate))
    form = form_of(path)
    entries, choices = form["trees"][0]
    without = [[*choice[:4], [0] * len(choice[4])] for choice in choices]
    found = check_files(*files, saved(form | {"trees": [[entries, without]]}, path))
    assert isinstance(found, Rejected)
    assert "does not close" in found.reason


def test_without_a_search_there_is_none_before_the_deadline(files: tuple[Path, Path]) -> None:
    assert isinstance(Tracing(read_claim(*files)).certificate(deadline=0.0), NotWritten)
