"""The chart of what may be read: equal to trying every sentence, never wrong about an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.perception.certified.composing import composed
from abduce.neural.perception.certified.places import Looking, Place
from abduce.neural.perception.certified.weighing import values
from abduce.symbolic.nsr import Lexicon
from abduce.symbolic.nsr.deduction.chart import GaveUp
from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.lexicon import Rival
from abduce.symbolic.nsr.uncertain import answer_uncertain
from tests.toy_languages import language, languages

LARGE = 1e4
EVERY = Looking(symbols=99, symbol=1e-9)


def answered_one_by_one(lexicon: Lexicon, words: Sequence[Sequence[str]]) -> set:
    """The values of all sentences, each parsed and evaluated alone."""
    single = replace(lexicon, rivals=(), trust=None)
    found = (single.answer(sentence) for sentence in product(*words))
    return {each.value for each in found if each.value is not None}


@st.composite
def readable(draw: st.DrawFn) -> tuple[Lexicon, list[list[str]]]:
    """A language, and up to five positions with the words that may be read there."""
    lexicon = draw(languages())
    each = st.lists(
        st.sampled_from(sorted(lexicon.vocabulary)), min_size=1, max_size=3, unique=True
    )
    return lexicon, draw(st.lists(each, min_size=1, max_size=5))


@settings(max_examples=60)
@given(readable())
def test_the_values_of_sets_are_those_of_every_sentence(
    drawn: tuple[Lexicon, list[list[str]]],
) -> None:
    lexicon, words = drawn
    found = values(lexicon, words)
    assert not isinstance(found, GaveUp)
    assert set(found) == answered_one_by_one(lexicon, words)
    assert len(found) == len(set(found))


@settings(max_examples=60)
@given(readable())
def test_whatever_may_be_read_the_answer_stays_exactly_where_all_sentences_have_it(
    drawn: tuple[Lexicon, list[list[str]]],
) -> None:
    """Words that may become far likelier than the one that is read: sets, without probabilities."""
    lexicon, words = drawn
    first = lexicon.answer([each[0] for each in words])
    if first.value is None or first.abstained:
        return
    places = [Place(each[0], dict.fromkeys(each[1:], LARGE), 1 / LARGE) for each in words]
    found = composed(lexicon, places, first.value, EVERY)
    assert found.stays == (answered_one_by_one(lexicon, words) == {first.value})
    if not found.stays and found.at is not None:
        others = [[each[0]] if n != found.at else [found.instead or ""]
                  for n, each in enumerate(words)]  # fmt: skip
        assert answered_one_by_one(lexicon, others) != {first.value}


def drawn_within(
    place: Place, words: Sequence[str], rng: np.random.Generator, looking: Looking
) -> Mapping[str, float]:
    """Probabilities within the limits of a place, cut to what is looked at."""
    ratio = {w: place.most.get(w, 0.0) * rng.choice([0.0, 1.0, rng.random()]) for w in words}
    ratio[place.word] = 1.0
    total = max(sum(ratio.values()), 1.0)
    p = {w: r / total for w, r in ratio.items()}
    if p[place.word] < place.least:  # the other limit
        share = (1 - place.least) / max(1e-300, 1 - p[place.word])
        p = {w: place.least if w == place.word else share * q for w, q in p.items()}
    ranked = sorted(p.items(), key=lambda each: -each[1])[: looking.symbols]
    return {w: q for w, q in ranked if q > looking.symbol}


@settings(max_examples=60, deadline=None)
@given(languages(), st.integers(0, 2**32 - 1))
def test_no_probabilities_within_the_limits_change_an_answer_that_stays(
    lexicon: Lexicon, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    words = sorted(lexicon.vocabulary)
    word = words[int(rng.integers(len(words)))]
    if rng.random() < 0.5:  # a rival without that word
        lexicon = replace(lexicon, rivals=(Rival({word: None}, 1.0),))
    looking = Looking(symbols=3, symbol=1e-6, negligible=0.05)
    read = [str(w) for w in rng.choice(words, size=int(rng.integers(1, 5)))]
    places = [
        Place(
            each,
            {w: float(rng.choice([0.0, 0.01, 0.2, 1.5])) for w in words if w != each},
            float(rng.choice([0.2, 0.5])),
        )
        for each in read
    ]
    start = answer_uncertain(lexicon, [{p.word: 0.9} | {w: 1e-5 for w in words if w != p.word}
                                       for p in places])  # fmt: skip
    if start.value is None or start.abstained:
        return
    found = composed(lexicon, places, start.value, looking)
    if not found.stays:
        return
    for _ in range(20):
        sentence = [drawn_within(place, words, rng, looking) for place in places]
        other = answer_uncertain(lexicon, sentence)
        if all(len(each) == 1 for each in sentence):
            continue  # answered without any doubt, by another rule
        assert other.value == start.value
        assert not other.abstained
        assert other.posterior >= found.share - 1e-9


def test_a_symbol_that_fits_nowhere_else_needs_no_proof_of_its_own() -> None:
    """The last word of "dax dax fep" can only be fep, if "fep" is the only operator... whatever it
    looks like: "lug lug" has no juxtaposition here."""
    lexicon = language({"fep": (Category.POSTFIX, 20.0, "xx")})
    alone = replace(lexicon, entries={w: e for w, e in lexicon.entries.items() if w})
    places = [Place("dax", {"lug": 1e-3}, 0.9), Place("fep", {"lug": LARGE}, 1e-3)]
    answer = alone.answer("dax fep").value
    assert answer is not None
    assert composed(alone, places, answer).stays
    beside = [places[0], replace(places[1], most={"lug": LARGE, "fep2": LARGE, "a": 2.0, "b": 3.0})]
    assert not composed(alone, beside, answer).stays  # it may be left out of what is looked at
    assert not composed(lexicon, places, answer).stays  # with juxtaposition, lug fits as well


def test_without_doubt_the_certain_sentences_are_answered() -> None:
    lexicon = language({"fep": (Category.POSTFIX, 20.0, "xx")})
    answer = lexicon.answer("dax fep").value
    assert answer is not None
    certain = Looking(doubted=False)
    sure = [Place("dax", {"lug": 0.1}, 0.9), Place("fep", {"lug": 0.1}, 0.9)]
    assert composed(lexicon, sure, answer, certain).stays
    few = Looking(doubted=False, certain=0)
    assert not composed(lexicon, sure, answer, few).stays


@pytest.mark.parametrize("word", ["unknown", "fep"])
def test_what_may_not_be_looked_at_is_not_proved(word: str) -> None:
    lexicon = language({"fep": (Category.POSTFIX, 20.0, "xx")})
    found = composed(lexicon, [Place("dax", {}, 0.9), Place(word, {}, 1e-9)], ("RED", "RED"))
    assert not found.stays
    assert found.at == 1
    assert repr(word) in found.reason
