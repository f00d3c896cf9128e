"""Smaller patterns: what is returned was proved, and no more is asked than allowed."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.specifications.activation_pattern.minimal import (
    Minimal,
    coarsened,
    pruned,
    stochastically_coarsened,
)
from abduce.verify.specifications.activation_pattern.pattern import Pattern, Signs
from abduce.verify.verdict import Proved, Refuted, Unknown, Verdict

SIZE = 12
MINED = Pattern(0, (Signs("a", np.arange(0, SIZE, 2), np.arange(1, SIZE, 2)),))


class Oracle:
    """Proves the patterns that have all of the needed neurons.

    Attributes:
        asked: the patterns so far, and whether they were proved.
    """

    def __init__(self, needed: set[int], tells: bool) -> None:
        self.needed, self.tells = needed, tells
        self.asked: list[tuple[Pattern, bool]] = []

    def __call__(self, pattern: Pattern) -> Verdict:
        left = self.needed - {place for _, place, _ in pattern.neurons}
        self.asked.append((pattern, not left))
        if not left:
            return Proved()
        if not self.tells:
            return Unknown("out of time")
        x = (np.arange(SIZE) % 2 == 0).astype(float)  # follows the whole pattern but for one
        x[min(left)] = 1 - x[min(left)]
        return Refuted(x, np.zeros(1), 0)


def active_at(x: np.ndarray) -> dict[str, np.ndarray]:
    return {"a": x[None] > 0}


def by_pruning(pattern: Pattern, ask: Oracle, rng: np.random.Generator, calls: int) -> Minimal:
    others = {"a": rng.random((20, SIZE)) < 0.5}
    return pruned(pattern, ask, others, active_at, calls)


WAYS: dict[str, Callable[[Pattern, Oracle, np.random.Generator, int], Minimal]] = {
    "coarsened": coarsened,
    "stochastic": stochastically_coarsened,
    "pruned": by_pruning,
}


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sets(st.integers(0, SIZE - 1), max_size=4),
    st.integers(1, 60),
    st.booleans(),
)
def test_the_smallest_proved_pattern_is_returned_within_the_calls(
    way: str, seed: int, needed: set[int], calls: int, tells: bool
) -> None:
    oracle = Oracle(needed, tells)
    found = WAYS[way](MINED, oracle, np.random.default_rng(seed), calls)
    assert found.calls == len(oracle.asked) <= calls
    assert found.proved
    assert len(found.pattern) == min(len(p) for p, proved in oracle.asked if proved)
    assert set(found.pattern.neurons) <= set(MINED.neurons)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sets(st.integers(0, SIZE - 1), max_size=4))
def test_coarsening_with_enough_calls_keeps_what_is_needed_and_nothing_else(
    seed: int, needed: set[int]
) -> None:
    found = coarsened(MINED, Oracle(needed, True), np.random.default_rng(seed), 200)
    assert {place for _, place, _ in found.pattern.neurons} == needed


@pytest.mark.parametrize("way", WAYS)
def test_a_pattern_that_cannot_be_proved_is_returned_as_it_is(way: str) -> None:
    oracle = Oracle({SIZE}, False)
    found = WAYS[way](MINED, oracle, np.random.default_rng(0), 30)
    assert not found.proved
    assert found.pattern is MINED
    assert found.calls == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sets(st.integers(0, SIZE - 1), max_size=4))
def test_a_pruned_pattern_excludes_the_inputs_of_other_classes(seed: int, needed: set[int]) -> None:
    rng = np.random.default_rng(seed)
    others = {"a": rng.random((20, SIZE)) < 0.5}
    found = pruned(MINED, Oracle(needed, True), others, active_at, 200)
    assert not (found.pattern.followed(others) & ~MINED.followed(others)).any()
