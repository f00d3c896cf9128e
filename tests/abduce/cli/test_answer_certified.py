"""Whether the answer to a person's images can change is proved, refuted or unknown, and printed."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from abduce.cli import app as cli
from abduce.neural.perception.files import save
from tests.neural.perception.certified.pictures import blend, fitted, lexicon, picture


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lexicon and a network for it, as files."""
    folder, found = tmp_path_factory.mktemp("kept"), fitted(looks=0)
    lexicon().save(folder / "lexicon.json")
    told = {"seed": 0, "images": 0, "cpu_s": 0.0}
    save(found.network, found.symbols, found.usual, found.config, folder, **told)
    return folder


def put(folder: Path, *pictures: np.ndarray) -> None:
    for number, each in enumerate(pictures):
        Image.fromarray(each).save(folder / f"{number}.png")


def asked(kept: Path, folder: Path, *more: str) -> list[str]:
    return ["answer", str(kept / "lexicon.json"), "--image-folder", str(folder), *more]


def test_a_small_radius_is_proved_and_a_large_one_is_not(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, picture("dax"), picture("fep"))
    assert cli.run(asked(kept, tmp_path, "--certify", "0.004")) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "RED RED"
    assert told[1].startswith("  proved: the answer stays RED RED")
    assert cli.run(asked(kept, tmp_path, "--certify", "0.9", "--json")) in (0, 4)
    found = json.loads(capsys.readouterr().out)
    assert found["certified"]["verdict"] in ("refuted", "unknown")
    assert found["certified"]["radius"] == 0.9
    assert [each["word"] for each in found["certified"]["symbols"]] == ["dax", "fep"]


def test_changed_images_are_printed(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, picture("dax"), picture("fep"))
    assert cli.run(asked(kept, tmp_path, "--attack")) == 0
    assert "smallest change found: image " in capsys.readouterr().out
    assert cli.run(asked(kept, tmp_path, "--attack", "--json")) == 0
    found = json.loads(capsys.readouterr().out)["smallest_change"]
    assert np.array(found["pixels"]).shape == (1, 32, 32)
    radius = found["radius"]
    assert cli.run(asked(kept, tmp_path, "--certify", f"{radius + 0.004}", "--json")) in (0, 4)
    assert json.loads(capsys.readouterr().out)["certified"]["verdict"] != "proved"


def test_several_sentences_and_one_without_an_answer(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, picture("dax"), picture("fep"))
    (tmp_path / "expressions.jsonl").write_text('["0.png"]\n["1.png"]\n')
    assert cli.run(asked(kept, tmp_path, "--certify", "0.004", "--risk", "0.1")) == 4
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "RED"
    assert told[1].startswith("  proved: ")
    assert told[2].startswith("withheld: ")
    assert told[3].startswith("  unknown: the answer is withheld")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--certify", "0"], "--certify 0"),
        (["--certify", "1.5"], "above 0 and up to 1"),
        (["--certify", "nan"], "--certify nan"),
        (["--certify", "0.1", "--svg", "a.svg"], "--certify with --svg"),
        (["--attack", "--explain"], "--image-folder with --explain"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    more: list[str], message: str, kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, blend(0.9))
    assert cli.run(asked(kept, tmp_path, *more)) == 2
    assert message in capsys.readouterr().err


def test_without_images_nothing_is_certified(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["answer", str(kept / "lexicon.json"), "dax", "--certify", "0.1"]) == 2
    assert "--certify without --image-folder" in capsys.readouterr().err
