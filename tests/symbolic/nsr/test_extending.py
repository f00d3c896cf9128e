"""Extending: new words are learned, and what the lexicon had stays as it was."""

import pytest

from abduce.errors import InputError
from abduce.symbolic.nsr import Lexicon, extend, learn
from abduce.symbolic.nsr.deduction.syntax import Category
from tests.symbolic.number_tasks import arithmetic

COLOURS = "dax = RED / lug = BLUE / dax fep = RED RED RED / lug fep = BLUE BLUE BLUE"


def colours() -> Lexicon:
    return learn([tuple(row.split(" = ")) for row in COLOURS.split(" / ")])  # type: ignore[misc]


def test_a_lexicon_of_lists_is_extended() -> None:
    base = colours()
    wider = extend(
        base,
        [("wif", "GREEN"), ("wif kiki dax", "RED GREEN"), ("lug kiki wif", "GREEN BLUE")],
    )
    assert {word: wider.entries[word] for word in base.entries} == base.entries
    assert wider.answer("dax fep kiki wif").value == ("GREEN", "RED", "RED", "RED")
    assert wider.answer("lug fep").value == base.answer("lug fep").value
    assert wider.summary["extended"] == ["kiki", "wif"]
    assert wider.vocabulary == base.vocabulary | {"wif", "kiki"}


def test_a_number_is_told_by_a_row_and_the_words_of_the_lexicon_stay() -> None:
    base = arithmetic()
    wider = extend(base, [("x + 2", "13"), ("3 * x", "33"), ("x - x + x", "11")])
    assert {word: wider.entries[word] for word in base.entries} == base.entries
    assert wider.answer("x * x").value == ("121",)
    assert wider.entries["x"].sign.category is Category.NULLARY


def test_an_operator_is_told_by_few_rows() -> None:
    base = arithmetic()
    rows = [(f"{x} % {y}", str(x + y + y)) for x, y in ((3, 5), (7, 2), (4, 4), (1, 9), (6, 0))]
    wider = extend(base, [*rows, ("2 * 3 % 1", "10"), ("( 2 + 6 ) % 3", "14")])
    assert {word: wider.entries[word] for word in base.entries} == base.entries
    assert wider.summary["explained"] == 7
    assert wider.answer("( 9 + 9 ) % ( 3 * 9 )").value == ("72",)
    assert wider.answer("9 + 9").value == ("18",)


def test_rows_that_contradict_the_lexicon_change_none_of_its_words() -> None:
    base = arithmetic()
    wrong = [("1 + 1", "7"), ("2 + 1", "8"), ("3", "5"), ("q", "6"), ("q + 1", "7")]
    wider = extend(base, wrong)
    assert {word: wider.entries[word] for word in base.entries} == base.entries
    assert wider.entries.keys() - base.entries.keys() <= {"q"}


def test_rows_without_a_new_word_are_refused() -> None:
    with pytest.raises(InputError, match="no new word"):
        extend(arithmetic(), [("1 + 2", "3")])


@pytest.mark.parametrize("output", ["RED", "1 2", "-3", "007", ""])
def test_outputs_that_are_no_numbers_are_refused(output: str) -> None:
    with pytest.raises(InputError) as caught:
        extend(arithmetic(), [("q", "3"), ("1 + q", output)])
    assert "a natural number, as the outputs of the lexicon are" in str(caught.value)


def test_an_extended_lexicon_is_written_and_read() -> None:
    wider = extend(arithmetic(), [("x + 2", "13"), ("3 * x", "33")])
    again = Lexicon.from_json(wider.to_json())
    for sentence in ("x * 2", "x", "x - 9 + 1"):
        assert again.answer(sentence) == wider.answer(sentence)
