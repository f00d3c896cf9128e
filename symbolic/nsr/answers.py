"""Answers: the posterior over the values of a sentence, and whether the best of them is given.

Lexicons vote on the value. The probability that the derivation is not reliable goes to none of
their values. A training row of the sentence is evidence as well: it is wrong with the probability
of noise alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DISAGREE: Final = "the rival lexicons disagree"
CONTRADICTED: Final = "a training row gives this sentence another output"
UNSURE: Final = "too little in the training rows supports this answer"

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one sentence.

    Attributes:
        value: the output tokens that are most probable, given even when withheld; None without any.
        posterior: the probability that they are right.
        alternatives: the other values with theirs, most probable first.
        unknown: words that no example had, in order.
        abstained: whether the answer is withheld.
        reason: why, in words; empty when it is not.
    """

    value: Tokens | None
    posterior: float
    alternatives: tuple[tuple[Tokens, float], ...]
    unknown: tuple[str, ...]
    abstained: bool
    reason: str

    @staticmethod
    def withheld(reason: str, unknown: tuple[str, ...] = ()) -> "Answer":
        """A withheld answer, with the reason."""
        return Answer(None, 0.0, (), unknown, True, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence of the training rows about one sentence.

    Attributes:
        reliability: the probability that the derivations are right, before lexicons vote.
        row: the output of the sentence in training; None without one, or with several.
        noise: the probability that a training row is wrong.
    """

    reliability: float = 1.0
    row: Tokens | None = None
    noise: float = 0.0


def elected(
    votes: Mapping[Tokens, float],
    total: float,
    own: Tokens | None,
    evidence: Evidence,
    min_posterior: float,
    unknown: tuple[str, ...] = (),
) -> Answer:
    """The most probable value, given or withheld. It is withheld if its posterior is below the
    threshold, if it is not the output of a training row, or if the best lexicon has another value.

    Args:
        votes: one value or more, with the weights of the lexicons that give it.
        total: the weights of all lexicons, those without a value included.
        own: the value of the best lexicon.

    >>> elected({("A",): 1.0, ("B",): 0.25}, 1.25, ("A",), Evidence(), 0.5).posterior
    0.8
    """
    certain, row = evidence.reliability, evidence.row
    shares = {value: certain * weight / total for value, weight in votes.items()}
    if row is not None:
        right = (1.0 - evidence.noise) * (shares.pop(row, 0.0) + 1.0 - certain)
        wrong = {value: evidence.noise * share for value, share in shares.items()}
        whole = right + sum(wrong.values()) + evidence.noise * (1.0 - certain)
        shares = {value: share / whole for value, share in ({row: right} | wrong).items()}
    ranked = sorted(shares.items(), key=lambda v: -v[1])
    best, posterior = ranked[0]
    reason = ""
    if row is not None and best != row:
        reason = CONTRADICTED
    elif row is None and own is not None and best != own:
        reason = DISAGREE
    elif posterior < min_posterior:
        disagree = votes.get(best, 0.0) / total < min_posterior
        reason = DISAGREE if disagree and row is None else UNSURE
    return Answer(best, posterior, tuple(ranked[1:]), unknown, bool(reason), reason)
