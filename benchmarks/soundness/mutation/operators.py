"""The operators: each makes one slip at one node of the syntax tree, wherever it applies."""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

Change = Callable[[ast.AST], ast.AST | None]
"""The node that stands in the place of another; None where the operator does not apply."""

ROUNDING: Final = re.compile(r"error|noise|gamma|room|slack|TINY|UNIT|FUNCTION_UNITS|SEARCHED")
"""Names of terms that count rounding errors."""
PAIRS: Final[Mapping[str, str]] = MappingProxyType(
    {
        one: other
        for pair in (
            ("minimum", "maximum"),
            ("min", "max"),
            ("argmin", "argmax"),
            ("floor", "ceil"),
            ("lower", "upper"),
            ("low", "high"),
            ("below", "above"),
            ("lower_slope", "upper_slope"),
            ("all", "any"),
        )
        for one, other in (pair, pair[::-1])
    }
)
"""Names that stand for the two ends of an interval, or choose between them."""


def _names(node: ast.AST) -> Sequence[str]:
    found = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    return found + [each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)]


def _counts_rounding(node: ast.AST) -> bool:
    return any(ROUNDING.search(name) for name in _names(node))


def rounding_dropped(node: ast.AST) -> ast.AST | None:
    """`a + error` becomes `a`."""
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right) if _counts_rounding(right):
            return None if _counts_rounding(left) else left
        case ast.BinOp(left, ast.Add(), right) if _counts_rounding(left):
            return right
        case ast.Call(ast.Attribute(attr="nextafter"), [x, *_]):
            return x
    return None


def ends_exchanged(node: ast.AST) -> ast.AST | None:
    """`low` becomes `high`, `np.minimum` becomes `np.maximum`, where they are read."""
    match node:
        case ast.Attribute(value, attr, ast.Load()) if attr in PAIRS:
            return ast.Attribute(value, PAIRS[attr], ast.Load())
        case ast.Call(ast.Name(name), arguments, keywords) if name in PAIRS:
            return ast.Call(ast.Name(PAIRS[name], ast.Load()), arguments, keywords)
    return None


def sign_turned(node: ast.AST) -> ast.AST | None:
    """`a + b` becomes `a - b`, and `-a` becomes `a`."""
    match node:
        case ast.BinOp(left, ast.Add(), right) if not _is_text(left, right):
            return ast.BinOp(left, ast.Sub(), right)
        case ast.BinOp(left, ast.Sub(), right):
            return ast.BinOp(left, ast.Add(), right)
        case ast.UnaryOp(ast.USub(), operand) if not isinstance(operand, ast.Constant):
            return operand
    return None


def _is_text(*nodes: ast.AST) -> bool:
    return any(isinstance(node, ast.List | ast.Tuple | ast.JoinedStr) for node in nodes) or any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) for node in nodes
    )


def condition_turned(node: ast.AST) -> ast.AST | None:
    """`if a` becomes `if not a`, and the two choices of `np.where` are exchanged."""
    match node:
        case ast.If(test, body, other):
            return ast.If(ast.UnaryOp(ast.Not(), test), body, other)
        case ast.IfExp(test, body, other):
            return ast.IfExp(test, other, body)
        case ast.Call(ast.Attribute(attr="where") as function, [test, one, other], keywords):
            return ast.Call(function, [test, other, one], keywords)
    return None


def refusal_left_out(node: ast.AST) -> ast.AST | None:
    """`raise ...` becomes nothing."""
    return ast.Pass() if isinstance(node, ast.Raise) else None


def attribute_ignored(node: ast.AST) -> ast.AST | None:
    """`attributes.get(name, default)` and `site.number(name, default)` become the default."""
    match node:
        case ast.Call(ast.Attribute(attr=name), [ast.Constant(str()), default]) if name in (
            *("get", "number", "text", "integers"),
        ):
            return default
    return None


def cast_left_out(node: ast.AST) -> ast.AST | None:
    """`x.astype(...)` becomes `x`."""
    match node:
        case ast.Call(ast.Attribute(value, "astype"), _, _):
            return value
    return None


def branch_lost(node: ast.AST) -> ast.AST | None:
    """A loop and a comprehension pass over the first of what they go through."""
    match node:
        case ast.For(target, iterated, body, other):
            return ast.For(target, _rest(iterated), body, other)
        case ast.comprehension(target, iterated, conditions, is_async):
            return ast.comprehension(target, _rest(iterated), conditions, is_async)
    return None


def _rest(iterated: ast.expr) -> ast.expr:
    return ast.Subscript(
        ast.Call(ast.Name("list", ast.Load()), [iterated], []),
        ast.Slice(ast.Constant(1)),
        ast.Load(),
    )


def comparison_turned(node: ast.AST) -> ast.AST | None:
    """`a < b` becomes `a >= b`, and `a > b` becomes `a <= b`."""
    turned = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}
    turned |= {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
    match node:
        case ast.Compare(left, [relation], others) if type(relation) in turned:
            return ast.Compare(left, [turned[type(relation)]()], others)
    return None


def axis_moved(node: ast.AST) -> ast.AST | None:
    """The axis -1 becomes 0, the axis 0 becomes -1, and the axis 1 becomes 2."""
    match node:
        case ast.keyword("axis", ast.Constant(0)):
            return ast.keyword("axis", ast.Constant(-1))
        case ast.keyword("axis", ast.Constant(1)):
            return ast.keyword("axis", ast.Constant(2))
        case ast.keyword("axis", ast.UnaryOp(ast.USub(), ast.Constant(1))):
            return ast.keyword("axis", ast.Constant(0))
    return None


def factor_dropped(node: ast.AST) -> ast.AST | None:
    """`a * b` becomes `a`."""
    match node:
        case ast.BinOp(left, ast.Mult(), right) if not isinstance(left, ast.List | ast.Tuple):
            return left if not isinstance(left, ast.Constant) else right
    return None


OPERATORS: Final[Mapping[str, Change]] = MappingProxyType(
    {
        "rounding dropped": rounding_dropped,
        "ends exchanged": ends_exchanged,
        "sign turned": sign_turned,
        "condition turned": condition_turned,
        "refusal left out": refusal_left_out,
        "attribute ignored": attribute_ignored,
        "cast left out": cast_left_out,
        "branch lost": branch_lost,
        "comparison turned": comparison_turned,
        "axis moved": axis_moved,
        "factor dropped": factor_dropped,
    }
)
"""All operators by name."""
