"""The view `mutate`: a neighbour of a tree, in the same language."""

from random import Random

from abduce.grammars.derivation import derivation, tree_of
from abduce.grammars.grammar import Grammar, Tree
from abduce.grammars.sampling import sample
from abduce.grammars.weights import Weights, weighted


def mutate(
    grammar: Grammar,
    tree: Tree,
    rng: Random,
    *,
    weights: Weights | None = None,
    max_depth: int | None = None,
) -> Tree:
    """Resample one node, chosen uniformly, with everything below it.

    Args:
        weights: weights in place of the grammar's own.
        max_depth: the depth limit of the new subtree; needed where `sample` needs it.

    >>> from abduce.grammars.grammar import Rule
    >>> nat = Grammar.of([Rule("n", "z", weight=2), Rule("n", "s", ("n",), (0,))], "n")
    >>> mutate(nat, ("s", ("z",)), Random(4))
    ('z',)

    Source: Ericsson et al. 2024, einspace, section 4 (mutation of architectures by resampling a
    node).
    """
    if weights is not None:
        grammar = weighted(grammar, weights)
    rules = derivation(grammar, tree)
    at = rng.randrange(len(rules))
    end, open_ = at, 1
    while open_:  # a subtree is a stretch of the preorder: it ends where no child is owed any more
        open_ += len(rules[end].args) - 1
        end += 1
    new = sample(grammar, rng, sort=rules[at].head, max_depth=max_depth)
    return tree_of([*rules[:at], *derivation(grammar, new, rules[at].head), *rules[end:]])
