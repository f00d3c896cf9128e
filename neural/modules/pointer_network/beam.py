"""Beam search among valid outputs: at each step, the most probable prefixes are kept."""

import math

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from abduce.neural.modules.pointer_network.model import PointerNetwork
from abduce.neural.modules.pointer_network.rules import Rule


def beam_search(
    network: PointerNetwork,
    points: Float[Tensor, "batch points 2"],
    rule: Rule,
    width: int | None = None,
) -> list[list[int]]:
    """The likeliest valid output that was found for each input, without its end; with a width of 1,
    the greedy one.

    Args:
        width: beginnings that are kept; None for those of the network's configuration.

    Every output is valid, for `rule` never leaves a beginning without a choice.
    """
    width = network.config.beams if width is None else width
    batch, n, _ = points.shape
    memory, (h, c) = network.encode(points)
    memory = memory.repeat_interleave(width, 0)
    repeated = points.repeat_interleave(width, 0)
    state = (h.repeat_interleave(width, 1), c.repeat_interleave(width, 1))
    inputs = network.inputs(repeated, torch.empty(len(repeated), 0, dtype=torch.long).to(h.device))
    scores = torch.full((batch, width), -math.inf, device=points.device)
    scores[:, 0] = 0
    beams: list[list[int]] = [[] for _ in range(batch * width)]
    first = width * torch.arange(batch, device=points.device).unsqueeze(1)
    while not all(beam and beam[-1] == n for beam in beams):
        logits, state = network.decode(inputs, state, memory)
        allowed = torch.from_numpy(np.stack([_allowed(beam, n, rule) for beam in beams]))
        likely = logits.squeeze(1).masked_fill(~allowed.to(logits.device), -math.inf)
        totals = scores.unsqueeze(-1) + torch.log_softmax(likely, -1).view(batch, width, -1)
        scores, kept = totals.flatten(1).topk(width, 1)
        kept = kept.where(scores > -math.inf, kept[:, :1])  # fewer choices than beams
        origin = (first + kept // (n + 1)).flatten()
        choice = (kept % (n + 1)).flatten()
        beams = [
            _followed(beams[o], c, n) for o, c in zip(origin.tolist(), choice.tolist(), strict=True)
        ]
        state = (state[0][:, origin], state[1][:, origin])
        inputs = network.inputs(repeated, choice.unsqueeze(1))[:, 1:]
    return [[p for p in beams[row * width] if p < n] for row in range(batch)]


def _allowed(beam: list[int], points: int, rule: Rule) -> np.ndarray:
    """A beam that has ended may only choose the end again."""
    if beam and beam[-1] == points:
        return np.arange(points + 1) == points
    return rule(beam, points)


def _followed(beam: list[int], choice: int, points: int) -> list[int]:
    """A beam that is longer by a choice; one that had ended stays as it is."""
    return beam if beam and beam[-1] == points else [*beam, choice]
