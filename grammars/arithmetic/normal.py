"""The normal form of an expression: one order for terms of sums and for factors of products.

A sum with differences becomes all that is added, in the order of the text, less all that is
subtracted; products with quotients likewise. A decoder then has one form to learn of many that are
equal.

Source: Wang et al. 2018, Translating a math word problem to an expression tree (equation
normalization); here quotients are part of it.
"""

from collections.abc import Sequence
from typing import Final

from abduce.grammars.arithmetic.expressions import pointed
from abduce.grammars.grammar import Tree

_DIRECT: Final = {"add": "add", "subtract": "add", "multiply": "multiply", "divide": "multiply"}
_INVERSE: Final = {"add": "subtract", "multiply": "divide"}


def normal(tree: Tree) -> Tree:
    """The normal form; its value is the same wherever the expression has a value.

    >>> normal(("add", ("quantity1",), ("subtract", ("quantity0",), ("quantity2",))))
    ('subtract', ('add', ('quantity0',), ('quantity1',)), ('quantity2',))
    """
    if len(tree) == 1:
        return tree
    name = _DIRECT[tree[0]]
    plus: list[Tree] = []
    minus: list[Tree] = []
    todo: list[tuple[Tree, bool]] = [(tree, True)]
    while todo:
        node, direct = todo.pop()
        if len(node) > 1 and _DIRECT[node[0]] == name:
            todo.append((node[1], direct))
            todo.append((node[2], direct == (node[0] == name)))
        else:
            (plus if direct else minus).append(normal(node))
    return _chained(_ordered(plus), _ordered(minus), name)


def _chained(plus: Sequence[Tree], minus: Sequence[Tree], name: str) -> Tree:
    found, *more = plus
    for node in more:
        found = (name, found, node)
    for node in minus:
        found = (_INVERSE[name], found, node)
    return found


def _ordered(parts: Sequence[Tree]) -> list[Tree]:
    return sorted(parts, key=lambda part: (_places(part), repr(part)))


def _places(tree: Tree) -> tuple[float, ...]:
    """The quantities of an expression from left to right; constants come last."""
    found: list[float] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        if len(node) == 1:
            index = pointed(node[0])
            found.append(float("inf") if index is None else index)
        todo += node[:0:-1]
    return tuple(found)
