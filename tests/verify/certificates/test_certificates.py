"""Certificates in files: what is written is accepted, and nothing that was changed is."""

import json
import lzma
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")

import onnx
from onnx import numpy_helper

import abduce.verify.certificates
from abduce.errors import AbduceError, InputError, UnsupportedError
from abduce.verify.certificates.certificate import encoded, read_certificate, sha256
from abduce.verify.certificates.checking import Accepted, Rejected, check_files
from abduce.verify.certificates.claims import read_claim
from abduce.verify.certificates.guiding import BoxLedger, guides_of
from abduce.verify.certificates.writing import Certificate, NotWritten, certificate_of
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.vnnlib.reading import read_property
from abduce.verify.verdict import Proved
from abduce.verify.verification import verify
from tests.verify.certificates.relu_nets import box, random_net

CASES = "(assert (or (and (<= Y_0 Y_1) (<= Y_0 {0})) (and (>= Y_1 {1}))))"
F32_SHIFT = np.array([0, 1], np.float32)
FOLDER = Path(abduce.verify.certificates.__file__).parent


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A network, a property that holds narrowly, and a certificate with some tens of leaves."""
    folder = tmp_path_factory.mktemp("certificate")
    net = random_net(np.random.default_rng(5), [3, 12, 12, 2])
    x = np.random.default_rng(0).uniform(-1, 1, (20_000, 3))
    v = x
    for weight, bias in zip(net.weights[:-1], net.biases[:-1], strict=True):
        v = np.maximum(v @ weight.T + bias, 0)
    y = v @ net.weights[-1].T + net.biases[-1]
    least = float(y[y[:, 0] <= y[:, 1]][:, 0].min(initial=y[:, 0].min()))
    text = CASES.format(f"{least - 0.1:.3f}", f"{y[:, 1].max() + 0.05:.3f}")
    files = net.files(folder, box([-1] * 3, [1] * 3) + text)
    written = certificate_of(read_claim(*files))
    assert isinstance(written, Certificate)
    assert 10 <= written.leaves <= 1000
    proof = folder / "proof.json.xz"
    proof.write_bytes(encoded(written))
    return (*files, proof)


def form_of(proof: Path) -> dict[str, Any]:
    return json.loads(lzma.decompress(proof.read_bytes()))


def saved(form: dict[str, Any], path: Path, *, digest: bool = True) -> Path:
    """The form as a file; with ``digest``, its digest is computed again."""
    if digest:
        rest = {name: value for name, value in form.items() if name != "digest"}
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
        form = rest | {"digest": sha256(text.encode())}
    path.write_bytes(lzma.compress(json.dumps(form).encode()))
    return path


def test_what_is_written_is_accepted(instance: tuple[Path, Path, Path]) -> None:
    found = check_files(*instance)
    assert isinstance(found, Accepted)
    assert found == Accepted(1, 2, read_certificate(instance[2]).leaves)


def test_a_certificate_follows_the_search_of_the_verifier(
    instance: tuple[Path, Path, Path],
) -> None:
    net, property_, _ = instance
    network = read_network(net)
    ledger = BoxLedger()
    specification = read_property(property_, network.input_shape, network.output_shape)
    assert isinstance(verify(network, specification, ledger=ledger), Proved)
    guides = guides_of(ledger.subdomains)
    claim = read_claim(net, property_)
    followed = certificate_of(claim, guides)
    assert isinstance(followed, Certificate)
    first = guides[0].splits.get(guides[0].root)
    assert first is not None
    assert followed.trees[0][0] == first[0]


def test_files_have_one_form(instance: tuple[Path, Path, Path]) -> None:
    content = instance[2].read_bytes()
    assert encoded(read_certificate(instance[2])) == content


@pytest.mark.parametrize("count", [20, pytest.param(500, marks=pytest.mark.slow)])
def test_changed_bytes_are_refused(
    count: int, instance: tuple[Path, Path, Path], tmp_path: Path, rng: random.Random
) -> None:
    content = bytearray(instance[2].read_bytes())
    for _ in range(count):
        place, path = rng.randrange(len(content)), tmp_path / "changed.json.xz"
        changed = content.copy()
        changed[place] ^= rng.randrange(1, 256)
        path.write_bytes(changed)
        with pytest.raises(InputError):
            raise_if_rejected(check_files(*instance[:2], path), path)


def raise_if_rejected(found: Accepted | Rejected, path: Path) -> None:
    if isinstance(found, Rejected):
        raise InputError(found.reason, path=path)


def test_changed_fields_are_refused_by_their_hashes(
    instance: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    form, path = form_of(instance[2]), tmp_path / "changed.json.xz"
    changes = {
        "scale": 39,
        "network": "0" * 64,
        "property": "0" * 64,
        "trees": [[*form["trees"][0][:-1]]],
        "digest": "0" * 64,
    }
    for name, value in changes.items():
        found = check_files(*instance[:2], saved(form | {name: value}, path, digest=False))
        assert isinstance(found, Rejected)
        assert "digest" in found.reason
    for name in ("network", "property"):
        found = check_files(*instance[:2], saved(form | {name: "0" * 64}, path))
        assert isinstance(found, Rejected)
        assert f"another {name}" in found.reason


@pytest.mark.parametrize(
    "change",
    [
        lambda form: form | {"version": 2},
        lambda form: form | {"more": 1},
        lambda form: form | {"scale": "40"},
        lambda form: form | {"scale": True},
        lambda form: form | {"trees": [[0.5]]},
        lambda form: form | {"trees": 5},
        lambda form: form | {"format": "another"},
        lambda form: [form],
    ],
)
def test_what_is_no_certificate_is_bad_input(
    change: Callable[[Any], Any], instance: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "bad.json.xz"
    path.write_bytes(lzma.compress(json.dumps(change(form_of(instance[2]))).encode()))
    with pytest.raises(InputError):
        check_files(*instance[:2], path)


def pruned(tree: list[int], rng: random.Random) -> list[int]:
    """The tree with a split whose children are leaves made a leaf."""
    places = [
        i for i, entry in enumerate(tree[:-2]) if entry >= 0 and tree[i + 1 : i + 3] == [-1] * 2
    ]
    place = rng.choice(places)
    return [*tree[:place], -1, *tree[place + 3 :]]


@pytest.mark.parametrize("count", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_proofs_that_are_no_proof_are_refused_by_the_arithmetic(
    count: int, instance: tuple[Path, Path, Path], tmp_path: Path, rng: random.Random
) -> None:
    """The digest fits. A tree whose splits are fewer does not close: a search would not have split
    there. Nor does one whose inputs are permuted, or the claim is shown by other splits."""
    form, path = form_of(instance[2]), tmp_path / "changed.json.xz"
    for _ in range(count):
        tree = pruned(form["trees"][0], rng)
        found = check_files(*instance[:2], saved(form | {"trees": [tree]}, path))
        assert isinstance(found, Rejected)
        assert "does not close" in found.reason


@pytest.mark.parametrize("count", [6, pytest.param(100, marks=pytest.mark.slow)])
def test_false_claims_are_refused_by_the_arithmetic(
    count: int, instance: tuple[Path, Path, Path], tmp_path: Path, rng: random.Random
) -> None:
    """A property with a bound that a known point violates, and all hashes made to fit."""
    net, property_, proof = instance
    text, path = property_.read_text(), tmp_path / "changed.json.xz"
    head = text[: text.index("(assert (or")]
    for _ in range(count):
        changed = tmp_path / "changed.vnnlib"
        changed.write_text(head + CASES.format(f"{rng.uniform(50, 90)}", f"{-rng.uniform(50, 90)}"))
        form = form_of(proof) | {"property": sha256(changed.read_bytes())}
        found = check_files(net, changed, saved(form, path))
        assert isinstance(found, Rejected)
        assert "does not close" in found.reason


def test_changed_weights_are_refused_by_the_arithmetic(
    instance: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """The last bias of the network is raised until the property is false; all hashes fit."""
    model = onnx.load_model_from_string(instance[0].read_bytes())
    (bias,) = (t for t in model.graph.initializer if t.name == "b2")
    bias.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(bias) + F32_SHIFT, "b2"))
    changed, path = tmp_path / "changed.onnx", tmp_path / "changed.json.xz"
    changed.write_bytes(model.SerializeToString())
    form = form_of(instance[2]) | {"network": sha256(changed.read_bytes())}
    found = check_files(changed, instance[1], saved(form, path))
    assert isinstance(found, Rejected)
    assert "does not close" in found.reason


def test_harmless_changes_are_accepted(
    instance: tuple[Path, Path, Path], tmp_path: Path, rng: random.Random
) -> None:
    """Other orders of fields, other scales, and leaves that are split once more."""
    form, path = form_of(instance[2]), tmp_path / "changed.json.xz"
    (tree,) = form["trees"]
    for _ in range(4):
        names = [*form]
        rng.shuffle(names)
        shuffled = {name: form[name] for name in names}
        assert isinstance(check_files(*instance[:2], saved(shuffled, path, digest=False)), Accepted)
    for scale in (36, 44):
        found = check_files(*instance[:2], saved(form | {"scale": scale}, path))
        assert isinstance(found, Accepted)
    leaves = [i for i, entry in enumerate(tree) if entry == -1]
    place = rng.choice(leaves)
    longer = [*tree[:place], rng.randrange(3), -1, *tree[place:]]
    assert isinstance(check_files(*instance[:2], saved(form | {"trees": [longer]}, path)), Accepted)


def test_a_refuted_property_gets_no_certificate(
    instance: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    text = instance[1].read_text()
    changed = tmp_path / "false.vnnlib"
    changed.write_text(text[: text.index("(assert (or")] + CASES.format(90, -90))
    found = certificate_of(read_claim(instance[0], changed), deadline=0.0)
    assert isinstance(found, NotWritten)


def test_what_has_no_certificates_is_named(
    instance: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "equal.vnnlib"
    path.write_text(instance[1].read_text() + "(assert (= Y_0 1))")
    with pytest.raises(UnsupportedError, match="the formula"):
        read_claim(instance[0], path)
    with pytest.raises(AbduceError):
        check_files(instance[0], path, instance[2])


SCRIPT = """
import json, lzma, sys
from kernel import check, claim_of
from translate import translated
net, text, proof = (open(path, "rb").read() for path in sys.argv[1:])
form = json.loads(lzma.decompress(proof))
print(check(claim_of(*translated(net, text)), form["scale"], form["trees"]))
print([name for name in sys.modules if name.startswith("abduce")])
"""


def test_the_trusted_base_runs_without_abduce(
    instance: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """Two files of limited length, copied to a folder of their own."""
    for name, most in (("kernel.py", 500), ("translate.py", 400)):
        shutil.copy(FOLDER / name, tmp_path)
        assert len((FOLDER / name).read_text().splitlines()) <= most
    (tmp_path / "run.py").write_text(SCRIPT)
    command = [sys.executable, "run.py", *map(str, instance)]
    run = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == [str(read_certificate(instance[2]).leaves), "[]"]
