"""Programs over integers for a word: induced from pairs, and tried one by one."""

import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr.abduction.integers import Instance, induce_integers
from abduce.symbolic.nsr.abduction.trying import tried
from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.hypothesis import Entry, Workbench, World, answer_of, unhurried
from abduce.symbolic.programs.typed.alphabet import Alphabet
from tests.symbolic.number_tasks import FUNCTIONS, X, arithmetic, number_rows


def pairs_of(function: Callable[[int, int], int], seed: int, count: int) -> list[Instance]:
    rng = random.Random(seed)
    drawn = [(rng.randrange(20), rng.randrange(20)) for _ in range(count)]
    return [((x, y), function(x, y)) for x, y in drawn]


def world() -> World:
    return World(Alphabet(), 1, {}, integers=True)


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from("+-"))
def test_what_fits_all_pairs_is_induced_and_counted(seed: int, word: str) -> None:
    pairs = pairs_of(FUNCTIONS[word], seed, 15)
    here = world()
    (fitted, cost, term), *others = induce_integers(here, pairs, unhurried)
    function = here.function(term, 2)
    assert fitted == len(pairs)
    assert all(function(*arguments) == value for arguments, value in pairs)
    assert cost == here.term_bits(term)
    for count, _, other in others:
        run = here.function(other, 2)
        assert count == sum(run(*arguments) == value for arguments, value in pairs)


def test_a_few_wrong_pairs_do_not_hide_the_program() -> None:
    pairs = pairs_of(FUNCTIONS["+"], 1, 30)
    pairs[3], pairs[11] = (pairs[3][0], 77), (pairs[11][0], 5)
    here = world()
    fitted, _, term = induce_integers(here, pairs, unhurried)[0]
    assert fitted == 28
    assert here.function(term, 2)(50, 8) == 58


def test_nothing_is_induced_from_noise() -> None:
    rng = random.Random(0)
    pairs = [((rng.randrange(20), rng.randrange(20)), rng.randrange(400)) for _ in range(24)]
    assert induce_integers(world(), pairs, unhurried) == []


def test_what_is_tried_explains_as_many_sentences_as_it_says() -> None:
    word, known = "-", arithmetic()
    here = known.world
    rows = [row for row in number_rows(3, 16, "+-", range(5)) if word in row[0]]
    examples = [here.example(sentence, int(value)) for sentence, (value,) in rows]
    bench = Workbench(here, examples)
    entries = {w: e for w, e in known.entries.items() if w != word}
    base = bench.hypothesis(entries, False)
    found = tried(here, base, word, examples, unhurried)
    assert found
    for proposal in found:
        readings = {w: here.reading(w, e) for w, e in {**entries, **proposal.changes}.items() if e}
        explained = sum(answer_of(e.words, readings) == e.target for e in examples)
        assert explained == proposal.support
    costs = [p.cost - here.config.abduction.pair_bits * p.support for p in found]
    assert costs == sorted(costs)
    assert len(found) <= here.config.search.candidates


def test_a_word_applied_to_its_own_value_is_told_by_trying() -> None:
    known = arithmetic()
    here = known.world
    rows = [("2 next next", 4), ("3 next next next", 6), ("7 next next", 9)]
    examples = [here.example(tuple(sentence.split()), value) for sentence, value in rows]
    base = Workbench(here, examples).hypothesis(known.entries, False)
    best = tried(here, base, "next", examples, unhurried)[0]
    assert best.support == 3
    entry = best.changes["next"]
    assert isinstance(entry, Entry)
    assert entry.sign.category is Category.POSTFIX
    assert entry.term == ("increment", X)
