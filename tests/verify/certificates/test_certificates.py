"""Certificates in files: what is written is accepted, and nothing that was changed is."""

import json
import lzma
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")


import abduce.verify.certificates
from abduce.errors import AbduceError, InputError, UnsupportedError
from abduce.verify.certificates.certificate import encoded, read_certificate
from abduce.verify.certificates.checking import Accepted, Rejected, check_files
from abduce.verify.certificates.claims import read_claim
from abduce.verify.certificates.writing import Certificate, NotWritten, certificate_of
from abduce.verify.instances.proving import prove_files
from abduce.verify.strategy import Strategy
from tests.verify.certificates.narrow import CASES, form_of, narrow, saved

FOLDER = Path(abduce.verify.certificates.__file__).parent


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    made = narrow(tmp_path_factory.mktemp("certificate"))
    return (*made.files, made.proof)


def test_what_is_written_is_accepted(instance: tuple[Path, Path, Path]) -> None:
    found = check_files(*instance)
    assert isinstance(found, Accepted)
    assert found == Accepted(1, 2, read_certificate(instance[2]).leaves)


def test_a_search_leaves_a_certificate_with_fewer_leaves(
    instance: tuple[Path, Path, Path],
) -> None:
    """Than the kernel's arithmetic alone finds, since the search has slopes by ascent."""
    alone = certificate_of(read_claim(*instance[:2]))
    assert isinstance(alone, Certificate)
    assert read_certificate(instance[2]).leaves < alone.leaves


@pytest.mark.parametrize("split", ["activations", "inputs"])
def test_a_proof_by_other_splits_gets_a_certificate_too(
    split: Literal["activations", "inputs"], instance: tuple[Path, Path, Path]
) -> None:
    found = prove_files(*instance[:2], strategy=Strategy(split=split))
    assert isinstance(found.certificate, Certificate)


def test_files_have_one_form(instance: tuple[Path, Path, Path]) -> None:
    content = instance[2].read_bytes()
    assert encoded(read_certificate(instance[2])) == content


def test_changed_fields_are_refused_by_their_hashes(
    instance: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    form, path = form_of(instance[2]), tmp_path / "changed.json.xz"
    changes = {
        "scale": 39,
        "network": "0" * 64,
        "property": "0" * 64,
        "trees": [[form["trees"][0][0][:-1], form["trees"][0][1]]],
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
        lambda form: form | {"version": 1},
        lambda form: form | {"more": 1},
        lambda form: form | {"scale": "40"},
        lambda form: form | {"scale": True},
        lambda form: form | {"trees": [[[0.5], []]]},
        lambda form: form | {"trees": [[[-1]]]},
        lambda form: form | {"trees": [[[-1], 5]]},
        lambda form: form | {"trees": [[[-1], [5]]]},
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
