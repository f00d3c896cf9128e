"""Trains a network of a family on the first 400 images of each class, in torch, from a seed."""

from typing import Final

import numpy as np
import torch
from torch import nn

from abduce.benchmarks.data.mnist import Images
from abduce.benchmarks.specifications.nonlinear.families import Family

CLASSES: Final = 10
PIXELS: Final = 784


class Sine(nn.Module):
    """The sine of each entry."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sin(x)


class Bands(nn.Module):
    """An LSTM that reads an image in bands of rows; its last state is classified."""

    def __init__(self, bands: int, width: int) -> None:
        super().__init__()
        self.bands = bands
        self.lstm = nn.LSTM(PIXELS // bands, width, batch_first=True)
        self.last = nn.Linear(width, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images (batch, pixels) to the scores of classes."""
        states, _ = self.lstm(x.reshape(len(x), self.bands, -1))
        return self.last(states[:, -1])


def module_of(family: Family) -> nn.Module:
    """An untrained module, whose weights torch draws."""
    if family.kind == "lstm":
        return Bands(family.layers, family.width)
    between = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "sin": Sine, "gelu": nn.GELU}[family.kind]
    layers, size = [], PIXELS
    for _ in range(family.layers):
        layers += [nn.Linear(size, family.width), between()]
        size = family.width
    return nn.Sequential(*layers, nn.Linear(size, CLASSES))


def trained(family: Family, images: Images, seed: int) -> nn.Module:
    """A module trained on the mined images. The same seed gives the same weights on one machine.

    Torch's own generator is left as it was.
    """
    inputs = torch.tensor(images.inputs[images.mined], dtype=torch.float32)
    labels = torch.tensor(images.labels[images.mined])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = module_of(family)
    draws = np.random.default_rng(seed)
    adam = torch.optim.Adam(module.parameters(), lr=family.rate, weight_decay=family.decay)
    for _ in range(family.epochs):
        order = torch.tensor(draws.permutation(len(inputs)))
        for some in order.split(family.batch):
            loss = nn.functional.cross_entropy(module(inputs[some]), labels[some])
            adam.zero_grad()
            loss.backward()
            adam.step()
    return module.eval()
