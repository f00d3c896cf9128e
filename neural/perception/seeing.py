"""What a network sees: the probability of each symbol, of many images at once.

An answer is the mean over the image and some distorted copies of it, as training has them. Where
sentences are answered it is doubted: an image that is spoiled may be of any symbol.
"""

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from abduce.neural.perception.config import Distortions
from abduce.neural.perception.distorting import distorted
from abduce.neural.perception.network import Seeing

TOGETHER = 512
"""The number of images that are seen at once."""
COPIES_SEED = 8
"""The seed of the distorted copies, so that the same images always have the same answer."""


def seen(network: Seeing, images: np.ndarray, distortions: Distortions) -> np.ndarray:
    """The probability of each symbol, [images, symbols].

    Args:
        images: [images, height, width], bytes; 255 is ink.
    """
    network.eval()
    found: list[np.ndarray] = []
    with torch.no_grad():
        for every in looks(torch.from_numpy(images).unsqueeze(1), distortions):
            found.append(looked(network, every).numpy())
    return np.concatenate(found) if found else np.zeros((0, network.read_out.out_features))


def looks(
    images: Shaped[Tensor, "batch 1 height width"], distortions: Distortions
) -> Iterator[Float[Tensor, "looks some 1 height width"]]:
    """Each image and its distorted copies, `TOGETHER` images at once.

    Args:
        images: bytes, or numbers from 0 (paper) to 1 (ink).
    """
    generator = torch.Generator().manual_seed(COPIES_SEED)
    for start in range(0, len(images), TOGETHER):
        shown = images[start : start + TOGETHER]
        shown = shown.float() / 255 if shown.dtype == torch.uint8 else shown
        copies = [distorted(shown, distortions, generator) for _ in range(distortions.looks)]
        yield torch.stack([shown, *copies])


def looked(
    network: Seeing, every: Float[Tensor, "looks batch 1 height width"]
) -> Float[Tensor, "batch symbols"]:
    """The mean over looks of the probability of each symbol."""
    return torch.stack([torch.softmax(network(each).double(), 1) for each in every]).mean(0)


def doubted(sees: np.ndarray, usual: np.ndarray, misread: float) -> np.ndarray:
    """What is seen, mixed with the usual shares of the symbols; so syntax can overrule it.

    Args:
        sees: [images, symbols].
        usual: [symbols], the share of each symbol among images of sentences.
        misread: the probability that what is seen says nothing.
    """
    return (1 - misread) * sees + misread * usual
