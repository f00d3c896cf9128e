"""A lexicon answers, explains, and survives being written and read; what it cannot, it says."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.errors import InputError
from abduce.symbolic.nsr import Lexicon, Rival, learn
from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Sign
from abduce.symbolic.nsr.hypothesis import Entry
from tests.toy_languages import COMMANDS, TREE, language, program
from tests.work import calls

WORDS = sorted({w for sentence, _ in COMMANDS for w in sentence.split()})
LETTERS = [chr(ord("a") + i) for i in range(20)]


@cache
def commands() -> Lexicon:
    return learn(COMMANDS)


@cache
def letters() -> Lexicon:
    """An open class: letters denote themselves."""
    rows = [(f"swap {x} , {y}", f"{y} {x}") for x, y in pairwise(LETTERS)]
    rows += [(f"copy {x} {y}", f"{x} {y}") for x, y in zip(LETTERS, LETTERS[2:], strict=False)]
    return learn(rows)


def disputed(bits: float) -> Lexicon:
    """Two lexicons that disagree on 'fep', the second one longer by so many bits."""
    known = language({"fep": (Category.POSTFIX, 30.0, "xx")})
    other = Entry(Sign(Category.POSTFIX, 30.0), program("xxx"))
    return Lexicon(
        known.entries,
        False,
        (Rival({"fep": other}, bits),),
        known.vocabulary,
        known.min_posterior,
        {},
        known.world,
    )


sentences = st.lists(st.sampled_from(WORDS), max_size=8)


@given(sentences)
def test_a_lexicon_that_was_written_and_read_gives_the_same_answers(words: list[str]) -> None:
    text = json.dumps(commands().to_json())
    again = Lexicon.from_json(json.loads(text))
    assert again.answer(words) == commands().answer(words)
    assert json.dumps(again.to_json()) == text


def test_an_open_class_survives_being_written_and_read() -> None:
    again = Lexicon.from_json(json.loads(json.dumps(letters().to_json())))
    for sentence in ("swap t , a", "copy never seen", "swap before , after"):
        assert again.answer(sentence) == letters().answer(sentence)
        assert again.explain(sentence) == letters().explain(sentence)


def edit(*path: Any, to: Any) -> Callable[[Any], Any]:
    def edited(data: Any) -> Any:
        spot = data
        for step in path[:-1]:
            spot = spot[step]
        spot[path[-1]] = to
        return data

    return edited


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda _: [], "found [], expected a JSON object with 'entries'"),
        (lambda _: None, "found null, expected a JSON object with 'entries'"),
        (edit("entries", to=[]), "[] at entries, expected an object of entries"),
        (edit("format", to=99), "format 99"),
        (edit("entries", "jump", "category", to="verb"), "verb"),
        (edit("entries", "jump", "program", to=["explode"]), "explode"),
        (edit("entries", "jump", "program", to=["variable", 0]), "variable 0 is out of range"),
        (edit("entries", "twice", "program", to=["variable", 1]), "variable 1 is out of range"),
        (edit("entries", "twice", "program", to=["state", 0]), "state 0 is out of range"),
        (edit("entries", "twice", "program", to=["head"]), "head"),
        (edit("entries", "twice", "level", to="high"), "high"),
        (edit("entries", "twice", "reach", to="far"), "far"),
        (edit("entries", "twice", to=None), "damaged"),
        (edit("rivals", to=[{"bits": 1.0}]), "changes"),
        (edit("min_posterior", to="half"), "half"),
        (edit("entries", "twice", "program", to=[]), "damaged"),
        (edit("entries", "twice", "program", to=7), "damaged"),
        (edit("entries", "jump", "program", to=["token"]), "damaged"),
    ],
)
def test_a_damaged_lexicon_is_refused_and_the_damage_named(
    damage: Callable[[Any], Any], says: str
) -> None:
    data = damage(json.loads(json.dumps(commands().to_json())))
    with pytest.raises(InputError) as caught:
        Lexicon.from_json(data)
    assert says in str(caught.value)
    assert "--save" in str(caught.value)


def test_an_unknown_word_is_named_and_the_answer_withheld() -> None:
    found = commands().answer("jmup left jmup hop")
    assert (found.value, found.abstained, found.unknown) == (None, True, ("jmup", "hop"))
    assert found.reason == "no meaning is known for: jmup, hop"
    assert commands().explain("jump hop") == "no derivation: no meaning is known for hop"


def test_an_unknown_word_of_an_open_class_denotes_itself_and_is_named() -> None:
    found = letters().answer("swap new , a")
    assert (found.value, found.abstained, found.unknown) == (("a", "new"), False, ("new",))
    assert "any other word denotes itself" in letters().show()


@given(sentences)
def test_posterior_and_alternatives_sum_to_at_most_1(words: list[str]) -> None:
    for learned in (commands(), disputed(0.5)):
        found = learned.answer(words)
        weights = [found.posterior, *(p for _, p in found.alternatives)]
        assert sum(weights) <= 1 + 1e-9
        assert weights == sorted(weights, reverse=True)
        values = [found.value, *(v for v, _ in found.alternatives)]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("bits", [0.0, 1.0, 3.0])
def test_the_posterior_of_two_lexicons_is_that_of_their_bits(bits: float) -> None:
    found = disputed(bits).answer("dax fep")
    assert found.value == ("RED",) * 2
    assert found.posterior == pytest.approx(1 / (1 + 2**-bits))
    (other, weight), *none = found.alternatives
    assert (other, none) == (("RED",) * 3, [])
    assert math.isclose(found.posterior + weight, 1.0)
    assert disputed(bits).answer("dax lug").alternatives == ()


def test_an_answer_that_most_lexicons_contradict_is_withheld() -> None:
    base = disputed(0.0)
    fours = Entry(Sign(Category.POSTFIX, 30.0), program("xxxx"))
    learned = Lexicon(
        base.entries,
        False,
        (*base.rivals, Rival({"fep": fours}, 0.0)),
        base.vocabulary,
        0.5,
        {},
        base.world,
    )
    found = learned.answer("dax fep")
    assert found.abstained
    assert found.reason == "the rival lexicons disagree"
    assert len(found.alternatives) == 2
    assert not learned.answer("dax lug").abstained


def test_explaining_shows_every_node_with_its_words_symbol_and_value() -> None:
    assert commands().explain("jump around left twice") == TREE


@given(sentences)
def test_what_is_explained_is_what_the_best_lexicon_answers(words: list[str]) -> None:
    alone = replace(Lexicon.from_json(commands().to_json() | {"rivals": []}), trust=None)
    text, found = alone.explain(words), alone.answer(words)
    if words and found.value is not None:
        shown = " ".join(found.value) or "(nothing)"
        assert text.startswith(f"{' '.join(words)}  ->  {shown}    [")
    else:
        assert text.startswith("no derivation")


def test_the_empty_sentence_has_no_answer() -> None:
    assert commands().answer("").reason == "the sentence is empty"
    assert commands().explain("") == "no derivation: the words do not combine"


LONG = 10_000


@pytest.mark.parametrize(
    ("words", "length"),
    [
        (["jump"] * LONG, LONG),
        (["jump", "left"] * (LONG // 2), LONG),
        (["twice"] * LONG, None),
        (["jump", *["twice"] * (LONG - 1)], None),
        (["jump", "around"] * (LONG // 2), None),
        (["jump", "hop"] * (LONG // 2), None),
    ],
    ids=["side by side", "pairs", "no operand", "runaway", "no last operand", "unknown"],
)
def test_ten_thousand_words_are_answered_or_withheld_with_little_work(
    words: list[str], length: int | None
) -> None:
    lexicon = commands()
    found, work = calls(lambda: lexicon.answer(words))
    assert work < 50 * LONG
    assert (found.value and len(found.value)) == length
    assert found.abstained or length is not None
    assert bool(found.reason) == found.abstained


def test_a_runaway_value_is_withheld() -> None:
    found = commands().answer(["jump", *["twice"] * 1000])
    assert (found.value, found.abstained) == (None, True)
    assert found.reason == "the value grows too large"


def test_after_the_deadline_no_answer_is_sought() -> None:
    found = commands().answer("jump", deadline=clock.wall_s() - 1)
    assert (found.value, found.reason) == (None, "out of time")


def test_a_lexicon_shows_its_words_and_its_operators() -> None:
    learned = language({"fep": (Category.POSTFIX, 30.0, "xxx"), "kiki": (Category.INFIX, 10.0, "yx")})  # fmt: skip # noqa: E501
    assert (
        learned.show()
        == """\
words
  dax  =  RED
  lug  =  BLUE

operators, the tightest first
   3  x fep     =  x x x
   2  x y       =  x y
   1  x kiki y  =  y x"""
    )


@settings(max_examples=30)
@given(st.permutations(sorted(language({}).vocabulary)))
def test_equal_lexicons_compare_equal_in_any_order_of_their_words(order: list[str]) -> None:
    known = language({})
    entries = {w: known.entries[w] for w in [*order, ""]}
    assert known == Lexicon(entries, False, (), known.vocabulary, 0.5, {}, known.world)
    assert all(known.entries[w].sign == NULLARY for w in order)
