"""The views `logp` and `fit`: a grammar as a probabilistic one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import log

from abduce.errors import InputError
from abduce.grammars.derivation import derivation
from abduce.grammars.grammar import Grammar, Rule, Sort, Tree
from abduce.grammars.weights import Weights, weighted


def logp(grammar: Grammar, tree: Tree, *, weights: Weights | None = None) -> float:
    """log p(tree) = sum over nodes of log(weight / weights of the sort), in nats.

    A rule of weight 0 makes it -inf.

    Args:
        weights: weights in place of the grammar's own.

    >>> nat = Grammar.of([Rule("n", "z", weight=3), Rule("n", "s", ("n",), (0,), weight=1)], "n")
    >>> round(logp(nat, ("s", ("z",))), 6) == round(log(1 / 4) + log(3 / 4), 6)
    True

    Source: Booth and Thompson 1973, Applying probability measures to abstract languages.
    """
    if weights is not None:
        grammar = weighted(grammar, weights)
    table = grammar.derived(_log_weights)
    total = 0.0
    for rule in derivation(grammar, tree):
        key = (rule.head, rule.name)
        if key not in table:
            table.update(_log_shares(rule.head, grammar.rules(rule.head)))
        total += table[key]
    return total


def fit(grammar: Grammar, trees: Iterable[Tree], pseudo_count: float = 0.0) -> Grammar:
    """The grammar with the weights that make the trees most likely: how often each rule was used.

    A derivation tree shows every rule it used, so the maximum-likelihood weights are counts. Sorts
    that no tree visits keep the weights they had.

    Args:
        pseudo_count: added to every count; above 0, no rule that was not seen becomes impossible.

    >>> nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    >>> [rule.weight for rule in fit(nat, [("s", ("s", ("z",)))]).rules("n")]
    [1.0, 2.0]

    Source: Chi and Geman 1998, Estimation of probabilistic context-free grammars, section 2.
    """
    if pseudo_count < 0:
        raise InputError(f"the pseudo-count {pseudo_count}", ("at least 0",))
    counts: Counter[tuple[Sort, str]] = Counter()
    for tree in trees:
        counts.update((rule.head, rule.name) for rule in derivation(grammar, tree))
    seen = {sort for sort, _ in counts}

    def expand(sort: Sort) -> tuple[Rule, ...]:
        rules = grammar.rules(sort)
        if sort not in seen:
            return rules
        return tuple(replace(r, weight=float(counts[sort, r.name] + pseudo_count)) for r in rules)

    return Grammar(expand, grammar.start, grammar.separator)


def _log_weights(_: Grammar) -> dict[tuple[Sort, str], float]:
    return {}


def _log_shares(sort: Sort, rules: tuple[Rule, ...]) -> dict[tuple[Sort, str], float]:
    total = sum(rule.weight for rule in rules)
    if total == 0:
        raise InputError(f"the sort {sort!r}, whose rules all have weight 0")
    return {
        (sort, rule.name): log(rule.weight / total) if rule.weight else float("-inf")
        for rule in rules
    }
