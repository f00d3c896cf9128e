"""The training that soft tables share: words grow, and choices harden, while it goes on."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import AnnealingConfig
from abduce.neural.kernels.kernel import Progress


def anneal(
    module: torch.nn.Module,
    loss: Callable[[Tensor, int, float], Tensor],
    *,
    config: AnnealingConfig,
    words: int,
    longest: int,
    seed: int,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> None:
    """Trains a module with Adam, until the deadline at the latest.

    Args:
        loss: the loss of some words, (batch,), cut to a length, at a sharpness of the choices.
        words: the number of words.
        longest: the length of the longest word; the first steps see one symbol.
    """
    order = np.random.default_rng(seed)
    optimiser = torch.optim.Adam(module.parameters(), lr=config.rate)
    for step in range(config.steps):
        if clock.passed(deadline):
            return
        done = step / config.steps
        length = longest
        if done < config.grown:
            length = 1 + min(longest - 1, int(longest * done / config.grown))
        sharp = hardened(done, config.hardening, config.sharpness)
        chosen = torch.from_numpy(order.integers(0, words, config.batch))
        found = loss(chosen, length, sharp)
        optimiser.zero_grad()
        found.backward()
        optimiser.step()
        if progress is not None and step % 25 == 0:
            progress(f"step {step} of {config.steps}, loss {found.item():.4f}")


def hardened(done: float, hardening: float, sharpness: float) -> float:
    """The factor on logits: 1 until a share of the training is done, and then a line up to its
    value at the end."""
    if done <= hardening:
        return 1.0
    return 1 + (sharpness - 1) * ((done - hardening) / (1 - hardening))
