"""A search in the kernel's arithmetic says what the usual one says, and its proofs are accepted."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.verify.certificates.certificate import Certificate
from abduce.verify.certificates.claims import read_claim
from abduce.verify.certificates.config import WritingConfig
from abduce.verify.certificates.kernel import check
from abduce.verify.certificates.writing import NotWritten
from abduce.verify.instances.instance import verify_files
from abduce.verify.instances.proving import prove_files
from abduce.verify.strategy import Strategy
from abduce.verify.verdict import Proved, Unknown
from tests.verify.certificates.narrow import narrow
from tests.verify.certificates.relu_nets import box, random_net

PROPERTIES = (
    "(assert (>= Y_0 {0}))",
    "(assert (<= Y_0 {0}))(assert (<= Y_1 {1}))",
    "(assert (or (and (>= Y_0 {0}) (>= Y_1 {1})) (and (<= (- Y_0 Y_1) {1}))))",
    "(assert (or (and (<= X_0 0.0) (>= Y_0 {0})) (and (>= X_0 0.0) (<= Y_1 {1}))))",
)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    form=st.sampled_from(PROPERTIES),
    split=st.sampled_from(["inputs", "activations"]),
)
def test_verdicts_agree_and_proofs_are_accepted(seed: int, form: str, split: str) -> None:
    rng = np.random.default_rng(seed)
    net = random_net(rng, [2, 6, 6, 2])
    text = form.format(*[f"{bound:.3f}" for bound in rng.uniform(-1.0, 1.0, 2)])
    strategy = Strategy(split=split)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        files = net.files(Path(folder), box([-1, -1], [1, 1]) + text)
        usual = verify_files(*files, timeout_s=20.0, strategy=strategy)
        found = prove_files(*files, timeout_s=20.0, strategy=strategy)
        claim = read_claim(*files).claim
    if not isinstance(usual, Unknown) and not isinstance(found.verdict, Unknown):
        assert type(usual) is type(found.verdict)
    assert isinstance(found.certificate, Certificate) == isinstance(found.verdict, Proved)
    if isinstance(found.certificate, Certificate):
        certificate = found.certificate
        assert check(claim, certificate.scale, certificate.trees) == certificate.leaves


def test_where_no_scale_fits_the_proof_has_no_certificate(tmp_path: Path) -> None:
    """Bounds are too large for 60 digits behind the point; the usual search proves it."""
    given = narrow(tmp_path)
    found = prove_files(*given.files, config=WritingConfig(scales=(60,)))
    assert isinstance(found.verdict, Proved)
    assert isinstance(found.certificate, NotWritten)
    assert "too large for the scale" in found.certificate.reason
