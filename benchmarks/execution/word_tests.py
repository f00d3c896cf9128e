"""Tests of words, brackets and permuted bits.

Expected answers come from permutations that are composed, from a word and the same with one bracket
another, from the permutation itself; never from a kernel.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.records.score import Score, Size
from abduce.symbolic.machines.words.state_tracking import match, running_products
from abduce.symbolic.programs.definitions.brackets import KINDS
from abduce.symbolic.programs.definitions.permutations import PERMUTATION
from abduce.symbolic.programs.groups import WordTask
from abduce.symbolic.programs.tangent import least_on, mean


def product(task: WordTask, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Every running product is an entry."""
    generator = np.random.default_rng(seed)
    elements = np.array(task.group.elements)
    word = generator.integers(0, len(elements), size.n)
    start = clock.cpu_s()
    found = elements[running_products(kernels[task.name], word)]
    cpu_s = clock.cpu_s() - start
    expected, images = np.empty_like(found), np.arange(elements.shape[1])
    for place, element in enumerate(elements[word]):
        expected[place] = images = element[images]
    return Score(int((found == expected).all(1).sum()), size.n, size.n, cpu_s)


def brackets(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """A word that is balanced, and then the same with one bracket another: two entries."""
    generator = np.random.default_rng(seed)
    word: list[int] = []
    opened: list[int] = []
    for left, chance in zip(range(size.n, 0, -1), generator.random(size.n).tolist(), strict=True):
        if opened and (len(opened) == left or chance < 0.5):
            word.append(KINDS + opened.pop())
        else:
            opened.append(int(chance * 1e6) % KINDS)
            word.append(opened[-1])
    place = int(generator.integers(0, size.n))
    closing = word[place] >= KINDS
    other = [*word]
    other[place] = KINDS * closing + (word[place] + 1) % KINDS
    broken = place if closing else _partner(word, place)
    start = clock.cpu_s()
    whole, half = (match(kernels["brackets"], one) for one in (word, other))
    cpu_s = clock.cpu_s() - start
    right = int(whole.broken is None and not whole.open) + int(half.broken == broken)
    return Score(right, 2, size.n, cpu_s)


def _partner(word: list[int], place: int) -> int:
    """The position at which the bracket that opens at a position is closed."""
    depth = 0
    for at in range(place, len(word)):
        depth += 1 if word[at] < KINDS else -1
        if not depth:
            return at
    raise ValueError("the word is not balanced")


def by_ensemble(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Every word is an entry; none is drawn."""
    words = range(1, 2**size.n)
    right = sum(kernels["permutation"](word) == PERMUTATION.value(word) for word in words)
    return Score(right, len(words), len(words))


def by_mean(size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    """Every bit of a word is an entry."""
    generator = np.random.default_rng(seed)
    places, on = generator.permutation(size.n), least_on(size.n)
    assert on is not None
    bits = np.zeros(size.n, dtype=np.int64)
    bits[generator.choice(size.n, int(generator.integers(1, size.n + 1)), replace=False)] = 1
    found = mean(bits, places)[places] > on / 2
    return Score(int((found == bits).sum()), size.n, size.n)
