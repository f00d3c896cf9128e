"""Graphs to look at: a term as its tree, and the terms that it can be reduced to."""

from dataclasses import dataclass

from abduce.symbolic.lambda_calculus.reduction.outcomes import Strategy
from abduce.symbolic.lambda_calculus.reduction.steps import contract, redex, redexes
from abduce.symbolic.lambda_calculus.terms.codes import (
    ABSTRACTION,
    APPLICATION,
    BOUND,
    NODE_BYTES,
    unpacked,
)
from abduce.symbolic.lambda_calculus.terms.deadline import check
from abduce.symbolic.lambda_calculus.terms.layout import Names
from abduce.symbolic.lambda_calculus.terms.terms import Term

LARGEST_LABEL = 10_000
"""The upper limit on the nodes of a term that is written as a label; otherwise its size is
written."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge from a node to another; `main` where it is part of what one looks for."""

    start: int
    end: int
    main: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by number.

    Attributes:
        labels: the text at each node.
        layers: how far down each node is.
        main: nodes to be seen first.
        left_out: whether there is more than was asked for.
    """

    labels: tuple[str, ...]
    layers: tuple[int, ...]
    edges: tuple[Edge, ...]
    main: frozenset[int]
    left_out: bool


def reduction_graph(
    term: Term, strategy: Strategy = "normal", most: int = 60, *, deadline: float | None = None
) -> Graph:
    """All terms that a term can be reduced to in any order, breadth first, with an edge for each
    beta step.

    Main edges are the steps of the strategy; main nodes are those without a redex.

    Args:
        most: the number of terms; those beyond are left out.

    Raises:
        OutOfTime: the deadline has passed.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> reduction_graph(parse("(\\\\x. x x) ((\\\\y. y) z)")).labels[-1]
    'z z'
    """
    numbers = {term: 0}
    layers = [0]
    edges: dict[tuple[int, int], bool] = {}
    main: set[int] = set()
    left_out = False
    for here in (found := [term]):
        number = numbers[here]
        positions = redexes(here.codes, deadline)
        chosen = redex(here.codes, strategy, deadline)
        if not positions:
            main.add(number)
        for position in positions:
            check(deadline)
            after = contract(here, position, deadline)
            if after not in numbers:
                if len(found) == most:
                    left_out = True
                    continue
                numbers[after] = len(found)
                layers.append(layers[number] + 1)
                found.append(after)  # and the loop goes on to it
            edge = number, numbers[after]
            edges[edge] = edges.get(edge, False) or position == chosen
    return Graph(
        tuple([_label(each) for each in found]),
        tuple(layers),
        tuple([Edge(start, end, on_path) for (start, end), on_path in edges.items()]),
        frozenset(main),
        left_out,
    )


def _label(term: Term) -> str:
    return str(term) if term.size <= LARGEST_LABEL else repr(term)


def term_graph(term: Term, most: int = 400) -> Graph:
    """A term as its tree, with an edge from each abstraction to its variables.

    Main edges are those of the tree; main nodes are redexes.

    Args:
        most: the number of nodes, in prefix order; those beyond are left out.
    """
    codes = unpacked(term.code[: most * NODE_BYTES])
    names = Names(term.free)
    binders = iter(term.binders)
    labels: list[str] = []
    layers: list[int] = []
    edges: list[Edge] = []
    around: list[int] = []
    pending: list[tuple[int, int]] = [(-1, 0)]
    for position, code in enumerate(codes):
        parent, depth = pending.pop()
        layers.append(layers[parent] + 1 if parent >= 0 else 0)
        if parent >= 0:
            edges.append(Edge(parent, position, True))
        while len(around) > depth:
            around.pop()
            names.leave()
        if code == APPLICATION:
            labels.append("@")
            pending += ((position, depth), (position, depth))
        elif code == ABSTRACTION:
            labels.append(f"λ{names.enter(next(binders))}")
            around.append(position)
            pending.append((position, depth + 1))
        elif code < 0:
            labels.append(term.free[~code])
        else:
            labels.append(names.active[depth - 1 - (code - BOUND)])
            edges.append(Edge(around[depth - 1 - (code - BOUND)], position, False))
    main = frozenset(redexes(codes))
    return Graph(tuple(labels), tuple(layers), tuple(edges), main, term.size > most)
