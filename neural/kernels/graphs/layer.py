"""The kernel of fixed points: what a choice is worth, and which choice counts, learned.

Learned, by gradient descent: five coefficients, of what a choice is worth, and how those of a state
become one, as a softmax over most, least and mean. The examples are fixed points; the loss is how
far one step of the layer moves them. Given: that the worth of a choice is linear in the five terms.

Source: Park et al. 2022, Convergent graph solvers, for learning operators from fixed points; there
the operator is linear, here it is tropical and exact.
"""

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from abduce import clock
from abduce.errors import InputError
from abduce.neural.kernels.config import LayerConfig
from abduce.neural.kernels.graphs.decisions import Decisions
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.streams.annealing import hardened
from abduce.symbolic.programs.bellman import CHOICES, TERMS, Layer, LayerSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class LayerKernel(torch.nn.Module):
    """Coefficients (terms,) and the logits of choices (3,)."""

    def __init__(self, config: LayerConfig, seed: int) -> None:
        super().__init__()
        self.config = config
        generator = torch.Generator().manual_seed(seed)
        terms = torch.randn(len(TERMS), generator=generator)
        choices = torch.randn(len(CHOICES), generator=generator)
        self.coefficients = torch.nn.Parameter(config.spread * terms)
        self.choice = torch.nn.Parameter(config.choice_spread * choices)

    def forward(
        self,
        terms: Float[Tensor, "states choices terms"],
        there: Bool[Tensor, "states choices"],
        sharpness: float = 1.0,
    ) -> Float[Tensor, " states"]:
        """The value of each state, by its choices."""
        return self._values(self.coefficients, terms, there, sharpness)

    def fit(
        self,
        examples: list[Decisions],
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from fixed points. The terms are nearly dependent, so that steps are taken in
        coordinates in which they are not (whitened)."""
        terms, there, values = _together(examples)
        scale = values.std()
        terms, values = terms / scale, values / scale
        seen = terms[there]
        try:
            root = torch.linalg.cholesky(seen.T @ seen / len(seen))
        except RuntimeError as error:  # torch.linalg's own, which it does not export
            found = f"{len(examples)} graphs that do not determine the coefficients of a layer"
            raise InputError(found, ("more graphs, or larger ones",)) from error
        start = root.T @ self.coefficients.detach()
        white = torch.nn.Parameter(start)
        config = self.config
        optimiser = torch.optim.Adam([white, self.choice], lr=config.rate)
        falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, config.steps)
        for step in range(config.steps):
            if clock.passed(deadline):
                return
            sharpness = hardened(step / config.steps, config.hardening, config.sharpness)
            coefficients = torch.linalg.solve_triangular(root.T, white[:, None], upper=True)[:, 0]
            loss = (self._values(coefficients, terms, there, sharpness) - values).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            falling.step()
            self.coefficients.data.copy_(coefficients.detach())
            if progress is not None and step % 50 == 0:
                progress(f"step {step} of {config.steps}, loss {loss.item():.2e}")

    def _values(
        self, coefficients: Tensor, terms: Tensor, there: Tensor, sharpness: float
    ) -> Tensor:
        worth, none = terms @ coefficients, ~there
        most = worth.masked_fill(none, -torch.inf).amax(1)
        least = worth.masked_fill(none, torch.inf).amin(1)
        mean = worth.masked_fill(none, 0.0).sum(1) / there.sum(1)
        chosen = torch.softmax(sharpness * self.choice, 0)
        return torch.stack([most, least, mean], -1) @ chosen

    def discretise(self) -> Layer:
        """The nearest whole numbers, and the likeliest choice."""
        coefficients = self.coefficients.detach().round().long().numpy()
        return Layer(coefficients, int(self.choice.argmax()))

    def prove(self, specification: LayerSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def _together(examples: list[Decisions]) -> tuple[Tensor, Tensor, Tensor]:
    """All states of all graphs: terms (states, choices, terms), which choices are there, values
    (states,)."""
    most = max(one.reward.shape[1] for one in examples)
    terms, there = [], []
    for one in examples:
        d = one.discount
        here = (one.reward, d * one.reward, one.after, d * one.after, np.ones_like(one.reward))
        absent = ((0, 0), (0, most - one.reward.shape[1]))
        terms.append(np.pad(np.stack(here, -1), (*absent, (0, 0))))
        there.append(np.pad(np.ones(one.reward.shape, dtype=bool), absent))
    values = np.concatenate([one.values for one in examples])
    return (
        torch.from_numpy(np.concatenate(terms)).float(),
        torch.from_numpy(np.concatenate(there)),
        torch.from_numpy(values).float(),
    )
