"""FROM without decoding it: the smallest set of tables, joined along links, that has what is named.

A table may stand in FROM twice. A node is a table and its occurrence, 1 or 2. Where several links
lead between two tables, the occurrences say which link joins them: the second occurrence takes the
second link. So `flight` and the second `airport` are joined by the second foreign key.

Source: Hwang, Richards and Winter 1992, The Steiner tree problem (enumeration of sets of Steiner
nodes by size); the choice of links is ours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from abduce.errors import InputError
from abduce.grammars.sql.items import Items

Node = tuple[int, int]
"""A table and its occurrence in FROM, from 1."""
Place = tuple[Node, int]
"""A column of a node."""
Pair = tuple[Place, Place]
"""Two columns that are equal in joined rows."""
EXTRA = 3
"""The number of tables that are added at most by looking at all sets of tables."""


@dataclass(frozen=True, slots=True)
class From:
    """Nodes in the order of joining, each with what is equal to columns of nodes before it."""

    nodes: tuple[Node, ...]
    pairs: tuple[tuple[Pair, ...], ...]


def joined(items: Items, named: Iterable[Node], stated: Sequence[Pair] = ()) -> From:
    """The smallest FROM that has the nodes, with the stated pairs; the first tables where several
    are smallest.

    Raises:
        InputError: links and pairs do not lead from each node to each other.
    """
    nodes = sorted({*named, *(node for pair in stated for node, _ in pair)})
    if not nodes:
        raise InputError("a query that names no table", ("at least one column or table",))
    whole = _spanned(items, nodes, stated)
    if whole is not None:
        return whole
    near = {t for group in items.components() for t in group if {n[0] for n in nodes} & {*group}}
    spare = [(table, 1) for table in sorted(near) if (table, 1) not in nodes]
    for size in range(1, EXTRA + 1):
        for extra in combinations(spare, size):
            whole = _spanned(items, sorted([*nodes, *extra]), stated)
            if whole is not None:
                return whole
    return _grown(items, nodes, spare, stated)


def _grown(items: Items, nodes: list[Node], spare: list[Node], stated: Sequence[Pair]) -> From:
    """All tables near, without those that can be left out."""
    kept = sorted([*nodes, *spare])
    found = _spanned(items, kept, stated)
    if found is None:
        names = ", ".join(items.tables[table] for table, _ in nodes)
        raise InputError(f"the tables {names}", ("tables that links lead between",))
    for each in reversed(spare):
        less = _spanned(items, [node for node in kept if node != each], stated)
        if less is not None:
            kept.remove(each)
            found = less
    return found


def _spanned(items: Items, nodes: Sequence[Node], stated: Sequence[Pair]) -> From | None:
    """The join of exactly these nodes, or None where it does not hold together."""
    order, pairs = [nodes[0]], [()]
    left = list(nodes[1:])
    while left:
        for node in left:
            found = _between(items, node, order, stated)
            if found:
                order.append(node)
                pairs.append(found)
                left.remove(node)
                break
        else:
            return None
    return From(tuple(order), tuple(pairs))


def _between(
    items: Items, node: Node, before: Sequence[Node], stated: Sequence[Pair]
) -> tuple[Pair, ...]:
    """What joins a node to those before it: the stated pairs, else the first link."""
    found = []
    for pair in stated:
        (one, _), (other, _) = pair
        if node in (one, other) and (other if node == one else one) in before:
            found.append(pair if node == other else (pair[1], pair[0]))
    if found:
        return tuple(found)
    for other in before:
        if (pairs := linked(items, other, node)) is not None:
            return pairs
    return ()


def linked(items: Items, one: Node, other: Node) -> tuple[Pair, ...] | None:
    """The columns that a link makes equal, or None where no link leads between the nodes.

    In a link of a table to itself, the first occurrence refers to the second.
    """
    tables = {one[0], other[0]}
    links = [link for link in items.links if {*items.ends(link)} == tables]
    if not links or one == other:
        return None
    first, second = min(one, other), max(one, other)
    if one[0] == other[0]:
        link, child, parent = links[0], first, second
    else:
        link = links[min(len(links), max(one[1], other[1])) - 1]
        child, parent = (one, other) if items.ends(link)[0] == one[0] else (other, one)
    both = zip(link.columns, link.parents, strict=True)
    return tuple(((child, column), (parent, refers)) for column, refers in both)
