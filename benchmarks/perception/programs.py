"""From images to learned programs: a lexicon from the sentences that a network has read."""

from pathlib import Path
from random import Random
from typing import Final

from abduce.benchmarks.data.pairs import read_pairs
from abduce.benchmarks.solve.tasks import HINT_ROWS
from abduce.symbolic.nsr import Lexicon, learn

LEAST: Final = 20
"""Fewer sentences than this are not learned from."""


def learn_programs(
    sentences: Path, *, seed: int = 0, deadline: float | None = None
) -> Lexicon | None:
    """The lexicon of a file of sentences with their values, from `HINT_ROWS` of them at most.

    None where there are fewer than `LEAST`, as after a training that was too short.

    Args:
        deadline: as `clock.wall_s()` counts.
    """
    if not sentences.stat().st_size:
        return None
    pairs = read_pairs(sentences).study
    if len(pairs) < LEAST:
        return None
    drawn = Random(seed).sample(pairs, min(HINT_ROWS, len(pairs)))
    return learn(drawn, deadline=deadline)
