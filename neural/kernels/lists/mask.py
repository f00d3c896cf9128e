"""The mask kernel: a convolution of width 3 that says which entries are done.

It sees the mask and the pointer of an entry and its two neighbours, six bits, so that its 64 cases
say what it does on lists of every length. Beyond the ends entries count as done and not pointed at.

Source: Yan et al. 2020, Neural execution engines, section 3.2 (the learned conditional mask).
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import MaskConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.lists.selections import MaskExamples
from abduce.symbolic.programs.table import Table, TableSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class MaskKernel(torch.nn.Module):
    """Mask and pointer, as -1 and +1, to the logit of the next mask."""

    def __init__(self, config: MaskConfig, seed: int) -> None:
        super().__init__()
        self.config, self.seed = config, seed
        generator = torch.Generator().manual_seed(seed)

        def drawn(*shape: int) -> torch.nn.Parameter:
            return torch.nn.Parameter(config.spread * torch.randn(*shape, generator=generator))

        self.window, self.shift = drawn(config.filters, 2, 3), drawn(config.filters)
        self.weight, self.bias = drawn(config.filters), drawn(1)

    def forward(self, seen: Float[Tensor, "lists 2 entries"]) -> Float[Tensor, "lists entries"]:
        """The logits of the next mask; positive for done."""
        beyond = torch.tensor([1.0, -1.0]).reshape(1, 2, 1).expand(len(seen), 2, 1)
        padded = torch.cat([beyond, seen, beyond], 2)
        hidden = torch.relu(torch.nn.functional.conv1d(padded, self.window, self.shift))
        return torch.einsum("bfn,f->bn", hidden, self.weight) + self.bias

    def fit(
        self,
        examples: MaskExamples,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn the next mask from steps of selections."""
        seen = torch.from_numpy(2.0 * examples.seen - 1).float()
        after = torch.from_numpy(examples.after).float()
        order = np.random.default_rng(self.seed)
        config = self.config
        optimiser = torch.optim.AdamW(self.parameters(), lr=config.rate, weight_decay=config.decay)
        for step in range(config.steps):
            if clock.passed(deadline):
                return
            chosen = torch.from_numpy(order.integers(0, len(seen), config.batch))
            logits = self(seen[chosen])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, after[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if progress is not None and step % 50 == 0:
                progress(f"step {step} of {config.steps}, loss {loss.item():.4f}")

    def discretise(self) -> Table:
        """The exact table: the answer in each of the 64 cases."""
        cases = np.indices((2,) * 6).reshape(2, 3, 64)
        windows = torch.from_numpy(2.0 * cases.transpose(2, 0, 1) - 1).float()
        with torch.no_grad():
            logits = self(windows)[:, 1]
        return Table((logits > 0).long().numpy().reshape((2,) * 6))

    def prove(self, specification: TableSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)
