"""A lexicon answers sentences of a person's images; what is missing or wrong is named."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from abduce.cli import app as cli
from abduce.neural.perception.config import PerceptionConfig, SeeingConfig
from abduce.neural.perception.files import save
from abduce.neural.perception.images import prepared
from abduce.neural.perception.network import Seeing
from abduce.symbolic.nsr import learn

WORDS = ("dax", "lug", "fep")
SHAPES = {"dax": np.s_[18:22, 4:36], "lug": np.s_[4:36, 18:22], "fep": np.s_[8:32, 8:32]}


def picture(word: str) -> np.ndarray:
    """A bar that lies, a bar that stands, or a full square; dark on light."""
    found = np.full((40, 40), 255, np.uint8)
    found[SHAPES[word]] = 0
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lexicon, and a network that was fitted to the three pictures."""
    folder = tmp_path_factory.mktemp("kept")
    pairs = [("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED"), ("lug fep", "BLUE BLUE")]
    learn(pairs).save(folder / "lexicon.json")
    config = PerceptionConfig(network=SeeingConfig(channels=2, hidden=8, dropped=0.0))
    network = Seeing(config.network, len(WORDS), 0)
    shown = np.stack([prepared(picture(word) / 255) for word in WORDS])
    inks = torch.from_numpy(shown).unsqueeze(1).float() / 255
    optimiser = torch.optim.Adam(network.parameters(), 0.05)
    for _ in range(60):
        loss = torch.nn.functional.cross_entropy(network(inks), torch.arange(3))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    save(network.eval(), WORDS, np.full(3, 1 / 3), config, folder, seed=0, images=0, cpu_s=0.0)
    return folder


def put(folder: Path, words: tuple[str, ...]) -> list[str]:
    names = [f"{n}.png" for n in range(len(words))]
    for name, word in zip(names, words, strict=True):
        Image.fromarray(picture(word)).save(folder / name)
    return names


def test_images_are_answered(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = put(tmp_path, ("lug", "fep", "dax"))
    (tmp_path / "expressions.jsonl").write_text(
        json.dumps(names[:2]) + "\n" + json.dumps([names[2]]) + "\n"
    )
    command = ["answer", str(kept / "lexicon.json"), "--image-folder", str(tmp_path)]
    assert cli.run(command) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["BLUE BLUE", "RED"]
    drawing = tmp_path / "tree.svg"
    assert cli.run([*command, "--svg", str(drawing)]) == 2
    assert "--svg with several sentences" in capsys.readouterr().err
    (tmp_path / "expressions.jsonl").write_text(json.dumps(names[:2]))
    assert cli.run([*command, "--svg", str(drawing)]) == 0
    assert "lug fep" in drawing.read_text("utf-8")


def test_what_is_wrong_is_named(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lexicon = str(kept / "lexicon.json")
    assert cli.run(["answer", lexicon]) == 2
    assert "--image-folder FOLDER" in capsys.readouterr().err
    put(tmp_path, ("lug",))
    images = ["--image-folder", str(tmp_path)]
    assert cli.run(["answer", lexicon, "dax", *images]) == 2
    assert cli.run(["answer", lexicon, *images, "--explain"]) == 2
    capsys.readouterr()
    (tmp_path / "0.png").write_bytes(b"none")
    assert cli.run(["answer", lexicon, *images]) == 2
    assert "0.png" in capsys.readouterr().err
    alone = tmp_path / "lexicon.json"
    alone.write_bytes((kept / "lexicon.json").read_bytes())
    assert cli.run(["answer", str(alone), *images]) == 2
    assert "perception.json" in capsys.readouterr().err
