"""Conditions of a query as trees."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlglot import exp

from abduce.grammars.grammar import Tree
from abduce.grammars.sql.items import Signature, Type, Value
from abduce.grammars.sql.nodes import (
    COMPARISONS,
    FLIPPED,
    NEGATED,
    called,
    number_of,
    only,
    settled,
)
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.scopes import Scope


class Parts(Protocol):
    """What reads the parts of conditions."""

    def expression(self, node: Any, type_: Type | None, shape: str) -> Tree: ...

    def column(self, node: Any) -> Tree: ...

    def query(self, node: Any, types: Signature | None) -> Tree: ...

    def types(self, node: Any) -> tuple[Signature, list[str | None]]: ...

    def type_of(self, node: Any, scope: Scope) -> Type: ...


@dataclass(frozen=True, slots=True)
class Conditions:
    """Reads conditions of one SELECT; values that they name are added to `found`."""

    scope: Scope
    parts: Parts
    found: list[tuple[type, Value]]

    def condition(self, node: Any, shape: str, negated: bool = False) -> Tree:
        node = node.unnest() if isinstance(node, exp.Paren) else node
        if node.args.get("negate"):
            negated = not negated
        kind = type(node)
        if isinstance(node, exp.Not):
            return self.condition(node.this, shape, not negated)
        if isinstance(node, exp.And | exp.Or):
            word = "and" if isinstance(node, exp.And) != negated else "or"
            sides = (node.this, node.expression)
            return word, *(self.condition(each, shape, negated) for each in sides)
        if kind in COMPARISONS:
            return self.comparison(node, shape, negated)
        no = "not " if negated else ""
        if isinstance(node, exp.In):
            return self.among(node, shape, no)
        if isinstance(node, exp.Like):
            only(node, "this", "expression", "negate")
            value = self.literal(node.expression)
            if value is None:
                raise NotCovered("LIKE with more than a pattern")
            return f"{no}like", self.parts.column(node.this), self.value(str(value))
        if isinstance(node, exp.Between):
            return self.between(node, shape, no)
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return f"is {no}null", self.parts.column(node.this)
        raise NotCovered(f"{called(node)} as a condition")

    def comparison(self, node: Any, shape: str, negated: bool) -> Tree:
        left, right, word = node.this.unnest(), node.expression.unnest(), COMPARISONS[type(node)]
        word = NEGATED[word] if negated else word
        if self.literal(left) is not None or isinstance(left, exp.Subquery | exp.Select):
            left, right, word = right, left, FLIPPED[word]
        type_ = self._type(left, right)
        return (
            f"{word} {type_}",
            self.parts.expression(left, type_, shape),
            self.operand(left, right, type_, shape),
        )

    def _type(self, left: Any, right: Any) -> Type:
        """The type in which two sides are compared."""
        first = self.parts.type_of(left, self.scope)
        if first != "any":
            return first
        value = self.literal(right)
        if value is not None:
            return "text" if isinstance(value, str) else "number"
        if isinstance(right, exp.Subquery | exp.Select | exp.SetOperation):
            types = self.parts.types(right)[0]
            return settled(types[:1])[0]
        return settled((self.parts.type_of(right, self.scope),))[0]

    def operand(self, left: Any, right: Any, type_: Type, shape: str) -> Tree:
        value = self.literal(right)
        if value is not None:
            return "value", self.value(self._fitted(value, left, type_))
        if isinstance(right, exp.Subquery | exp.Select):
            return "the query", self.parts.query(right, (type_,))
        return "the expression", self.parts.expression(right, type_, shape)

    def _fitted(self, value: Value, left: Any, type_: Type) -> Value:
        """A value of the type; SQLite turns a value into the type of a column it meets."""
        if type_ == "time" or (type_ == "text") == isinstance(value, str):
            return value
        if not isinstance(left, exp.Column):
            raise NotCovered("a value of another type than what it is compared with")
        if type_ == "text":
            return str(value)
        number = number_of(str(value))
        if number is None:
            raise NotCovered("a text compared with a number")
        return number

    def between(self, node: exp.Between, shape: str, no: str) -> Tree:
        only(node, "this", "low", "high", "negate")
        low, high = node.args["low"], node.args["high"]
        type_ = self._type(node.this, low)
        ends = [self.literal(low), self.literal(high)]
        if ends[0] is None or ends[1] is None:
            raise NotCovered("BETWEEN with more than values")
        told = [self.value(self._fitted(e, node.this, type_)) for e in ends if e is not None]
        return f"{no}between {type_}", self.parts.expression(node.this, type_, shape), *told

    def among(self, node: exp.In, shape: str, no: str) -> Tree:
        only(node, "this", "query", "expressions", "negate")
        query = node.args.get("query")
        if query is not None:
            type_ = self._type(node.this, query)
            left = self.parts.expression(node.this, type_, shape)
            return f"{no}in {type_}", left, self.parts.query(query, (type_,))
        told = []
        for each in node.expressions:
            type_ = self._type(node.this, each)
            if self.literal(each) is None:
                raise NotCovered("IN with a list of more than values")
            sign = "!=" if no else "="
            left = self.parts.expression(node.this, type_, shape)
            told.append((f"{sign} {type_}", left, self.operand(node.this, each, type_, shape)))
        if not told:
            raise NotCovered("IN with an empty list")
        tree = told[-1]
        for each in reversed(told[:-1]):
            tree = ("and" if no else "or", each, tree)
        return tree

    def value(self, value: Value) -> Tree:
        self.found.append((type(value), value))
        return (f"value {value!r}",)

    def literal(self, node: Any) -> Value | None:
        """The value that a node is; None for what is no value."""
        node = node.unnest() if isinstance(node, exp.Paren) else node
        if isinstance(node, exp.Literal):
            return node.this if node.is_string else number_of(node.this)
        if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
            number = number_of(node.this.this)
            return None if number is None else -number
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            return node.name if self.scope.resolve(node) is None else None
        return None
