"""What holds in every language of the table in conftest."""

from collections import Counter
from collections.abc import Iterator
from math import exp, sqrt
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.grammars import (
    Grammar,
    ParseError,
    Tree,
    enumerate_trees,
    fit,
    logp,
    mask,
    mutate,
    parse,
    sample,
    surprisal,
    text,
    tokens,
)
from abduce.grammars.automaton import lark_text
from abduce.grammars.derivation import derivation, tree_of
from abduce.grammars.grammar import Rule, sorts
from abduce.grammars.parsing import by_earley, longest_tokens

RANDOMS = st.randoms(use_true_random=False)
SEEDED = st.integers(0, 2**32 - 1).map(Random)
"""For samples without a bound on their depth, of which Hypothesis cannot shrink every choice."""


def brute_force(grammar: Grammar, nodes: int) -> Iterator[Tree]:
    """Every tree of up to so many nodes, by leftmost expansion of preorders."""
    todo: list[tuple[list[Rule], list]] = [([], [grammar.start])]
    while todo:
        rules, owed = todo.pop()
        if not owed:
            yield tree_of(rules)
        elif len(rules) + len(owed) <= nodes:
            for rule in grammar.rules(owed[0]):
                todo.append(([*rules, rule], [*rule.args, *owed[1:]]))


@given(RANDOMS)
def test_text_then_parse_is_the_identity(grammar: Grammar, rng: Random) -> None:
    tree = sample(grammar, rng, max_depth=12)
    assert parse(grammar, text(grammar, tree)) == tree


@given(SEEDED)
def test_every_sample_parses(grammar: Grammar, rng: Random) -> None:
    tree = sample(grammar, rng)
    assert parse(grammar, text(grammar, tree)) == tree


@given(RANDOMS)
def test_a_derivation_is_its_tree(grammar: Grammar, rng: Random) -> None:
    tree = sample(grammar, rng, max_depth=12)
    assert tree_of(derivation(grammar, tree)) == tree


@given(RANDOMS)
def test_earley_agrees_with_lalr(grammar: Grammar, rng: Random) -> None:
    tree = sample(grammar, rng, max_depth=8)
    assert by_earley(grammar, tokens(grammar, tree)) == tree


@given(RANDOMS)
def test_tokens_are_cut_as_they_were_joined(grammar: Grammar, rng: Random) -> None:
    tree = sample(grammar, rng, max_depth=10)
    sentence = text(grammar, tree)
    cut = sentence.split() if grammar.separator else longest_tokens(grammar, sentence)
    assert cut == tokens(grammar, tree)


def test_enumeration_is_complete_without_duplicates_and_ordered(case: Any) -> None:
    grammar = case.small()
    found = list(enumerate_trees(grammar, max_cost=case.nodes))
    trees = [tree for _, tree in found]
    costs = [cost for cost, _ in found]
    assert costs == sorted(costs)
    assert len(set(trees)) == len(trees) > 100
    assert set(trees) == set(brute_force(grammar, case.nodes))
    assert all(cost == len(derivation(grammar, tree)) for cost, tree in found)


def test_enumeration_by_probability_is_ordered_by_it(grammar: Grammar) -> None:
    cost = surprisal(grammar, per_bit=8)
    found = []
    for total, tree in enumerate_trees(grammar, cost=cost, max_cost=100):
        found.append(tree)
        assert total == sum(cost(rule) for rule in derivation(grammar, tree))
        if len(found) == 2000:
            break
    assert len(set(found)) == len(found)


@given(RANDOMS)
def test_every_token_of_a_sentence_was_in_the_mask_and_it_may_end(
    grammar: Grammar, rng: Random
) -> None:
    prefix = mask(grammar)
    for token in tokens(grammar, sample(grammar, rng, max_depth=12)):
        assert token in prefix.allowed()
        prefix = prefix.advance(token)
    assert prefix.may_end


