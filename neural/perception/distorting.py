"""Distorted images: moved, turned and scaled a little at random, so that no two are the same."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from abduce.neural.perception.config import Distortions


def distorted(
    images: Float[Tensor, "batch 1 height width"], by: Distortions, generator: torch.Generator
) -> Float[Tensor, "batch 1 height width"]:
    """The images, each with an affine map of its own; what appears at the edges is paper."""
    count, side = len(images), images.shape[-1]

    def uniform(most: float, *shape: int) -> Tensor:
        return (torch.rand(count, *shape, generator=generator) * 2 - 1) * most

    turn, scale = uniform(by.turn), 1 + uniform(by.scale)
    shift = uniform(by.shift * 2 / side, 2)
    cos, sin = turn.cos() * scale, turn.sin() * scale
    maps = torch.stack(
        [torch.stack([cos, -sin, shift[:, 0]], 1), torch.stack([sin, cos, shift[:, 1]], 1)], 1
    )
    grid = affine_grid(maps, list(images.shape), align_corners=False)
    return grid_sample(images, grid, align_corners=False)
