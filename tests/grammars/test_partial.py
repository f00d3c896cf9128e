"""The mask of partial trees: exactly the rules that lead to a tree within the limits."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError, UnsupportedError
from abduce.grammars import (
    Grammar,
    PartialTree,
    Rule,
    Sort,
    Tree,
    enumerate_trees,
    mask_rules,
    sample,
    text,
)
from abduce.grammars.derivation import derivation
from tests.grammars.test_grammar import COUNTING

RANDOMS = st.randoms(use_true_random=False)


def depth(tree: Tree) -> int:
    return 1 + max(map(depth, tree[1:]), default=0)


def of_depth(grammar: Grammar, sort: Sort, levels: int) -> list[Tree]:
    """Every tree of a sort that is so deep at most, by recursion."""
    if levels == 0:
        return []
    return [
        (rule.name, *children)
        for rule in grammar.rules(sort)
        for children in product(*(of_depth(grammar, arg, levels - 1) for arg in rule.args))
    ]


def finished(partial: PartialTree) -> Iterator[Tree]:
    """Every tree that the mask leads to."""
    todo = [partial]
    while todo:
        partial = todo.pop()
        if partial.finished:
            yield partial.tree
        # The mask never leads to a dead end.
        assert partial.finished or partial.allowed()
        todo.extend(partial.advance(rule.name) for rule in partial.allowed())


@pytest.mark.parametrize("limits", [(4, None), (None, 0), (4, -2), (9, -1)], ids=str)
def test_the_mask_leads_to_exactly_the_trees_within_the_limits(
    case: Any, limits: tuple[int | None, int | None]
) -> None:
    max_depth, fewer = limits
    grammar, max_nodes = case.small(), None if fewer is None else case.nodes + fewer
    if max_nodes is None:
        wanted = set(of_depth(grammar, grammar.start, max_depth or 0))
    else:
        trees = (tree for _, tree in enumerate_trees(grammar, max_cost=max_nodes))
        wanted = {tree for tree in trees if max_depth is None or depth(tree) <= max_depth}
    found = list(finished(mask_rules(grammar, max_depth=max_depth, max_nodes=max_nodes)))
    assert len(found) == len(set(found))
    assert set(found) == wanted


@given(RANDOMS, st.integers(6, 12), st.integers(12, 40))
def test_a_walk_through_the_mask_is_a_tree_within_the_limits(
    grammar: Grammar, rng: Random, max_depth: int, max_nodes: int
) -> None:
    partial = mask_rules(grammar, max_depth=max_depth, max_nodes=max_nodes)
    while not partial.finished:
        partial = partial.advance(rng.choice(partial.allowed()).name)
    assert depth(partial.tree) <= max_depth
    assert len(derivation(grammar, partial.tree)) <= max_nodes


@given(RANDOMS)
def test_every_rule_of_a_tree_was_allowed_and_without_limits_all_of_its_sort(
    grammar: Grammar, rng: Random
) -> None:
    tree = sample(grammar, rng, max_depth=10)
    partial = mask_rules(grammar)
    for rule in derivation(grammar, tree):
        assert partial.open_node[0] == rule.head
        assert partial.allowed() == grammar.rules(rule.head)
        partial = partial.advance(rule.name)
    assert partial.finished
    assert partial.tree == tree
    assert partial.allowed() == ()


@given(RANDOMS)
def test_a_step_leaves_the_partial_tree_before_it_as_it_was(grammar: Grammar, rng: Random) -> None:
    before = mask_rules(grammar, max_depth=8)
    node, rules = before.open_node, before.allowed()
    for rule in rng.sample(rules, min(3, len(rules))):
        before.advance(rule.name)
    assert (before.open_node, before.allowed()) == (node, rules)


@given(RANDOMS, st.integers(7, 30))
def test_a_sample_is_within_its_number_of_nodes(
    grammar: Grammar, rng: Random, max_nodes: int
) -> None:
    tree = sample(grammar, rng, max_nodes=max_nodes)
    assert len(derivation(grammar, tree)) <= max_nodes


def test_where_a_node_stands_is_told_as_weights_are_asked() -> None:
    two = Rule("s", "two", ("s", "t"), (0, 1))
    grammar = Grammar.of([Rule("s", "a"), two, Rule("t", "b")], "s")
    assert mask_rules(grammar).open_node == ("s", None)
    assert mask_rules(grammar, ["two"]).open_node == ("s", (two, 0))
    assert mask_rules(grammar, ["two", "a"]).open_node == ("t", (two, 1))


def test_endlessly_many_sorts_are_masked_within_a_limit_only() -> None:
    assert [text(COUNTING, t) for t in finished(mask_rules(COUNTING, max_depth=3))] == [
        "a a b b c c",
        "a b c",
    ]
    assert len(list(finished(mask_rules(COUNTING, max_nodes=40)))) == 39
    numbers = Grammar(lambda n: [Rule(n, "end"), Rule(n, "on", (n + 1,), (0,))], 0)  # type: ignore[operator]
    with pytest.raises(UnsupportedError, match="more than 20000 sorts"):
        mask_rules(numbers)


def test_a_rule_that_cannot_be_finished_is_refused_with_those_that_can() -> None:
    nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    with pytest.raises(InputError, match=r"'s' at a node of sort 'n', expected 'z'"):
        mask_rules(nat, ["s", "s"], max_nodes=2)
    with pytest.raises(InputError, match=r"'q' at a node of sort 'n', expected one of 's' or 'z'"):
        mask_rules(nat, ["q"])
    with pytest.raises(InputError, match="a finished tree"):
        mask_rules(nat, ["z", "z"])
    with pytest.raises(InputError, match="an open node of sort 'n'"):
        mask_rules(nat, ["s"]).tree  # noqa: B018


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"max_depth": 1}, "the depth 1, "),
        ({"max_nodes": 2}, "the number of nodes 2, "),
        ({"max_depth": 2, "max_nodes": 2}, "the depth 2 and the number of nodes 2"),
        ({"max_depth": 0}, "the depth 0"),
        ({"max_nodes": -1}, "the number of nodes -1"),
    ],
)
def test_limits_that_no_tree_keeps_are_refused(limits: dict[str, int], told: str) -> None:
    grammar = Grammar.of([Rule("s", "t", ("t", "t"), (0, 1)), Rule("t", "a")], "s")
    with pytest.raises(InputError, match=told):
        mask_rules(grammar, **limits)  # type: ignore[arg-type]


def test_no_depth_is_too_great() -> None:
    nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    partial = mask_rules(nat, ["s"] * 20_000, max_nodes=20_001)
    assert [rule.name for rule in partial.allowed()] == ["z"]
    assert len(derivation(nat, partial.advance("z").tree)) == 20_001
