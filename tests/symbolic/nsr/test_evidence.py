"""Evidence: other orders are derivations of the same words, and counts are those of the rows."""

import json
import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr import Lexicon, learn
from abduce.symbolic.nsr.config import ReliabilityConfig
from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.evidence import (
    code_of,
    meetings,
    other_orders,
    tree_of,
    turned,
    uses_of,
)
from abduce.symbolic.nsr.reliability import Features, reliability
from tests.toy_languages import COMMANDS, language, languages, pairs_of

FEATURES = list(Features.__dataclass_fields__)
LEVELLED = language(
    {"fep": (Category.INFIX, 10.0, "yx"), "kiki": (Category.POSTFIX, 30.0, "xx")}, 2
)


def sentence(lexicon: Lexicon, data: st.DataObject) -> tuple[str, ...]:
    rows = list(pairs_of(lexicon, (2, 3, 4)))
    return tuple(data.draw(st.sampled_from(rows))[0])


@settings(max_examples=60)
@given(st.data(), languages())
def test_an_order_turned_twice_is_the_first_one(data: st.DataObject, lexicon: Lexicon) -> None:
    words = sentence(lexicon, data)
    code, readings = lexicon.parsed(words)
    assert code is not None
    tree = tree_of(code, words)
    assert code_of(tree) == code
    for contest, on_left in meetings(uses_of(code, words), readings):
        other = turned(tree, contest, on_left, readings)
        again = meetings(uses_of(code_of(other), words), readings)
        assert (contest, on_left) not in again
        assert (contest, not on_left) in again
        assert sorted(s[2] for s in code_of(other)) == sorted(s[2] for s in code)


@settings(max_examples=60)
@given(st.data(), languages())
def test_what_the_rows_decide_has_no_other_order(data: st.DataObject, lexicon: Lexicon) -> None:
    words = sentence(lexicon, data)
    code, readings = lexicon.parsed(words)
    assert code is not None
    assert list(other_orders(code, words, readings, lambda _: 0.0)) == []
    orders = [both for _, both in other_orders(code, words, readings, lambda _: 1.0)]
    assert len(orders) == len(set(orders)) <= 12


def test_an_open_level_is_an_alternative_and_a_decided_one_is_none() -> None:
    every = list(pairs_of(LEVELLED, (1, 2, 3, 4)))
    asked = next(s for s, _ in every if list(s[1::2]) == ["fep", "kiki"] and len(s) == 4)
    simple = [(s, t) for s, t in every if not {"fep", "kiki"} <= {*s} and len(s) <= 3]
    assert learn(simple).answer(asked).alternatives
    assert not learn(every).answer(asked).alternatives


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=4), st.integers(0, 3), st.floats(0, 5))
def test_every_number_counts_against_a_derivation_or_not_at_all(
    values: list[float], which: int, more: float
) -> None:
    model = ReliabilityConfig()
    low = Features(**dict(zip(FEATURES, values, strict=True)))
    values[which] += more
    high = Features(**dict(zip(FEATURES, values, strict=True)))
    assert reliability(high, model) <= reliability(low, model) + 1e-12


def test_counts_do_not_depend_on_the_order_of_the_rows() -> None:
    rows = list(COMMANDS)
    expected = json.dumps(learn(rows).to_json()["evidence"], sort_keys=True)
    for seed in range(2):
        random.Random(seed).shuffle(rows)
        found = learn(rows).to_json()["evidence"]
        for name in ("uses", "contests"):
            found[name].sort(key=str)
        first = json.loads(expected)
        for name in ("uses", "contests"):
            first[name].sort(key=str)
        assert found == first


def test_more_rows_that_agree_make_an_answer_more_certain() -> None:
    posteriors = []
    for words in (3, 6, 12):
        names = [f"w{n}" for n in range(words)]
        rows = [(w, w.upper()) for w in names] + [
            (f"{w} fep", f"{w.upper()} " * 2) for w in names[:-1]
        ]
        posteriors.append(learn(rows).answer(f"{names[-1]} fep").posterior)
    assert posteriors == sorted(posteriors)
    assert posteriors[0] < posteriors[-1] < 1


def test_an_order_that_a_rival_has_as_well_votes_once() -> None:
    names = "abcd"
    pairs = [(name, name) for name in names]
    pairs += [(f"{x} + {y}", f"+ {x} {y}") for x in names for y in names if x != y]
    lexicon = learn(pairs)
    assert lexicon.rivals
    assert all(lexicon.binding)
    alone = replace(lexicon, rivals=())
    for sentence in ("a + b", "a + b + c", "d + a + a"):
        assert lexicon.answer(sentence) == alone.answer(sentence)
