"""The training that soft tables share: words grow, and choices harden, while it goes on."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.kernel import Progress

GROWN, HARDENING = 0.6, 0.3
"""The shares of training after which words have full length, and after which choices begin to
harden."""


def anneal(
    module: torch.nn.Module,
    loss: Callable[[Tensor, int, float], Tensor],
    *,
    words: int,
    longest: int,
    seed: int,
    steps: int,
    batch: int,
    rate: float,
    sharpness: float,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> None:
    """Trains a module with Adam, until the deadline at the latest.

    Args:
        loss: of some words, (batch,), cut to a length, at a sharpness of the choices.
        words: how many there are.
        longest: of them; the first steps see one symbol.
        sharpness: at the end; 1 at the beginning.
    """
    order = np.random.default_rng(seed)
    optimiser = torch.optim.Adam(module.parameters(), lr=rate)
    for step in range(steps):
        if clock.passed(deadline):
            return
        done = step / steps
        length = 1 + min(longest - 1, int(longest * done / GROWN))
        sharp = 1 + (sharpness - 1) * max(0.0, (done - HARDENING) / (1 - HARDENING))
        chosen = torch.from_numpy(order.integers(0, words, batch))
        found = loss(chosen, length, sharp)
        optimiser.zero_grad()
        found.backward()
        optimiser.step()
        if progress is not None and step % 25 == 0:
            progress(f"step {step} of {steps}, loss {found.item():.4f}")
