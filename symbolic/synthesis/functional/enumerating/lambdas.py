"""Functions as arguments: tables of lambda bodies over the items that occur in the examples.

Bodies are enumerated like programs, over points: an example, and a value for each parameter. They
may use the parameters, constants, and cheap scalars of the example, such as the head of a list.
A body gives one function for each example, which is a value in the columns of programs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from abduce.symbolic.synthesis.functional.enumerating.bank import Bank, Leaf, Rule
from abduce.symbolic.synthesis.functional.functions import compiled
from abduce.symbolic.synthesis.functional.numbers import HOLE
from abduce.symbolic.synthesis.functional.primitives import Table
from abduce.symbolic.synthesis.functional.terms import LAMBDA, VARIABLE, Term
from abduce.symbolic.synthesis.functional.types import (
    INT,
    FunctionOf,
    ListOf,
    Type,
    parts,
)

MOST_POINTS = 48
"""The upper limit on the points of the bodies of one type."""
MOST_GIVEN = {1: 400, 2: 150}
"""The upper limit on the functions that programs call in every way, by their parameters."""
MOST_SCALARS = 20
"""The upper limit on the scalars of an example that bodies use."""
DEAREST_SCALAR = 10
SMALL = range(4)
"""The integers that bodies are evaluated on beside those in the examples."""


@dataclass(frozen=True, slots=True)
class Point:
    """An example, by its index, and the values of the parameters."""

    example: int
    values: tuple[Any, ...]


def points_of(
    type: FunctionOf,
    inputs: Sequence[tuple[Any, ...]],
    arguments: Sequence[Type],
    needed: Sequence[Point] = (),
) -> list[Point]:
    """The points of the bodies of a type: those that are needed, items of the lists in each input,
    and pairs of a position and an item, of a part and the next item, or of neighbours."""
    found: dict[tuple, Point] = {(p.example, *map(repr, p.values)): p for p in needed}
    for e, input_ in enumerate(inputs):
        lists = [
            (each, values)
            for argument, value in zip(arguments, input_, strict=True)
            for each, values in [(argument, (value,)), *_lists(argument, value)]
        ]
        own = _tuples(type, lists)
        if own and e < 2 and all(t == INT for t in type.arguments):
            own += [(n,) * len(type.arguments) for n in SMALL]
        for values in own:
            found.setdefault((e, *map(repr, values)), Point(e, values))
    points = list(found.values())
    if len(points) <= MOST_POINTS:
        return points
    first = points[: min(len(needed), MOST_POINTS)]
    rest, room = points[len(first) :], MOST_POINTS - len(first)
    return [*first, *[rest[k * len(rest) // room] for k in range(room)]]


def _lists(type: Type, value: Any) -> list[tuple[Type, tuple]]:
    """The lists in a value, with the type of their items."""
    if not isinstance(type, ListOf):
        return []
    inner = [found for each in value for found in _lists(type.item, each)]
    return [(type.item, value), *inner]


def _tuples(type: FunctionOf, lists: Sequence[tuple[Type, tuple]]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for item, values in lists:
        match type.arguments:
            case (one,) if one == item:
                found += [(value,) for value in values]
            case (first, second) if second == item:
                if first == INT:
                    found += list(enumerate(values))
                if first == item:
                    found += list(pairwise(values))
                if first == ListOf(item):
                    found += [(values[:i], value) for i, value in enumerate(values)]
    return found


class Lambdas:
    """The bodies of one type of functions, and the functions that were made of them."""

    def __init__(
        self,
        type: FunctionOf,
        points: Sequence[Point],
        bank: Bank,
        inputs: Sequence[tuple[Any, ...]],
        table: Table,
    ) -> None:
        self.type, self.points, self.bank = type, points, bank
        self.inputs, self.table = inputs, table
        self.examples = np.array([point.example for point in points])
        self.at = {(p.example, p.values): i for i, p in enumerate(points)}
        self.given = self.scalars = 0
        count = len(type.arguments)
        for i, each in enumerate(type.arguments):
            values = bank.columns.column(each, [point.values[i] for point in points])
            bank.give(Leaf(each, ("bound", count - 1 - i), VARIABLE, values))

    def share(self, leaf: Leaf) -> None:
        """Let bodies use a scalar of the examples, if it is defined wherever there is an item."""
        values = leaf.values[self.examples]
        undefined = (values == HOLE).any()
        if self.scalars < MOST_SCALARS and leaf.cost <= DEAREST_SCALAR and not undefined:
            self.scalars += 1
            self.bank.give(Leaf(leaf.type, leaf.term, leaf.cost, values))

    def body(self, index: int) -> Term:
        return self.bank.term(self.type.result, index)

    def lambda_of(self, index: int) -> Term:
        return ("lambda", len(self.type.arguments), self.body(index))

    def leaves(self) -> list[Leaf]:
        """The functions that were not given yet, as leaves of the bank of programs."""
        rows = self.bank.of(self.type.result)
        end = min(rows.size, MOST_GIVEN[len(self.type.arguments)])
        found = [self._leaf(index, int(rows.costs[index])) for index in range(self.given, end)]
        self.given = max(self.given, end)
        return found

    def _leaf(self, index: int, cost: int) -> Leaf:
        term = self.lambda_of(index)
        run = compiled(term, len(self.inputs[0]), self.table)
        values = self.bank.columns.values.setdefault(self.type, [])
        first = len(values)
        if "argument" in _heads(term):
            values += [partial(run, *each) for each in self.inputs]
            numbers = np.arange(first, first + len(self.inputs))
        else:
            values.append(partial(run, *self.inputs[0]))
            numbers = np.full(len(self.inputs), first)
        return Leaf(self.type, term, cost + LAMBDA, numbers)


def _heads(term: Term) -> set[str]:
    inner = [_heads(child) for child in term[1:] if isinstance(child, tuple)]
    return {term[0]}.union(*inner) if term[0] != "constant" else {"constant"}


def body_rules(rules: Sequence[Rule], type: FunctionOf) -> list[Rule]:
    """The rules of bodies: without functions, and with lists only where the type has some."""
    listed = [p for t in (*type.arguments, type.result) for p in parts(t) if isinstance(p, ListOf)]
    return [
        rule
        for rule in rules
        if not rule.higher
        and all(not isinstance(t, ListOf) or t in listed for t in (*rule.arguments, rule.result))
    ]


def function_types(rules: Sequence[Rule]) -> list[FunctionOf]:
    """The types of functions that rules take."""
    found = [t for rule in rules for t in rule.arguments if isinstance(t, FunctionOf)]
    return list(dict.fromkeys(found))
