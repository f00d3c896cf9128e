"""An ensemble of networks that learns to permute bits from the unit vectors alone.

Each network has two layers, f(x) = V relu(W x) / sqrt(width), and is trained by gradient descent on
k examples, all of its weights. The mean of the networks is rounded at a threshold that is known
beforehand; how many networks that takes is, too: see `abduce.symbolic.programs.tangent`.

Source: Back de Luca, Giapitzakis and Fountoulakis 2025, Learning to add, multiply, and execute
algorithmic instructions exactly with neural networks.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import PermutationConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.words.unit_vectors import UnitVectors
from abduce.symbolic.programs.definitions.permutations import BITS
from abduce.symbolic.programs.table import Table, TableSpecification
from abduce.symbolic.programs.tangent import C, least_on
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class EnsembleKernel(torch.nn.Module):
    """Networks, side by side."""

    def __init__(self, config: PermutationConfig, seed: int) -> None:
        super().__init__()
        networks, width = config.networks, config.width
        self.steps = config.steps
        self.rate = config.rate * 2 / ((2 - C + C * BITS) / 2)
        generator = torch.Generator().manual_seed(seed)
        self.first = torch.nn.Parameter(torch.randn(networks, BITS, width, generator=generator))
        self.last = torch.nn.Parameter(torch.randn(networks, width, BITS, generator=generator))

    def forward(self, words: Float[Tensor, "words bits"]) -> Float[Tensor, "networks words bits"]:
        """The output of each network; a word is divided by its length first."""
        unit = torch.nn.functional.normalize(words, dim=1)
        hidden = torch.relu(unit @ self.first)
        return hidden @ self.last / self.last.shape[1] ** 0.5

    def fit(
        self,
        examples: UnitVectors,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from unit vectors, each network for itself."""
        words, wanted = (
            torch.from_numpy(rows).float() for rows in (examples.words, examples.permuted)
        )
        optimiser = torch.optim.SGD(self.parameters(), lr=self.rate)
        for step in range(self.steps):
            if clock.passed(deadline):
                return
            loss = (self(words) - wanted).square().sum() / 2
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if progress is not None:
                error = (2 * loss.item() / self.last[:, 0].numel()) ** 0.5
                progress(f"step {step} of {self.steps}, error {error:.1e}")

    def mean(self) -> Float[Tensor, "words bits"]:
        """The outputs of the ensemble for all 2**BITS words."""
        numbers = np.arange(2**BITS)[:, None] >> np.arange(BITS) & 1
        words = torch.from_numpy(numbers).float()
        with torch.no_grad():
            return torch.cat([self(part).mean(0) for part in words.split(64)])

    def discretise(self) -> Table:
        """The rounded mean for each word, as a number."""
        on = least_on(BITS)
        assert on is not None
        bits = (self.mean() > on / 2).long().numpy()
        return Table((bits << np.arange(BITS)).sum(1))

    def prove(self, specification: TableSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)
