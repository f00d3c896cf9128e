"""The view `run`: a tree evaluated in an algebra.

An *algebra* gives every rule name a function from the values of the children to the value of the
node. The same tree becomes Python values, columns, modules, formulas or text: whatever the algebra
makes of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from abduce.errors import InputError
from abduce.grammars.grammar import Tree

Algebra = Mapping[str, Callable[..., Any]]


def run(tree: Tree, algebra: Algebra) -> Any:
    """Fold a tree bottom-up; children from left to right, no recursion.

    Raises:
        InputError: the algebra has no function for a name.

    >>> run(("plus", ("one",), ("one",)), {"one": lambda: 1, "plus": lambda x, y: x + y})
    2

    Source: Goguen et al. 1977, Initial algebra semantics (the unique homomorphism from trees).
    """
    preorder: list[Tree] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        preorder.append(node)
        if len(node) > 1:
            todo.extend(node[:0:-1])
    values: list[Any] = []
    for node in reversed(preorder):
        try:
            function = algebra[node[0]]
        except KeyError:
            raise InputError(f"{node[0]!r}, which the algebra does not interpret") from None
        count = len(node) - 1
        if count == 0:
            values.append(function())
        else:
            arguments = values[: -count - 1 : -1]
            del values[-count:]
            values.append(function(*arguments))
    (value,) = values
    return value
