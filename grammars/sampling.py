"""The view `sample`: trees drawn with the grammar's probabilities."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from abduce.errors import InputError
from abduce.grammars.derivation import tree_of
from abduce.grammars.grammar import Grammar, Rule, Sort, Tree, sorts
from abduce.grammars.partial import mask_rules
from abduce.grammars.weights import Weights, drawable, weighted


def sample(
    grammar: Grammar,
    rng: Random,
    *,
    sort: Sort | None = None,
    weights: Weights | None = None,
    max_depth: int | None = None,
    max_nodes: int | None = None,
) -> Tree:
    """Draw a tree: at every node a rule with probability weight / weights of its sort.

    Without a limit the expected size must be finite (`expected_sizes`), so that sampling stops.
    With one, only rules that `mask_rules` allows take part, and their weights are scaled to 1: the
    distribution is then no longer the grammar's own.

    Args:
        sort: the sort of the root; the start sort by default.
        weights: weights in place of the grammar's own.
        max_depth, max_nodes: the upper limits on the tree; a tree of one node has depth 1.

    Raises:
        InputError: the expected size is infinite and no limit is given, or no tree is within the
            limits.

    >>> nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    >>> sample(nat, Random(2), max_depth=1)
    ('z',)
    """
    if weights is not None:
        grammar, sort = weighted(grammar, weights, sort=sort), None
    root = grammar.start if sort is None else sort
    if max_depth is not None or max_nodes is not None:
        partial = mask_rules(
            grammar.derived(drawable), sort=root, max_depth=max_depth, max_nodes=max_nodes
        )
        while not partial.finished:
            bounds, rules = _cumulative(partial.allowed())
            partial = partial.advance(rules[bisect(bounds, rng.random())].name)
        return partial.tree
    table = grammar.derived(_choices)
    if root not in table.cumulative:
        # A root that the start sort does not lead to is a grammar of its own.
        return sample(Grammar(grammar.rules, root, grammar.separator), rng)
    draw, cumulative = rng.random, table.cumulative
    preorder: list[Rule] = []
    todo = [root]
    while todo:
        bounds, rules = cumulative[todo.pop()]
        rule = rules[bisect(bounds, draw())]
        preorder.append(rule)
        todo.extend(rule.args[::-1])
    return tree_of(preorder)


def expected_sizes(grammar: Grammar) -> dict[Sort, float]:
    """The mean number of nodes of a tree of each sort, where it is finite for all sorts.

    With M the matrix of mean numbers of children, the sizes solve (I - M) x = 1. The spectral
    radius of M is below 1 exactly when every pivot of I - M is positive.

    Raises:
        InputError: some sort has an infinite expected size.

    >>> heavy = Grammar.of([Rule("n", "z", weight=3), Rule("n", "s", ("n",), (0,))], "n")
    >>> expected_sizes(heavy)
    {'n': 1.3333333333333333}

    Source: Harris 1963, The theory of branching processes, chapter 2; Berman and Plemmons 1994,
    Theorem 6.2.3.
    """
    order = sorts(grammar)
    rows: dict[Sort, dict[Sort, float]] = {}
    for sort in order:
        rows[sort] = row = {sort: 1.0}
        total = _total(sort, grammar.rules(sort))
        for rule in grammar.rules(sort):
            for arg in rule.args:
                row[arg] = row.get(arg, 0.0) - rule.weight / total
    right = dict.fromkeys(order, 1.0)
    for place, pivot in enumerate(order):
        if rows[pivot].get(pivot, 0.0) < 1e-12:
            raise InputError(
                f"an infinite expected size, through the sort {pivot!r}",
                advice="Raise the weights of the rules that end a tree, or sample with max_depth.",
            )
        for below in order[place + 1 :]:
            if factor := rows[below].pop(pivot, 0.0) / rows[pivot][pivot]:
                for sort, value in rows[pivot].items():
                    if sort != pivot:
                        rows[below][sort] = rows[below].get(sort, 0.0) - factor * value
                right[below] -= factor * right[pivot]
    sizes: dict[Sort, float] = {}
    for sort in reversed(order):
        known = sum(value * sizes[arg] for arg, value in rows[sort].items() if arg != sort)
        sizes[sort] = (right[sort] - known) / rows[sort][sort]
    return {sort: sizes[sort] for sort in order}


@dataclass(frozen=True, slots=True)
class _Choices:
    """For each sort its cumulative probabilities and its rules."""

    cumulative: dict[Sort, tuple[list[float], tuple[Rule, ...]]]


def _choices(grammar: Grammar) -> _Choices:
    return _Choices({s: _cumulative(grammar.rules(s)) for s in expected_sizes(grammar)})


def _cumulative(rules: tuple[Rule, ...]) -> tuple[list[float], tuple[Rule, ...]]:
    drawn = tuple([rule for rule in rules if rule.weight])
    weights = [rule.weight for rule in drawn]
    if not weights:
        raise InputError(f"the sort {rules[0].head!r}, whose rules all have weight 0")
    total = sum(weights)
    # The last bound is left out: whatever the others do not catch is the last rule, rounding or
    # not.
    return [bound / total for bound in accumulate(weights)][:-1], drawn


def _total(sort: Sort, rules: tuple[Rule, ...]) -> float:
    if total := sum(rule.weight for rule in rules):
        return total
    raise InputError(f"the sort {sort!r}, whose rules all have weight 0")
