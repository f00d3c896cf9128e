"""What a network sees: the probability of each symbol, of many images at once.

An answer is the mean over the image and some distorted copies of it, as training has them. Where
sentences are answered it is doubted: an image that is spoiled may be of any symbol.
"""

import numpy as np
import torch

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
    generator = torch.Generator().manual_seed(COPIES_SEED)
    found: list[np.ndarray] = []
    with torch.no_grad():
        for start in range(0, len(images), TOGETHER):
            shown = torch.from_numpy(images[start : start + TOGETHER]).unsqueeze(1).float() / 255
            copies = [distorted(shown, distortions, generator) for _ in range(distortions.looks)]
            every = [torch.softmax(network(each).double(), 1) for each in (shown, *copies)]
            found.append(torch.stack(every).mean(0).numpy())
    return np.concatenate(found) if found else np.zeros((0, network.read_out.out_features))


def doubted(sees: np.ndarray, usual: np.ndarray, misread: float) -> np.ndarray:
    """What is seen, mixed with the usual shares of the symbols; so syntax can overrule it.

    Args:
        sees: [images, symbols].
        usual: [symbols], the share of each symbol among images of sentences.
        misread: the probability that what is seen says nothing.
    """
    return (1 - misread) * sees + misread * usual
