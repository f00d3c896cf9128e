"""Small functions on trees of formulas: names, substitution, definitions unfolded.

They know no sympy: what is asked is understood before anything is computed.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from abduce.grammars.grammar import Tree

CONSTANTS: Final = frozenset({"pi", "e", "i", "infinity", "dots", "above", "below", "both"})
RELATIONS: Final = frozenset(
    {"equal", "less", "less_equal", "greater", "greater_equal", "unequal", "and"}
)
BINDERS: Final = {"sum": 2, "product": 2, "integral": 2, "antiderivative": 2, "limit": 2}
"""The nodes that bind a name, with the place of the name."""


def nodes(tree: Tree) -> Iterator[Tree]:
    """All nodes, the root first."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node[1:])


def is_number(tree: Tree) -> bool:
    """Whether a leaf is a number."""
    return len(tree) == 1 and (tree[0][0].isdigit() or tree[0][0] == ".")


def is_name(tree: Tree) -> bool:
    """Whether a leaf is a name, and no constant."""
    return len(tree) == 1 and not is_number(tree) and tree[0] not in CONSTANTS


def names(tree: Tree) -> tuple[str, ...]:
    """The free names, in order.

    >>> names(("add", ("x",), ("sum", ("k",), ("k",), ("1",), ("n",))))
    ('x', 'n')
    """
    found: dict[str, None] = {}

    def visit(node: Tree, bound: frozenset[str]) -> None:
        if is_name(node):
            if node[0] not in bound:
                found.setdefault(node[0])
            return
        if node[0] in ("call", "prime"):
            for part in node[2 if node[0] == "call" else 1 :]:
                visit(part, bound)
            return
        if node[0] in BINDERS:
            inner = bound | {node[2][0]}
            visit(node[1], inner)
            for part in node[3:]:
                visit(part, bound)
            return
        for part in node[1:]:
            visit(part, bound)

    visit(tree, frozenset())
    return tuple(found)


def called(tree: Tree) -> tuple[str, ...]:
    """The functions that are called, in order."""
    found: dict[str, None] = {}
    for node in nodes(tree):
        if node[0] in ("call", "prime"):
            found.setdefault(node[1][0])
        if node[0] == "inverse":
            found.setdefault(node[1][0])
    return tuple(found)


def replaced(tree: Tree, by: Mapping[str, Tree]) -> Tree:
    """The tree with names exchanged for trees; bound names stay."""
    if len(tree) == 1:
        return by.get(tree[0], tree)
    if tree[0] in BINDERS:
        inner = {name: new for name, new in by.items() if name != tree[2][0]}
        body = replaced(tree[1], inner)
        return (tree[0], body, tree[2], *(replaced(part, by) for part in tree[3:]))
    return (tree[0], *(replaced(part, by) for part in tree[1:]))


Definitions = Mapping[str, tuple[tuple[str, ...], Tree]]
"""Functions, each with the names of its arguments and its body."""


def unfolded(tree: Tree, functions: Definitions, depth: int = 0) -> Tree:
    """The tree with every call of a defined function exchanged for its body.

    >>> square = {"f": (("x",), ("power", ("x",), ("2",)))}
    >>> unfolded(("call", ("f",), ("3",)), square)
    ('power', ('3',), ('2',))
    """
    if depth > 40 or len(tree) == 1:
        return tree
    if tree[0] == "call" and tree[1][0] in functions:
        places, body = functions[tree[1][0]]
        arguments = [unfolded(part, functions, depth) for part in tree[2:]]
        if len(places) == len(arguments):
            bound = dict(zip(places, arguments, strict=True))
            return unfolded(replaced(body, bound), functions, depth + 1)
    if tree[0] == "compose":
        parts = _composed(tree)
        known = [part[0] for part in parts if is_name(part) and part[0] in functions]
        if len(known) == len(parts):
            inner: Tree = (functions[known[-1]][0][0],)
            for name in reversed(known):
                inner = unfolded(("call", (name,), inner), functions, depth + 1)
            return inner
    return (tree[0], *(unfolded(part, functions, depth) for part in tree[1:]))


def _composed(tree: Tree) -> list[Tree]:
    if tree[0] != "compose":
        return [tree]
    return [*_composed(tree[1]), tree[2]]


def plain(tree: Tree) -> Tree:
    """The tree with repeating decimals and numbers in a base exchanged for plain numbers.

    Raises:
        ValueError: a digit that the base does not have.

    >>> plain(("repeating", ("0.",), ("7",))), plain(("in_base", ("12",), ("8",)))
    (('divide', ('7',), ('9',)), ('10',))
    """
    if len(tree) == 1:
        return tree
    if tree[0] == "repeating":
        start, digits = tree[1][0], tree[2][0]
        whole, _, fixed = start.partition(".")
        bottom = (10 ** len(digits) - 1) * 10 ** len(fixed)
        top = int(f"{whole}{fixed}{digits}") - int(f"{whole}{fixed}" or 0)
        return ("divide", (str(top),), (str(bottom),))
    if tree[0] == "in_base" and is_number(tree[2]):
        return (str(int(tree[1][0], int(tree[2][0]))),)
    return (tree[0], *(plain(part) for part in tree[1:]))
