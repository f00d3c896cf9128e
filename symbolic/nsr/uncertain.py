"""Answers to sentences whose words are not known for certain, as read from images or speech.

Each position has words with their probabilities. A lexicon deduces the value of every choice of
words at once (``chart.deduce``). Its vote is shared among these values by their probability, given
that the sentence has a value. So syntax corrects perception: a word that fits nowhere in the
sentence loses its probability to the words that do. A sentence with one word at each position is
certain, and ``Lexicon.answer`` answers it.

Source: Li et al. 2024, NSR, section 3.1 (perception as a distribution over symbols); Goodman 1999,
Semiring parsing.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from abduce import clock
from abduce.errors import InputError
from abduce.symbolic.nsr.answers import Answer
from abduce.symbolic.nsr.deduction.chart import (
    Candidate,
    Deduction,
    GaveUp,
    Position,
    deduce,
    derivations,
)
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category, Reading
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.programs.typed.primitives import Value

Uncertain = str | Mapping[str, float]
"""A word, or words with their probabilities."""
TOO_LONG: Final = "the sentence has too many readings to try them all"


def answer_uncertain(
    lexicon: Lexicon, sentence: Sequence[Uncertain], *, deadline: float | None = None
) -> Answer:
    """The most probable value of a sentence, over all choices of its words.

    Args:
        sentence: the possible words at each position. Probabilities need not add up to 1.
        deadline: ``clock.wall_s()`` after which no answer is sought.

    Raises:
        InputError: a position has no words, or a word no probability above 0 and up to 1.

    >>> from abduce.symbolic.nsr.learn import learn
    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> answer = answer_uncertain(lexicon, [{"dax": 0.6, "lug": 0.4}, {"fep": 0.5, "dax": 0.5}])
    >>> answer.value, round(answer.posterior, 2)
    (('RED', 'RED', 'RED'), 0.6)
    """
    positions = [_words(place, at) for at, place in enumerate(sentence, start=1)]
    present = dict.fromkeys(chain.from_iterable(positions))
    unknown = tuple([word for word in present if word not in lexicon.vocabulary])
    if all(len(words) == 1 for words in positions):
        return lexicon.answer([*chain.from_iterable(positions)], deadline=deadline)
    open_words = [w for w in present if w not in lexicon.readings] if lexicon.open_class else []
    themselves = {w: lexicon.world.reading(w, SELF_ENTRY) for w in open_words}
    known = lexicon.readings.keys() | themselves
    for words in positions:
        if known.isdisjoint(words):
            return Answer.withheld(f"no meaning is known for: {' or '.join(words)}", unknown)
    votes: dict[Value, float] = {}
    total = 0.0
    best: Deduction | None = None
    lexicons = [(1.0, lexicon.readings, {})]
    lexicons += [
        (2.0**-rival.bits, readings, rival.changes)
        for rival, readings in zip(lexicon.rivals, lexicon.rival_readings, strict=True)
    ]
    for weight, readings, changes in lexicons:
        if clock.passed(deadline):
            return Answer.withheld("out of time", unknown)
        found = best
        if found is None or JUXTAPOSITION in changes or not present.keys().isdisjoint(changes):
            outcome = _deduced(positions, themselves | readings)
            if isinstance(outcome, GaveUp):
                return Answer.withheld(TOO_LONG, unknown)
            found = outcome
        best = best or found
        total += weight
        for value, probability in found.posterior.items():
            votes[value] = votes.get(value, 0.0) + weight * probability
    if not votes:
        return Answer.withheld("no choice of words combines to a value", unknown)
    own = next(iter(best.values), None) if best else None
    return lexicon.elected(votes, total, own, (), unknown)


def likeliest_words(lexicon: Lexicon, sentence: Sequence[Uncertain]) -> tuple[str, ...] | str:
    """The words of the most probable derivation of the best lexicon, or why there is none.

    Raises:
        InputError: a position has no words, or a word no probability above 0 and up to 1.

    >>> from abduce.symbolic.nsr.learn import learn
    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> likeliest_words(lexicon, [{"fep": 0.7, "lug": 0.3}, {"fep": 0.5, "dax": 0.4}])
    ('lug', 'fep')
    """
    positions = [_words(place, at) for at, place in enumerate(sentence, start=1)]
    open_words = set(chain.from_iterable(positions)) if lexicon.open_class else set()
    themselves = {w: lexicon.world.reading(w, SELF_ENTRY) for w in sorted(open_words)}
    readings = themselves | lexicon.readings
    found = derivations(*candidates(positions, readings), 1)
    if isinstance(found, GaveUp):
        return TOO_LONG
    if not found:
        return "no derivation: no choice of words combines"
    (best,) = found
    steps = zip(best.code, best.readings, strict=True)
    chosen = {index: reading for (_, _, index), reading in steps if index >= 0}
    return tuple([_word(words, readings, chosen.get(n)) for n, words in enumerate(positions)])


def _word(
    words: Mapping[str, float], readings: Mapping[str, Reading], chosen: Reading | None
) -> str:
    """The word of a position with the reading that was chosen; None is that of a partner."""
    fitting = [
        word
        for word in words
        if (reading := readings.get(word)) is not None
        and (reading.category is Category.PARTNER if chosen is None else reading is chosen)
    ]
    return max(fitting, key=words.__getitem__)


def sentence_of(data: Any) -> list[Uncertain]:
    """The sentence of plain data: a list of words and of objects of words with probabilities.

    Raises:
        InputError: it is not a sentence.
    """
    if not isinstance(data, list):
        raise InputError(f"{data!r:.60}", ("a list with an entry for each position",))
    for at, place in enumerate(data, start=1):
        _words(place, at)
    return data


def _words(place: Any, at: int) -> dict[str, float]:
    """The words of a position with their probabilities."""
    words = {place: 1.0} if isinstance(place, str) else place
    if not isinstance(words, Mapping) or not words:
        expected = ("a word", "an object of words with their probabilities")
        raise InputError(f"{place!r:.60} at position {at}", expected)
    for word, probability in words.items():
        known = isinstance(probability, int | float) and not isinstance(probability, bool)
        if not isinstance(word, str) or not known or not 0 < probability <= 1:
            found = f"{word!r:.60} with {probability!r:.60} at position {at}"
            raise InputError(found, ("a word with a probability above 0 and up to 1",))
    return dict(words)


def _deduced(
    positions: Sequence[Mapping[str, float]], readings: Mapping[str, Reading]
) -> Deduction | GaveUp:
    return deduce(*candidates(positions, readings))


def candidates(
    positions: Sequence[Mapping[str, float]], readings: Mapping[str, Reading]
) -> tuple[list[Position], Position]:
    """What the chart is given: the weighted words of each position, and juxtaposition."""
    found: list[Position] = [
        [Candidate(math.log(p), w, readings[w]) for w, p in words.items() if w in readings]
        for words in positions
    ]
    side = readings.get(JUXTAPOSITION)
    return found, [] if side is None else [Candidate(0.0, JUXTAPOSITION, side)]
