"""The number of ascent steps that the halves of a split are given.

More steps make better bounds. So the tree is smaller, but each of its subdomains costs more. Let
the halves close shares s of the gap between their parent's bound and a bound that is enough. A tree
that goes on like that has about 2^phi subdomains, where phi solves

    mean of 2^(-phi s) over halves = 1/2        (a half that is done counts 0). The number of steps
        with the least phi + log2(steps) is chosen. An estimate from few halves favours more steps,
        so these are taken only if they save a multiple of the work (`rung_worth`). Other numbers
        are tried on some of the halves now and then, less often while the choice stays the same.

Source: Le Bodic and Nemhauser 2017, An abstract model for branching and its application to mixed
integer programming (the size of a tree by the gap that its cuts close).
"""

from dataclasses import dataclass, field

import numpy as np

from abduce.verify.bounds.propagation.slopes import Frame, Subdomains, climb
from abduce.verify.strategy import ActivationConfig

LONGEST = 1_000.0
BISECTIONS = 40


@dataclass(slots=True)
class Steps:
    """The number of steps in use.

    Attributes:
        rung: the index in the list of numbers of steps.
        rest: the number of rounds between the last trial and the next one.
        left: the rounds that are left of these.
    """

    config: ActivationConfig
    rung: int = 0
    rest: int = field(init=False)
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.rest = self.left = self.config.first_rest

    @property
    def count(self) -> int:
        return self._on(self.rung)

    def _on(self, rung: int) -> int:
        return self.config.steps * self.config.more_steps**rung

    def choose(self, frame: Frame, halves: Subdomains, enough: np.ndarray) -> None:
        """Tries other numbers of steps if a trial is due, on halves that begin with their parents'
        values.

        Args:
            halves: the first halves of all splits, then the second halves; they are not changed.
            enough: the value from which each one is done, (N,).
        """
        self.left -= 1
        if self.left > 0:
            return
        config = self.config
        pairs = len(halves) // 2
        some = np.unique(np.linspace(0, pairs - 1, min(pairs, config.tried // 2)).astype(int))
        some = np.concatenate([some, some + pairs])
        before, enough = halves.value[some], enough[some]
        costs = {}
        for rung in range(max(0, self.rung - 1), min(config.rungs, self.rung + 2)):
            tried = halves.take(some)
            climb(frame, tried, self._on(rung), config.rate, float(enough.max()))
            size = tree_size(before, tried.value, enough)
            costs[rung] = size + np.log2(self._on(rung)) + config.rung_worth * rung
        best = min(costs, key=lambda rung: costs[rung])
        self.rest = (
            config.first_rest if best != self.rung else min(2 * self.rest, config.longest_rest)
        )
        self.rung, self.left = best, self.rest


@np.errstate(all="ignore")  # of infinite values nothing is known, and no share is closed
def tree_size(before: np.ndarray, after: np.ndarray, enough: np.ndarray) -> float:
    """The base-2 logarithm of the size of a tree whose splits all gain like these, at most 1000.

    Args:
        before: the value of the parent of each half, (N,).
        after: the values of the halves, (N,).
        enough: the value from which a half is done, (N,).
    """
    share = np.nan_to_num((after - before) / (enough - before), nan=0.0)
    share = np.clip(share, 0.0, 1.0)[after <= enough].astype(np.float64)
    low, high = 0.0, LONGEST
    if len(share) <= len(after) / 2:
        return low
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if (2.0 ** (-middle * share)).sum() > len(after) / 2:
            low = middle
        else:
            high = middle
    return high
