"""A bank: programs by type and cost over some points, one for each row of values, cheapest first.

Of programs with equal rows only the first is kept (observational equivalence).

Source: Albarghouthi, Gulwani and Kincaid 2013; Udupa et al. 2013.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from abduce.symbolic.synthesis.enumeration.bank import Rows
from abduce.symbolic.synthesis.enumeration.hashing import hash_weights
from abduce.symbolic.synthesis.functional.enumerating.columns import Columns
from abduce.symbolic.synthesis.functional.numbers import HOLE
from abduce.symbolic.synthesis.functional.primitives import Primitive
from abduce.symbolic.synthesis.functional.terms import Term
from abduce.symbolic.synthesis.functional.types import FunctionOf, Type

CHUNK = 1 << 14
"""The number of programs that are evaluated at once; fewer by rules that call functions."""
HIGHER_CHUNK = 1 << 9


@dataclass(frozen=True, slots=True)
class Rule:
    """A primitive with its type variables fixed."""

    primitive: Primitive
    arguments: tuple[Type, ...]
    result: Type

    @property
    def higher(self) -> bool:
        return any(isinstance(type, FunctionOf) for type in self.arguments)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A program that the bank is given: its term, cost and values."""

    type: Type
    term: Term
    cost: int
    values: np.ndarray


class Bank:
    """The programs over some points.

    Attributes:
        tried: the number of programs evaluated.
        level: the cost up to which all programs are there.
        stop: says whether to end before a level is complete.
    """

    def __init__(
        self,
        columns: Columns,
        rules: Sequence[Rule],
        points: int,
        stop: Callable[[], bool],
        most: Mapping[str, int] | None = None,
    ) -> None:
        self.columns, self.rules, self.points, self.stop = columns, list(rules), points, stop
        self.most = most or {}
        self.rows: dict[Type, Rows] = {}
        self.weights = hash_weights(points)
        self.leaves: dict[int, list[Leaf]] = {}
        self.kept: list[Leaf] = []
        self.tried = self.level = 0

    def of(self, type: Type) -> Rows:
        """The rows of a type."""
        if type not in self.rows:
            self.rows[type] = Rows(self.points)
        return self.rows[type]

    def give(self, leaf: Leaf) -> None:
        """Add a program from outside, no cheaper than the level."""
        self.leaves.setdefault(max(leaf.cost, self.level + 1), []).append(leaf)

    @property
    def cells(self) -> int:
        """The numbers that its rows hold."""
        return self.points * sum([rows.size for rows in self.rows.values()])

    def grow(self) -> bool:
        """Add the programs of the next cost; whether all of them were added."""
        cost = self.level + 1
        starts = {type: rows.size for type, rows in self.rows.items()}
        for leaf in self.leaves.pop(cost, ()):
            self.tried += 1
            starts.setdefault(leaf.type, self.of(leaf.type).size)
            self.kept.append(leaf)
            at = np.array([len(self.kept) - 1])
            self._add(leaf.type, leaf.values[None], -1, (at,), cost)
        complete = True
        for index, rule in enumerate(self.rules):
            if not complete:
                break
            for parts in self._parts(rule, cost):
                self._evaluate(index, rule, parts, cost, starts)
                if self.stop():
                    complete = False
                    break
        for type, rows in self.rows.items():
            rows.spans[cost] = (starts.get(type, 0), rows.size)
        if complete:
            self.level = cost
        return complete

    def _parts(self, rule: Rule, cost: int) -> Iterator[tuple[np.ndarray, ...]]:
        """The places of arguments of all programs of a cost by a rule, some at a time."""
        left = cost - rule.primitive.bits
        limit = self.most.get(rule.primitive.name)
        if left < len(rule.arguments) or (limit is not None and cost > limit):
            return
        if not rule.arguments:
            if left == 0:
                yield ()
            return
        spans = [self.of(type).spans for type in rule.arguments]
        waiting: list[tuple[np.ndarray, ...]] = []
        count, chunk = 0, HIGHER_CHUNK if rule.higher else CHUNK
        for costs in product(*[range(1, left) for _ in spans[1:]]):
            first = left - sum(costs)
            if first < 1 or (rule.primitive.commutes and first > costs[0]):
                continue
            ends = [s.get(c, (0, 0)) for s, c in zip(spans, (first, *costs), strict=True)]
            sizes = [end - start for start, end in ends]
            total = int(np.prod(sizes))
            if not total:
                continue
            for begin in range(0, total, chunk):
                flat = np.arange(begin, min(total, begin + chunk))
                places = np.unravel_index(flat, sizes)
                waiting.append(
                    tuple([p + start for p, (start, _) in zip(places, ends, strict=True)])
                )
                count += len(flat)
                if count >= chunk:
                    yield tuple([np.concatenate(p) for p in zip(*waiting, strict=True)])
                    waiting, count = [], 0
        if waiting:
            yield tuple([np.concatenate(p) for p in zip(*waiting, strict=True)])

    def _evaluate(
        self,
        index: int,
        rule: Rule,
        parts: tuple[np.ndarray, ...],
        cost: int,
        starts: dict[Type, int],
    ) -> None:
        starts.setdefault(rule.result, self.of(rule.result).size)
        if not parts:
            self.tried += 1
            value = self.columns.encoded(rule.result, rule.primitive.value)
            self._add(rule.result, np.full((1, self.points), value), index, (), cost)
            return
        columns = [
            self.rows[type].values[places]
            for type, places in zip(rule.arguments, parts, strict=True)
        ]
        self.tried += len(parts[0])
        values = self.columns.apply(rule.primitive, rule.arguments, rule.result, columns)
        self._add(rule.result, values, index, parts, cost)

    def _add(
        self, type: Type, values: np.ndarray, rule: int, parts: tuple[np.ndarray, ...], cost: int
    ) -> None:
        rows = self.of(type)
        fresh = rows.seen.add(values @ self.weights)
        fresh &= (values != HOLE).any(1)
        if fresh.any():
            rows.append(values[fresh], rule, tuple([p[fresh] for p in parts]), cost)

    def term(self, type: Type, index: int) -> Term:
        """The program of a row."""
        rows = self.rows[type]
        number = int(rows.rules[index])
        if number < 0:
            return self.kept[int(rows.parts[index, 0])].term
        rule = self.rules[number]
        children = [
            self.term(each, int(rows.parts[index, i])) for i, each in enumerate(rule.arguments)
        ]
        return (rule.primitive.name, *children)
