"""Intervals of the network over balls of pixels, for training: what may be seen at worst.

Each layer maps a centre and a radius. A normalisation uses the mean and the variance of the batch
as it is, and no unit is dropped. What training minimises is the cross-entropy of the worst logits,
in which every other symbol has gained as much on the one that is taught as the intervals allow.

Source: Gowal et al. 2018, On the effectiveness of interval bound propagation for training
verifiably robust models; Shi et al. 2021, Fast certified robust training (the batch's statistics).
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import conv2d, cross_entropy, linear, max_pool2d, relu

from abduce.neural.perception.config import Robustness
from abduce.neural.perception.network import Seeing


def worst_gains(
    network: Seeing,
    images: Float[Tensor, "batch 1 32 32"],
    symbols: Int[Tensor, " batch"],
    radius: float,
) -> Float[Tensor, "batch symbols"]:
    """Upper limits on the logit of each symbol less that of the one that is taught, over the images
    within the radius and between 0 and 1."""
    low, high = (images - radius).clamp(0, 1), (images + radius).clamp(0, 1)
    plain, centre, spread = images, (low + high) / 2, (high - low) / 2
    for part in network.layers:
        match part:
            case nn.Conv2d():
                plain, centre = part(plain), part(centre)
                size = part.weight.abs()
                spread = conv2d(spread, size, None, part.stride, part.padding)
            case nn.BatchNorm2d():
                mean, variance = plain.mean((0, 2, 3)), plain.var((0, 2, 3), unbiased=False)
                if not network.training:
                    mean, variance = part.running_mean, part.running_var
                assert mean is not None
                assert variance is not None
                scale = (part.weight / torch.sqrt(variance + part.eps))[:, None, None]
                shift = part.bias[:, None, None] - mean[:, None, None] * scale
                plain, centre = plain * scale + shift, centre * scale + shift
                spread = spread * scale.abs()
            case nn.Linear():
                plain, centre = part(plain), part(centre)
                spread = linear(spread, part.weight.abs())
            case nn.ReLU() | nn.MaxPool2d() | nn.Flatten():
                low, high = _monotone(part, centre - spread), _monotone(part, centre + spread)
                plain, centre, spread = _monotone(part, plain), (low + high) / 2, (high - low) / 2
            case nn.Dropout():
                pass
            case _:
                raise TypeError(f"no intervals of {part}")
    weight, bias = network.read_out.weight, network.read_out.bias
    rows = weight[None] - weight[symbols][:, None]  # batch symbols hidden
    shift = bias[None] - bias[symbols][:, None]
    middle = torch.einsum("bsh,bh->bs", rows, centre)
    return middle + shift + torch.einsum("bsh,bh->bs", rows.abs(), spread)


def _monotone(part: nn.Module, x: Tensor) -> Tensor:
    """A function that never falls; in place of the module, which may change its argument."""
    if isinstance(part, nn.ReLU):
        return relu(x)
    return max_pool2d(x, 2) if isinstance(part, nn.MaxPool2d) else part(x)


def worst_loss(
    network: Seeing,
    images: Float[Tensor, "batch 1 32 32"],
    symbols: Int[Tensor, " batch"],
    radius: float,
) -> Float[Tensor, ""]:
    """The mean cross-entropy of the worst logits."""
    return cross_entropy(worst_gains(network, images, symbols, radius), symbols)


def radius_at(done: float, config: Robustness) -> float:
    """The radius after a share of the training: 0 before ``start``, then growing linearly.

    >>> config = Robustness(radius=0.1, start=0.2, grown=0.5)
    >>> [round(radius_at(done, config), 3) for done in (0.1, 0.45, 1.0)]
    [0.0, 0.05, 0.1]
    """
    return config.radius * min(1.0, max(0.0, (done - config.start) / max(config.grown, 1e-9)))
