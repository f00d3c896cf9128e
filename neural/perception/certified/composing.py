"""What may be read at every position, composed by the exact chart: whether the answer can change.

A value's weight is the sum, over the sentences that have it, of the products of the probabilities
of their symbols (``uncertain.answer_uncertain``). Divided by the probabilities of the symbols that
are read, that sentence has the weight 1, and any other at most the product of its ratios. So the
chart, run with the upper limits of the ratios, bounds the weight of all other values together. A
symbol that fits nowhere has no derivation, and no weight, however likely it may become.

Source: Goodman 1999, Semiring parsing (weights of derivations).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product

from abduce.symbolic.nsr.answers import Tokens
from abduce.symbolic.nsr.deduction.chart import (
    MAX_ITEMS,
    Candidate,
    GaveUp,
    Position,
    deduce,
)
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Reading
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY
from abduce.symbolic.nsr.lexicon import Lexicon

TOO_MANY = "the sentence may have too many readings to try them all"
THREAT = 0.05
"""Words that stay less likely than this, beside the one that is read, are not named as a threat."""
LARGE = 300.0
"""The largest log weight of all sentences together that is computed with."""
ROOM = 1e-12
"""The shares of votes are compared with this much to spare, for rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What may be read at one position.

    Attributes:
        word: what is read there.
        most: for each other word, an upper limit on its probability divided by that of ``word``;
            words that are left out are never read.
        least: a lower limit on the probability of ``word``.
    """

    word: str
    most: Mapping[str, float]
    least: float

    @property
    def rivals(self) -> list[str]:
        """The words that may be as likely as the one that is read, the likeliest first."""
        return sorted((w for w, r in self.most.items() if r >= 1.0), key=lambda w: -self.most[w])


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What of a position is looked at.

    Attributes:
        symbols: the number of the likeliest words of a position that are looked at.
        symbol: the least probability of a word that is looked at.
        doubted: whether each position always has a second word that is looked at.
        negligible: of words of ratios up to this, values are not told apart.
        certain: the upper limit on sentences without any doubt that are answered one by one.
        items: the fuel of a chart.
    """

    symbols: int = 4
    symbol: float = 1e-6
    doubted: bool = True
    negligible: float = 0.01
    certain: int = 256
    items: int = MAX_ITEMS


LOOKING = Looking()
"""What is looked at by default."""


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
    if () in lexicon.rows:
        return Composed(False, 0.0, "the lexicon has a row without words")
    if not looking.doubted and not _certain(lexicon, places, answer, looking):
        return Composed(False, 0.0, "other sentences may be read without any doubt")
    words = {*(p.word for p in places), *chain.from_iterable(p.most for p in places), JUXTAPOSITION}
    best = _share(lexicon, places, _readings(lexicon, lexicon.readings, words), answer, looking)
    if isinstance(best, str):
        return Composed(False, 0.0, best)
    votes, total = best, 1.0
    for rival, readings in zip(lexicon.rivals, lexicon.rival_readings, strict=True):
        share: float | str = best
        if not words.isdisjoint(rival.changes):
            known = _readings(lexicon, readings, words)
            share = _share(lexicon, places, known, answer, looking)
        if isinstance(share, str):
            return Composed(False, 0.0, share)
        weight = 2.0**-rival.bits
        votes, total = votes + weight * share, total + weight
    least = votes / total - ROOM
    if best - ROOM > 0.5 and least > 0.5 and least >= lexicon.min_posterior:
        return Composed(True, least)
    at, instead = _broken_by(lexicon, places, answer)
    return Composed(False, max(0.0, least), "other readings have too much weight", at, instead)


def values(
    lexicon: Lexicon, words: Sequence[Sequence[str]], items: int = MAX_ITEMS
) -> list[Tokens] | GaveUp:
    """The values of all sentences that these words can form, a word of each position, exactly.

    >>> from abduce.symbolic.nsr.learn import learn
    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> values(lexicon, [["dax", "fep"], ["fep"]])
    [('RED', 'RED', 'RED')]
    """
    alike = [dict.fromkeys(each, 1.0) for each in words]
    readings = _readings(lexicon, lexicon.readings, chain.from_iterable(words))
    found = deduce(*_candidates(alike, readings), max_items=items)
    if isinstance(found, GaveUp):
        return found
    return [lexicon.decoded(value) for value in found.values]


