"""How reliable a derivation is, by the evidence of the training rows.

The probability that one of the derivations on which the lexicons vote is right is a logistic
function of four numbers:

    occam      bits of the lexicon for each explained sentence, as a logarithm: by Occam's bound
               the share of errors that a lexicon of so many bits may hide
    failing    log of the share of training sentences that are unexplained
    novel      the sum of 1 / (1 + n) over the uses of the derivation, each seen n times; at most 3
    longer     how many times as long as the longest explained sentence, as a logarithm; at most 2

The coefficients are priors, fitted by maximum likelihood on languages that are drawn at random
(`abduce bench languages --fit`) and on nothing else.

Source: Blumer et al. 1987, Occam's razor; Platt 1999 (a logistic function of a score).
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from abduce.symbolic.nsr.config import ReliabilityConfig
from abduce.symbolic.nsr.deduction.syntax import Reading
from abduce.symbolic.nsr.evidence import Contest, Counts, Use

MOST_NOVEL: Final = 3.0
MOST_LONGER: Final = 2.0


@dataclass(frozen=True, slots=True)
class Features:
    """The four numbers of one derivation; see the module."""

    occam: float
    failing: float
    novel: float
    longer: float


def features(counts: Counts, words: Sequence[str], uses: Set[Use]) -> Features:
    """The four numbers, by the evidence, of a derivation of these words with these uses."""
    return Features(
        occam=math.log2((counts.bits + 1) / (counts.explained + 1)),
        failing=math.log((counts.sentences - counts.explained + 0.5) / (counts.sentences + 1)),
        novel=min(MOST_NOVEL, math.fsum([1 / (1 + counts.uses.get(use, 0)) for use in uses])),
        longer=min(MOST_LONGER, max(0.0, math.log2(len(words) / max(1, counts.longest)))),
    )


def reliability(found: Features, model: ReliabilityConfig) -> float:
    """The probability that a derivation of these numbers is right.

    >>> low, high = [Features(occam, -3.0, 0.1, 0.0) for occam in (2.0, -2.0)]
    >>> reliability(low, ReliabilityConfig()) < reliability(high, ReliabilityConfig())
    True
    """
    score = (
        model.bias
        - model.occam * found.occam
        - model.failing * found.failing
        - model.novel * found.novel
        - model.longer * found.longer
    )
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, score))))


@dataclass(frozen=True, slots=True)
class Trust:
    """The evidence of the training rows, and the model that weighs it."""

    counts: Counts
    model: ReliabilityConfig = field(default_factory=ReliabilityConfig)

    def reliability(self, words: Sequence[str], uses: Set[Use]) -> float:
        """The probability that the derivation of a sentence is right, before lexicons vote."""
        return reliability(features(self.counts, words, uses), self.model)

    def orders(self, readings: Mapping[str, Reading]) -> Callable[[Contest], float]:
        """The weight of the other order of two operators.

        It is 0 where a training row decides, or where several do together: an operator that binds
        tighter than a second one, which binds tighter than a third. If rows decide it only for
        operators of the same categories and levels, it is smaller than if no row does.
        """

        def kind(label: str) -> tuple[int, float, float]:
            reading = readings[label]
            return reading.kind, reading.left, reading.right

        contests = self.counts.contests
        decided = {(kind(one), kind(two)) for one, two in contests}
        tighter = _tighter(contests, readings)
        known: dict[Contest, float] = dict.fromkeys(contests, 0.0)
        alike, undecided = 2.0**-self.model.alike_bits, 2.0**-self.model.open_bits

        def weight(contest: Contest) -> float:
            found = known.get(contest)
            if found is None:
                one, two = contest
                kinds = kind(one), kind(two)
                found = alike if kinds in decided else undecided
                if two in tighter.get(one, ()) or one in tighter.get(two, ()):
                    found = 0.0
                known[contest] = found
            return found

        return weight


def _tighter(
    contests: Iterable[Contest], readings: Mapping[str, Reading]
) -> dict[str, frozenset[str]]:
    """For each operator, those that are known to bind tighter, directly or through others. Levels
    alone do not say how operators bind that take everything, or one phrase, on the right.
    """

    def plain(label: str) -> bool:
        return abs(readings[label].right - readings[label].left) <= 0.5

    above: dict[str, set[str]] = {}
    for contest in contests:
        low, high = sorted(contest, key=lambda label: readings[label].left)
        if readings[low].left < readings[high].left and plain(low) and plain(high):
            above.setdefault(low, set()).add(high)
    found: dict[str, frozenset[str]] = {}
    for label in sorted(above, key=lambda label: -readings[label].left):  # the tightest first
        further = [found.get(other, frozenset()) for other in above[label]]
        found[label] = frozenset(above[label]).union(*further)
    return found
