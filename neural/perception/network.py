"""The network that sees the image of a symbol: three convolutions and two linear layers."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from abduce.neural.perception.config import SeeingConfig
from abduce.neural.training.initial import initialise

SIDE = 32
"""Height and width of an image, in pixels."""


class Seeing(nn.Module):
    """Logits of each symbol, from images of `SIDE` x `SIDE` whose ink is 1 and whose paper is 0.

    Batch normalisation follows each convolution. The last layer begins at zero, so that every
    symbol is as likely as any other before anything is learned.
    """

    def __init__(self, config: SeeingConfig, symbols: int, seed: int) -> None:
        super().__init__()
        one, two, four = (config.channels * n for n in (1, 2, 4))
        layers = [
            *_convolution(1, one, stride=2),
            *_convolution(one, two, stride=2),
            *_convolution(two, four, stride=1),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(four * (SIDE // 8) ** 2, config.hidden),
            nn.ReLU(),
            nn.Dropout(config.dropped),
        ]
        with torch.random.fork_rng(devices=[]):  # first weights are drawn below
            self.layers = nn.Sequential(*layers)
            self.read_out = nn.Linear(config.hidden, symbols)
        initialise(self, seed)
        with torch.no_grad():
            for part in self.layers:
                if isinstance(part, nn.Conv2d | nn.Linear):
                    part.weight.mul_(6**0.5)  # the variance of He et al. 2015, before a ReLU
            self.read_out.weight.zero_()

    def forward(self, images: Float[Tensor, "batch 1 32 32"]) -> Float[Tensor, "batch symbols"]:
        return self.read_out(self.layers(images))


def _convolution(before: int, after: int, stride: int) -> list[nn.Module]:
    layer = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
    return [layer, nn.BatchNorm2d(after), nn.ReLU()]
