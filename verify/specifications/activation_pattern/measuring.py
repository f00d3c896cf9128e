"""How well patterns describe classes, on inputs that they were not mined from."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from abduce.verify.specifications.activation_pattern.observing import Observed
from abduce.verify.specifications.activation_pattern.pattern import Patterns


@dataclass(frozen=True, slots=True)
class Measured:
    """Patterns at inputs with known classes.

    Attributes:
        inputs: the number of inputs.
        recall: the share of inputs in the box that follow the pattern of their class.
        wrong: the share of inputs in the box that follow the pattern of another class.
        by_class: the recall of each class; None for a class without inputs.
        neurons: the number of neurons with a sign, for each class.
        overlapping: the pairs of classes whose patterns no neuron tells apart.
    """

    inputs: int
    recall: float
    wrong: float
    by_class: Mapping[int, float | None]
    neurons: Mapping[int, int]
    overlapping: tuple[tuple[int, int], ...]


def measured(patterns: Patterns, seen: Observed, labels: np.ndarray) -> Measured:
    """The patterns at the inputs that were seen.

    Args:
        labels: the class of each input, (P,).
    """
    count = len(labels)
    own, wrong = np.zeros(count, bool), np.zeros(count, bool)
    by_class: dict[int, float | None] = {}
    for pattern in patterns.patterns:
        low, high = patterns.box(pattern)
        inside = ((seen.inputs >= low) & (seen.inputs <= high)).all(1)
        follows = pattern.followed(seen.active) & inside
        mine = labels == pattern.label
        own |= follows & mine
        wrong |= follows & ~mine
        by_class[pattern.label] = float(follows[mine].mean()) if mine.any() else None
    pairs = [
        (p.label, q.label)
        for p, q in combinations(patterns.patterns, 2)
        if p.contradicts(q) is None
    ]
    total = max(1, count)
    neurons = {pattern.label: len(pattern) for pattern in patterns.patterns}
    recall, share = float(own.sum() / total), float(wrong.sum() / total)
    return Measured(count, recall, share, by_class, neurons, tuple(pairs))
