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


def moved(
    module: nn.Module, x: torch.Tensor, labels: torch.Tensor, radius: float, moves: np.ndarray
) -> torch.Tensor:
    """Images with every pixel moved by at most a radius, so that the loss grows: one step of the
    gradient's sign, from a random point.

    Args:
        moves: the random point, as shares of the radius, (batch, pixels).

    Source: Wong, Rice and Kolter 2020, Fast is better than free (FGSM from a random start).
    """
    start = (x + radius * torch.tensor(moves, dtype=x.dtype)).clamp(0, 1).requires_grad_()
    (slope,) = torch.autograd.grad(nn.functional.cross_entropy(module(start), labels), start)
    far = start.detach() + 1.25 * radius * slope.sign()
    return torch.minimum(torch.maximum(far, x - radius), x + radius).clamp(0, 1)


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
    adam = torch.optim.Adam(module.parameters(), lr=family.rate)
    for _ in range(family.epochs):
        order = torch.tensor(draws.permutation(len(inputs)))
        for some in order.split(family.batch):
            x, moves = inputs[some], draws.uniform(-1, 1, (len(some), PIXELS))
            if family.radius:
                x = moved(module, x, labels[some], family.radius, moves)
            loss = nn.functional.cross_entropy(module(x), labels[some])
            adam.zero_grad()
            loss.backward()
            adam.step()
    return module.eval()
