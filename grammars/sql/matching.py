"""Which occurrences of tables, and which stated pairs, make the FROM that a query has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product
from typing import Any

from abduce.errors import InputError
from abduce.grammars.sql.items import TYPES, Items, Type
from abduce.grammars.sql.joining import From, Node, Pair, Place, joined
from abduce.grammars.sql.language import OCCURRENCES, SqlLanguage, fits
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.scopes import Edge, Scope

TRIES = 64
"""The upper limit on the choices of occurrences that are tried."""


@dataclass(frozen=True, slots=True)
class Match:
    """How a tree says a FROM.

    Attributes:
        occurrences: the occurrence of each source.
        start: the group of linked tables to start from.
        across: pairs between groups of linked tables, with their types and the new groups.
        counted: the table whose rows are counted, where rows are counted.
        tables: other tables that are named.
        stated: pairs that are stated besides, with their types.
    """

    occurrences: tuple[int, ...]
    start: int
    across: tuple[tuple[Pair, Type, int], ...]
    counted: int | None
    tables: tuple[int, ...]
    stated: tuple[tuple[Pair, Type], ...]


def matched(
    language: SqlLanguage, scope: Scope, named: Iterable[int], counts: bool, starts: Sequence[int]
) -> Match:
    """The first match whose FROM is that of the query: with nothing stated, then with tables, then
    with all pairs.

    Args:
        named: the sources with a column that a part of the query names.
        counts: whether rows are counted.
        starts: the groups of tables in which the tree may start.

    Raises:
        NotCovered: there is none.
    """
    named = sorted(set(named))
    choices = list(islice(_choices(language, scope), TRIES))
    for step in (_with_tables, _with_pairs):
        for occurrences in choices:
            found = step(language, scope, named, counts, starts, occurrences)
            if found is not None:
                return found
    raise NotCovered("a join that needs more than two occurrences, or has too many pairs")


def _choices(language: SqlLanguage, scope: Scope) -> Iterator[tuple[int, ...]]:
    places: dict[int, list[int]] = {}
    for place, source in enumerate(scope.sources):
        assert source.table is not None
        places.setdefault(source.table, []).append(place)
    options = []
    for table, where in places.items():
        most = OCCURRENCES if language.twice(table) else 1
        if len(where) > most:
            raise NotCovered("a table that stands in FROM more often than the grammar allows")
        options.append([*permutations(range(1, most + 1), len(where))])
    children = {language.items.ends(link)[0] for link in language.items.links}

    def cost(each: tuple[tuple[int, ...], ...]) -> tuple[Any, ...]:
        """Few second occurrences, rather of tables that others refer to; no order of FROM."""
        both = sorted(zip(places, each, strict=True))
        second = sum(max(some) > 1 for table, some in both if table in children)
        return sum(map(sum, each)), second, both

    for each in sorted(product(*options), key=cost):
        told = {}
        for where, occurrences in zip(places.values(), each, strict=True):
            told |= dict(zip(where, occurrences, strict=True))
        yield tuple(told[place] for place in range(len(scope.sources)))


def _nodes(scope: Scope, occurrences: Sequence[int]) -> list[Node]:
    return [(s.table or 0, o) for s, o in zip(scope.sources, occurrences, strict=True)]


def _pair(edge: Edge, nodes: Sequence[Node]) -> Pair:
    (one, left), (other, right) = edge
    return (nodes[one], left), (nodes[other], right)


def _across(
    language: SqlLanguage, scope: Scope, starts: Sequence[int], nodes: Sequence[Node]
) -> tuple[int, list[tuple[Pair, Type, int]]] | None:
    """The group to start from, and the pairs that lead to all other groups."""
    group = {table: i for i, tables in enumerate(language.groups) for table in tables}
    needed = {group[table] for table, _ in nodes}
    if len(needed) > language.roomy:
        raise NotCovered(
            f"a join of more than {language.roomy} groups of tables that no links join"
        )
    for start in starts:
        if start not in needed:
            continue
        room, found = {start}, []
        for _ in needed:
            for edge in scope.edges:
                (one, left), (other, right) = _pair(edge, nodes)
                if group[other[0]] in room:
                    (one, left), (other, right) = (other, right), (one, left)
                if group[one[0]] in room and group[other[0]] not in room:
                    type_ = _common(language.items, left, right)
                    found.append((((one, left), (other, right)), type_, group[other[0]]))
                    room.add(group[other[0]])
        if room == needed:
            return start, found
    return None


def _common(items: Items, left: int, right: int) -> Type:
    for type_ in TYPES:
        if fits(items.columns[left].type, type_) and fits(items.columns[right].type, type_):
            return type_
    raise NotCovered("a join of columns of different types")


def _with_tables(
    language: SqlLanguage,
    scope: Scope,
    named: Sequence[int],
    counts: bool,
    starts: Sequence[int],
    occurrences: tuple[int, ...],
) -> Match | None:
    """A match without stated pairs within groups."""
    nodes = _nodes(scope, occurrences)
    crossing = _across(language, scope, starts, nodes)
    if crossing is None:
        return None
    start, across = crossing
    pairs = [pair for pair, _, _ in across]
    told = {nodes[place] for place in named} | {node for pair in pairs for node, _ in pair}
    reached = set(_joined(language.items, told, pairs).nodes) if told else set()
    missing = [node for node in sorted(set(nodes)) if node not in reached]
    counted = None
    if counts:
        firsts = [node for node in sorted(nodes) if node[1] == 1]
        rows = [node for node in missing if node[1] == 1] or firsts
        if not rows:
            return None
        counted = rows[0][0]
        told.add(rows[0])
    tables: list[int] = []
    while True:
        reached = set(_joined(language.items, told, pairs).nodes) if told else set()
        missing = [node for node in sorted(set(nodes)) if node not in reached]
        if not missing:
            break
        if missing[0][1] != 1:
            return None
        tables.append(missing[0][0])
        told.add(missing[0])
    found = _joined(language.items, told, pairs)
    if not _same(found, scope, nodes):
        return None
    return Match(occurrences, start, tuple(across), counted, tuple(tables), ())


def _with_pairs(
    language: SqlLanguage,
    scope: Scope,
    named: Sequence[int],
    counts: bool,
    starts: Sequence[int],
    occurrences: tuple[int, ...],
) -> Match | None:
    """A match that states every pair."""
    nodes = _nodes(scope, occurrences)
    crossing = _across(language, scope, starts, nodes)
    if crossing is None:
        return None
    start, across = crossing
    crossed = [pair for pair, _, _ in across]
    counted = None
    if counts:
        firsts = [node for node in sorted(nodes) if node[1] == 1]
        if not firsts:
            return None
        counted = firsts[0][0]
    stated: list[tuple[Pair, Type]] = []
    for one, other in sorted(tuple(sorted(_pair(edge, nodes))) for edge in scope.edges):
        if (one, other) not in crossed and (other, one) not in crossed:
            stated.append(((one, other), _common(language.items, one[1], other[1])))
    found = _joined(language.items, set(nodes), [*crossed, *(pair for pair, _ in stated)])
    if not _same(found, scope, nodes):
        return None
    return Match(occurrences, start, tuple(across), counted, (), tuple(stated))


def _joined(items: Items, nodes: Iterable[Node], pairs: Sequence[Pair]) -> From:
    try:
        return joined(items, nodes, pairs)
    except InputError:
        return From((), ())


def _same(found: From, scope: Scope, nodes: Sequence[Node]) -> bool:
    """Whether a FROM has the tables of the query, and makes the same columns equal."""
    ours = [pair for pairs in found.pairs for pair in pairs]
    theirs = [_pair(edge, nodes) for edge in scope.edges]
    return sorted(found.nodes) == sorted(nodes) and _classes(ours) == _classes(theirs)


def _classes(pairs: Sequence[Pair]) -> set[frozenset[Place]]:
    classes: list[set[Place]] = []
    for pair in pairs:
        touched = [each for each in classes if each & {*pair}]
        classes = [each for each in classes if each not in touched]
        classes.append(set(pair).union(*touched))
    return {frozenset(each) for each in classes}
