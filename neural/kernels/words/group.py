"""Group kernels: every element is a matrix, and products of elements are products of matrices.

What is learned is a representation: matrices E_g, nearly orthogonal, with E_a E_b = E_ab for the
products that are shown and every other element farther off. Matrices multiply associatively
whatever they are, so that products that were not shown follow from those that were: where the loss
is nothing, the E_g obey all relations shown, and where these present the group, E is a homomorphism
of it. That is the prior; the proof does not rely on it.

Source: Grazzi et al. 2025, Unlocking state-tracking in linear RNNs through negative eigenvalues,
for groups as products of orthogonal matrices; learning them from a part of the table is ours.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import GroupConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.words.products import Products
from abduce.symbolic.programs.groups import GroupSpecification, Multiplication
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class GroupKernel(torch.nn.Module):
    """Matrices (elements, size, size)."""

    def __init__(self, config: GroupConfig, elements: int, seed: int) -> None:
        super().__init__()
        self.config, size = config, config.size
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.randn(elements, size, size, generator=generator)
        self.matrices = torch.nn.Parameter(drawn / size**0.5)

    def forward(
        self, a: Int[Tensor, " pairs"], b: Int[Tensor, " pairs"]
    ) -> Float[Tensor, "pairs elements"]:
        """The score of each element as the product of a and b: <E_a E_b, E_c>."""
        products = self.matrices[a] @ self.matrices[b]
        return products.flatten(1) @ self.matrices.flatten(1).T

    def fit(
        self,
        examples: Products,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from products. The demand that a product be its element's matrix exactly grows from
        nothing, so that elements can first find their places."""
        a, b = torch.from_numpy(examples.a), torch.from_numpy(examples.b)
        wanted = torch.from_numpy(examples.product)
        unit = torch.eye(self.matrices.shape[-1])
        config = self.config
        optimiser = torch.optim.Adam(self.parameters(), lr=config.rate)
        falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, config.steps)
        for step in range(config.steps):
            if clock.passed(deadline):
                return
            found = self.matrices[a] @ self.matrices[b]
            scores = config.sharpness * found.flatten(1) @ self.matrices.flatten(1).T
            apart = torch.nn.functional.cross_entropy(scores, wanted)
            square = self.matrices @ self.matrices.transpose(1, 2)
            loss = apart + _squares(square - unit)
            until = config.grown * config.steps
            exactness = step / until if step < until else 1.0
            loss = loss + exactness * _squares(found - self.matrices[wanted])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            falling.step()
            if progress is not None and step % 25 == 0:
                progress(f"step {step} of {config.steps}, loss {loss.item():.4f}")

    def discretise(self) -> Multiplication:
        """For each pair the element nearest to the product of the matrices."""
        every = torch.arange(len(self.matrices))
        with torch.no_grad():
            rows = [self(a.expand(len(every)), every).argmax(1) for a in every]
        return Multiplication(torch.stack(rows).numpy())

    def prove(self, specification: GroupSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def _squares(matrices: Tensor) -> Tensor:
    return matrices.square().sum((1, 2)).mean()
