"""That a kernel was learned is shown by its weights, or it is said that nothing shows it."""

from dataclasses import replace

import numpy as np
import pytest

from abduce.neural.kernels import evidence as module
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.evidence import NOTHING, evidence, told_again
from abduce.neural.kernels.files import load
from abduce.neural.kernels.kernel import LearnedKernel
from abduce.neural.kernels.places import SHIPPED
from abduce.verify.discrete.proving import prove


def kept(name: str) -> LearnedKernel:
    return load(TASKS[name], SHIPPED)


@pytest.mark.parametrize("name", sorted(set(TASKS) - {"permutation"}))
def test_the_weights_of_a_shipped_kernel_say_what_is_proved(name: str) -> None:
    assert evidence(TASKS[name], kept(name)).learned is True


@pytest.mark.parametrize("name", ["add", "mask", "in-circle", "pointer", "s3", "lambda-step"])
def test_weights_that_are_gone_or_others_show_nothing(name: str) -> None:
    learned, task = kept(name), TASKS[name]
    right = dict(learned.weights)
    first = next(iter(right))
    every = {key: -np.array(value) for key, value in right.items()}
    nan = right | {first: np.full_like(right[first], np.nan)}
    huge = {key: np.full_like(value, 1e30) for key, value in right.items()}
    fewer = {key: value for key, value in right.items() if key != first}
    cut = right | {first: np.array(right[first]).ravel()[:-1]}
    for weights in ({}, every, nan, huge, fewer, cut, right | {"more": np.zeros(2)}):
        changed = replace(learned, weights=weights, parameters=0)
        found = evidence(task, changed)
        assert found.learned is False
        assert found.said.startswith(NOTHING)
        line = told_again(changed, found)
        assert "proved: " in line
        assert "examples" not in line.partition(NOTHING)[2]
        assert "parameters" not in line.partition(NOTHING)[2]


def test_an_exact_part_that_is_right_but_another_was_not_learned() -> None:
    """Of one function there are several automata; the weights give one of them."""
    learned = kept("add")
    exact = learned.exact
    other = replace(
        exact,
        next=np.concatenate([exact.next, exact.next[:1]]),
        output=np.concatenate([exact.output, exact.output[:1]]),
    )
    assert prove(other, TASKS["add"].specification) != learned.verdict
    assert replace(learned, exact=other).exact.minimal().arrays().keys() == exact.arrays().keys()
    assert evidence(TASKS["add"], replace(learned, exact=other)).learned is False


def test_without_torch_it_is_said_that_nothing_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    found = evidence(TASKS["add"], kept("add"))
    assert found.learned is None
    assert "torch" in found.said
    assert evidence(TASKS["add"], replace(kept("add"), weights={})).learned is False
