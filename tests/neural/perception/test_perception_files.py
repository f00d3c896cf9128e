"""What was learned comes back from its files, and nothing else does."""

import json
from pathlib import Path

import numpy as np
import pytest

from abduce.errors import ChecksumError, InputError
from abduce.neural.perception.config import Distortions, PerceptionConfig, SeeingConfig
from abduce.neural.perception.files import load, save
from abduce.neural.perception.network import Seeing
from abduce.neural.perception.seeing import seen

DEFAULT = Distortions()
USUAL = np.array([0.5, 0.25, 0.25])
CONFIG = PerceptionConfig(network=SeeingConfig(channels=2, hidden=4))


def kept(folder: Path) -> Seeing:
    network = Seeing(CONFIG.network, 3, 5).eval()
    save(network, ["a", "b", "c"], USUAL, CONFIG, folder, seed=5, images=0, cpu_s=0.0)
    return network


def test_a_network_comes_back(tmp_path: Path) -> None:
    network = kept(tmp_path)
    found = load(tmp_path)
    shown = np.random.default_rng(0).integers(0, 255, (4, 32, 32)).astype(np.uint8)
    assert found.symbols == ("a", "b", "c")
    assert found.config == CONFIG
    assert np.array_equal(found.usual, USUAL)
    assert np.array_equal(seen(network, shown, DEFAULT), seen(found.network, shown, DEFAULT))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("symbols", ["a"]),
        ("symbols", ["a", "a", "b"]),
        ("symbols", 3),
        ("proved", True),
        ("usual", [1]),
        ("usual", [2, 0, 0]),
    ],
)
def test_a_changed_description_is_refused(field: str, value: object, tmp_path: Path) -> None:
    kept(tmp_path)
    path = tmp_path / "perception.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with pytest.raises(InputError, match=r"perception\."):
        load(tmp_path)


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    kept(tmp_path)
    path = tmp_path / "perception.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ChecksumError):
        load(tmp_path)


def test_a_folder_without_one_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="abduce solve hint --images"):
        load(tmp_path)
