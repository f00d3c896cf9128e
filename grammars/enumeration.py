"""The view `enumerate_trees`: every tree once, cheapest first."""

from collections.abc import Callable, Iterator
from itertools import count, product
from math import log2

from abduce.errors import InputError, UnsupportedError
from abduce.grammars.grammar import Grammar, Rule, Sort, Tree, sorts
from abduce.grammars.weights import Weights, drawable, weighted

Cost = Callable[[Rule], int]


def nodes(_: Rule) -> int:
    """The cost under which a tree costs its number of nodes."""
    return 1


def surprisal(grammar: Grammar, per_bit: int = 1) -> Cost:
    """The cost under which a tree costs about -log2 of its probability: rounded a node, and never
    below 1.

    Args:
        per_bit: steps of cost to a bit; more steps follow the probabilities more closely.

    >>> nat = Grammar.of([Rule("n", "z", weight=3), Rule("n", "s", ("n",), (0,))], "n")
    >>> [surprisal(nat, per_bit=10)(rule) for rule in nat.rules("n")]
    [4, 20]
    """

    def cost(rule: Rule) -> int:
        if not rule.weight:
            raise InputError(f"the weight 0 of rule {rule.name!r}", ("a weight above 0",))
        total = sum(other.weight for other in grammar.rules(rule.head))
        return max(1, round(per_bit * log2(total / rule.weight)))

    return cost


def enumerate_trees(
    grammar: Grammar,
    *,
    cost: Cost = nodes,
    weights: Weights | None = None,
    per_bit: int = 1,
    max_cost: int | None = None,
) -> Iterator[tuple[int, Tree]]:
    """Yield (cost, tree) by growing cost: every tree exactly once, and all of one cost before the
    next.

    The cost of a tree is the sum of its rules' costs. Within a cost the order is that of the rules.
    Work is done as trees are asked for; the iterator ends at `max_cost`, or where a finite language
    is used up, else never.

    Args:
        cost: a whole number, at least 1, for each rule.
        weights: order trees by these instead, most probable first: the cost of a node is then its
            `surprisal`, and trees of probability 0 are left out.
        per_bit: the steps of cost for each bit of that surprisal.

    Raises:
        InputError: a cost below 1, or both a cost and weights.

    >>> nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    >>> list(enumerate_trees(nat, max_cost=3))
    [(1, ('z',)), (2, ('s', ('z',))), (3, ('s', ('s', ('z',))))]

    Source: Barke et al. 2020, Just-in-time learning for bottom-up enumerative synthesis, section 4.
    """
    if weights is not None:
        if cost is not nodes:
            raise InputError("both a cost and weights", ("one of the two",))
        grammar = drawable(weighted(grammar, weights))
        cost = surprisal(grammar, per_bit)
    bank = _Bank(grammar, cost)
    last = max_cost if max_cost is not None else _greatest_cost(grammar, cost)
    for total in count(1) if last is None else range(1, last + 1):
        for tree in bank.trees(grammar.start, total):
            yield total, tree


class _Bank:
    """The trees of each sort and cost, made on first use from those of lower cost."""

    def __init__(self, grammar: Grammar, cost: Cost) -> None:
        self.grammar = grammar
        self.cost = cost
        self.costs: dict[Sort, tuple[tuple[Rule, int], ...]] = {}
        self.known: dict[tuple[Sort, int], tuple[Tree, ...]] = {}

    def trees(self, sort: Sort, total: int) -> tuple[Tree, ...]:
        key = (sort, total)
        if key not in self.known:
            self.known[key] = tuple(self._make(sort, total))
        return self.known[key]

    def _make(self, sort: Sort, total: int) -> Iterator[Tree]:
        for rule, own in self._costs(sort):
            left = total - own
            if not rule.args:
                if left == 0:
                    yield (rule.name,)
                continue
            for children in self._choices(rule.args, left):
                yield from ((rule.name, *parts) for parts in product(*children))

    def _choices(self, args: tuple[Sort, ...], left: int) -> Iterator[tuple[tuple[Tree, ...], ...]]:
        """The non-empty banks of the arguments for every way to share out the cost."""
        if left < len(args):
            return
        first, *rest = args
        if not rest:
            if trees := self.trees(first, left):
                yield (trees,)
            return
        for share in range(1, left - len(rest) + 1):
            if trees := self.trees(first, share):
                for others in self._choices(tuple(rest), left - share):
                    yield (trees, *others)

    def _costs(self, sort: Sort) -> tuple[tuple[Rule, int], ...]:
        if sort not in self.costs:
            pairs = tuple((rule, self.cost(rule)) for rule in self.grammar.rules(sort))
            if free := [rule.name for rule, own in pairs if own < 1]:
                raise InputError(f"a cost below 1, of {', '.join(free)}", ("at least 1",))
            self.costs[sort] = pairs
        return self.costs[sort]


def _greatest_cost(grammar: Grammar, cost: Cost) -> int | None:
    """The cost of the dearest tree; None where there is no such tree, or no end of sorts."""
    try:
        order = sorts(grammar)
    except UnsupportedError:
        return None
    greatest: dict[Sort, int] = {}
    while len(greatest) < len(order):
        ready = [
            sort
            for sort in order
            if sort not in greatest
            and all(arg in greatest for rule in grammar.rules(sort) for arg in rule.args)
        ]
        if not ready:
            return None
        for sort in ready:
            greatest[sort] = max(
                cost(rule) + sum(greatest[arg] for arg in rule.args) for rule in grammar.rules(sort)
            )
    return greatest[grammar.start]
