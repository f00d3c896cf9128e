"""Reasons: given where they are true, and never where they are false."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr.explaining import Unexplained, Words, explanation
from abduce.symbolic.nsr.reasons import reasons
from tests.toy_languages import COMMANDS, languages, pairs_of

Rows = Mapping[Words, Words]
NAMES = ("p", "q", "r", "s")


def told(rows: Rows, known: frozenset[str] = frozenset()) -> list[str]:
    """The reasons where nothing is explained."""
    missed = [Unexplained(n, words, rows[words], None) for n, words in enumerate(rows, start=1)]
    return reasons(rows, missed, known)


def rows_of(text: str) -> Rows:
    pairs = (row.split(" = ") for row in text.split(" / "))
    return {tuple(words.split()): tuple(tokens.split()) for words, tokens in pairs}


def polish(rng: random.Random, depth: int, operands: int) -> Words:
    if depth == 0 or rng.random() < 0.3:
        return (rng.choice(NAMES),)
    parts = [polish(rng, depth - 1, operands) for _ in range(operands)]
    return (rng.choice("+*"), *(word for part in parts for word in part))


def choice(rng: random.Random, depth: int, closing: bool) -> Words:
    if depth == 0 or rng.random() < 0.3:
        return (rng.choice(NAMES),)
    one, two, three = [choice(rng, depth - 1, closing) for _ in range(3)]
    if not closing and len(two) > 1:
        two = ("p",)
    return ("if", *one, "then", *two, "else", *three, *(("end",) if closing else ()))


@given(st.integers(0, 10_000), st.integers(2, 3), st.booleans())
def test_polish_notation_is_named_either_way_round(seed: int, operands: int, turned: bool) -> None:
    rng = random.Random(seed)
    sentences = [polish(rng, 3, operands) for _ in range(60)]
    rows = {words[::-1] if turned else words: words for words in sentences}
    (reason,) = [each for each in told(rows) if "side by side" in each]
    assert reason.endswith(f"those {'before' if turned else 'after'} *, +")


@given(st.integers(0, 10_000), st.booleans())
def test_three_operands_are_named(seed: int, closing: bool) -> None:
    rng = random.Random(seed)
    rows = {words: words for words in [choice(rng, 2, closing) for _ in range(60)]}
    shown = "if … then … else … end" if closing else "if … then … else"
    assert told(rows) == [f"words take three operands, which no category allows: {shown}"]


@given(st.integers(0, 10_000))
def test_a_tally_takes_its_counts_from_arguments(seed: int) -> None:
    rng = random.Random(seed)
    digits = {f"d{n}": n for n in range(1, 6)}
    rows = {(d,): ("I",) * n for d, n in digits.items()}
    for _ in range(60):
        hundreds, tens, ones = [rng.choice(list(digits)) for _ in range(3)]
        parts = [("C", (hundreds, "bai")), ("X", (tens, "shi")), ("I", (ones,))]
        kept = [part for part in parts if rng.random() < 0.6]
        words = tuple(word for _, phrase in kept for word in phrase)
        if words:
            rows[words] = tuple(t for t, phrase in kept for _ in range(digits[phrase[0]]))
    text = "a count is taken from an argument, which no program does: beside bai, shi"
    assert told(rows) == [text]


def test_sums_are_named_and_lists_of_numbers_are_not() -> None:
    (reason,) = told(rows_of("1 + 2 = 3 / 2 + 2 = 4 / 4 + 3 = 7 / 2 * 4 = 8"))
    assert "integers" in reason
    assert told(rows_of("1 and 2 = 1 2 / 2 and 3 = 2 3 / 4 and 1 = 4 1 / 3 and 3 = 3 3")) == []
    assert told(rows_of("first 1 2 = 1 / first 2 4 = 2 / first 3 1 = 3 / first 5 1 = 5")) == []


def test_words_of_every_row_are_named_unless_they_have_a_meaning() -> None:
    rows = rows_of("what is a = A / what is b = B / what is c = C")
    assert told(rows) == ["these words stand in every row, so no row tells them apart: is, what"]
    assert told(rows, frozenset(("is",))) == []


@settings(max_examples=60)
@given(languages())
def test_nothing_is_said_of_languages_that_can_be_learned(lexicon: object) -> None:
    rows = {tuple(s): tuple(t) for s, t in pairs_of(lexicon, (1, 2, 3))}  # pyright: ignore[reportArgumentType]
    assert told(rows) == []
    assert told(rows_of(" / ".join(f"{s} = {t}" for s, t in COMMANDS))) == []


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_nothing_is_said_of_rows_that_are_mostly_explained(share: float) -> None:
    rows = {words: words for words in {polish(random.Random(n), 2, 2) for n in range(40)}}
    missed = [Unexplained(1, w, t, None) for w, t in list(rows.items())[: int(share * len(rows))]]
    assert reasons(rows, missed, frozenset(rows)) == []  # pyright: ignore[reportArgumentType]


words = st.lists(st.sampled_from("abc"), max_size=2).map(tuple)


@given(st.lists(st.tuples(words, words), max_size=12), st.dictionaries(words, words))
def test_what_is_kept_is_every_sentence_with_one_output(
    pairs: list[tuple[Words, Words]], given_: dict[Words, Words]
) -> None:
    found = explanation(pairs, lambda words, _: given_.get(words))
    outputs = {s: {t for other, t in pairs if other == s} for s, _ in pairs}
    assert found.kept == {s: min(own) for s, own in outputs.items() if s and len(own) == 1}
    missed = [n for n, (s, t) in enumerate(pairs, start=1) if not s or given_.get(s) != t]
    assert [each.row for each in found.unexplained] == missed
    assert found.explained + len(missed) == found.checked == len(pairs)
