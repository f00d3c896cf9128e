"""The weight of a value beside all others, by one lexicon: charts run with limits.

A value's weight is the sum, over the sentences that have it, of the products of the probabilities
of their symbols (``uncertain.answer_uncertain``). Divided by the probabilities of the symbols that
are read, that sentence has the weight 1, and any other at most the product of its ratios. So the
chart, run with the upper limits of the ratios, bounds the weight of all other values together. A
symbol that fits nowhere has no derivation, and no weight, however likely it may become.

Source: Goodman 1999, Semiring parsing (weights of derivations).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from abduce.neural.perception.certified.places import Looking, Place
from abduce.symbolic.nsr.answers import Tokens
from abduce.symbolic.nsr.deduction.chart import MAX_ITEMS, GaveUp, deduce
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Reading
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.nsr.uncertain import candidates

TOO_MANY = "the sentence may have too many readings to try them all"
LARGE = 300.0
"""The largest log weight of all sentences together that is computed with."""
ROOM = 1e-12
"""The share of a weight that rounding may have taken."""


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
    readings = readings_of(lexicon, lexicon.readings, chain.from_iterable(words))
    found = deduce(*candidates(alike, readings), max_items=items)
    if isinstance(found, GaveUp):
        return found
    return [lexicon.decoded(value) for value in found.values]


def readings_of(
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


def share_of(
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
    alone = deduce(*candidates([{p.word: 1.0} for p in places], readings))
    found = deduce(*candidates(kept, readings), max_items=looking.items)
    alike = {word: replace(reading, meaning=0) for word, reading in readings.items()}
    whole = deduce(*candidates(every, alike), max_items=looking.items)
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
    return isinstance(deduce(*candidates(every, readings), max_items=looking.items), GaveUp)
