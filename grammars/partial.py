"""The view `mask_rules`: which rules may expand the next open node of a partial tree.

A partial tree grows in preorder: the leftmost open node comes first. It is kept as linked pairs,
like a prefix of tokens: `advance` makes a new one and leaves the old one as it was, so a beam of
decoders shares what it has in common.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from abduce.errors import InputError
from abduce.grammars.derivation import tree_of
from abduce.grammars.grammar import Grammar, Rule, Sort, Tree, few, sorts
from abduce.grammars.weights import Context

UNLIMITED = sys.maxsize

Open = tuple[Sort, Context, int, Any]
"""(sort, context, levels left, the open nodes to its right); the rightmost stands on None."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """The rules of a sort that can be finished within a depth.

    Args:
        named: the rule of each name, and how many nodes more than the smallest tree it takes.
        most: the greatest of these numbers.
    """

    rules: tuple[Rule, ...]
    named: dict[str, tuple[Rule, int]]
    most: int


@dataclass(frozen=True, slots=True)
class _Table:
    """The least number of nodes of a tree of each sort, for every depth, and the choices there.

    `layers[d]` is for trees of depth d at most; sorts without one are missing. The last layer is
    also that of all greater depths. Choices are kept in `known`, by sort and layer.
    """

    grammar: Grammar
    layers: tuple[dict[Sort, int], ...]
    known: dict[tuple[Sort, int], _Choices]

    def least(self, sort: Sort, depth: int) -> int | None:
        return self.layers[min(depth, len(self.layers) - 1)].get(sort)

    def choices(self, sort: Sort, depth: int) -> _Choices:
        key = (sort, min(depth, len(self.layers)))
        if key not in self.known:
            least = self.least(sort, depth)
            below = self.layers[key[1] - 1]
            named: dict[str, tuple[Rule, int]] = {}
            if least is not None:
                named = {
                    rule.name: (rule, 1 + sum(below[arg] for arg in rule.args) - least)
                    for rule in self.grammar.rules(sort)
                    if all(arg in below for arg in rule.args)
                }
            rules = tuple(rule for rule, _ in named.values())
            most = max((extra for _, extra in named.values()), default=0)
            self.known[key] = _Choices(rules, named, most)
        return self.known[key]


@dataclass(frozen=True, slots=True, eq=False)
class PartialTree:
    """The beginning, in preorder, of at least one tree within the limits."""

    _table: _Table
    _open: Open | None
    _spare: int
    """How many nodes are left where every open node gets its smallest tree."""
    _done: tuple[Rule, Any] | None = None

    @property
    def finished(self) -> bool:
        """Whether no node is open."""
        return self._open is None

    @property
    def open_node(self) -> tuple[Sort, Context]:
        """The next open node as `weights` are asked for it: its sort, and where it stands.

        Raises:
            InputError: the tree is finished.
        """
        return self._next()[:2]

    @property
    def tree(self) -> Tree:
        """The finished tree.

        Raises:
            InputError: a node is still open.
        """
        if self._open is not None:
            raise InputError(f"an open node of sort {self._open[0]!r}", ("a finished tree",))
        rules: list[Rule] = []
        rest = self._done
        while rest is not None:
            rules.append(rest[0])
            rest = rest[1]
        return tree_of(reversed(rules))

    def allowed(self) -> tuple[Rule, ...]:
        """Exactly the rules with which some tree within the limits goes on, in the order of the
        grammar; none once the tree is finished."""
        if self._open is None:
            return ()
        choices = self._table.choices(self._open[0], self._open[2])
        if choices.most <= self._spare:
            return choices.rules
        return tuple([rule for rule, extra in choices.named.values() if extra <= self._spare])

    def advance(self, name: str) -> "PartialTree":
        """The partial tree with its next open node expanded by the rule of this name.

        Raises:
            InputError: no tree within the limits goes on like that, or the tree is finished.
        """
        sort, _, depth, open_ = self._next()
        rule, extra = self._table.choices(sort, depth).named.get(name, (None, 0))
        if rule is None or extra > self._spare:
            names = tuple(repr(allowed.name) for allowed in self.allowed())
            raise InputError(f"the rule {name!r} at a node of sort {sort!r}", few(names))
        place = len(rule.args)
        for arg in rule.args[::-1]:
            place -= 1
            open_ = (arg, (rule, place), depth - 1, open_)
        return PartialTree(self._table, open_, self._spare - extra, (rule, self._done))

    def _next(self) -> Open:
        if self._open is None:
            raise InputError("a finished tree", ("a tree with an open node",))
        return self._open


def mask_rules(
    grammar: Grammar,
    names: Iterable[str] = (),
    *,
    sort: Sort | None = None,
    max_depth: int | None = None,
    max_nodes: int | None = None,
) -> PartialTree:
    """The state of a decoder of trees that has chosen rules of these names, in preorder.

    Args:
        sort: the sort of the root; the start sort by default.
        max_depth, max_nodes: the upper limits on the finished tree; one node has depth 1.

    Raises:
        InputError: no tree within the limits starts like that.
        UnsupportedError: a grammar of endlessly many sorts, and no limit.

    >>> nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    >>> [rule.name for rule in mask_rules(nat, ["s"], max_depth=3).allowed()]
    ['z', 's']
    >>> [rule.name for rule in mask_rules(nat, ["s", "s"], max_depth=3).allowed()]
    ['z']

    Source: Yin and Neubig 2017, A syntactic neural model for general-purpose code generation,
    section 3 (actions that the grammar allows); the limits are ours.
    """
    root = grammar.start if sort is None else sort
    nodes = UNLIMITED if max_nodes is None else max_nodes
    # A tree is never deeper than it has nodes.
    depth = min(UNLIMITED if max_depth is None else max_depth, nodes)
    known = grammar.derived(_tables)
    if (root, depth) not in known:
        known[root, depth] = _table(grammar, root, depth)
    table = known[root, depth]
    least = table.least(root, depth)
    if least is None or least > nodes:
        limits = {"depth": max_depth, "number of nodes": max_nodes}
        told = [f"the {name} {limit}" for name, limit in limits.items() if limit is not None]
        raise InputError(
            " and ".join(told) or f"the sort {root!r}, of which no tree is finite",
            (f"limits that a tree of {root!r} can have",) if told else (),
        )
    partial = PartialTree(table, (root, None, depth, None), nodes - least)
    for name in names:
        partial = partial.advance(name)
    return partial


def beginning_like(known: PartialTree, grammar: Grammar) -> PartialTree:
    """The state of a decoder that has chosen nothing, from that of another grammar.

    The sizes of smallest trees are not computed again. So the grammars must have the same sorts,
    and every sort the same size and the same arguments of rules; only leaves may have other names.

    Raises:
        InputError: rules were chosen already.

    >>> one, two = (Grammar.of([Rule("n", name)], "n") for name in "ab")
    >>> [rule.name for rule in beginning_like(mask_rules(one), two).allowed()]
    ['b']
    """
    if known._done is not None:
        raise InputError("a partial tree with chosen rules", ("the beginning of a tree",))
    return replace(known, _table=_Table(grammar, known._table.layers, {}))


def _tables(_: Grammar) -> dict[tuple[Sort, int], _Table]:
    return {}


def _table(grammar: Grammar, root: Sort, depth: int) -> _Table:
    among = sorts(grammar) if depth == UNLIMITED else _within(grammar, root, depth)
    layers: list[dict[Sort, int]] = [{}]
    while len(layers) <= depth:
        last = layers[-1]
        layer: dict[Sort, int] = {}
        for sort in among:
            sizes = [
                1 + sum(last[arg] for arg in rule.args)
                for rule in grammar.rules(sort)
                if all(arg in last for arg in rule.args)
            ]
            if sizes:
                layer[sort] = min(sizes)
        if layer == last:
            break
        layers.append(layer)
    return _Table(grammar, tuple(layers), {})


def _within(grammar: Grammar, root: Sort, steps: int) -> tuple[Sort, ...]:
    """The sorts that stand in trees of that depth."""
    found: dict[Sort, None] = {root: None}
    layer = [root]
    for _ in range(steps - 1):
        args = (arg for sort in layer for rule in grammar.rules(sort) for arg in rule.args)
        layer = [arg for arg in dict.fromkeys(args) if arg not in found]
        if not layer:
            break
        found.update(dict.fromkeys(layer))
    return tuple(found)
