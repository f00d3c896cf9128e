"""The rules of five graph algorithms.

Source: Cormen et al. 2022, Introduction to algorithms, chapters 20 to 22.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from abduce.symbolic.programs.rules import (
    GREATER,
    LESS,
    NONE,
    ONE_LESS,
    ONE_MORE,
    SUM,
    WEIGHT,
    RulesSpecification,
    Seen,
)

NEW, OPEN, DONE = range(3)
EVERY = (NEW, OPEN, DONE)
Next = tuple[int, bool] | None


def _without_key(seen: Seen) -> bool:
    """A new node has no key, so that any offer is less."""
    return seen.state == NEW and seen.order in (LESS, NONE)


def _bfs(seen: Seen) -> Next:
    if seen.state == NEW:
        return ((OPEN, True) if seen.has_offer else (NEW, False)) if _without_key(seen) else None
    if seen.has_offer and seen.order != GREATER:
        return None  # nodes that act are the farthest, and offer one more
    return DONE, False


def _bellman_ford(seen: Seen) -> Next:
    if seen.state == NEW and not _without_key(seen):
        return None
    if seen.order == LESS:
        return OPEN, True
    return (NEW if seen.state == NEW else DONE), False


def _dijkstra(seen: Seen) -> Next:
    if seen.state == DONE and seen.order == LESS:
        return None  # no weight is negative, so that a done node is as near as it can be
    return _prim(seen)


def _prim(seen: Seen) -> Next:
    if seen.state == NEW:
        return ((OPEN, True) if seen.has_offer else (NEW, False)) if _without_key(seen) else None
    if seen.state == DONE:
        return DONE, False
    if seen.acts:
        return None if seen.has_offer else (DONE, False)  # no node offers to itself
    return OPEN, seen.order == LESS


def _dfs(seen: Seen) -> Next:
    if seen.state == NEW:
        if not _without_key(seen):
            return None
        return (OPEN, True) if seen.has_offer else (NEW, False)
    if seen.acts:
        return (OPEN if seen.found else DONE), False
    return seen.state, False


def _specification(
    name: str, offer: int, rule: Callable[[Seen], Next], *, least: bool, first: bool = False
) -> RulesSpecification:
    return RulesSpecification(
        claim=f"every step on every graph is one of {name}",
        states=3,
        least=least,
        first=first,
        open=(OPEN,),
        sought=(NEW,) if first else EVERY,
        offer=offer,
        rule=rule,
    )


GRAPH_RULES: Mapping[str, RulesSpecification] = MappingProxyType(
    {
        "bfs": _specification("breadth-first search", ONE_MORE, _bfs, least=False),
        "bellman-ford": _specification(
            "the algorithm of Bellman and Ford", SUM, _bellman_ford, least=False
        ),
        "dijkstra": _specification("Dijkstra's algorithm", SUM, _dijkstra, least=True),
        "prim": _specification("Prim's algorithm", WEIGHT, _prim, least=True),
        "dfs": _specification("depth-first search", ONE_LESS, _dfs, least=True, first=True),
    }
)
"""The specifications, by the name of the job."""
