"""Languages of many words: so many words, different rows, and outputs that the operators give."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.benchmarks.data.word_languages import LEAST, OPERATORS, TESTED, word_language
from abduce.symbolic.nsr import learn


@given(st.integers(LEAST, 60), st.integers(60, 90), st.integers(0, 9))
def test_all_words_occur_equally_often_and_no_row_twice(words: int, rows: int, seed: int) -> None:
    train, test = word_language(words, rows, seed)
    sentences = [sentence for sentence, _ in (*train, *test)]
    assert len(train) == rows
    assert len(set(sentences)) == rows + TESTED
    counts = Counter(word for s in sentences for word in s if word not in OPERATORS)
    assert len(counts) == words - len(OPERATORS)
    assert {word for s in sentences for word in s} - counts.keys() == {*OPERATORS}
    for sentence, tokens in train:
        assert {token.lower() for token in tokens} == {*sentence} - {*OPERATORS}


def test_the_seed_decides() -> None:
    assert word_language(30, 40, 1) == word_language(30, 40, 1) != word_language(30, 40, 2)


@pytest.mark.parametrize("words", [100, pytest.param(3_000, marks=pytest.mark.slow)])
def test_it_is_learned_whole_though_no_working_set_has_all_words(words: int) -> None:
    train, test = word_language(words, 3 * words)
    lexicon = learn(train)
    assert all(lexicon.answer(sentence).value == tokens for sentence, tokens in test)
