"""Programs around a perfect engine are right; the learned engine points at what is visible."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.modules.config import EngineConfig
from abduce.neural.modules.execution_engine import examples, programs
from abduce.neural.modules.execution_engine.examples import BITS
from abduce.neural.modules.execution_engine.model import ExecutionEngine
from abduce.neural.modules.execution_engine.numbers import from_bits, infinity, to_bits
from abduce.neural.modules.execution_engine.tasks import EXECUTION_ENGINE
from abduce.neural.training.loop import measured

seeds = st.integers(0, 2**32 - 1)
ONE = EngineConfig(layers=1)
SUBTASKS = (examples.select, examples.merge, examples.add, examples.multiply)


class Perfect:
    """An engine that makes no mistakes: its answers are computed."""

    def __init__(self, bits: int = BITS, *, adding: bool = False, merging: bool = False) -> None:
        self.bits, self.adding, self.merging = bits, adding, merging

    def parameters(self) -> Iterator[torch.Tensor]:
        yield torch.zeros(1)

    def __call__(
        self, numbers: torch.Tensor, visible: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        values = torch.from_numpy(from_bits(numbers.numpy()))
        scores = -values.where(visible, torch.tensor(10**6)).float()
        least = scores.argmax(-1)
        found = values[torch.arange(len(values)), least].numpy()
        if self.adding:
            found = values.numpy().sum(1)
        return torch.from_numpy(to_bits(found, self.bits)) - 0.5, scores

    def masked(self, visible: torch.Tensor, pointer: torch.Tensor) -> torch.Tensor:
        after = visible & ~pointer
        if self.merging:
            after[:, 1:] |= pointer[:, :-1]
        return after


SELECT, MERGE = Perfect(), Perfect(merging=True)
ADD = Perfect(examples.SUM_BITS, adding=True)


@pytest.mark.slow
@given(seeds, st.integers(1, 20))
def test_programs_of_a_perfect_engine_sort(seed: int, n: int) -> None:
    values = np.random.default_rng(seed).integers(0, 256, (3, n))
    expected = np.sort(values, 1)
    assert (programs.selection_sort(SELECT, values) == expected).all()
    assert (programs.merge_sort(MERGE, values) == expected).all()


@pytest.mark.parametrize("task", ["dijkstra", "prim"])
def test_programs_of_a_perfect_engine_search(task: str) -> None:
    """Against the algorithms that other kernels learn from."""
    (found,) = (known for known in EXECUTION_ENGINE if known.task == task)
    perfect = {experiment.name: SELECT for experiment in found.experiments}
    perfect["execution-engine-add"] = ADD
    for size in (2, 8, 20):
        assert measured(found, perfect, size, 6)["exact"] == 1.0


@given(st.integers(1, 20), st.data())
def test_bits_are_numbers(bits: int, data: st.DataObject) -> None:
    values = np.array(data.draw(st.lists(st.integers(0, infinity(bits) + 1), min_size=1)))
    found = to_bits(values, bits)
    assert found.shape == (len(values), bits + 2)
    assert (from_bits(found) == values).all()


@given(seeds, st.sampled_from(SUBTASKS[:2]))
def test_examples_of_steps_are_right(seed: int, subtask: Callable[..., dict]) -> None:
    batch = subtask(np.random.default_rng(seed), 20)
    values, seen = from_bits(batch["numbers"]), batch["visible"]
    least = from_bits(batch["value"])
    for n in range(20):
        assert least[n] == values[n][seen[n]].min()
        assert batch["places"][n].sum() == pytest.approx(1)
        assert (values[n][batch["places"][n] > 0] == least[n]).all()
        assert batch["pointer"][n].sum() == 1
        assert batch["places"][n][batch["pointer"][n]] > 0
        assert seen[n][batch["pointer"][n]]
    merged = subtask is examples.merge
    after = Perfect(merging=merged).masked(
        torch.from_numpy(seen), torch.from_numpy(batch["pointer"])
    )
    assert (batch["after"] == after.numpy()).all()


@given(seeds)
def test_pairs_that_are_tested_are_never_trained_on(seed: int) -> None:
    generator = np.random.default_rng(seed)
    seen, new = (examples.pairs_of(6, generator, 300, seen=known) for known in (True, False))
    assert not {*map(tuple, seen.tolist())} & {*map(tuple, new.tolist())}
    for subtask, reduce in ((examples.add, np.sum), (examples.multiply, np.prod)):
        batch = subtask(generator, 50)
        assert (from_bits(batch["value"]) == reduce(from_bits(batch["numbers"]), 1)).all()


@settings(max_examples=20)
@given(seeds, st.integers(1, 9))
def test_the_pointer_is_at_what_is_visible_and_order_is_of_no_account(seed: int, n: int) -> None:
    generator = np.random.default_rng(seed)
    engine = ExecutionEngine(ONE, seed % 1000, bits=4, pointing=True)
    numbers = torch.from_numpy(to_bits(generator.integers(0, 18, (3, n)), 4))
    visible = torch.from_numpy(generator.random((3, n)) < 0.5)
    visible[:, -1] = True
    value, scores = engine(numbers, visible)
    assert visible[torch.arange(3), scores.argmax(-1)].all()
    assert torch.isfinite(value).all()
    other = numbers.where(visible.unsqueeze(-1), 1.0)  # what is hidden changes nothing
    torch.testing.assert_close(engine(other, visible)[0], value)
    order = torch.from_numpy(generator.permutation(n))
    torch.testing.assert_close(
        engine(numbers[:, order], visible[:, order])[1], scores[:, order], rtol=1e-4, atol=1e-5
    )


def test_attention_is_symmetric() -> None:
    engine = ExecutionEngine(ONE, 0, bits=4, pointing=False)
    x = torch.randn(2, 5, 16, generator=torch.Generator().manual_seed(0))
    _, scores = engine.encoder[0].attention(x, x, torch.ones(2, 5, dtype=torch.bool))  # pyright: ignore
    torch.testing.assert_close(scores, scores.mT)


@pytest.mark.parametrize("subtask", SUBTASKS)
def test_the_loss_falls(subtask: Callable[..., dict]) -> None:
    bits = subtask(np.random.default_rng(0), 1)["value"].shape[-1] - 2
    engine = ExecutionEngine(ONE, 0, bits=bits, pointing=subtask in SUBTASKS[:2])
    batch = subtask(np.random.default_rng(0), 16)
    loss = partial(engine.loss, **{name: torch.from_numpy(part) for name, part in batch.items()})
    optimiser = torch.optim.Adam(engine.parameters(), lr=1e-2)
    first = loss()
    for _ in range(10):
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()
    assert loss() < first