@given(RANDOMS)
@settings(max_examples=200)
def test_a_token_sequence_is_a_sentence_exactly_when_the_mask_lets_it_pass(
    grammar: Grammar, rng: Random
) -> None:
    words = _nearly_a_sentence(grammar, rng)
    assert _passes(grammar, words) == _parses(grammar, words)


@given(RANDOMS)
@settings(max_examples=200)
def test_the_mask_refuses_the_very_token_that_no_sentence_goes_on_with(
    grammar: Grammar, rng: Random
) -> None:
    # Earley's algorithm never passes a token that no sentence goes on with: an exact second
    # opinion.
    words = _nearly_a_sentence(grammar, rng)
    opinion = by_earley(grammar, words)
    prefix = mask(grammar)
    for place, word in enumerate(words):
        if word not in prefix.allowed():
            assert opinion == place
            return
        prefix = prefix.advance(word)
    assert (opinion != len(words)) == prefix.may_end


@given(RANDOMS)
@settings(max_examples=50)
def test_the_mask_is_what_earley_allows(grammar: Grammar, rng: Random) -> None:
    words = tokens(grammar, sample(grammar, rng, max_depth=8))
    words = words[: rng.randrange(len(words) + 1)]
    allowed = mask(grammar, words).allowed()
    vocabulary = sorted(lark_text(grammar).terminals)
    for token in rng.sample(vocabulary, min(20, len(vocabulary))):
        assert (token in allowed) == (by_earley(grammar, [*words, token]) != len(words))


def test_fit_on_samples_recovers_the_weights(grammar: Grammar) -> None:
    rng = Random(7)
    learned = fit(grammar, [sample(grammar, rng) for _ in range(8_000)])
    for sort in sorts(grammar):
        true = sum(rule.weight for rule in grammar.rules(sort))
        seen = sum(rule.weight for rule in learned.rules(sort))
        for before, after in zip(grammar.rules(sort), learned.rules(sort), strict=True):
            p = before.weight / true
            assert abs(after.weight / seen - p) <= 5 * sqrt(p * (1 - p) / seen)


@given(RANDOMS)
def test_mutate_stays_inside_the_language(grammar: Grammar, rng: Random) -> None:
    tree = sample(grammar, rng, max_depth=10)
    for _ in range(5):
        tree = mutate(grammar, tree, rng, max_depth=6)
        assert parse(grammar, text(grammar, tree)) == tree


def test_probabilities_add_up_to_at_most_one(case: Any) -> None:
    grammar = case.small()
    mass = sum(exp(logp(grammar, t)) for _, t in enumerate_trees(grammar, max_cost=case.nodes))
    assert mass <= 1 + 1e-9
    if case.name == "scan":
        assert mass > 1 - 1e-9


def test_logp_agrees_with_how_often_a_tree_is_drawn(grammar: Grammar) -> None:
    rng, n = Random(11), 8_000
    counts = Counter(sample(grammar, rng) for _ in range(n))
    for tree, count in counts.most_common(20):
        p = exp(logp(grammar, tree))
        assert abs(count / n - p) <= 5 * sqrt(p * (1 - p) / n) + 1 / n


def _nearly_a_sentence(grammar: Grammar, rng: Random) -> list[str]:
    """Tokens of a sentence with a few changed, dropped, doubled or cut off."""
    words = tokens(grammar, sample(grammar, rng, max_depth=8))
    vocabulary = sorted(lark_text(grammar).terminals)
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(words) + 1)
        if kind := rng.randrange(4):
            words[at : at + 1] = [rng.choice(vocabulary)] * (kind - 1)
        else:
            words = words[:at]
    return words


def _passes(grammar: Grammar, words: list[str]) -> bool:
    try:
        return mask(grammar, words).may_end
    except InputError:
        return False


def _parses(grammar: Grammar, words: list[str]) -> bool:
    try:
        tree = parse(grammar, grammar.separator.join(words))
    except ParseError:
        return False
    # Without a separator other tokens can make the same text.
    return tokens(grammar, tree) == words
