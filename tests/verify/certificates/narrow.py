"""A small network, a property that holds narrowly, and its certificate, as files."""

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np

from abduce.verify.certificates.certificate import encoded, sha256
from abduce.verify.certificates.claims import read_claim
from abduce.verify.certificates.writing import Certificate, certificate_of
from tests.verify.certificates.relu_nets import box, random_net

CASES = "(assert (or (and (<= Y_0 Y_1) (<= Y_0 {0})) (and (>= Y_1 {1}))))"


def narrow(folder: Path) -> tuple[Path, Path, Path]:
    """A network, a property that holds narrowly, and a certificate with some tens of leaves."""
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
