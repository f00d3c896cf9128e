"""Small modules of torch for tests: one of each kind, and random ones."""

from collections.abc import Callable, Mapping
from math import prod

import torch
from torch import nn

Function = Callable[[torch.Tensor], torch.Tensor]


class Computes(nn.Module):
    """A function as a module."""

    def __init__(self, function: Function) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


class Residual(nn.Module):
    """``x + inner(x)``."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.inner(x)


class Twice(nn.Module):
    """The sum of two linear functions of the same input."""

    def __init__(self, size: int, out: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(size, out), nn.Linear(size, out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.first(x) + self.second(x)


class Image(nn.Module):
    """A flat input as an image that is not square, and a convolution with padding."""

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.height, self.width = height, width
        self.conv = nn.Conv2d(1, 2, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.conv(x.reshape(-1, 1, self.height, self.width))).flatten(1)


class Branches(nn.Module):
    """Modules side by side: each sees the first entries of a vector in its shape.

    To export many modules one by one takes much longer.
    """

    def __init__(self, parts: Mapping[str, tuple[nn.Module, tuple[int, ...]]]) -> None:
        super().__init__()
        self.parts = nn.ModuleDict({name: module for name, (module, _) in parts.items()})
        self.shapes = {name: shape for name, (_, shape) in parts.items()}
        self.size = max(prod(shape) for shape in self.shapes.values())

    def outputs(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {
            name: module(x[: prod(self.shapes[name])].reshape(self.shapes[name])).reshape(-1)
            for name, module in self.parts.items()
        }

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat(list(self.outputs(x).values()))


def trained(module: nn.Module, seed: int = 0) -> nn.Module:
    """The module with statistics and weights as training could leave them."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            if tensor.is_floating_point():
                tensor.copy_(torch.randn(tensor.shape, generator=generator) / 2)
            if name.endswith("running_var"):
                tensor.abs_().add_(0.1)
    return module
