"""The pointer kernel: how likely a pair of points is to be joined, from what is seen of it.

A network of one hidden layer whose weights have one sign, so that more of what is better can only
raise a score: which way is better is given (nearer, fewer points between, a side of the
triangulation), how much each counts beside the others is learned. Its exact part is the table of
its scores, in sixteenths of a logit.

Source: Sill 1998, Monotonic networks, for weights of one sign; Vinyals, Fortunato and Jaitly 2015,
Pointer networks, and Xin et al. 2021, NeuroLKH, for learning which edges a search should try, there
from the coordinates and by networks over all points.
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import PointerConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.plane.small_tours import TourPairs
from abduce.symbolic.programs.pointers import Pointers, PointerSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class PointerKernel(torch.nn.Module):
    """Weights of one sign: for each argument and step to something better (hidden,)."""

    def __init__(
        self, config: PointerConfig, specification: PointerSpecification, seed: int
    ) -> None:
        super().__init__()
        self.config, self.specification = config, specification
        self.order = torch.Generator().manual_seed(seed)

        def drawn(*shape: int) -> torch.nn.Parameter:
            return torch.nn.Parameter(config.spread * torch.randn(*shape, generator=self.order))

        self.rises = torch.nn.ParameterList(
            [drawn(size - 1, config.hidden) for size in specification.sizes]
        )
        self.start, self.last = drawn(config.hidden), drawn(config.hidden)
        self.base = torch.nn.Parameter(torch.zeros(()))

    def forward(self, seen: Int[Tensor, "pairs 4"]) -> Float[Tensor, " pairs"]:
        """The logit that a pair is joined."""
        total = self.start
        for column, (rise, direction) in enumerate(
            zip(self.rises, self.specification.better, strict=True)
        ):
            steps = torch.nn.functional.softplus(rise - 1)
            level = torch.cat([torch.zeros_like(steps[:1]), steps.cumsum(0)])
            total = total + (level if direction > 0 else level.flip(0))[seen[:, column]]
        middle = sum(rise.shape[0] for rise in self.rises) / 8
        hidden = torch.tanh(total - middle)
        return hidden @ torch.nn.functional.softplus(self.last) + self.base

    def fit(
        self,
        examples: TourPairs,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from pairs that are joined and pairs that are not."""
        seen = torch.from_numpy(examples.seen)
        joined = torch.from_numpy(examples.joined).float()
        config = self.config
        optimiser = torch.optim.Adam(self.parameters(), lr=config.rate)
        falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, config.last_rate, config.steps)
        for step in range(config.steps):
            if clock.passed(deadline):
                return
            chosen = torch.randint(0, len(seen), (config.batch,), generator=self.order)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                self(seen[chosen]), joined[chosen]
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            falling.step()
            if progress is not None and step % 25 == 0:
                progress(f"step {step} of {config.steps}, loss {loss.item():.4f}")

    def discretise(self) -> Pointers:
        """The scores of all combinations of features, rounded."""
        sizes = self.specification.sizes
        seen = torch.from_numpy(np.indices(sizes).reshape(len(sizes), -1).T.copy())
        with torch.no_grad():
            scores = (self.config.units * self(seen)).round().long().numpy()
        return Pointers(scores.reshape(sizes))

    def prove(
        self, specification: PointerSpecification, *, deadline: float | None = None
    ) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)
