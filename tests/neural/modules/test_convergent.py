"""Gradients through fixed points are those of the unrolled iteration; what is written contracts."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from abduce.neural.modules.config import SolverConfig
from abduce.neural.modules.convergent.fixed_point import fixed_point
from abduce.neural.modules.convergent.model import ConvergentSolver, reached
from abduce.neural.modules.convergent.processes import DISCOUNT, processes, worth

seeds = st.integers(0, 2**32 - 1)


def linear(a: Tensor, b: Tensor) -> Callable[[Tensor], Tensor]:
    matrix = 0.8 * torch.softmax(a, -1)
    return lambda z: matrix @ z + b


def tropical(a: Tensor, b: Tensor) -> Callable[[Tensor], Tensor]:
    """Max-plus: the operator of decision processes."""
    return lambda z: (a + DISCOUNT * z).amax(-1) + b


def curved(a: Tensor, b: Tensor) -> Callable[[Tensor], Tensor]:
    matrix = 0.9 * torch.softmax(a, -1)
    return lambda z: torch.tanh(matrix @ z + b)


@settings(max_examples=20)
@given(seeds, st.integers(1, 6), st.sampled_from([linear, tropical, curved]))
def test_the_implicit_gradient_is_that_of_the_unrolled_iteration(
    seed: int, n: int, made: Callable[[Tensor, Tensor], Callable[[Tensor], Tensor]]
) -> None:
    generator = torch.Generator().manual_seed(seed)
    shapes = ((n, n), (n,))
    a, b = (torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes)
    weights = torch.randn(n, generator=generator, dtype=torch.float64)
    inputs = (a.requires_grad_(), b.requires_grad_())

    step, z = made(*inputs), torch.zeros(n, dtype=torch.float64)
    for _ in range(300):
        z = step(z)
    expected = torch.autograd.grad((weights * z).sum(), inputs)
    found = fixed_point(made(*inputs), torch.zeros_like(z), tolerance=1e-12, limit=500)
    torch.testing.assert_close(found, z)
    for one, other in zip(
        torch.autograd.grad((weights * found).sum(), inputs), expected, strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-8)


def test_a_fixed_point_without_gradients_is_one() -> None:
    a, b = torch.zeros(3, 3), torch.ones(3)
    found = fixed_point(linear(a, b), torch.zeros(3))
    assert not found.requires_grad
    torch.testing.assert_close(found, torch.full((3,), 5.0), rtol=1e-4, atol=0)


def solver() -> ConvergentSolver:
    return ConvergentSolver(SolverConfig(width=8, hidden=8, heads=4, layers=2), 0)


@settings(max_examples=20)
@given(seeds, st.integers(1, 8), st.integers(1, 4))
def test_what_the_network_writes_is_a_contraction(seed: int, n: int, actions: int) -> None:
    drawn = {
        name: torch.from_numpy(value)
        for name, value in processes(np.random.default_rng(seed), 2, n, actions).items()
    }
    module = solver()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(5)
        bias, weights = module.contraction(drawn["following"], drawn["rewards"])
    generator = torch.Generator().manual_seed(seed)
    one, other = (torch.randn(bias.shape, generator=generator) for _ in range(2))
    apart = (weights * reached(one - other, drawn["following"])).sum(2).abs().max()
    assert apart <= module.config.factor * (one - other).abs().max() * (1 + 1e-5)


def test_names_of_states_are_of_no_account() -> None:
    drawn = processes(np.random.default_rng(0), 1, 6, 3)
    order = np.random.default_rng(1).permutation(6)
    renamed = order.argsort()[drawn["following"][:, order]]
    module = solver()
    values = module(torch.from_numpy(drawn["following"]), torch.from_numpy(drawn["rewards"]))
    other = module(torch.from_numpy(renamed), torch.from_numpy(drawn["rewards"][:, order]))
    torch.testing.assert_close(other, values[:, order])


@given(seeds, st.integers(1, 10), st.integers(1, 4))
def test_values_are_those_of_the_best_policy(seed: int, states: int, actions: int) -> None:
    """Against the linear system of the policy that they make."""
    drawn = processes(np.random.default_rng(seed), 1, states, actions)
    following, rewards = drawn["following"], drawn["rewards"].astype(np.float64)
    best = worth(following, rewards, drawn["values"]).argmax(2)[0]
    rows = np.arange(states)
    moves = np.zeros((states, states))
    moves[rows, following[0, rows, best]] = 1
    expected = np.linalg.solve(np.eye(states) - DISCOUNT * moves, rewards[0, rows, best])
    assert drawn["values"][0] == pytest.approx(expected, abs=1e-4)
