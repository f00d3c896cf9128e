"""SQL to a tree of the grammar, or the reason why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlglot import exp

from abduce.grammars.grammar import Tree
from abduce.grammars.sql.items import Items, Signature, Type, Value, Values
from abduce.grammars.sql.language import WIDEST, SqlLanguage, fits
from abduce.grammars.sql.matching import Match, matched
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.scopes import Scope, scope_of

AGGREGATES: Final = {exp.Count: "count", exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min",
                     exp.Max: "max"}  # fmt: skip
ARITHMETIC: Final = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
COMPARISONS: Final = {exp.EQ: "=", exp.NEQ: "!=", exp.LT: "<", exp.GT: ">", exp.LTE: "<=",
                      exp.GTE: ">="}  # fmt: skip
OPERATIONS: Final = {exp.Union: "union", exp.Intersect: "intersect", exp.Except: "except"}
NEGATED: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
FLIPPED: Final = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
LONGEST: Final = 20_000
"""The upper limit on the characters of a query."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A tree, and the values that it names."""

    tree: Tree
    values: Values


def read(language: SqlLanguage, text: str) -> Reading:
    """The tree of a query; the values are those that it names, not those of the language.

    Raises:
        NotCovered: no tree of the grammar stands for it; names the part.

    >>> from abduce.grammars.sql.items import Column
    >>> pets = Items(tables=("pets",), columns=(Column(table=0, name="age", type="number"),))
    >>> read(SqlLanguage(pets), "SELECT age FROM pets WHERE age > 3").values.numbers
    (3,)
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    if len(text) > LONGEST:
        raise NotCovered(f"a query of more than {LONGEST:,} characters")
    try:
        trees = [each for each in sqlglot.parse(text, dialect="sqlite") if each is not None]
    except (SqlglotError, RecursionError) as error:
        raise NotCovered("a text that is no SQL of SQLite") from error
    if len(trees) != 1:
        raise NotCovered("more than one statement" if trees else "a text without a statement")
    reader = Reader(language)
    try:
        tree = reader.query(trees[0], None)
    except RecursionError as error:
        raise NotCovered("a query that is nested too deeply") from error
    found = dict.fromkeys(reader.found)
    numbers = tuple(value for _, value in found if not isinstance(value, str))
    texts = tuple(value for _, value in found if isinstance(value, str))
    return Reading(tree, Values(numbers=numbers, texts=texts))


@dataclass(slots=True)
class Reader:
    """Reads parts of a query; `found` has its values, each with its Python type."""

    language: SqlLanguage
    found: list[tuple[type, Value]] = field(default_factory=list)

    @property
    def items(self) -> Items:
        return self.language.items

    # Queries.

    def query(self, node: Any, types: Signature | None) -> Tree:
        node = _inside(node)
        if type(node) in OPERATIONS:
            _only(node, "this", "expression", "distinct")
            if not node.args.get("distinct"):
                raise NotCovered("UNION ALL")
            sides = [_inside(each) for each in (node.this, node.expression)]
            if types is None:
                left, right = (self.types(side)[0] for side in sides)
                types = _unified(left, right)
            if len(types) > WIDEST:
                raise NotCovered(f"a set operation of more than {WIDEST} columns")
            pair = tuple(self.query(side, types) for side in sides)
            return OPERATIONS[type(node)], (f"of {' '.join(types)}", *pair)
        if not isinstance(node, exp.Select):
            raise NotCovered("a statement that is no SELECT")
        _only(node, "expressions", "from_", "joins", "where", "group", "having", "order", "limit",
              "distinct")  # fmt: skip
        distinct = node.args.get("distinct")
        if distinct is not None:
            _only(distinct)
        return ("select distinct" if distinct else "select", self._start(node, types))

    def types(self, node: Any) -> tuple[Signature, list[str | None]]:
        """The types and the names of the columns of a query."""
        node = _inside(node)
        if type(node) in OPERATIONS:
            left, names = self.types(node.this)
            return _unified(left, self.types(node.expression)[0]), names
        if not isinstance(node, exp.Select):
            raise NotCovered("a statement that is no SELECT")
        scope = scope_of(node, self.items, self.types)
        types: list[Type] = []
        names = []
        for each in node.expressions:
            inner = each.this if isinstance(each, exp.Alias) else each
            types.append(self.type_of(inner, scope))
            plain = inner.name.lower() if isinstance(inner, exp.Column) else None
            names.append(each.alias.lower() if isinstance(each, exp.Alias) else plain)
        return tuple(types), names

    def _start(self, node: exp.Select, types: Signature | None) -> Tree:
        scope = scope_of(node, self.items, self.types)
        if scope.inner is not None:
            inner = _settled(scope.types or ())
            if len(inner) > WIDEST:
                raise NotCovered(f"a query in FROM of more than {WIDEST} columns")
            match = Match((1,), 0, (), None, (), ())
            core = _Select(self, scope, match).core(node, types)
            return (
                "from a query",
                (f"of {' '.join(inner)}", self.query(scope.inner, inner), core),
            )
        drawn = _Select(self, scope, Match((1,) * len(scope.sources), 0, (), 0, (), ()))
        before = len(self.found)
        drawn.core(node, types)
        del self.found[before:]
        starts = self.language.starts(types)
        match = matched(self.language, scope, drawn.named, drawn.counts, starts)
        core = _Select(self, scope, match).core(node, types)
        groups, tables = self.language.groups, self.items.tables
        for pair, type_, group in reversed(match.across):
            places = [self._pointer(*place[0], place[1]) for place in pair]
            core = (f"and the group of {tables[groups[group][0]]} on {type_}", *places, core)
        return f"from the group of {tables[groups[match.start][0]]}", core

    def _pointer(self, table: int, occurrence: int, column: int) -> Tree:
        return (self.language.column_name(column, occurrence),)

    # Types of expressions.

    def type_of(self, node: Any, scope: Scope) -> Type:
        """The type of an expression."""
        node = node.unnest() if isinstance(node, exp.Paren) else node
        kind = type(node)
        if kind in ARITHMETIC or kind in (exp.Count, exp.Sum, exp.Avg):
            return "number"
        if kind in (exp.Min, exp.Max):
            return self.type_of(node.this, scope)
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            spot = scope.resolve(node)
            if spot is not None:
                if scope.types is not None:
                    return _settled(scope.types)[spot[1]]
                return self.items.columns[spot[1]].type
        raise NotCovered(f"{_called(node)} where a column or an aggregate can stand")


@dataclass(slots=True)
class _Select:
    """Reads one SELECT whose FROM is known.

    Attributes:
        named: the sources that were named so far.
        counts: whether rows are counted.
    """

    reader: Reader
    scope: Scope
    match: Match
    named: list[int] = field(default_factory=list)
    counts: bool = False

    def core(self, node: exp.Select, types: Signature | None) -> Tree:
        group, having = node.args.get("group"), node.args.get("having")
        aggregated = [_aggregated(each) for each in node.expressions]
        shape = "group" if group is not None else "whole" if any(aggregated) else "row"
        if shape == "whole" and not all(aggregated):
            raise NotCovered("a column beside an aggregate without GROUP BY")
        if having is not None and group is None:
            raise NotCovered("HAVING without GROUP BY")
        outputs = self.outputs(node.expressions, types, shape)
        where = self.conditions(self.scope.conditions, "row", "where")
        joins: Tree = ("inferred",)
        for pair, type_ in reversed(self.match.stated):
            places = [self.reader._pointer(*place[0], place[1]) for place in pair]
            joins = (f"on {type_}", *places, joins)
        for table in reversed(self.match.tables):
            joins = ("with table", (self._table(table),), joins)
        if shape == "whole":
            limit = node.args.get("limit")
            if node.args.get("order") is not None or limit is not None:
                raise NotCovered("ORDER BY or LIMIT of one row")
            return "whole", outputs, where, joins
        order = self.order(node, shape)
        if group is None:
            return "rows", outputs, where, order, joins
        _only(group, "expressions")
        conditions = () if having is None else (having.this,)
        told = self.conditions(conditions, "group", "having")
        return "groups", outputs, where, self.groups(group.expressions), told, order, joins

    def outputs(self, nodes: Sequence[Any], types: Signature | None, shape: str) -> Tree:
        plain = [each.this if isinstance(each, exp.Alias) else each for each in nodes]
        if types is not None:
            if len(plain) != len(types):
                raise NotCovered("a query with another number of columns than the place needs")
            both = zip(plain, types, strict=True)
            return "columns", *(self.expression(each, t, shape) for each, t in both)
        if len(plain) == 1 and (star := _starred(plain[0])) is not None:
            if shape == "whole":
                raise NotCovered("all columns beside an aggregate")
            if self.scope.inner is not None:
                return ("all columns",)
            if star == "":
                self.counts = True
                return "all columns", (self._table(self.match.counted or 0),)
            found = [i for i, s in enumerate(self.scope.sources) if s.name == star]
            if not found:
                raise NotCovered("a star of a table that FROM lacks")
            self.named += found
            if self.match.occurrences[found[0]] != 1:
                raise NotCovered("all columns of the second occurrence of a table")
            return "all columns of", (self._table(self.scope.sources[found[0]].table or 0),)
        told = [self.expression(each, None, shape) for each in plain]
        tree: Tree = ("last", told[-1])
        for each in reversed(told[:-1]):
            tree = ("more", each, tree)
        return tree

    def _table(self, table: int) -> str:
        return f"table {self.reader.items.tables[table]}"

    # Expressions.

    def expression(self, node: Any, type_: Type | None, shape: str) -> Tree:
        node = node.unnest() if isinstance(node, exp.Paren) else node
        kind = type(node)
        found = self.reader.type_of(node, self.scope)
        if not fits(found, type_):
            raise NotCovered(f"an expression of type {found} where one of type {type_} is needed")
        if kind in ARITHMETIC:
            sides = (self.expression(e, "number", shape) for e in (node.this, node.expression))
            return ARITHMETIC[kind], *sides
        if kind in AGGREGATES:
            if shape == "row":
                raise NotCovered("an aggregate among rows")
            return self.aggregate(node, AGGREGATES[kind], type_)
        if shape == "whole":
            raise NotCovered("a column beside an aggregate without GROUP BY")
        return "column", self.column(node)

    def aggregate(self, node: Any, name: str, type_: Type | None) -> Tree:
        _only(node, "this", "big_int")
        inner, distinct = node.this, False
        if isinstance(inner, exp.Distinct):
            if name != "count" or len(inner.expressions) != 1:
                raise NotCovered("DISTINCT in an aggregate other than COUNT of one column")
            inner, distinct = inner.expressions[0], True
        inner = inner.unnest() if isinstance(inner, exp.Paren) else inner
        if name == "count":
            if isinstance(inner, exp.Star | exp.Literal) and not distinct:
                self.counts = True
                if self.scope.inner is not None:
                    return ("count rows",)
                return "count rows", (self._table(self.match.counted or 0),)
            if not isinstance(inner, exp.Column):
                raise NotCovered("COUNT of more than a column")
            return "count distinct" if distinct else "count", self.column(inner)
        if name in ("sum", "avg"):
            return name, self.expression(inner, "number", "row")
        return name, self.expression(inner, type_, "row")

    def column(self, node: Any) -> Tree:
        node = node.unnest() if isinstance(node, exp.Paren) else node
        if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
            raise NotCovered(f"{_called(node)} in place of a column")
        spot = self.scope.resolve(node)
        if spot is None:
            raise NotCovered("a text in place of a column")
        if self.scope.inner is not None:
            return (f"output {spot[1] + 1}",)
        self.named.append(spot[0])
        return (self.reader.language.column_name(spot[1], self.match.occurrences[spot[0]]),)

    # Conditions.

    def conditions(self, nodes: Sequence[Any], shape: str, word: str) -> Tree:
        if not nodes:
            return (f"no {word}",)
        told = [self.condition(each, shape) for each in nodes]
        tree = told[-1]
        for each in reversed(told[:-1]):
            tree = ("and", each, tree)
        return word, tree

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
            _only(node, "this", "expression", "negate")
            value = self._literal(node.expression)
            if value is None:
                raise NotCovered("LIKE with more than a pattern")
            return f"{no}like", self.column(node.this), self.value(str(value))
        if isinstance(node, exp.Between):
            return self.between(node, shape, no)
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return f"is {no}null", self.column(node.this)
        raise NotCovered(f"{_called(node)} as a condition")

    def comparison(self, node: Any, shape: str, negated: bool) -> Tree:
        left, right, word = node.this.unnest(), node.expression.unnest(), COMPARISONS[type(node)]
        word = NEGATED[word] if negated else word
        if self._literal(left) is not None or isinstance(left, exp.Subquery | exp.Select):
            left, right, word = right, left, FLIPPED[word]
        type_ = self._type(left, right)
        return (
            f"{word} {type_}",
            self.expression(left, type_, shape),
            self.operand(left, right, type_, shape),
        )

    def _type(self, left: Any, right: Any) -> Type:
        """The type in which two sides are compared."""
        first = self.reader.type_of(left, self.scope)
        if first != "any":
            return first
        value = self._literal(right)
        if value is not None:
            return "text" if isinstance(value, str) else "number"
        if isinstance(right, exp.Subquery | exp.Select | exp.SetOperation):
            types = self.reader.types(right)[0]
            return _settled(types[:1])[0]
        return _settled((self.reader.type_of(right, self.scope),))[0]

    def operand(self, left: Any, right: Any, type_: Type, shape: str) -> Tree:
        value = self._literal(right)
        if value is not None:
            return "value", self.value(self._fitted(value, left, type_))
        if isinstance(right, exp.Subquery | exp.Select):
            return "the query", self.reader.query(right, (type_,))
        return "the expression", self.expression(right, type_, shape)

    def _fitted(self, value: Value, left: Any, type_: Type) -> Value:
        """A value of the type; SQLite turns a value into the type of a column it meets."""
        if type_ == "time" or (type_ == "text") == isinstance(value, str):
            return value
        if not isinstance(left, exp.Column):
            raise NotCovered("a value of another type than what it is compared with")
        if type_ == "text":
            return str(value)
        number = _number(str(value))
        if number is None:
            raise NotCovered("a text compared with a number")
        return number

    def between(self, node: exp.Between, shape: str, no: str) -> Tree:
        _only(node, "this", "low", "high", "negate")
        low, high = node.args["low"], node.args["high"]
        type_ = self._type(node.this, low)
        ends = [self._literal(low), self._literal(high)]
        if ends[0] is None or ends[1] is None:
            raise NotCovered("BETWEEN with more than values")
        told = [self.value(self._fitted(e, node.this, type_)) for e in ends if e is not None]
        return f"{no}between {type_}", self.expression(node.this, type_, shape), *told

    def among(self, node: exp.In, shape: str, no: str) -> Tree:
        _only(node, "this", "query", "expressions", "negate")
        query = node.args.get("query")
        if query is not None:
            type_ = self._type(node.this, query)
            left = self.expression(node.this, type_, shape)
            return f"{no}in {type_}", left, self.reader.query(query, (type_,))
        told = []
        for each in node.expressions:
            type_ = self._type(node.this, each)
            if self._literal(each) is None:
                raise NotCovered("IN with a list of more than values")
            sign = "!=" if no else "="
            left = self.expression(node.this, type_, shape)
            told.append((f"{sign} {type_}", left, self.operand(node.this, each, type_, shape)))
        if not told:
            raise NotCovered("IN with an empty list")
        tree = told[-1]
        for each in reversed(told[:-1]):
            tree = ("and" if no else "or", each, tree)
        return tree

    def value(self, value: Value) -> Tree:
        self.reader.found.append((type(value), value))
        return (f"value {value!r}",)

    def _literal(self, node: Any) -> Value | None:
        """The value that a node is; None for what is no value."""
        node = node.unnest() if isinstance(node, exp.Paren) else node
        if isinstance(node, exp.Literal):
            return node.this if node.is_string else _number(node.this)
        if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
            number = _number(node.this.this)
            return None if number is None else -number
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            return node.name if self.scope.resolve(node) is None else None
        return None

    # The end of a query.

    def groups(self, nodes: Sequence[Any]) -> Tree:
        told = [self.column(each) for each in nodes]
        tree: Tree = ("by", told[-1])
        for each in reversed(told[:-1]):
            tree = ("by these", each, tree)
        return tree

    def order(self, node: exp.Select, shape: str) -> Tree:
        order, limit = node.args.get("order"), node.args.get("limit")
        end: tuple[Tree, ...] = ()
        if limit is not None:
            _only(limit, "expression")
            number = self._literal(limit.expression)
            if not isinstance(number, int) or number < 1:
                raise NotCovered("LIMIT of more than a whole number above 0")
            if number != 1:
                self.reader.found.append((int, number))
            end = ((f"limit {number}",),)
        if order is None:
            return ("first rows", *end) if end else ("unsorted",)
        _only(order, "expressions")
        tree: Tree = ()
        for each in reversed(order.expressions):
            _only(each, "this", "desc", "nulls_first")
            way = "descending" if each.args.get("desc") else "ascending"
            if bool(each.args.get("nulls_first")) == (way == "descending"):
                raise NotCovered("NULLS FIRST or NULLS LAST")
            key = self.expression(each.this, None, shape)
            tree = (f"{way} then", key, tree) if tree else (way, key)
        return ("top", tree, *end) if end else ("sorted", tree)


def _inside(node: Any) -> Any:
    while isinstance(node, exp.Subquery | exp.Paren):
        _only(node, "this", "alias")
        node = node.this
    return node


def _starred(node: Any) -> str | None:
    """The table of a star in lower case; '' for all tables, None for no star."""
    if isinstance(node, exp.Star):
        return ""
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        return node.table.lower()
    return None


def _aggregated(node: Any) -> bool:
    """Whether an expression of a SELECT has an aggregate of its rows."""
    found: Callable[..., Any] = node.find_all
    return any(each.find_ancestor(exp.Select) is node.find_ancestor(exp.Select)
               for each in found(exp.AggFunc))  # fmt: skip


def _settled(types: Signature) -> Signature:
    return tuple("text" if each == "any" else each for each in types)


def _unified(left: Signature, right: Signature) -> Signature:
    if len(left) != len(right):
        raise NotCovered("a set operation of different numbers of columns")
    for one, other in zip(left, right, strict=True):
        if "any" not in (one, other) and one != other:
            raise NotCovered("a set operation of columns of different types")
    both = zip(left, right, strict=True)
    return _settled(tuple(other if one == "any" else one for one, other in both))


def _number(text: str) -> int | float | None:
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        finite = value == value and abs(value) < (2**63 if kind is int else float("inf"))
        return value if finite else None
    return None


def _only(node: Any, *known: str) -> None:
    """Makes sure that a node has no part that is not looked at."""
    for name, value in node.args.items():
        if name not in known and value not in (None, False, []):
            raise NotCovered(f"{_called(node)} with {name.strip('_')}")


def _called(node: Any) -> str:
    """What a person calls a node of sqlglot."""
    if isinstance(node, exp.Func):
        return f"the function {type(node).sql_name()}"
    return f"{type(node).__name__.upper()}"
