"""Weights from outside the grammar: what a network, or any other function, says of the rules.

A function of a sort and a *context* gives every rule of the sort a logit. The context of a node is
its parent's rule and its place among the children: the bigrams of a recognition model. They are
finite in number, so that a network can give the logits of all at once. A grammar whose sorts are
pairs of a sort and a context has the same trees and these weights, and every view works on it.

Source: Ellis et al. 2021, DreamCoder, section 4.3 of the supplement (bigram parameterization).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import exp, isnan
from typing import SupportsFloat

from abduce.errors import InputError
from abduce.grammars.grammar import Grammar, Rule, Sort

Context = tuple[Rule, int] | None
"""The parent's rule and the place among its children, from 0; None at the root."""

Weights = Callable[[Sort, Context], Iterable[SupportsFloat]]
"""One logit for each rule of the sort, in the order of the grammar; -inf makes a rule impossible.

A logit is the logarithm of a weight, up to a number that all rules of the sort may share.
"""


def weighted(grammar: Grammar, weights: Weights, *, sort: Sort | None = None) -> Grammar:
    """The grammar of the same trees with these weights, asked for once a sort and context.

    Its sorts are pairs of a sort and a context. Weights are floats: a logit is exact if it is at
    most 700 below the greatest of its sort, and has weight 0 if it is 746 below.

    Args:
        sort: the sort of the root; the start sort by default.

    Raises:
        InputError: when a sort is first used and does not have one logit for each rule, each a
            number below infinity, at least one of them finite.

    >>> succ = Rule("n", "s", ("n",), (0,))
    >>> nat = Grammar.of([Rule("n", "z"), succ], "n")
    >>> short = weighted(nat, lambda sort, context: (0, 0 if context is None else -float("inf")))
    >>> short.start, [rule.weight for rule in short.rules(("n", (succ, 0)))]
    (('n', None), [1.0, 0.0])
    """

    def expand(pair: Sort) -> tuple[Rule, ...]:
        assert isinstance(pair, tuple)
        sort, context = pair
        rules = grammar.rules(sort)
        logits = _checked([float(logit) for logit in weights(sort, context)], rules, context)
        most = max(logits)
        return tuple(
            replace(
                rule,
                head=pair,
                args=tuple((arg, (rule, place)) for place, arg in enumerate(rule.args)),
                weight=exp(logit - most),
            )
            for rule, logit in zip(rules, logits, strict=True)
        )

    root = grammar.start if sort is None else sort
    return Grammar(expand, (root, None), grammar.separator)


def drawable(grammar: Grammar) -> Grammar:
    """The grammar without its rules of weight 0."""
    return Grammar(
        lambda sort: (rule for rule in grammar.rules(sort) if rule.weight),
        grammar.start,
        grammar.separator,
    )


def _checked(logits: list[float], rules: tuple[Rule, ...], context: Context) -> list[float]:
    under = "at the root" if context is None else f"as child {context[1]} of {context[0].name!r}"
    where = f"of the sort {rules[0].head!r} {under}"
    if len(logits) != len(rules):
        raise InputError(
            f"{len(logits)} logits for the rules {where}",
            (f"{len(rules)}, one for each rule",),
            advice="Give the logits in the order of grammar.rules(sort).",
        )
    if any(isnan(logit) or logit == float("inf") for logit in logits):
        raise InputError(f"the logits {logits} {where}", ("numbers below infinity",))
    if max(logits) == float("-inf"):
        raise InputError(
            f"logits that are all -inf, {where}",
            ("at least one finite logit",),
            advice="Leave one rule possible wherever a node can stand.",
        )
    return logits
