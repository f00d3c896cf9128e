"""Chunks are the recurrence, tables are groups, words have the states of their products."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.modules.config import TrackerConfig
from abduce.neural.modules.state_tracking.delta_rule import chunked, recurrent
from abduce.neural.modules.state_tracking.groups import cyclic, permuting, words
from abduce.neural.modules.state_tracking.model import StateTracker

Parts = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def drawn(seed: int, time: int, turns: int) -> Parts:
    generator = torch.Generator().manual_seed(seed)
    shapes = ((2, 2, time, 5), (2, 2, time, turns, 5), (2, 2, time, turns, 3))
    q, k, v = (torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes)
    beta = 2 * torch.rand(shapes[1][:-1], generator=generator, dtype=torch.float64)
    return q, torch.nn.functional.normalize(k, dim=-1), v, beta


@settings(max_examples=25)
@given(st.integers(0, 99), st.integers(1, 20), st.integers(1, 3), st.integers(1, 8))
def test_chunks_are_the_recurrence(seed: int, time: int, turns: int, chunk: int) -> None:
    parts = drawn(seed, time, turns)
    found = chunked(*parts, chunk=chunk)
    torch.testing.assert_close(found, recurrent(*parts), rtol=1e-9, atol=1e-9)


def test_gradients_of_chunks_are_those_of_the_recurrence() -> None:
    parts = drawn(0, 9, 2)
    for part in parts:
        part.requires_grad_()
    one, other = (
        torch.autograd.grad(form(*parts).square().sum(), parts) for form in (chunked, recurrent)
    )
    for a, b in zip(one, other, strict=True):
        torch.testing.assert_close(a, b)


def test_a_step_of_two_reflects_and_one_of_one_forgets() -> None:
    """Parity in one number: written once, then its sign is turned by each token that has the
    eigenvalue -1 and left by each that has 1."""
    bits = torch.tensor([0, 1, 1, 0, 1], dtype=torch.float64)
    beta = torch.cat((torch.ones(1, dtype=torch.float64), 2 * bits)).view(1, 1, 6, 1)
    ones = torch.ones(1, 1, 6, 1, 1, dtype=torch.float64)
    value = torch.zeros_like(ones)
    value[:, :, 0] = 1
    found = recurrent(ones.squeeze(3), ones, value, beta).flatten()
    assert found.tolist() == [1, *(1 - 2 * (bits.cumsum(0) % 2)).tolist()]


@pytest.mark.parametrize(
    "table", [cyclic(2), cyclic(5), permuting(3), permuting(4), permuting(4, even=True)]
)
def test_tables_are_groups(table: np.ndarray) -> None:
    order = np.arange(len(table))
    assert (table[0] == order).all()
    assert (table[:, 0] == order).all()
    for line in (*table, *table.T):
        assert sorted(line.tolist()) == order.tolist()
    assert (table[table] == table[:, table]).all()  # (a b) c = a (b c)


@given(st.integers(0, 999), st.integers(1, 30))
def test_states_are_sums(seed: int, length: int) -> None:
    found = words(cyclic(7), 4, length, np.random.default_rng(seed))
    assert (found["states"] == found["tokens"].cumsum(1) % 7).all()


@pytest.mark.parametrize(("layers", "turns", "convolution"), [(1, 2, 0), (2, 1, 4)])
def test_what_comes_later_changes_nothing_before(layers: int, turns: int, convolution: int) -> None:
    config = TrackerConfig(width=8, heads=2, layers=layers, turns=turns, convolution=convolution)
    model = StateTracker(config, 0, symbols=3)
    tokens = torch.tensor([[0, 1, 2, 2, 1, 0, 1]])
    other = tokens.clone()
    other[:, 4:] = 0
    one, two = model(tokens, 3), model(other, 3)
    torch.testing.assert_close(one[:, :4], two[:, :4])
    assert not torch.allclose(one[:, 4:], two[:, 4:])
    torch.testing.assert_close(model(tokens, 16), one, rtol=1e-4, atol=1e-5)
