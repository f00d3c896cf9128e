"""Patterns: following them, their half-spaces, and what contradicts them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.specifications.activation_pattern.pattern import Ball, Pattern, Patterns, Signs

SEEDS = st.integers(0, 2**32 - 1)


def drawn(rng: np.random.Generator, label: int = 0) -> Pattern:
    """A pattern over two layers of five and three neurons."""
    found = []
    for node, size in (("a", 5), ("b", 3)):
        sign = rng.integers(-1, 2, size)
        found.append(Signs(node, np.flatnonzero(sign > 0), np.flatnonzero(sign < 0)))
    return Pattern(label, tuple(found))


def values(rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    """Values of both layers at some inputs; many of them are 0."""
    return {name: rng.integers(-1, 2, (count, size)) * 0.5 for name, size in (("a", 5), ("b", 3))}


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_who_follows_a_pattern_is_in_its_half_spaces_and_only_zeros_are_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pattern, at = drawn(rng), values(rng, 60)
    follows = pattern.followed({name: z > 0 for name, z in at.items()})
    held = np.array(
        [all(h.hold(at[h.node][i]) for h in pattern.hidden) for i in range(len(follows))]
    )
    assert (held | ~follows).all()
    zero = np.logical_or.reduce([(at[s.node][:, s.active] == 0).any(1) for s in pattern.signs])
    assert (follows == (held & ~zero)).all()


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_pattern_of_all_its_neurons_is_itself_and_fewer_neurons_admit_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pattern, at = drawn(rng), values(rng, 100)
    active = {name: z > 0 for name, z in at.items()}
    assert pattern.only(pattern.neurons).neurons == pattern.neurons
    assert len(pattern.neurons) == len(pattern)
    fewer = pattern.only([n for n in pattern.neurons if rng.random() < 0.5])
    assert (fewer.followed(active) | ~pattern.followed(active)).all()


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_patterns_that_contradict_each_other_have_no_input_in_common(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = drawn(rng, 0), drawn(rng, 1)
    at = {name: rng.random((300, size)) < 0.5 for name, size in (("a", 5), ("b", 3))}
    both = first.followed(at) & second.followed(at)
    found = first.contradicts(second)
    assert (found is None) == (second.contradicts(first) is None)
    if found is not None:
        assert not both.any()
        node, place = found
        signs = {s.node: s for s in first.signs}[node]
        assert place in signs.active or place in signs.inactive


def test_a_ball_is_cut_to_the_box() -> None:
    pattern = Pattern(0, (), ball=Ball(np.array([0.1, 0.5]), 0.25))
    whole = Patterns(1.0, (), (), np.zeros(2), np.ones(2), (pattern,))
    low, high = whole.box(pattern)
    assert low.tolist() == [0.0, 0.25]
    assert high.tolist() == [0.35, 0.75]
