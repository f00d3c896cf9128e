"""Sentences that denote numbers: learned, answered, and kept in files with their library."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abduce.errors import InputError
from abduce.symbolic.nsr import Lexicon, learn
from abduce.symbolic.nsr.deduction.syntax import Category, Sign
from abduce.symbolic.nsr.hypothesis import Entry
from abduce.symbolic.nsr.numbers import Numbers
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.synthesis.proving.replacing import natively
from tests.symbolic.number_tasks import MINUS, PLUS, TIMES, X, Y, arithmetic, number_rows
from tests.symbolic.synthesis.number_programs import library

SENTENCES = ["3 + 4 * 2", "( 3 + 4 ) * 2", "2 - 5 + 1", "7 * ( 8 - 3 )", "3 + +", "5"]
DIVIDED = Entry(Sign(Category.INFIX, 20.0), ("divide", X, Y))


def with_division() -> Lexicon:
    return arithmetic(natively(library("divide")), others={"/": DIVIDED})


def answers(lexicon: Lexicon) -> list[Any]:
    return [lexicon.answer(sentence) for sentence in [*SENTENCES, "7 / 2", "7 / ( 2 - 2 )"]]


def test_operators_of_numbers_are_learned_from_few_rows_and_hold_for_others() -> None:
    lexicon = learn(number_rows(0, 40))
    assert lexicon.summary["explained"] == 40
    for sentence, value in number_rows(1, 40, most=6):
        assert lexicon.answer(sentence).value == value
    assert "proved: x + y for all natural numbers" in lexicon.show()


def test_reverse_polish_notation_of_numbers_is_learned() -> None:
    lexicon = learn(number_rows(0, 60, "+-*", range(5), reverse=True))
    assert {lexicon.entries[word].sign.category for word in "+-*"} == {Category.REVERSE_POLISH}
    for sentence, value in number_rows(1, 60, "+-*", range(5), most=5, reverse=True):
        assert lexicon.answer(sentence).value == value


@pytest.mark.parametrize("term", [PLUS, MINUS, TIMES])
def test_a_proved_program_is_run_as_what_it_equals(term: tuple) -> None:
    numbers = Numbers(Alphabet())
    native = numbers.native(numbers.program(term, 2))
    assert native is not None
    function = numbers.function(term, 2)
    slow = compiled(Program(term, 2, numbers.library.table), numbers.library.alphabet)
    pairs = [(x, y) for x in range(7) for y in range(7)]
    assert [function(*pair) for pair in pairs] == [slow(*pair) for pair in pairs]
    columns = numbers.columns[function]
    assert [int(v) for v in columns(*map(_array, zip(*pairs, strict=True)))] == [
        slow(*pair) for pair in pairs
    ]


def _array(values: tuple[int, ...]) -> Any:
    import numpy as np

    return np.array(values)


def test_what_is_learned_twice_is_in_the_library_once() -> None:
    numbers = Numbers(Alphabet())
    for term in (PLUS, PLUS, ("iterate", X, ("increment", ("state", 0)), Y)):
        numbers.learn(term, 2)
    assert [(each.name, each.native) for each in numbers.library] == [("plus", "plus")]
    odd = ("if_zero", X, Y, ("number", 7))
    numbers.learn(odd, 2)
    assert [each.native for each in numbers.library][1:] == [""]
    assert numbers.written_out((numbers.library.entries[1].name, X, Y), 2) == odd


def test_what_divides_by_0_is_withheld_with_its_reason() -> None:
    answer = with_division().answer("7 / ( 2 - 2 )")
    assert answer.abstained
    assert answer.value is None
    assert answer.reason == "a number is divided by 0"
    assert with_division().answer("7 / 2").value == ("4",)
    with pytest.raises(TooLargeError, match="divided by 0"):
        Numbers(Alphabet(), natively(library("divide"))).function(("divide", X, Y), 2)(3, 0)


def test_a_lexicon_of_numbers_is_written_and_read_with_its_library(tmp_path: Path) -> None:
    lexicon = with_division()
    lexicon.save(tmp_path / "lexicon.json")
    again = Lexicon.load(tmp_path / "lexicon.json")
    assert answers(again) == answers(lexicon)
    assert again.world.library is not None
    names = [(each.name, each.native) for each in again.world.library]
    assert names == [
        ("plus", "plus"), ("minus", "minus"), ("times", "times"), ("divide", "ceiling_of_quotient")
    ]  # fmt: skip
    assert again.to_json() == Lexicon.from_json(again.to_json()).to_json()
    assert "proved:" in again.show()


def test_a_library_that_names_another_program_times_is_run_as_what_it_is() -> None:
    data = json.loads(json.dumps(with_division().to_json()))
    (times,) = [each for each in data["library"] if each["name"] == "times"]
    times["program"] = ["plus", ["variable", 0], ["increment", ["variable", 1]]]
    data["entries"]["*"]["program"] = ["times", ["variable", 0], ["variable", 1]]
    lexicon = Lexicon.from_json(data)
    assert lexicon.world.library is not None
    assert [each.native for each in lexicon.world.library if each.name == "times"] == [""]
    assert lexicon.answer("3 * 4").value == ("8",)
    assert "x * y for" not in lexicon.show()


def change(*path: Any, to: Any) -> Callable[[Any], None]:
    def changed(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = to

    return changed


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (change("library", to={}), "library"),
        (change("library", 0, to=1), "library[0]"),
        (change("library", 0, "name", to=7), "library[0].name"),
        (change("library", 0, "name", to="iterate"), "library[0]"),
        (change("library", 1, "name", to="plus"), "library[1]"),
        (change("library", 0, "name", to="no name"), "library[0]"),
        (change("library", 0, "arguments", to=7), "library[0].arguments"),
        (change("library", 0, "arguments", to=1.5), "library[0].arguments"),
        (change("library", 0, "arguments", to=1), "library[0].program"),
        (change("library", 0, "program", to=["plus", ["zero"], ["zero"]]), "library[0].program"),
        (change("library", 2, "program", 2, 0, to="divide"), "library[2].program"),
        (change("library", 0, "program", to=["self"]), "library[0]"),
        (change("library", 0, "more", to=1), "library[0]"),
        (change("entries", "/", "program", 0, to="divides"), 'entries["/"].program'),
    ],
)
def test_a_damaged_library_is_refused_with_its_place(
    damage: Callable[[Any], None], place: str
) -> None:
    data = json.loads(json.dumps(with_division().to_json()))
    damage(data)
    with pytest.raises(InputError) as caught:
        Lexicon.from_json(data)
    assert place in str(caught.value)


def test_a_library_entry_without_a_program_is_refused() -> None:
    data = json.loads(json.dumps(with_division().to_json()))
    del data["library"][0]["program"]
    with pytest.raises(InputError, match=r"library\[0\]"):
        Lexicon.from_json(data)


def test_a_program_that_calls_a_division_has_no_value_where_that_has_none() -> None:
    numbers = Numbers(Alphabet())
    x, y, s = ("variable", 0), ("variable", 1), ("state", 0)
    plus = ("iterate", y, ("increment", s), x)
    numbers.learn(plus, 2)
    numbers.learn(("iterate", y, ("decrement", s), x), 2)
    numbers.learn(("iterate", y, ("plus", x, s), ("zero",)), 2)
    left = ("minus", x, ("times", y, s))
    numbers.learn(("iterate", x, ("if_zero", left, s, ("increment", s)), ("zero",)), 2)
    more = numbers.function(("increment", ("ceiling_of_quotient", x, y)), 2)
    assert more(7, 2) == 5
    with pytest.raises(TooLargeError, match="divided by 0"):
        more(7, 0)
    assert numbers.columns[more](np.array([7, 7]), np.array([2, 0])).tolist() == [5, -1]


def test_numbers_beyond_the_range_of_search_are_no_error() -> None:
    pairs = [(("a",), ("1",)), (("b",), ("2",))]
    pairs += [((w, "big"), (str(3 * 10**9 + n),)) for n, w in enumerate("ab")]
    lexicon = learn(pairs)
    assert lexicon.answer("a").value == ("1",)
    assert lexicon.answer("b a big").value is None
