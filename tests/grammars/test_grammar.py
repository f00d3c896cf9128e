"""Grammars that are wrong, infinite, ambiguous or heavy."""

import pickle
from random import Random

import pytest

from abduce.errors import InputError, UnsupportedError
from abduce.grammars import (
    Grammar,
    ParseError,
    Rule,
    enumerate_trees,
    expected_sizes,
    fit,
    logp,
    mask,
    mutate,
    parse,
    run,
    sample,
    text,
)
from abduce.grammars.grammar import sorts

A = Rule("s", "a", (), ("a",))


def expand(sort) -> list[Rule]:
    """a^n b^n c^n: a sort for each count, so infinitely many."""
    kind, n = sort
    if kind == "count":
        more = Rule(sort, "more", (("count", n + 1),), (0,))
        return [Rule(sort, "stop", (("word", n),), (0,)), more]
    return [Rule(sort, "word", (), ("a",) * n + ("b",) * n + ("c",) * n)]


COUNTING = Grammar(expand, ("count", 1))


def test_an_unknown_sort_is_named_with_the_rule_that_uses_it() -> None:
    with pytest.raises(InputError, match=r"'t' in rule 'b' of sort 's'"):
        Grammar.of([A, Rule("s", "b", ("t",), (0,))], "s")


def test_an_unknown_start_is_named() -> None:
    with pytest.raises(InputError, match="'t', which has no rules"):
        Grammar.of([A], "t").rules("t")


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="two rules named 'a' of sort 's'"):
        Grammar.of([A, A], "s")


def test_sorts_without_a_finite_tree_are_named_all_at_once() -> None:
    rules = [A, Rule("t", "t", ("u",), (0,)), Rule("u", "u", ("t", "s"), (0, 1))]
    with pytest.raises(InputError, match="'t', 'u'"):
        Grammar.of(rules, "s")


@pytest.mark.parametrize(
    "wrong",
    [
        {"args": ("s",)},
        {"args": ("s",), "text": (0, 0)},
        {"text": (1,)},
        {"text": ("",)},
        {"weight": -1.0},
        {"weight": float("nan")},
        {"weight": float("inf")},
    ],
    ids=str,
)
def test_a_rule_whose_parts_do_not_fit_is_refused(wrong: dict) -> None:
    with pytest.raises(InputError, match="rule 'r' of sort 's'"):
        Rule("s", "r", **wrong)


def test_rules_are_made_once_and_only_when_looked_at() -> None:
    made: list = []
    grammar = Grammar(lambda sort: made.append(sort) or expand(sort), ("count", 1))
    tree = next(tree for cost, tree in enumerate_trees(grammar, max_cost=3) if cost == 3)
    assert text(grammar, tree) == "a a b b c c"
    assert len(made) == len(set(made)) < 10


def test_an_infinite_grammar_is_enumerated_sampled_weighed_fitted_and_mutated() -> None:
    trees = [tree for _, tree in enumerate_trees(COUNTING, max_cost=6)]
    assert [text(COUNTING, tree).count("a") for tree in trees] == [1, 2, 3, 4, 5]
    tree = sample(COUNTING, Random(0), max_depth=9)
    assert logp(COUNTING, tree) < 0
    assert fit(COUNTING, [tree] * 3).rules(("count", 1))[0].weight in (0.0, 3.0)
    assert mutate(COUNTING, tree, Random(0), max_depth=9)


def test_an_infinite_grammar_cannot_be_tabled_and_says_so() -> None:
    with pytest.raises(UnsupportedError, match="more than 100 sorts"):
        sorts(COUNTING, limit=100)


@pytest.mark.parametrize("weight", [1.0, 5.0])
def test_a_grammar_of_infinite_expected_size_is_not_sampled_without_a_depth(weight: float) -> None:
    grammar = Grammar.of([A, Rule("s", "two", ("s", "s"), (0, 1), weight=weight)], "s")
    with pytest.raises(InputError, match="infinite expected size, through the sort 's'"):
        sample(grammar, Random(0))
    assert sample(grammar, Random(0), max_depth=4)


def test_the_expected_size_is_the_mean_size() -> None:
    grammar = Grammar.of(
        [
            Rule("s", "a", weight=3.0),
            Rule("s", "t", ("t", "t"), (0, 1)),
            Rule("t", "s", ("s",), (0,)),
        ],
        "s",
    )
    rng = Random(3)
    count = {"a": lambda: 1, "t": lambda x, y: 1 + x + y, "s": lambda x: 1 + x}
    mean = sum(run(sample(grammar, rng), count) for _ in range(20_000)) / 20_000
    assert mean == pytest.approx(expected_sizes(grammar)["s"], rel=0.05)


def test_a_rule_of_weight_0_is_never_drawn_but_parses() -> None:
    grammar = Grammar.of([A, Rule("s", "b", (), ("b",), weight=0.0)], "s")
    assert {sample(grammar, Random(n)) for n in range(50)} == {("a",)}
    assert logp(grammar, parse(grammar, "b")) == float("-inf")
    with pytest.raises(InputError, match="all have weight 0"):
        sample(Grammar.of([Rule("s", "a", weight=0.0)], "s"), Random(0))


def test_a_depth_that_no_tree_has_is_refused() -> None:
    grammar = Grammar.of([Rule("s", "t", ("t",), (0,)), Rule("t", "a")], "s")
    with pytest.raises(InputError, match="the depth 1"):
        sample(grammar, Random(0), max_depth=1)


def test_an_ambiguous_grammar_parses_by_earley_and_has_no_mask() -> None:
    sums = Grammar.of(
        [Rule("e", "one", (), ("1",)), Rule("e", "plus", ("e", "e"), (1, "+", 0))], "e"
    )
    tree = parse(sums, "1 + 1 + 1")
    assert text(sums, tree) == "1 + 1 + 1"
    assert parse(sums, "1 + 1") == ("plus", ("one",), ("one",))
    with pytest.raises(ParseError, match=r"1:5: found '\+'"):
        parse(sums, "1 + + 1")
    with pytest.raises(ParseError, match=r"1:4: found the end"):
        parse(sums, "1 +")
    with pytest.raises(ParseError, match="'2' is not a word"):
        parse(sums, "1 + 2")
    with pytest.raises(UnsupportedError, match="conflicts"):
        mask(sums)


def test_rules_with_the_same_text_are_named() -> None:
    grammar = Grammar.of([A, Rule("s", "b", (), ("a",))], "s")
    with pytest.raises(UnsupportedError, match="'a' and 'b' of sort 's'"):
        parse(grammar, "a")


def test_a_tree_of_another_grammar_is_refused() -> None:
    grammar = Grammar.of([A, Rule("s", "b", ("s",), ("b", 0))], "s")
    for tree, found in ((("c",), "'c'"), (("b",), "0 children of 'b'"), (("b", 3), "3 as a tree")):
        with pytest.raises(InputError, match=found):
            text(grammar, tree)
    with pytest.raises(InputError, match="'a', which the algebra"):
        run(("a",), {})
    with pytest.raises(InputError, match="pseudo-count"):
        fit(grammar, [], pseudo_count=-1)


def test_a_pseudo_count_keeps_the_unseen_possible() -> None:
    grammar = Grammar.of([A, Rule("s", "b", ("s",), ("b", 0))], "s")
    assert [rule.weight for rule in fit(grammar, [("a",)], 0.5).rules("s")] == [1.5, 0.5]


def test_a_parse_error_survives_pickling() -> None:
    grammar = Grammar.of([A], "s")
    with pytest.raises(ParseError) as caught:
        parse(grammar, "b")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
