"""A network plugs into a grammar as its weights."""

from collections import Counter
from collections.abc import Sequence
from math import exp, sqrt
from random import Random

import pytest
import torch
from torch import nn

from abduce.grammars import Context, Grammar, Rule, Sort, Tree, enumerate_trees, logp, sample
from abduce.grammars.derivation import derivation
from abduce.grammars.grammar import sorts
from abduce.grammars.languages import scan
from abduce.grammars.weights import weighted

GRAMMAR = scan.language().grammar


class Bigrams(nn.Module):
    """A vector for every context, and logits of all rules made from it."""

    def __init__(self, grammar: Grammar, width: int = 8) -> None:
        super().__init__()
        rules = [rule for sort in sorts(grammar) for rule in grammar.rules(sort)]
        self.rules = {rule: n for n, rule in enumerate(rules)}
        contexts: list[Context] = [None]
        contexts += [(rule, place) for rule in rules for place in range(len(rule.args))]
        self.contexts = {context: n for n, context in enumerate(contexts)}
        self.embedding = nn.Embedding(len(contexts), width)
        self.logits = nn.Linear(width, len(rules))

    def forward(self, rules: Sequence[Rule], context: Context) -> torch.Tensor:
        vector = self.embedding(torch.tensor(self.contexts[context]))
        return self.logits(vector)[[self.rules[rule] for rule in rules]]

    @torch.no_grad()
    def weights(self, sort: Sort, context: Context) -> torch.Tensor:
        return self(GRAMMAR.rules(sort), context)


@pytest.fixture(scope="module")
def network() -> Bigrams:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Bigrams(GRAMMAR).double()


def log_likelihood(network: Bigrams, tree: Tree) -> torch.Tensor:
    """By torch's own softmax, so that it can be learned from."""
    terms = []
    # Sorts of a grammar with weights are pairs of a sort and a context.
    for rule in derivation(weighted(GRAMMAR, network.weights), tree):
        sort, context = rule.head  # type: ignore[misc]
        names = [other.name for other in GRAMMAR.rules(sort)]
        logits = network(GRAMMAR.rules(sort), context)
        terms.append(torch.log_softmax(logits, 0)[names.index(rule.name)])
    return torch.stack(terms).sum()


def test_a_network_weighs_samples_and_enumerates(network: Bigrams) -> None:
    whole, rng, n = weighted(GRAMMAR, network.weights), Random(1), 3_000
    counts = Counter(sample(whole, rng) for _ in range(n))
    for tree, count in counts.most_common(10):
        p = exp(logp(GRAMMAR, tree, weights=network.weights))
        assert log_likelihood(network, tree).exp().item() == pytest.approx(p)
        assert abs(count / n - p) <= 5 * sqrt(p * (1 - p) / n) + 1 / n
    first = enumerate_trees(GRAMMAR, weights=network.weights, per_bit=16)
    costs = [
        (cost, -log_likelihood(network, tree).item())
        for (cost, tree), _ in zip(first, range(50), strict=False)
    ]
    assert all(abs(cost - 16 * nats / 0.6931471805599453) <= 12 for cost, nats in costs)


def test_a_network_that_learns_from_trees_draws_them() -> None:
    wanted = sample(GRAMMAR, Random(3), max_depth=5)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = Bigrams(GRAMMAR).double()
    before = logp(GRAMMAR, wanted, weights=network.weights)
    optimiser = torch.optim.Adam(network.parameters(), 0.1)
    for _ in range(60):
        optimiser.zero_grad()
        (-log_likelihood(network, wanted)).backward()
        optimiser.step()
    after = logp(GRAMMAR, wanted, weights=network.weights)
    assert after > before
    assert after > -0.5
    assert next(enumerate_trees(GRAMMAR, weights=network.weights, per_bit=8))[1] == wanted
