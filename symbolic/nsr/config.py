"""The one configuration of the learner: its fields are what a record stores and hashes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from abduce.symbolic.nsr.priors import PRIORS


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Widths of the search and thresholds of the answer; the same for every task.

    Attributes:
        beam: rival hypotheses kept a seed.
        candidates: entries proposed for a word.
        working: examples that hypotheses are scored on (the shortest of each word, and a sample).
        rounds: times that failures among all examples are added to the working ones.
        failures: how many of them each time.
        rivals: surviving lexicons kept beside the best.
        rival_bits: how many bits longer than the best a surviving lexicon may be.
        min_posterior: an answer with less posterior probability is withheld.
        priors: recorded, so that records under other priors have another hash; see ``priors``.
    """

    beam: int = 4
    candidates: int = 8
    working: int = 160
    rounds: int = 6
    failures: int = 24
    rivals: int = 6
    rival_bits: float = 10.0
    min_posterior: float = 0.5
    priors: Mapping[str, float] = field(default_factory=lambda: dict(PRIORS))