def _readings(
    lexicon: Lexicon, readings: Mapping[str, Reading], words: Iterable[str]
) -> dict[str, Reading]:
    """The readings of these words; where the lexicon is open, others stand for themselves."""
    wanted = [*dict.fromkeys(words), JUXTAPOSITION]
    found = {word: readings[word] for word in wanted if word in readings}
    if lexicon.open_class:
        for word in wanted:
            if word not in lexicon.readings and word != JUXTAPOSITION:
                found.setdefault(word, lexicon.world.reading(word, SELF_ENTRY))
    return found


def _share(
    lexicon: Lexicon,
    places: Sequence[Place],
    readings: Mapping[str, Reading],
    answer: Tokens,
    looking: Looking,
) -> float | str:
    """A lower limit on the probability of the answer by one lexicon, or why there is none.

    The weight of other values is at most that of all sentences, whose chart needs no values, less
    that of the sentences of this value among the words that are told apart.
    """
    known = [
        {w: min(r, 1 / p.least) for w, r in p.most.items() if w in readings and r > 0.0}
        for p in places
    ]
    every = [{p.word: 1.0} | each for p, each in zip(places, known, strict=True)]
    kept = [
        {word: r for word, r in each.items() if r > looking.negligible or word == place.word}
        for place, each in zip(places, every, strict=True)
    ]
    alone = deduce(*_candidates([{p.word: 1.0} for p in places], readings))
    found = deduce(*_candidates(kept, readings), max_items=looking.items)
    alike = {word: replace(reading, meaning=0) for word, reading in readings.items()}
    whole = deduce(*_candidates(every, alike), max_items=looking.items)
    if isinstance(alone, GaveUp) or isinstance(found, GaveUp) or isinstance(whole, GaveUp):
        return TOO_MANY
    if _may_give_up(lexicon, places, known, readings, looking):
        return TOO_MANY
    own = [value for value in found.values if lexicon.decoded(value) == answer]
    if len(own) > 1:
        return "several values are written in the same way"
    if not own or own[0] not in alone.values or whole.log_weight > LARGE:
        return 0.0
    total = math.exp(whole.log_weight)
    rest = max(0.0, total - math.exp(found.values[own[0]])) + ROOM * total
    least = math.exp(alone.values[own[0]])
    return least / (least + rest)


def _candidates(
    words: Sequence[Mapping[str, float]], readings: Mapping[str, Reading]
) -> tuple[list[Position], Position]:
    candidates: list[Position] = [
        [Candidate(math.log(r), w, readings[w]) for w, r in each.items() if w in readings]
        for each in words
    ]
    side = readings.get(JUXTAPOSITION)
    return candidates, [] if side is None else [Candidate(0.0, JUXTAPOSITION, side)]


def _may_give_up(
    lexicon: Lexicon,
    places: Sequence[Place],
    known: Sequence[Mapping[str, float]],
    readings: Mapping[str, Reading],
    looking: Looking,
) -> bool:
    """Whether the fuel of an answer may run out for some of the words that may be looked at.

    A choice of words has at most one derivation, unless phrases stand side by side, and a span of
    so many words at most as many places to be divided. That bounds what is tried. Where the bound
    is too large, the chart of all words that may be looked at is filled, which takes more fuel.
    """
    size = len(places)
    if lexicon.world.integers and JUXTAPOSITION not in readings:
        counts = [
            min(looking.symbols, 1 + sum(r > looking.symbol for r in each.values()))
            for each in known
        ]
        spans = sum(
            math.prod(counts[start:end]) * (2 + end - start)
            for start in range(size)
            for end in range(start + 1, size + 1)
        )
        if spans + size**3 <= MAX_ITEMS:
            return False
    every = [
        {place.word: 1.0} | {w: 1.0 for w, r in each.items() if r > looking.symbol}
        for place, each in zip(places, known, strict=True)
    ]
    return isinstance(deduce(*_candidates(every, readings), max_items=looking.items), GaveUp)


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
