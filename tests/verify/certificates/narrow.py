"""A small network, a property that holds narrowly, and its certificate, as files."""

import json
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.verify.certificates.certificate import Certificate, encoded, sha256
from abduce.verify.instances.proving import prove_files
from tests.verify.certificates.relu_nets import Net, box, random_net

CASES = "(assert (or (and (<= Y_0 Y_1) (<= Y_0 {0})) (and (>= Y_1 {1}))))"
"""The property, but for its two bounds."""


@dataclass(frozen=True, slots=True, eq=False)
class Narrow:
    """An instance with a certificate of some tens of leaves."""

    net: Net
    box: str
    bounds: tuple[str, str]
    files: tuple[Path, Path]
    proof: Path


def narrow(folder: Path) -> Narrow:
    """The instance, for inputs from -1 to 1."""
    net = random_net(np.random.default_rng(5), [3, 12, 12, 2])
    x = np.random.default_rng(0).uniform(-1, 1, (20_000, 3))
    v = x
    for weight, bias in zip(net.weights[:-1], net.biases[:-1], strict=True):
        v = np.maximum(v @ weight.T + bias, 0)
    y = v @ net.weights[-1].T + net.biases[-1]
    least = float(y[y[:, 0] <= y[:, 1]][:, 0].min(initial=y[:, 0].min()))
    bounds = f"{least - 0.1:.3f}", f"{y[:, 1].max() + 0.05:.3f}"
    inputs = box([-1] * 3, [1] * 3)
    files = net.files(folder, inputs + CASES.format(*bounds))
    written = prove_files(*files).certificate
    assert isinstance(written, Certificate)
    assert 10 <= written.leaves <= 1000
    assert written.trees[0].choices
    proof = folder / "proof.json.xz"
    proof.write_bytes(encoded(written))
    return Narrow(net, inputs, bounds, files, proof)


def form_of(proof: Path) -> dict[str, Any]:
    return json.loads(lzma.decompress(proof.read_bytes()))


def saved(form: dict[str, Any], path: Path, *, digest: bool = True) -> Path:
    """The form as a file; with ``digest``, its digest is computed again."""
    if digest:
        rest = {name: value for name, value in form.items() if name != "digest"}
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
        form = rest | {"digest": sha256(text.encode())}
    path.write_bytes(lzma.compress(json.dumps(form).encode(), preset=0))
    return path
