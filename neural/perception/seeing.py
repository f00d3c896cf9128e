"""What a network sees: the probability of each symbol, of many images at once."""

import numpy as np
import torch

from abduce.neural.perception.network import Seeing

TOGETHER = 512
"""The number of images that are seen at once."""


def seen(network: Seeing, images: np.ndarray) -> np.ndarray:
    """The probability of each symbol, [images, symbols].

    Args:
        images: [images, height, width], bytes; 255 is ink.
    """
    network.eval()
    found: list[np.ndarray] = []
    with torch.no_grad():
        for start in range(0, len(images), TOGETHER):
            shown = torch.from_numpy(images[start : start + TOGETHER]).unsqueeze(1).float() / 255
            found.append(torch.softmax(network(shown).double(), 1).numpy())
    return np.concatenate(found) if found else np.zeros((0, network.read_out.out_features))
