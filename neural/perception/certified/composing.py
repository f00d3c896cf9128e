"""Whether the answer to a sentence can change, given what may be read at every position.

The best lexicon and its rivals vote as they do for an answer (``uncertain.answer_uncertain``). The
answer stays where its share of the votes is above a half and reaches the least posterior.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, product

from abduce.neural.perception.certified.places import LOOKING, Looking, Place
from abduce.neural.perception.certified.weighing import ROOM, readings_of, share_of, values
from abduce.symbolic.nsr.answers import Tokens
from abduce.symbolic.nsr.deduction.chart import GaveUp
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION
from abduce.symbolic.nsr.lexicon import Lexicon

THREAT = 0.05
"""Words that stay less likely than this, beside the one that is read, are not named as a threat."""


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """Whether the answer stays the same.

    Attributes:
        stays: whether it is proved to stay.
        share: a lower limit on the probability of the answer.
        reason: why it is not proved; empty when it is.
        at: the position that breaks it, from 0, and ``instead`` the word that may be read there;
            None where no single one does.
    """

    stays: bool
    share: float
    reason: str = ""
    at: int | None = None
    instead: str | None = None


def composed(
    lexicon: Lexicon, places: Sequence[Place], answer: Tokens, looking: Looking = LOOKING
) -> Composed:
    """Whether the answer to the sentence stays this one, and is not withheld, whatever the
    probabilities within the limits are.

    Where it is said to stay, it does. Otherwise it may stay all the same, since limits are limits.
    """
    for at, place in enumerate(places):
        if place.word not in lexicon.vocabulary:
            return Composed(False, 0.0, f"{place.word!r} is no word of the lexicon", at)
        if len(place.rivals) >= looking.symbols or place.least <= looking.symbol:
            text = f"{place.word!r} may be left out, so unlikely may it become"
            return Composed(False, 0.0, text, at, next(iter(place.rivals), None))
    if lexicon.world.integers and answer in [(t,) for t in lexicon.world.alphabet.chars]:
        return Composed(False, 0.0, "a number and a list are written in the same way")
    if () in lexicon.rows:
        return Composed(False, 0.0, "the lexicon has a row without words")
    if not looking.doubted and not _certain(lexicon, places, answer, looking):
        return Composed(False, 0.0, "other sentences may be read without any doubt")
    every = chain((p.word for p in places), *(p.most for p in places), (JUXTAPOSITION,))
    words = dict.fromkeys(every).keys()
    best = share_of(lexicon, places, readings_of(lexicon, lexicon.readings, words), answer, looking)
    if isinstance(best, str):
        return Composed(False, 0.0, best)
    votes, total = best, 1.0
    for rival, readings in zip(lexicon.rivals, lexicon.rival_readings, strict=True):
        share: float | str = best
        if not words.isdisjoint(rival.changes):
            known = readings_of(lexicon, readings, words)
            share = share_of(lexicon, places, known, answer, looking)
        if isinstance(share, str):
            return Composed(False, 0.0, share)
        weight = 2.0**-rival.bits
        votes, total = votes + weight * share, total + weight
    least = votes / total - ROOM
    if best - ROOM > 0.5 and least > 0.5 and least >= lexicon.min_posterior:
        return Composed(True, least)
    at, instead = _broken_by(lexicon, places, answer)
    return Composed(False, max(0.0, least), "other readings have too much weight", at, instead)


def _certain(lexicon: Lexicon, places: Sequence[Place], answer: Tokens, looking: Looking) -> bool:
    """Whether all sentences that may be read without any doubt have the answer."""
    words = [[place.word, *place.rivals] for place in places]
    if math.prod(map(len, words)) > looking.certain:
        return False
    found = (lexicon.answer(each) for each in product(*words))
    return all(each.value == answer and not each.abstained for each in found)


def _broken_by(
    lexicon: Lexicon, places: Sequence[Place], answer: Tokens
) -> tuple[int | None, str | None]:
    """The position and the word there that most threaten the answer, alone."""
    found: list[tuple[float, int, str]] = []
    for at, place in enumerate(places):
        for word, most in place.most.items():
            words = [[p.word] if n != at else [word] for n, p in enumerate(places)]
            told = values(lexicon, words) if most > THREAT else []
            if not isinstance(told, GaveUp) and any(each != answer for each in told):
                found.append((-most, at, word))
    if not found:
        return None, None
    _, at, word = min(found)
    return at, word
