"""Learned kernels: proved from a quarter of the numbers, right on every pair and at any width."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.kernel import LearnedKernel, soft_part, train
from abduce.neural.kernels.lists.mask import MaskKernel
from abduce.neural.kernels.lists.selections import selections
from abduce.neural.kernels.streams.examples import comparison
from abduce.neural.kernels.streams.stream import StreamKernel
from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.masks import MASK
from abduce.symbolic.programs.mealy import Mealy
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def learned() -> dict[str, LearnedKernel]:
    return {name: train(TASKS[name]) for name in ("compare", "subtract", "multiply-step", "mask")}


def test_kernels_are_proved_at_the_first_attempts(learned: dict[str, LearnedKernel]) -> None:
    for kernel in learned.values():
        assert kernel.proved
        assert kernel.attempts <= 2


def test_three_numbers_of_four_are_never_shown() -> None:
    examples = comparison(CONFIG.stream, np.random.default_rng(0))
    places = 1 << np.arange(8)
    shown = {int(n) for bit in (0, 1) for n in ((examples.words >> bit & 1) * places).sum(1)}
    assert len(shown) <= CONFIG.stream.seen
    assert len(examples) == 4096


def test_a_proved_kernel_is_right_on_all_pairs_of_bytes(learned: dict[str, LearnedKernel]) -> None:
    a, b = np.indices((256, 256)).reshape(2, -1)
    machine, state = learned["compare"].exact, np.zeros(65536, dtype=np.int64)
    output = state
    for place in range(8):
        symbol = (a >> place & 1) + 2 * (b >> place & 1)
        output, state = machine.output[state, symbol], machine.next[state, symbol]
    np.testing.assert_array_equal(output, np.sign(a - b) + 1)


@given(st.integers(1, 3000), st.data())
def test_a_proved_kernel_is_right_at_any_width(
    learned: dict[str, LearnedKernel], width: int, data: st.DataObject
) -> None:
    a, b = (data.draw(st.integers(0, 2**width - 1)) for _ in range(2))
    word = [(a >> place & 1) + 2 * (b >> place & 1) for place in range(width)]
    written = learned["subtract"](word)
    assert sum(int(bit) << place for place, bit in enumerate(written)) == (a - b) % 2**width


def test_the_soft_part_says_what_the_exact_part_says(learned: dict[str, LearnedKernel]) -> None:
    soft = soft_part(TASKS["compare"], learned["compare"])
    assert isinstance(soft, StreamKernel)
    words = torch.from_numpy(np.random.default_rng(0).integers(0, 4, (50, 12)))
    with torch.no_grad():
        likeliest = soft(words, 50.0).argmax(-1).numpy()
    for word, said in zip(words.numpy(), likeliest, strict=True):
        np.testing.assert_array_equal(learned["compare"](word), said)


def test_the_mask_is_learned_from_20_of_its_64_cases(learned: dict[str, LearnedKernel]) -> None:
    examples = selections(CONFIG.mask, np.random.default_rng(0))
    mask = np.pad(examples.seen[:, 0], ((0, 0), (1, 1)), constant_values=1)
    pointer = np.pad(examples.seen[:, 1], ((0, 0), (1, 1)))
    cases = {
        (*mask[row, entry : entry + 3], *pointer[row, entry : entry + 3])
        for row in range(len(mask))
        for entry in range(8)
    }
    assert len(cases) == 20
    soft = soft_part(TASKS["mask"], learned["mask"])
    assert isinstance(soft, MaskKernel)
    seen = torch.from_numpy(2.0 * examples.seen[:200] - 1).float()
    with torch.no_grad():
        np.testing.assert_array_equal(soft(seen).numpy() > 0, examples.after[:200] == 1)


@pytest.mark.slow
def test_the_same_seed_learns_the_same_kernel() -> None:
    first, second = train(TASKS["increment"], seed=3), train(TASKS["increment"], seed=3)
    for name, value in first.weights.items():
        np.testing.assert_array_equal(value, second.weights[name])


def test_every_specification_compiles_into_a_kernel_that_is_proved() -> None:
    for task in TASKS.values():
        assert isinstance(prove(compiled(task.specification), task.specification), Proved)
    assert compiled(MASK).kind == "table"


@given(st.data())
def test_the_least_automaton_says_the_same(data: st.DataObject) -> None:
    states = data.draw(st.integers(1, 5))
    entries = st.lists(st.integers(0, states - 1), min_size=2 * states, max_size=2 * states)
    written = st.lists(st.integers(0, 1), min_size=2 * states, max_size=2 * states)
    shape = (states, 2)
    machine = Mealy(np.reshape(data.draw(entries), shape), np.reshape(data.draw(written), shape))
    least = machine.minimal()
    assert len(least.next) <= states
    assert len(least.minimal().next) == len(least.next)
    word = data.draw(st.lists(st.integers(0, 1), max_size=30))
    np.testing.assert_array_equal(machine(word), least(word))
