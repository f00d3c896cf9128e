"""Expressions: sqlglot's trees into ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlglot import exp

from abduce.verify.queries.query import (
    Aggregate,
    Among,
    Constant,
    Exists,
    Expression,
    Operation,
    Query,
    Scalar,
    width,
)
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.scopes import Scope
from abduce.verify.queries.walking import columns_of

COMPARISONS: Final[Mapping[type[exp.Expr], str]] = MappingProxyType(
    {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
)
TESTS: Final = (*COMPARISONS, exp.Is, exp.In, exp.Like, exp.Between)
ARITHMETIC: Final[Mapping[type[exp.Expr], str]] = MappingProxyType(
    {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%", exp.DPipe: "||"}
)
AGGREGATES: Final[Mapping[type[exp.Expr], str]] = MappingProxyType(
    {exp.Count: "count", exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min", exp.Max: "max"}
)
FUNCTIONS: Final[Mapping[type[exp.Expr], str]] = MappingProxyType(
    {exp.Abs: "abs", exp.Lower: "lower", exp.Upper: "upper", exp.Length: "length"}
)
IGNORED: Final = {exp.Count: {"big_int"}, exp.DPipe: {"safe"}, exp.Div: {"typed", "safe"}}
"""Arguments of sqlglot that only say how another dialect would write the node."""
LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads expressions of one scope; `query` reads a subquery within it."""

    scope: Scope
    query: Callable[[exp.Expr, Scope], Query]

    def conjuncts(self, node: exp.Expr) -> tuple[Expression, ...]:
        """A condition as a conjunction."""
        node = node.unnest() if isinstance(node, exp.Paren) else node
        if isinstance(node, exp.And):
            self._only(node, "this", "expression")
            return (*self.conjuncts(node.this), *self.conjuncts(node.expression))
        return (self.read(node),)

    def read(self, node: exp.Expr) -> Expression:
        """An expression.

        Raises:
            Outside: a part of it is not understood.
        """
        kind = type(node)
        if kind in COMPARISONS:
            return Operation(COMPARISONS[kind], self._two(node))
        if kind in ARITHMETIC:
            return Operation(ARITHMETIC[kind], self._two(node))
        if kind in AGGREGATES:
            return self._aggregate(node, AGGREGATES[kind])
        if kind in FUNCTIONS:
            self._only(node, "this")
            return Operation(f"function {FUNCTIONS[kind]}", (self.read(node.this),))
        match node:
            case exp.Paren():
                self._only(node, "this")
                return self.read(node.this)
            case exp.And() | exp.Or():
                self._only(node, "this", "expression")
                name = "and" if isinstance(node, exp.And) else "or"
                return Operation(name, (self.read(node.this), self.read(node.expression)))
            case exp.Not():
                self._only(node, "this")
                return Operation("not", (self.read(node.this),))
            case exp.Neg():
                return self._negative(node)
            case exp.Literal():
                return _literal(node)
            case exp.Null():
                return Constant(None)
            case exp.Column():
                return self._column(node)
            case exp.Is():
                return self._negated(node, Operation("is", self._two(node, "negate")))
            case exp.Like():
                return self._negated(node, Operation("like", self._two(node, "negate")))
            case exp.Between():
                return self._between(node)
            case exp.In():
                return self._in(node)
            case exp.Exists():
                self._only(node, "this")
                return Exists(self.query(_inside(node.this), self.scope))
            case exp.Subquery() | exp.Select() | exp.SetOperation():
                query = self.query(_inside(node), self.scope)
                if width(query) != 1:
                    raise Outside("a row of several values")
                return Scalar(query)
            case _:
                raise Outside(_name(node))

    def _two(self, node: exp.Expr, *also: str) -> tuple[Expression, Expression]:
        """Both operands, where SQLite and sqlglot group them alike."""
        self._only(node, "this", "expression", *also)
        _check_grouping(node)
        return self.read(node.this), self.read(node.expression)

    def _negated(self, node: exp.Expr, found: Expression) -> Expression:
        return Operation("not", (found,)) if node.args.get("negate") else found

    def _between(self, node: exp.Between) -> Expression:
        self._only(node, "this", "low", "high", "negate")
        _check_grouping(node)
        value = self.read(node.this)
        low, high = self.read(node.args["low"]), self.read(node.args["high"])
        both = Operation(">=", (value, low)), Operation("<=", (value, high))
        return self._negated(node, Operation("and", both))

    def _in(self, node: exp.In) -> Expression:
        self._only(node, "this", "query", "expressions", "negate")
        _check_grouping(node)
        if isinstance(node.this, exp.Tuple):
            raise Outside("a row of several values")
        value = self.read(node.this)
        if (query := node.args.get("query")) is not None:
            inner = self.query(_inside(query), self.scope)
            if width(inner) != 1:
                raise Outside("a row of several values")
            return self._negated(node, Among((value,), inner))
        listed = [self.read(each) for each in node.expressions]
        if not listed or not all(isinstance(each, Constant) for each in listed):
            raise Outside("IN with a list that has more than constants")
        equal = tuple(Operation("=", (value, each)) for each in listed)
        return self._negated(node, equal[0] if len(equal) == 1 else Operation("or", equal))

    def _aggregate(self, node: exp.Expr, name: str) -> Expression:
        self._only(node, "this")
        operand, distinct = node.this, False
        if isinstance(operand, exp.Distinct):
            if len(operand.expressions) != 1 or operand.args.get("on"):
                raise Outside("DISTINCT of several values")
            operand, distinct = operand.expressions[0], True
        if isinstance(operand, exp.Star):
            if name != "count" or distinct:
                raise Outside(f"{name.upper()}(*)")
            return Aggregate("count", None)
        if operand is None:
            raise Outside(f"{name.upper()}()")
        read = self.read(operand)
        aliases = {column.source for column in columns_of(read)}
        if not all(self.scope.holds(alias) for alias in aliases):
            raise Outside("an aggregate of a column of an outer query")
        return Aggregate(name, read, distinct)

    def _negative(self, node: exp.Neg) -> Expression:
        self._only(node, "this")
        if not isinstance(node.this, exp.Literal | exp.Column | exp.Paren):
            raise Outside("a minus sign without parentheses")
        read = self.read(node.this)
        if isinstance(read, Constant) and isinstance(read.value, int | float):
            return Constant(-read.value)
        return Operation("negative", (read,))

    def _column(self, node: exp.Column) -> Expression:
        self._only(node, "this", "table")
        name, table = node.this, node.args.get("table")
        if not isinstance(name, exp.Identifier):
            raise Outside(_name(name))
        return self.scope.resolve(
            name.name, None if table is None else table.name, bool(name.args.get("quoted"))
        )

    def _only(self, node: exp.Expr, *known: str) -> None:
        only(node, *known)


