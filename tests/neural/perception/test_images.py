"""A person's images are read alike in every mode; what cannot be read is named."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from abduce.errors import InputError
from abduce.neural.perception.images import LIST, prepared, read, sentences
from abduce.neural.perception.network import SIDE


def bar(width: int = 60, height: int = 90) -> np.ndarray:
    """A dark bar on light paper, off the middle; bytes."""
    found = np.full((height, width), 255, np.uint8)
    found[10:70, 5:15] = 0
    return found


@pytest.mark.parametrize("mode", ["L", "RGB", "1", "P", "RGBA", "LA"])
def test_every_mode_is_read_alike(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(bar()).convert(mode).save(path)
    assert np.array_equal(read([path])[0], prepared(bar() / 255))


def test_light_ink_on_dark_paper_is_the_same() -> None:
    assert np.array_equal(prepared(bar() / 255), prepared(1 - bar() / 255))


def test_place_and_size_do_not_count() -> None:
    moved = np.full((200, 200), 1.0)
    moved[50:170, 100:120] = 0.0  # the bar, twice as large
    found = prepared(moved)
    assert found.shape == (SIDE, SIDE)
    assert np.array_equal(found, prepared(bar() / 255))


def test_a_folder_is_a_sentence_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.png", "a.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    assert [[path.name for path in each] for each in sentences(tmp_path)] == [["a.png", "b.png"]]
    (tmp_path / LIST).write_text('["b.png"]\n\n["a.png", "b.png"]\n')
    found = [[path.name for path in each] for each in sentences(tmp_path)]
    assert found == [["b.png"], ["a.png", "b.png"]]


@pytest.mark.parametrize("line", ["b.png", "[]", "[1]", '["../b.png"]', '{"a": 1}'])
def test_a_bad_list_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    (tmp_path / LIST).write_text(f'["b.png"]\n{line}\n')
    with pytest.raises(InputError, match=rf"{LIST}:2"):
        sentences(tmp_path)


def test_what_is_no_image_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no image"):
        sentences(tmp_path)
    with pytest.raises(InputError, match="no folder"):
        sentences(tmp_path / "none")
    broken, deep, small, blank = (tmp_path / f"{name}.png" for name in "abcd")
    broken.write_bytes(b"no image")
    Image.fromarray(np.zeros((40, 40), np.uint16)).save(deep)
    Image.fromarray(np.zeros((2, 9), np.uint8)).save(small)
    Image.fromarray(np.full((40, 40), 255, np.uint8)).save(blank)
    for path, message in (
        (broken, "can be read"),
        (deep, "mode I"),
        (small, "9 x 2 pixels"),
        (blank, "without ink"),
        (tmp_path / "e.png", "no such file"),
    ):
        with pytest.raises(InputError, match=message) as error:
            read([path])
        assert str(path) in str(error.value)
    cut = tmp_path / "f.png"
    Image.fromarray(bar()).save(cut)
    cut.write_bytes(cut.read_bytes()[:-40])
    with pytest.raises(InputError, match=r"f\.png"):
        read([cut])
