"""Nodes of sqlglot: what they are called, what is within them, and types and numbers."""

from collections.abc import Callable
from typing import Any, Final

from sqlglot import exp

from abduce.grammars.sql.items import Signature
from abduce.grammars.sql.outside import NotCovered

AGGREGATES: Final = {exp.Count: "count", exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min",
                     exp.Max: "max"}  # fmt: skip
ARITHMETIC: Final = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
COMPARISONS: Final = {exp.EQ: "=", exp.NEQ: "!=", exp.LT: "<", exp.GT: ">", exp.LTE: "<=",
                      exp.GTE: ">="}  # fmt: skip
OPERATIONS: Final = {exp.Union: "union", exp.Intersect: "intersect", exp.Except: "except"}
NEGATED: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
FLIPPED: Final = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def inside(node: Any) -> Any:
    while isinstance(node, exp.Subquery | exp.Paren):
        only(node, "this", "alias")
        node = node.this
    return node


def starred(node: Any) -> str | None:
    """The table of a star in lower case; '' for all tables, None for no star."""
    if isinstance(node, exp.Star):
        return ""
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        return node.table.lower()
    return None


def aggregated(node: Any) -> bool:
    """Whether an expression of a SELECT has an aggregate of its rows."""
    found: Callable[..., Any] = node.find_all
    return any(each.find_ancestor(exp.Select) is node.find_ancestor(exp.Select)
               for each in found(exp.AggFunc))  # fmt: skip


def settled(types: Signature) -> Signature:
    return tuple("text" if each == "any" else each for each in types)


def unified(left: Signature, right: Signature) -> Signature:
    if len(left) != len(right):
        raise NotCovered("a set operation of different numbers of columns")
    for one, other in zip(left, right, strict=True):
        if "any" not in (one, other) and one != other:
            raise NotCovered("a set operation of columns of different types")
    both = zip(left, right, strict=True)
    return settled(tuple(other if one == "any" else one for one, other in both))


def number_of(text: str) -> int | float | None:
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        finite = value == value and abs(value) < (2**63 if kind is int else float("inf"))
        return value if finite else None
    return None


def only(node: Any, *known: str) -> None:
    """Makes sure that a node has no part that is not looked at."""
    for name, value in node.args.items():
        if name not in known and value not in (None, False, []):
            raise NotCovered(f"{called(node)} with {name.strip('_')}")


def called(node: Any) -> str:
    """What a person calls a node of sqlglot."""
    if isinstance(node, exp.Func):
        return f"the function {type(node).sql_name()}"
    return f"{type(node).__name__.upper()}"
