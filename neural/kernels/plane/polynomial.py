"""Polynomial kernels: a weight for each monomial of bounded degree, rounded to a whole number.

What is given is the degree and that the coefficients are whole numbers, few of them and small; not
which monomials there are, no determinant, and not that moving all points changes nothing. Training
ends in steps: after each the weights that are small beside the largest are gone for good, and those
that are left learn on, in the end without the pull towards nothing. Labels of 0 are worth the most:
each says that the polynomial vanishes, a linear equation of the weights.

Source: Boufounos and Baraniuk 2008, 1-bit compressive sensing, for few weights from signs.
"""

import itertools

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.plane.signs import Labels
from abduce.symbolic.programs.polynomials import Polynomial, PolynomialSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict

LARGEST = 3
"""The upper limit on the absolute value of coefficients, up to a common factor."""
MOVED = 0.25
"""The upper limit on the change of a weight by rounding; beyond it, a larger common factor is
tried."""


class PolynomialKernel(torch.nn.Module):
    """The weights of all monomials.

    Args:
        degree: of the polynomial, at most.
        sign: labels are signs, else values.
        steps: of the optimiser between two prunings.
        share: of the examples, drawn anew for each seed.
        pull: of the weights towards nothing.
        cuts: what goes after each round, as a part of the largest weight.
    """

    def __init__(
        self,
        variables: int,
        degree: int,
        seed: int,
        *,
        sign: bool,
        steps: int = 150,
        share: float = 0.95,
        pull: float = 1e-3,
        cuts: tuple[float, ...] = (0.05, 0.15, 0.25, 0.4),
    ) -> None:
        super().__init__()
        self.seed, self.sign, self.steps, self.share = seed, sign, steps, share
        self.pull, self.cuts = pull, cuts
        self.exponents = torch.tensor(monomials(variables, degree))
        generator = torch.Generator().manual_seed(seed)
        start = 0.01 * torch.randn(len(self.exponents), generator=generator)
        self.weight = torch.nn.Parameter(start.double())

    def forward(self, points: Float[Tensor, "points variables"]) -> Float[Tensor, " points"]:
        """The value of the polynomial."""
        return self._terms(points) @ self.weight

    def _terms(self, points: Tensor) -> Tensor:
        return (points.unsqueeze(1) ** self.exponents).prod(2)

    def fit(
        self,
        examples: Labels,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from labelled points: rounds of descent and of pruning."""
        count = max(1, int(self.share * len(examples)))
        chosen = np.random.default_rng(self.seed).permutation(len(examples))[:count]
        terms = self._terms(torch.from_numpy(examples.points[chosen]).double())
        labels = torch.from_numpy(examples.values[chosen]).double()
        scale = terms.square().mean(0).sqrt().clamp(min=1e-9)
        terms, left = terms / scale, torch.ones_like(self.weight)
        for round_, cut in enumerate((*self.cuts, 0.0)):
            pull = self.pull if round_ < len(self.cuts) else 0.0
            optimiser = torch.optim.Adam([self.weight], lr=0.05)
            falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.02, self.steps)
            for step in range(self.steps):
                if clock.passed(deadline):
                    return
                loss = self._loss(terms @ (left * self.weight), labels)
                loss = loss + pull * self.weight.abs().sum()
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                falling.step()
                if progress is not None and step % 25 == 0:
                    kept = int(left.sum())
                    progress(f"round {round_}, {kept} monomials, loss {loss.item():.4f}")
            with torch.no_grad():
                size = (self.weight / scale).abs() * left
                left *= size >= cut * size.max()
                self.weight *= left
        with torch.no_grad():
            self.weight /= scale

    def _loss(self, found: Tensor, labels: Tensor) -> Tensor:
        if not self.sign:
            return (found - labels).square().mean()
        surprise = torch.nn.functional.softplus(-labels * found)
        return torch.where(labels == 0, found.square(), surprise).mean()

    def discretise(self) -> Polynomial:
        """The weights as whole numbers: of signs, the least multiple that rounding hardly moves."""
        weights = self.weight.detach().numpy()
        scaled = weights / max(np.abs(weights).max(), 1e-9) if self.sign else weights
        for largest in range(1, LARGEST + 1 if self.sign else 2):
            rounded = np.rint(largest * scaled)
            if np.abs(rounded - largest * scaled).max() < MOVED:
                break
        else:
            rounded = np.rint(scaled)
        kept = np.flatnonzero(rounded)
        return Polynomial(self.exponents.numpy()[kept], rounded[kept].astype(np.int64))

    def prove(
        self, specification: PolynomialSpecification, *, deadline: float | None = None
    ) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def monomials(variables: int, degree: int) -> np.ndarray:
    """(monomials, variables): the exponents of all whose degree is no more.

    >>> monomials(2, 1).tolist()
    [[0, 0], [1, 0], [0, 1]]
    """
    rows = [
        np.bincount(np.array(chosen, dtype=np.int64), minlength=variables)
        for size in range(degree + 1)
        for chosen in itertools.combinations_with_replacement(range(variables), size)
    ]
    return np.array(rows, dtype=np.int64)
