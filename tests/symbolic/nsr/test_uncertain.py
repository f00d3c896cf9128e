"""Answers over uncertain words agree with the answers to every choice of words, one by one."""

from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.nsr import Lexicon, answer_uncertain, learn
from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.uncertain import likeliest_words, sentence_of
from tests.toy_languages import COMMANDS, language, languages, pairs_of

UNTOLD = language({"fep": (Category.INFIX, 10.0, "yx"), "kiki": (Category.POSTFIX, 30.0, "xx")})
RIVALLED = learn(list(pairs_of(UNTOLD, (1, 2, 3))))
LEARNED = learn(COMMANDS)
SHARES = st.sampled_from([0.1, 0.25, 0.5, 1.0])


def sentences(lexicon: Lexicon, most: int) -> st.SearchStrategy[list[dict[str, float]]]:
    words = st.sampled_from([*lexicon.words, "unheard"])
    return st.lists(
        st.dictionaries(words, SHARES, min_size=1, max_size=2), min_size=1, max_size=most
    )


@pytest.mark.parametrize("lexicon", [RIVALLED, LEARNED], ids=["untold", "commands"])
@given(st.data())
def test_a_certain_sentence_has_the_same_answer(lexicon: Lexicon, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from([*lexicon.words, "unheard"]), max_size=5))
    plain, found = lexicon.answer(words), answer_uncertain(lexicon, words)
    assert (found.value, found.unknown, found.abstained) == (
        plain.value,
        plain.unknown,
        plain.abstained,
    )
    assert found.posterior == pytest.approx(plain.posterior)
    assert dict(found.alternatives) == pytest.approx(dict(plain.alternatives))


@settings(max_examples=60)
@given(st.data(), languages())
def test_one_lexicon_answers_by_the_weight_of_every_choice_that_has_a_value(
    data: st.DataObject, lexicon: Lexicon
) -> None:
    sentence = data.draw(sentences(lexicon, 4))
    weights: dict[tuple[str, ...], float] = {}
    for choice in product(*sentence):
        value = lexicon.answer(choice).value
        if value is not None:
            weight = prod(place[word] for place, word in zip(sentence, choice, strict=True))
            weights[value] = weights.get(value, 0.0) + weight
    total = sum(weights.values())
    answer = answer_uncertain(lexicon, sentence)
    found = {} if answer.value is None else {answer.value: answer.posterior}
    assert found | dict(answer.alternatives) == pytest.approx(
        {value: weight / total for value, weight in weights.items()}
    )


def test_syntax_corrects_what_was_seen() -> None:
    answer = answer_uncertain(LEARNED, [{"jump": 0.4, "twice": 0.6}, "twice"])
    assert answer.value == LEARNED.answer("jump twice").value


BAD: list[Any] = [
    "dax",
    [{}],
    [7],
    ["dax", {"dax": 0.0}],
    ["dax", {"dax": 1.5}],
    [{"dax": True}],
    [{"dax": float("nan")}],
]


@pytest.mark.parametrize("data", BAD, ids=str)
def test_what_is_no_sentence_is_refused_with_its_place(data: Any) -> None:
    with pytest.raises(InputError, match="expected") as caught:
        sentence_of(data)
    assert isinstance(data, str) or f"at position {len(data)}" in str(caught.value)


def test_without_words_or_time_there_is_no_answer() -> None:
    assert answer_uncertain(LEARNED, []).reason == "the sentence is empty"
    assert answer_uncertain(LEARNED, ["jump"], deadline=0.0).reason == "out of time"


@pytest.mark.parametrize("lexicon", [RIVALLED, LEARNED], ids=["untold", "commands"])
@given(st.data())
def test_the_likeliest_words_are_the_likeliest_choice_that_combines(
    lexicon: Lexicon, data: st.DataObject
) -> None:
    sentence = data.draw(sentences(lexicon, 4))
    found = likeliest_words(lexicon, sentence)
    combining = [
        (prod(place[word] for place, word in zip(sentence, words, strict=True)), words)
        for words in product(*sentence)
        if not isinstance(lexicon.derivation(words), str)
    ]
    if isinstance(found, str):
        assert not combining
    else:
        best = max(share for share, _ in combining)
        shares = {words: share for share, words in combining}
        assert shares[found] == pytest.approx(best)


def test_the_likeliest_words_have_the_partner_of_a_bracket() -> None:
    pairs = [(f"( {n} )", f"{n}") for n in range(4)] + [(f"{n}", f"{n}") for n in range(4)]
    pairs += [(f"{m} + ( {n} )", f"{m + n}") for m in range(4) for n in range(4)]
    lexicon = learn(pairs)
    sentence = ["3", {"+": 1}, {"(": 0.4, "1": 0.6}, "2", {")": 0.1, "3": 0.9}]
    assert likeliest_words(lexicon, sentence) == ("3", "+", "(", "2", ")")
