"""Damaged and hostile files end in an error that names them, and never in a wrong verdict."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.errors import AbduceError, UnsupportedError
from abduce.verify.instance import verify_files
from abduce.verify.onnx import reading
from abduce.verify.onnx.reading import read_network
from abduce.verify.verdict import Proved, Refuted, Unknown
from abduce.verify.vnnlib import parse_property, read_property
from tests.onnx_models import Step, proto, saved

T = TypeVar("T")
STEPS: list[Step] = [
    ("Reshape", ["x", "s"], ["a"], {}),
    ("Conv", ["a", "k"], ["b"], {"pads": [1, 0, 1, 0]}),
    ("Relu", ["b"], ["c"], {}),
    ("Flatten", ["c"], ["d"], {}),
    ("Gemm", ["d", "w", "v"], ["e"], {"transB": 1, "alpha": 0.5}),
    ("Softmax", ["e"], ["y"], {"axis": 1}),
]
CONSTANTS = {
    "s": np.array([1, 1, 2, 3], np.int64),
    "k": np.arange(4.0).reshape(1, 1, 2, 2),
    "w": np.arange(12.0).reshape(2, 6) / 8,
    "v": np.array([0.5, -1.0]),
}
BOX = (
    "".join(f"(declare-const X_{i} Real)\n" for i in range(6))
    + "".join(f"(declare-const Y_{i} Real)\n" for i in range(2))
    + "".join(f"(assert (and (>= X_{i} -1.5) (<= X_{i} 0.25)))\n" for i in range(6))
)
HOLDS = BOX + "(assert (>= Y_0 1.5))\n"
PROPERTY = BOX + "(assert (or (<= Y_0 (* 2 Y_1)) (and (> Y_0 0.75) (not (< Y_1 1e-1)))))\n"


def damaged(whole: bytes, rng: np.random.Generator) -> bytes:
    """Cut short, or with a few bytes changed, dropped, doubled or moved."""
    data = bytearray(whole)
    for _ in range(int(rng.integers(1, 4))):
        start, end = sorted(rng.integers(0, len(data) + 1, 2).tolist())
        end = min(end, start + 12)
        match rng.integers(6):
            case 0:
                del data[max(1, start) :]
            case 1 if start < len(data):
                data[start] = int(rng.integers(256))
            case 2 if start < len(data):
                data[start] ^= 1 << int(rng.integers(8))
            case 3:
                del data[start:end]
            case 4:
                data[start:start] = data[start:end]
            case _:
                data += bytes(data[start:end])
        data = data or bytearray(b"\0")
    return bytes(data)


def attempted(call: Callable[[], T]) -> T | str:
    """What the call returns, or the message of its error."""
    try:
        return call()
    except AbduceError as error:
        return str(error)


def test_damaged_networks_are_errors_or_networks(tmp_path: Path, seed: int) -> None:
    """One that is still a network may have a verdict, which onnxruntime confirms, or an error."""
    rng = np.random.default_rng(seed)
    whole = proto(STEPS, (1, 6), CONSTANTS).SerializeToString()
    path, properties = tmp_path / "net.onnx", tmp_path / "p.vnnlib"
    properties.write_text(HOLDS)
    read = 0
    for _ in range(400):
        path.write_bytes(damaged(whole, rng))
        network = attempted(lambda: read_network(path))
        if isinstance(network, str):
            assert str(path) in network
            continue
        read += 1
        if read <= 20:
            verdict = attempted(lambda: verify_files(path, properties, timeout_s=0.5))
            assert isinstance(verdict, str | Proved | Refuted | Unknown)
    assert 0 < read < 400


def test_cut_networks_are_errors(tmp_path: Path) -> None:
    """But where the cut leaves a file that says all that is needed."""
    whole = proto(STEPS, (1, 6), CONSTANTS).SerializeToString()
    path = tmp_path / "net.onnx"
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        with pytest.raises(AbduceError, match=r"net\.onnx"):
            read_network(path)


def test_damaged_properties_are_errors_or_properties(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    path = tmp_path / "p.vnnlib"
    read = 0
    for _ in range(1500):
        path.write_bytes(damaged(PROPERTY.encode(), rng))
        properties = attempted(lambda: read_property(path, 6, 2))
        if isinstance(properties, str):
            assert "p.vnnlib" in properties
            continue
        read += 1
        properties.judged([0] * 6, [(0, 0)] * 2)  # type: ignore[list-item]
    assert 0 < read < 1500


def test_cut_properties_are_errors_unless_assertions_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "p.vnnlib"
    for end in range(len(PROPERTY)):
        text = PROPERTY[:end]
        path.write_text(text)
        if text.count("(") == text.count(")") and text.rstrip().endswith(")"):
            continue
        with pytest.raises(AbduceError, match=r"p\.vnnlib"):
            read_property(path, 6, 2)


@pytest.mark.parametrize(
    "text",
    ["(" * 200_000, "(assert " + "(and " * 50_000, "(assert (not " * 1000 + "))" * 1000, "\0" * 50],
)
def test_hostile_properties_are_errors(text: str) -> None:
    with pytest.raises(AbduceError):
        parse_property(text)


HUGE = [
    ("Expand", {"c": np.array([2**31, 2**31], np.int64)}, {}),
    ("Tile", {"c": np.array([2**20, 2**20], np.int64)}, {}),
    ("Reshape", {"c": np.array([-(2**40), 6], np.int64)}, {}),
    ("Pad", {"c": np.array([0, 2**40, 0, 2**40], np.int64)}, {}),
]


@pytest.mark.parametrize(("kind", "constants", "attributes"), HUGE)
def test_networks_that_ask_for_too_much_are_errors(
    kind: str, constants: dict[str, np.ndarray], attributes: dict[str, int], tmp_path: Path
) -> None:
    model = proto([(kind, ["x", "c"], ["y"], attributes)], (1, 6), constants)
    with pytest.raises(AbduceError, match=kind):
        read_network(saved(model, tmp_path))


def test_a_network_beyond_the_memory_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(site: object) -> np.ndarray:
        raise MemoryError

    monkeypatch.setattr(reading, "OPERATORS", {**reading.OPERATORS, "Relu": greedy})
    path = saved(proto([("Relu", ["x"], ["y"], {})]), tmp_path)
    with pytest.raises(UnsupportedError, match="more memory than there is"):
        read_network(path)