def only(node: exp.Expr, *known: str) -> None:
    """Makes sure that a node of sqlglot has no part that is not looked at.

    Raises:
        Outside: it has one.
    """
    allowed = {*known, *IGNORED.get(type(node), ())}
    for name, value in node.args.items():
        if name not in allowed and value not in (None, False, []):
            raise Outside(f"{_name(node)} with {name.strip('_').replace('_', ' ')}")


def _check_grouping(node: exp.Expr) -> None:
    """Makes sure that precedence does not matter where SQLite and sqlglot differ in it.

    Raises:
        Outside: it matters.
    """
    parts = [node.args.get(name) for name in ("this", "expression", "low", "high")]
    for part in parts:
        if isinstance(node, TESTS) and isinstance(part, (*TESTS, exp.Not, exp.And, exp.Or)):
            raise Outside("comparisons of comparisons without parentheses")
        if not isinstance(node, TESTS):
            if isinstance(part, (*TESTS, exp.Not, exp.And, exp.Or)):
                raise Outside("arithmetic of comparisons without parentheses")
            if isinstance(node, exp.DPipe) != isinstance(part, exp.DPipe) and (
                (isinstance(node, exp.DPipe) and isinstance(part, (*ARITHMETIC, exp.Neg)))
                or isinstance(part, exp.DPipe)
            ):
                raise Outside("|| beside arithmetic without parentheses")


def _inside(node: exp.Expr) -> exp.Expr:
    """The query in parentheses."""
    while isinstance(node, exp.Subquery):
        only(node, "this")
        node = node.this
    return node


def _literal(node: exp.Literal) -> Constant:
    if node.is_string:
        return Constant(node.this)
    try:
        number = int(node.this)
    except ValueError:
        try:
            real = float(node.this)
        except ValueError:
            raise Outside(f"the number {node.this}") from None
        if real in (float("inf"), float("-inf")):
            raise Outside(f"the number {node.this}") from None
        return Constant(real)
    if number > LARGEST:
        raise Outside(f"the number {node.this}")
    return Constant(number)


def _name(node: exp.Expr) -> str:
    """What a person calls a node of sqlglot."""
    if isinstance(node, exp.Anonymous):
        return f"the function {node.name.upper()}"
    if isinstance(node, exp.Func):
        return f"the function {type(node).sql_name()}"
    return f"the operator {type(node).__name__.upper()}"
