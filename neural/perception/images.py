"""Images of a person's own: one symbol each, read from a folder in the order of their names.

An image is square or is padded to a square with paper, and is made `SIDE` pixels wide. Dark ink on
light paper is turned into light ink on dark paper, which the network has learned; the colour of the
paper is that of the border of the image. The ink is then scaled and centred as in the training
images.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from abduce.errors import InputError
from abduce.neural.perception.network import SIDE

ENDINGS: Final = (".png", ".bmp", ".gif", ".pgm", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
MODES: Final = ("1", "L", "P", "RGB", "RGBA", "LA")
"""The modes of images that are read, as pillow names them: of black and white, grey, or colour."""
LIST: Final = "expressions.jsonl"
"""A file in the folder that lists the images of many sentences, one JSON list of names a line."""
LEAST, MOST = 4, 4096
"""The least and the most pixels of a side."""
FAINT: Final = 0.2
"""Pixels that are fainter than this share of the strongest ink are paper."""
MARGIN: Final = 3
"""Pixels of paper around the ink."""


def sentences(folder: Path) -> list[list[Path]]:
    """The images of each sentence: those that `LIST` names, or all of the folder as one sentence.

    Raises:
        InputError: there is no folder, no image, or the list is not one.
    """
    if not folder.is_dir():
        raise InputError("no folder", ("a folder of images",), folder)
    listed = folder / LIST
    if listed.exists():
        return [
            [folder / name for name in _names(line, listed, number)]
            for number, line in enumerate(listed.read_text("utf-8").splitlines(), start=1)
            if line.strip()
        ]
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    if not found:
        raise InputError("no image", tuple(f"NAME{end}" for end in ENDINGS), folder)
    return [found]


def _names(line: str, path: Path, number: int) -> list[str]:
    expected = ('a JSON list of names of images, as ["1.png", "2.png"]',)
    try:
        names = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("no JSON", expected, path, number, text=line) from error
    if not (isinstance(names, list) and names and all(isinstance(n, str) for n in names)):
        raise InputError(line[:60], expected, path, number)
    for name in names:
        if Path(name).name != name:
            raise InputError(
                f"the name {name!r}", ("the name of an image in this folder",), path, number
            )
    return names


def read(paths: Sequence[Path]) -> np.ndarray:
    """Images as the network sees them, [images, SIDE, SIDE], bytes; 255 is ink.

    Raises:
        InputError: one cannot be read, or has a size or a mode that is not understood; names it.
    """
    return np.stack([prepared(_grey(path), path) for path in paths])


def _grey(path: Path) -> np.ndarray:
    """An image as numbers from 0 (black) to 1 (white)."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            width, height = image.size
            if not (LEAST <= width <= MOST and LEAST <= height <= MOST):
                raise InputError(
                    f"an image of {width} x {height} pixels",
                    (f"sides of {LEAST} to {MOST:,} pixels",),
                    path,
                )
            if image.mode not in MODES:
                raise InputError(
                    f"an image of the mode {image.mode}", MODES, path, advice="Save it as grey."
                )
            clear = image.convert("RGBA")
            paper = Image.new("RGBA", clear.size, (255, 255, 255, 255))
            whole = Image.alpha_composite(paper, clear).convert("L")
            return np.asarray(whole, np.float64) / 255
    except FileNotFoundError as error:
        raise InputError("no such file", ("an image",), path) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise InputError("no image that can be read", ("an image",), path) from error
    except Image.DecompressionBombError as error:
        raise InputError(
            "an image of too many pixels", (f"at most {MOST:,} a side",), path
        ) from error


def prepared(grey: np.ndarray, path: Path | None = None) -> np.ndarray:
    """The ink of an image, centred in a square of `SIDE` pixels; bytes, 255 is ink.

    Args:
        grey: [height, width], from 0 (black) to 1 (white).

    Raises:
        InputError: there is no ink.
    """
    from PIL import Image

    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ink = 1 - grey if np.median(border) > 0.5 else grey
    strongest = ink.max()
    marked = ink > FAINT * strongest
    if strongest < FAINT or marked.all():
        raise InputError("an image without ink", ("a symbol on paper",), path)
    rows, columns = np.flatnonzero(marked.any(1)), np.flatnonzero(marked.any(0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] / strongest
    side = max(cut.shape)
    inner = SIDE - 2 * MARGIN
    size = [max(1, round(inner * n / side)) for n in cut.shape]
    image = Image.fromarray((np.clip(cut, 0, 1) * 255).astype(np.uint8))
    small = np.asarray(image.resize((size[1], size[0]), Image.Resampling.BOX))
    found = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    found[top : top + size[0], left : left + size[1]] = small
    return found
