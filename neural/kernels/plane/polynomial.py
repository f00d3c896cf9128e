"""Polynomial kernels: a weight for each monomial of bounded degree, rounded to a whole number.

What is given is the degree and that the coefficients are whole numbers, few of them and small; not
which monomials there are, no determinant, and not that moving all points changes nothing. Training
ends in steps: after each the weights that are small beside the largest are gone for good, and those
that are left learn on, in the end without the pull towards nothing. Labels of 0 are worth the most:
each says that the polynomial vanishes, a linear equation of the weights.

Source: Boufounos and Baraniuk 2008, 1-bit compressive sensing, for few weights from signs.
"""

import itertools
from dataclasses import astuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import PolynomialConfig, RoundingConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.plane.signs import Labels
from abduce.symbolic.programs.polynomials import Polynomial, PolynomialSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class PolynomialKernel(torch.nn.Module):
    """The weights of all monomials.

    Args:
        degree: the upper limit on the degree of the polynomial.
        rounding: how weights are rounded, where labels are signs; None where they are values.
    """

    def __init__(
        self,
        config: PolynomialConfig,
        variables: int,
        degree: int,
        seed: int,
        *,
        rounding: RoundingConfig | None,
    ) -> None:
        super().__init__()
        self.config, self.seed, self.rounding = config, seed, rounding
        self.exponents = torch.tensor(monomials(variables, degree))
        generator = torch.Generator().manual_seed(seed)
        start = config.spread * torch.randn(len(self.exponents), generator=generator)
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
        config = self.config
        count = max(1, int(config.share * len(examples)))
        chosen = np.random.default_rng(self.seed).permutation(len(examples))[:count]
        terms = self._terms(torch.from_numpy(examples.points[chosen]).double())
        labels = torch.from_numpy(examples.values[chosen]).double()
        scale = terms.square().mean(0).sqrt().clamp(min=1e-9)
        terms, left = terms / scale, torch.ones_like(self.weight)
        cuts = astuple(config.cuts)
        for round_, cut in enumerate((*cuts, 0.0)):
            pull = config.pull if round_ < len(cuts) else 0.0
            optimiser = torch.optim.Adam([self.weight], lr=config.rate)
            falling = torch.optim.lr_scheduler.LinearLR(
                optimiser, 1.0, config.last_rate, config.steps
            )
            for step in range(config.steps):
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
        if self.rounding is None:
            return (found - labels).square().mean()
        surprise = torch.nn.functional.softplus(-labels * found)
        return torch.where(labels == 0, found.square(), surprise).mean()

    def discretise(self) -> Polynomial:
        """The weights as whole numbers: of signs, the least multiple that rounding hardly moves."""
        weights = self.weight.detach().numpy()
        rounded = np.rint(weights)
        if self.rounding is not None:
            rounded = _as_signs(weights / max(np.abs(weights).max(), 1e-9), self.rounding)
        kept = np.flatnonzero(rounded)
        return Polynomial(self.exponents.numpy()[kept], rounded[kept].astype(np.int64))

    def prove(
        self, specification: PolynomialSpecification, *, deadline: float | None = None
    ) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def _as_signs(scaled: np.ndarray, rounding: RoundingConfig) -> np.ndarray:
    for largest in range(1, rounding.largest + 1):
        rounded = np.rint(largest * scaled)
        if np.abs(rounded - largest * scaled).max() < rounding.moved:
            return rounded
    return np.rint(scaled)


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
