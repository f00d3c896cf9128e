"""Pairing: two words that are only seen together may be an operator and its partner.

The search learns one or two words at a time, and such words may have found another lexicon before
their pair is tried: one that takes the parts of a list to pieces, and is much longer.
"""

import math
from collections.abc import Iterator
from typing import Final

from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.hypothesis import Hypothesis, Workbench
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.run import Run

PROPOSED: Final = 4
"""The number of entries that are proposed for a pair."""


def pairs(run: Run, proposer: Proposer, best: Hypothesis, below: float) -> Iterator[Hypothesis]:
    """The lexicons in which two further words are a pair, if they have less than these bits.

    The two are in the same working examples and no others. No example ends with the first one or
    begins with the second.
    """
    containing = run.bench.containing
    for word, places in sorted(containing.items()):
        if word in run.last or len(places) < 2 or _is_paired(best, word):
            continue
        for other in sorted(run.bench.examples[places[0]].vocabulary - run.first - {word}):
            if containing[other] != places or _is_paired(best, other):
                continue
            base = run.bench.supposed(best, {word: None, other: None})
            for child in proposer.with_proposals(base, word, [other], best=PROPOSED, below=below):
                entry = child.entries.get(word)
                if entry is not None and entry.sign.partner == other:
                    yield child


def _is_paired(best: Hypothesis, word: str) -> bool:
    entry = best.entries.get(word)
    if entry is None:
        return False
    return bool(entry.sign.partner) or entry.sign.category is Category.PARTNER


def paired(
    run: Run, proposer: Proposer, best: Hypothesis, bits: float | None
) -> tuple[Hypothesis, float | None]:
    """The best lexicon after all pairs that make it shorter, on the working and on all examples.

    Args:
        bits: the description length of the best and all examples; None where it is not known.
    """
    while True:
        found = min(
            pairs(run, proposer, best, best.bits), key=lambda child: child.bits, default=None
        )
        if found is None:
            return best, bits
        whole = Workbench(run.world, run.all, run.look).hypothesis(found.entries, found.open_class)
        if whole.bits >= (math.inf if bits is None else bits):
            return best, bits
        best, bits = run.bench.hypothesis(found.entries, found.open_class), whole.bits
