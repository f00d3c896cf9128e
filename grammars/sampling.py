"""The view `sample`: trees drawn with the grammar's probabilities."""

from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from abduce.errors import InputError
from abduce.grammars.derivation import tree_of
from abduce.grammars.grammar import Grammar, Rule, Sort, Tree, least_depths, sorts


def sample(
    grammar: Grammar, rng: Random, *, sort: Sort | None = None, max_depth: int | None = None
) -> Tree:
    """Draw a tree: at every node a rule with probability weight / weights of its sort.

    Without `max_depth` the expected size must be finite (`expected_sizes`), so that sampling stops.
    With it, only rules that can still be finished within the depth take part, and their weights are
    scaled to 1: the distribution is then no longer the grammar's own.

    Args:
        sort: of the root; the start sort by default.
        max_depth: at least 1; a tree of one node has depth 1.

    Raises:
        InputError: the expected size is infinite and no `max_depth` is given, or no tree is
            that shallow.

    >>> nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    >>> sample(nat, Random(2), max_depth=1)
    ('z',)
    """
    root = grammar.start if sort is None else sort
    if max_depth is not None:
        return tree_of(_bounded(grammar, rng, root, max_depth))
    table = grammar.derived(_choices)
    if root not in table.cumulative:
        # A root that the start sort does not lead to is a grammar of its own.
        return sample(Grammar(grammar.rules, root, grammar.separator), rng)
    draw, cumulative = rng.random, table.cumulative
    preorder: list[Rule] = []
    todo = [root]
    while todo:
        weights, rules = cumulative[todo.pop()]
        rule = rules[bisect(weights, draw())]
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
    drawn = tuple(rule for rule in rules if rule.weight)
    total = _total(rules[0].head, rules)
    # The last bound is left out: whatever the others do not catch is the last rule, rounding or
    # not.
    return [bound / total for bound in accumulate(rule.weight for rule in drawn)][:-1], drawn


def _total(sort: Sort, rules: tuple[Rule, ...]) -> float:
    if total := sum(rule.weight for rule in rules):
        return total
    raise InputError(f"the sort {sort!r}, whose rules all have weight 0")


@dataclass(slots=True)
class _Depths:
    """Least depths over the sorts within so many steps of a root."""

    known: dict[tuple[Sort, int], dict[Sort, int]] = field(default_factory=dict)


def _depths(_: Grammar) -> _Depths:
    return _Depths()


def _bounded(grammar: Grammar, rng: Random, root: Sort, max_depth: int) -> list[Rule]:
    known = grammar.derived(_depths).known
    if (root, max_depth) not in known:
        drawable = Grammar(lambda s: (r for r in grammar.rules(s) if r.weight), root)
        known[root, max_depth] = least_depths(drawable, _within(drawable, root, max_depth))
    depths = known[root, max_depth]
    if depths.get(root, max_depth + 1) > max_depth:
        raise InputError(f"the depth {max_depth}", (f"a depth that a tree of {root!r} can have",))
    preorder: list[Rule] = []
    todo = [(root, max_depth)]
    while todo:
        sort, left = todo.pop()
        fitting = tuple(
            rule
            for rule in grammar.rules(sort)
            if rule.weight and all(depths.get(arg, left) < left for arg in rule.args)
        )
        weights, rules = _cumulative(fitting)
        rule = rules[bisect(weights, rng.random())]
        preorder.append(rule)
        todo.extend((arg, left - 1) for arg in reversed(rule.args))
    return preorder


def _within(grammar: Grammar, root: Sort, steps: int) -> tuple[Sort, ...]:
    found: dict[Sort, None] = {root: None}
    layer = [root]
    for _ in range(steps - 1):
        args = (arg for sort in layer for rule in grammar.rules(sort) for arg in rule.args)
        layer = [arg for arg in dict.fromkeys(args) if arg not in found]
        if not layer:
            break
        found.update(dict.fromkeys(layer))
    return tuple(found)
