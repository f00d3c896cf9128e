"""From images to learned programs: a lexicon from the sentences that a network has read."""

from pathlib import Path
from random import Random

from abduce.benchmarks.data.pairs import read_pairs
from abduce.symbolic.nsr import Lexicon, learn

LEAST, MOST = 20, 2_000
"""Fewer sentences are not learned from; of more than `MOST`, so many are drawn."""


def learn_programs(
    sentences: Path, *, seed: int = 0, deadline: float | None = None
) -> Lexicon | None:
    """The lexicon of a file of sentences with their values, from `MOST` of them at most.

    None where there are fewer than `LEAST`, as after a training that was too short.

    Args:
        deadline: the `clock.wall_s()` at which to stop.
    """
    if not sentences.stat().st_size:
        return None
    pairs = read_pairs(sentences).study
    if len(pairs) < LEAST:
        return None
    drawn = Random(seed).sample(pairs, min(MOST, len(pairs)))
    return learn(drawn, deadline=deadline)
