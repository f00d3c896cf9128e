"""Weights from outside: a logit for each rule, by sort and by where the node stands."""

from collections import Counter
from collections.abc import Iterator
from math import exp, inf, log, nan, sqrt
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.grammars import (
    Context,
    Grammar,
    Rule,
    Sort,
    Tree,
    Weights,
    enumerate_trees,
    fit,
    logp,
    mutate,
    parse,
    sample,
    surprisal,
    text,
    weighted,
)
from abduce.grammars.derivation import derivation
from abduce.grammars.languages import scan

SEEDS = st.integers(0, 2**16)
RANDOMS = st.randoms(use_true_random=False)


def drawn(grammar: Grammar, seed: int, spread: float = 1.0) -> Weights:
    """The grammar's own weights, each changed by a drawn number that depends on the context."""

    def weights(sort: Sort, context: Context) -> list[float]:
        where = context and (context[0].head, context[0].name, context[1])
        rng = Random(repr((seed, sort, where)))
        return [log(rule.weight) + spread * rng.gauss(0, 1) for rule in grammar.rules(sort)]

    return weights


def own(grammar: Grammar) -> Weights:
    return lambda sort, _: [log(rule.weight) for rule in grammar.rules(sort)]


def places(grammar: Grammar, tree: Tree) -> Iterator[tuple[Sort, Context, Rule]]:
    """Every node with its context, by recursion over the tree."""

    def below(node: Tree, sort: Sort, context: Context) -> Iterator[tuple[Sort, Context, Rule]]:
        rule = grammar.rule(sort, node[0])
        yield sort, context, rule
        for place, (arg, child) in enumerate(zip(rule.args, node[1:], strict=True)):
            yield from below(child, arg, (rule, place))

    yield from below(tree, grammar.start, None)


def by_hand(grammar: Grammar, tree: Tree, weights: Weights) -> float:
    """The sum of the logarithms of the softmax at every node."""
    total = 0.0
    for sort, context, rule in places(grammar, tree):
        logits = [float(logit) for logit in weights(sort, context)]
        total += logits[grammar.rules(sort).index(rule)] - log(sum(map(exp, logits)))
    return total


@given(RANDOMS, SEEDS)
def test_logp_is_the_sum_of_the_logarithms_of_the_softmax(
    grammar: Grammar, rng: Random, seed: int
) -> None:
    tree, weights = sample(grammar, rng, max_depth=8), drawn(grammar, seed)
    assert logp(grammar, tree, weights=weights) == pytest.approx(by_hand(grammar, tree, weights))


@given(RANDOMS)
def test_the_own_weights_given_from_outside_change_nothing(grammar: Grammar, rng: Random) -> None:
    tree = sample(grammar, rng, max_depth=8)
    assert logp(grammar, tree, weights=own(grammar)) == pytest.approx(logp(grammar, tree))
    seed = rng.randrange(2**32)
    assert sample(grammar, Random(seed), weights=own(grammar), max_depth=8) == sample(
        grammar, Random(seed), max_depth=8
    )


def test_logp_agrees_with_how_often_a_tree_is_drawn(grammar: Grammar) -> None:
    weights, rng, n = drawn(grammar, 5, spread=0.05), Random(12), 3_000
    whole = weighted(grammar, weights)
    counts = Counter(sample(whole, rng) for _ in range(n))
    for tree, count in counts.most_common(20):
        p = exp(logp(grammar, tree, weights=weights))
        assert abs(count / n - p) <= 5 * sqrt(p * (1 - p) / n) + 1 / n
    once = [sample(grammar, Random(seed), weights=weights) for seed in range(3)]
    assert once == [sample(whole, Random(seed)) for seed in range(3)]


def test_trees_are_enumerated_in_the_order_of_the_weights(case: Any) -> None:
    grammar, per_bit = case.small(), 16
    weights = drawn(grammar, 3)
    found: list[Tree] = []
    last = 0
    for cost, tree in enumerate_trees(grammar, weights=weights, per_bit=per_bit, max_cost=400):
        bits = -by_hand(grammar, tree, weights) / log(2)
        # Each node rounds to the nearest step, and costs one step at least.
        assert cost >= last
        assert abs(cost - per_bit * bits) <= sum(1 for _ in places(grammar, tree))
        last = cost
        found.append(tree)
        if len(found) == 500:
            break
    assert len(set(found)) == len(found) > 20


