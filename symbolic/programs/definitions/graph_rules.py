"""Graph algorithms: a row each, with its rules. How it runs by hand is beside its traces.

Source: Cormen et al. 2022, Introduction to algorithms, chapters 20 to 22.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAlgorithm:
    """A graph algorithm: its rules, what its input has to be, and what it answers.

    Attributes:
        name: the name of the job.
        about: what the job computes, in a few words.
        rules: how nodes change.
        key: what the key of a node is called in an answer; None where it is not shown.
        weighted: whether every edge needs a weight.
        negative: whether weights may be negative.
        cycles: whether a cycle of negative weight leaves it without an end. Weights may be negative
            in its traces, too.
        again: whether it begins again at a node that was not met, until there is none.
    """

    name: str
    about: str
    rules: RulesSpecification
    key: str | None
    weighted: bool = False
    negative: bool = True
    cycles: bool = False
    again: bool = False

    @property
    def kernel(self) -> str:
        """The name of the kernel that has learned the rules."""
        return f"{self.name}-rules"


def specification(
    name: str, offer: int, rule: Callable[[Seen], Next], *, least: bool, first: bool = False
) -> RulesSpecification:
    """Rules of the three states NEW, OPEN and DONE.

    Args:
        name: the name of the algorithm, as the claim of a proof says it.
        offer, rule, least, first: the fields of these names in `RulesSpecification`.
    """
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


GRAPH_ALGORITHMS: Mapping[str, GraphAlgorithm] = MappingProxyType(
    {
        row.name: row
        for row in (
            GraphAlgorithm(
                name="bfs",
                about="breadth-first search: each node's parent and number of edges from --source",
                rules=specification("breadth-first search", ONE_MORE, _bfs, least=False),
                key="hops",
            ),
            GraphAlgorithm(
                name="dfs",
                about="depth-first search of all nodes: each node's parent",
                rules=specification("depth-first search", ONE_LESS, _dfs, least=True, first=True),
                key=None,
                again=True,
            ),
            GraphAlgorithm(
                name="bellman-ford",
                about="shortest paths from --source; weights of any sign",
                rules=specification(
                    "the algorithm of Bellman and Ford", SUM, _bellman_ford, least=False
                ),
                key="distance",
                weighted=True,
                cycles=True,
            ),
            GraphAlgorithm(
                name="dijkstra",
                about="shortest paths from --source; weights of 0 or more",
                rules=specification("Dijkstra's algorithm", SUM, _dijkstra, least=True),
                key="distance",
                weighted=True,
                negative=False,
            ),
            GraphAlgorithm(
                name="prim",
                about="a minimum spanning tree of the nodes reachable from --source",
                rules=specification("Prim's algorithm", WEIGHT, _prim, least=True),
                key="weight",
                weighted=True,
            ),
        )
    }
)
"""The graph algorithms, by name."""
