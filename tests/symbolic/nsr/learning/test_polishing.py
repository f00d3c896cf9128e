"""Polishing: what the shortest sentences cannot tell is found from the examples that fail."""

import pytest

from abduce.benchmarks.data.random_lexicons import drawn_lexicon
from abduce.symbolic.nsr import Lexicon, learn
from abduce.symbolic.nsr.hypothesis import Workbench, World
from abduce.symbolic.nsr.learning.association import bracket_pairs, followers, lone_values
from abduce.symbolic.nsr.learning.polishing import Polisher
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.programs.typed.alphabet import Alphabet

Row = tuple[tuple[str, ...], tuple[str, ...]]


def rows(text: str) -> list[Row]:
    pairs = (row.partition(" = ") for row in text.split(" / "))
    return [(tuple(words.split()), tuple(tokens.split())) for words, _, tokens in pairs]


def run_of(pairs: list[Row]) -> Run:
    alphabet = Alphabet()
    encoded = [(words, alphabet.encode(tokens)) for words, tokens in pairs]
    world = World(alphabet, len(alphabet.tokens), {w: 1 for words, _ in pairs for w in words})
    return Run(world, [world.example(words, value) for words, value in encoded])


def explains(lexicon: Lexicon, pairs: list[Row]) -> int:
    return sum(lexicon.answer(words).value == tokens for words, tokens in pairs)


@pytest.mark.parametrize("draw", [1, 2, 4, 6, 7, 9])
def test_what_is_learned_of_a_random_lexicon_is_as_short_as_the_lexicon(draw: int) -> None:
    drawn = drawn_lexicon(draw)
    bits = learn(drawn.rows).summary["bits"]
    assert bits <= drawn.bits + 1e-3


@pytest.mark.parametrize("draw", range(4))
def test_a_polished_lexicon_is_never_longer_and_cannot_be_polished_again(draw: int) -> None:
    pairs = list(drawn_lexicon(draw).rows[:40])
    run = run_of(pairs)
    bench = Workbench(run.world, run.all)
    start = bench.hypothesis({}, False)
    polisher = Polisher(run, bench)
    once = polisher.polished(start)
    assert once.bits <= start.bits
    assert polisher.polished(once).bits == once.bits
    again = bench.hypothesis(once.entries, once.open_class)
    assert (again.bits, again.explained) == (pytest.approx(once.bits), once.explained)


def test_a_word_whose_token_is_in_the_output_can_be_an_operator() -> None:
    names = ["a", "b", "c", "d", "e"]
    pairs = [(n, n) for n in names]
    pairs += [(f"{x} + {y}", f"+ {x} {y}") for x in names for y in names if x != y]
    told = [(tuple(s.split()), tuple(t.split())) for s, t in pairs]
    lexicon = learn(told)
    assert explains(lexicon, told) == len(told)
    assert lexicon.answer("a + b + c").value == ("+", "+", "a", "b", "c")


def test_one_row_more_does_not_destroy_what_was_learned() -> None:
    pairs = rows(
        "append A B , C = A B C / append B , A C = B A C / append C A , B B = C A B B / "
        "append A , B = A B / append B C , A = B C A / append C , C A = C C A / "
        "append A A , B C = A A B C / append B B , B = B B B / "
        "drop A B , C = A B / drop C , A B = C / drop B A , C C = B A / drop A , B = A / "
        "drop C B A , A = C B A / drop B , B C = B / drop C C , A B = C C / drop A C , B = A C"
    )
    before = learn(pairs)
    assert explains(before, pairs) == len(pairs)
    odd = rows("drop2 B C , C C = B C")
    after = learn([*pairs, *odd])
    assert explains(after, pairs) == len(pairs)
    assert after.summary["bits"] <= before.summary["bits"] + 60


def test_words_of_a_fixed_phrase_mean_what_they_mean_together() -> None:
    places, relations = ["iowa", "maine", "texas", "idaho"], ["capital", "area", "population"]
    asked = [
        (f"what is the {r} of {p}".split(), f"answer ( {r} ( {p} ) )".split())
        for r in relations
        for p in places
    ]
    pairs = [(tuple(words), tuple(tokens)) for words, tokens in asked]
    lexicon = learn(pairs[:3] + pairs[4:])
    assert lexicon.answer(pairs[3][0]).value == pairs[3][1]
    examples = run_of(pairs).all
    assert followers(examples, 3) == ["is", "the"]
    assert followers(examples, 13) == []


def test_lone_words_and_bracket_pairs_are_seen() -> None:
    pairs = rows("a = A / ( a ) = A A / ( ( a ) ) = A A A A / ( a ) b = A A B")
    examples = run_of(pairs).all
    assert {w: len(str(v)) for w, v in lone_values(examples).items()} == {"a": 1}
    assert bracket_pairs(["(", ")", "b"], examples) == [("(", ")")]