def test_enumeration_by_weights_is_complete() -> None:
    grammar = scan.language().grammar
    some = {tree for _, tree in enumerate_trees(grammar, weights=drawn(grammar, 1))}
    assert some == {tree for _, tree in enumerate_trees(grammar)}


def test_a_logit_of_minus_infinity_forbids_a_rule_in_its_place_alone() -> None:
    grammar = scan.language().grammar
    both = next(r for r in grammar.rules(grammar.start) if r.name == "and")

    def weights(sort: Sort, context: Context) -> list[float]:
        return [
            -inf if context == (both, 0) and rule.name == "twice" else 0.0
            for rule in grammar.rules(sort)
        ]

    def permitted(tree: Tree) -> bool:
        return not (tree[0] == "and" and tree[1][0] == "twice")

    left = {tree for _, tree in enumerate_trees(grammar, weights=weights)}
    whole = {tree for _, tree in enumerate_trees(grammar)}
    assert left == set(filter(permitted, whole)) < whole
    assert all(logp(grammar, tree, weights=weights) == -inf for tree in whole - left)
    rng, ours = Random(4), weighted(grammar, weights)
    assert all(permitted(sample(ours, rng)) for _ in range(2_000))
    assert all(permitted(sample(ours, rng, max_depth=6)) for _ in range(500))


@given(RANDOMS, SEEDS)
def test_mutation_by_weights_stays_inside_the_language(
    grammar: Grammar, rng: Random, seed: int
) -> None:
    weights = drawn(grammar, seed)
    tree = mutate(grammar, sample(grammar, rng, max_depth=6), rng, weights=weights, max_depth=6)
    assert parse(grammar, text(grammar, tree)) == tree


def test_fitted_by_context_the_weights_come_back(grammar: Grammar) -> None:
    rng = Random(8)
    whole = weighted(grammar, drawn(grammar, 2, spread=0.05))
    trees = [sample(whole, rng) for _ in range(3_000)]
    learned = fit(whole, trees)
    seen = {rule.head for tree in trees for rule in derivation(whole, tree)}
    for sort in seen:
        true = sum(rule.weight for rule in whole.rules(sort))
        n = sum(rule.weight for rule in learned.rules(sort))
        for before, after in zip(whole.rules(sort), learned.rules(sort), strict=True):
            p = before.weight / true
            assert abs(after.weight / n - p) <= 6 * sqrt(p * (1 - p) / n) + 1 / n


def test_a_sort_and_context_is_asked_for_once() -> None:
    grammar, asked = scan.language().grammar, []

    def weights(sort: Sort, context: Context) -> list[float]:
        asked.append((sort, context))
        return [0.0] * len(grammar.rules(sort))

    whole = weighted(grammar, weights)
    for seed in range(20):
        logp(whole, sample(whole, Random(seed)))
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("logits", "message"),
    [
        ([0.0], r"1 logits for the rules of the sort 'n' at the root.*2, one for each rule"),
        ([0.0, nan], r"the logits \[0.0, nan\] of the sort 'n'"),
        ([0.0, inf], "numbers below infinity"),
        ([-inf, -inf], "all -inf, of the sort 'n' at the root"),
    ],
)
def test_wrong_logits_are_refused_with_their_place(logits: list[float], message: str) -> None:
    nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    with pytest.raises(InputError, match=message):
        logp(nat, ("z",), weights=lambda *_: logits)


def test_a_place_below_the_root_is_told_by_its_parent() -> None:
    nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    with pytest.raises(InputError, match="as child 0 of 's'"):
        logp(nat, ("s", ("z",)), weights=lambda _, context: [0.0] * (1 if context else 2))


def test_a_cost_and_weights_are_not_given_together(grammar: Grammar) -> None:
    with pytest.raises(InputError, match="both a cost and weights"):
        next(enumerate_trees(grammar, cost=surprisal(grammar), weights=own(grammar)))
