"""How many steps of ascent the halves of a cut are given.

More steps make better bounds, and a smaller tree of parts that cost more. Where halves close shares
s of the gap between their bound and one that is enough, a tree that goes on like that has about
2^phi parts, of which phi solves

    mean of 2^(-phi s) over halves = 1/2        (a half that is done counts 0),

so that phi + log2(steps) is to be least. A guess from few halves favours more steps, which are
taken only where they would save a multiple of the work (`rung_worth`). It is tried on some of the
halves now and then: more seldom as long as the choice stays the same.

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
        rung: its place on the ladder of numbers of steps.
        rest: rounds from the last trial to the next one.
        left: of these.
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
        """Tries other numbers where it is time to, for halves that have the values of wholes.

        Args:
            halves: the first ones of all cuts, then the second ones; they stay as they are.
            enough: the value from which on each is done, (N,).
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
    """The logarithm, to base 2, of the parts of a tree whose cuts go on like these, at most 1000.

    Args:
        before: values of the wholes, of each half, (N,).
        after: of the halves, (N,).
        enough: from which on one is done, (N,).
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
