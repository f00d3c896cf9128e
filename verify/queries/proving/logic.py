"""Conditions in SQLite's logic of three values: one way to write them, and when they fail on NULL.

Source: SQLite documentation, SQL Language Expressions; Date & Darwen 1997, A Guide to the SQL
Standard, chapter 16 (three-valued logic).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from abduce.verify.queries.query import (
    Aggregate,
    Among,
    Column,
    Constant,
    Expression,
    Operation,
)

IsNull = Callable[[Column], bool]
OPPOSITE: Final[Mapping[str, str]] = MappingProxyType(
    {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
)
FLIPPED: Final[Mapping[str, str]] = MappingProxyType({">": "<", ">=": "<="})
STRICT: Final = (*OPPOSITE, "+", "-", "*", "/", "%", "||", "negative", "like", "function abs",
                 "function lower", "function upper", "function length")  # fmt: skip
"""Operators that give NULL where one operand is NULL."""


def conjuncts(condition: Expression, negated: bool = False) -> tuple[Expression, ...]:
    """A condition, or its negation, as a conjunction in which NOT stands innermost.

    >>> a, b = Column("s", "a"), Column("s", "b")
    >>> [c.name for c in conjuncts(Operation("or", (Operation(">", (a, b)), b)), negated=True)]
    ['<=', 'not']
    """
    found = pushed(condition, negated)
    if isinstance(found, Operation) and found.name == "and":
        return tuple(part for each in found.operands for part in conjuncts(each))
    return (found,)


def pushed(condition: Expression, negated: bool = False) -> Expression:
    """A condition, or its negation, with NOT pushed inwards; > and >= are written as < and <=."""
    match condition:
        case Operation("not", (inner,)):
            return pushed(inner, not negated)
        case Operation("and" | "or" as name, operands):
            told = {"and": "or", "or": "and"}[name] if negated else name
            parts: list[Expression] = []
            for each in operands:
                part = pushed(each, negated)
                if isinstance(part, Operation) and part.name == told:
                    parts += part.operands
                else:
                    parts.append(part)
            return Operation(told, tuple(dict.fromkeys(parts)))
        case Operation(name, (left, right)) if name in OPPOSITE:
            told = OPPOSITE[name] if negated else name
            if told in FLIPPED:
                return Operation(FLIPPED[told], (right, left))
            return Operation(told, (left, right))
        case _:
            return Operation("not", (condition,)) if negated else condition


def gives_null(expression: Expression, null: IsNull) -> bool:
    """Whether an expression is NULL wherever these columns are."""
    match expression:
        case Column():
            return null(expression)
        case Constant(value):
            return value is None
        case Operation(name, operands) if name in STRICT:
            return any(gives_null(each, null) for each in operands)
        case Operation("not" | "and" | "or", operands):
            return all(gives_null(each, null) for each in operands)
        case _:
            return False


def never_true(condition: Expression, null: IsNull) -> bool:
    """Whether a condition is false or NULL wherever these columns are NULL."""
    if gives_null(condition, null):
        return True
    match condition:
        case Operation("and", operands):
            return any(never_true(each, null) for each in operands)
        case Operation("or", operands):
            return all(never_true(each, null) for each in operands)
        case Operation("not", (Operation("is", (value, Constant(None))),)):
            return gives_null(value, null)
        case Operation("is", (value, Constant(other))) if other is not None:
            return gives_null(value, null)
        case Among((value,), _):
            return gives_null(value, null)
        case _:
            return False


Value = int | float | str | bytes | None
MAYBE: Final = object()
"""The value of an expression of which nothing is known."""


def of_one_row(expression: Expression, null: IsNull) -> object:
    """The value of an expression of a group that is one row in which these columns are NULL.

    It is `MAYBE` where that is not known; conditions give True, False or None.
    """
    match expression:
        case Aggregate("count", None, _):
            return 1
        case Aggregate(name, operand, _) if operand is not None and gives_null(operand, null):
            return 0 if name == "count" else None
        case Aggregate():
            return MAYBE
        case Constant(value):
            return value
        case Operation("and" | "or" as name, operands):
            found = [of_one_row(each, null) for each in operands]
            ends = name == "or"
            if any(each is ends for each in found):
                return ends
            known = all(each is None or isinstance(each, bool) for each in found)
            return (None if None in found else not ends) if known else MAYBE
        case Operation("not", (inner,)):
            found_ = of_one_row(inner, null)
            if isinstance(found_, bool):
                return not found_
            return None if found_ is None else MAYBE
        case Operation(name, (left, right)) if name in OPPOSITE:
            return _compared(name, of_one_row(left, null), of_one_row(right, null))
        case _:
            return None if gives_null(expression, null) else MAYBE


def _compared(name: str, left: object, right: object) -> object:
    if left is None or right is None:
        return None
    if isinstance(left, int | float) and isinstance(right, int | float):
        return {
            "=": left == right, "<>": left != right, "<": left < right, "<=": left <= right,
            ">": left > right, ">=": left >= right,
        }[name]  # fmt: skip
    return MAYBE
