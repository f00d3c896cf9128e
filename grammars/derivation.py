"""A tree read through its grammar: which rule stands where.

Every view that walks a tree walks this list, so that none recurses and no depth is too great.
"""

from collections.abc import Iterable

from abduce.errors import InputError
from abduce.grammars.grammar import Grammar, Rule, Sort, Tree


def derivation(grammar: Grammar, tree: Tree, sort: Sort | None = None) -> list[Rule]:
    """The rules of a tree in preorder (node first, then children from left to right).

    Raises:
        InputError: the tree is not one of this grammar.

    >>> nat = Grammar.of([Rule("n", "z"), Rule("n", "s", ("n",), (0,))], "n")
    >>> [rule.name for rule in derivation(nat, ("s", ("s", ("z",))))]
    ['s', 's', 'z']
    """
    rules: list[Rule] = []
    todo: list[tuple[Sort, Tree]] = [(grammar.start if sort is None else sort, tree)]
    while todo:
        sort, node = todo.pop()
        if not isinstance(node, tuple) or not node:
            raise InputError(f"{node!r} as a tree of sort {sort!r}", ("a tuple (name, *children)",))
        rule = grammar.rule(sort, node[0])
        if len(node) != len(rule.args) + 1:
            raise InputError(
                f"{len(node) - 1} children of {rule.name!r}, sort {sort!r}", (str(len(rule.args)),)
            )
        rules.append(rule)
        todo.extend(zip(reversed(rule.args), reversed(node[1:]), strict=True))
    return rules


def tree_of(rules: Iterable[Rule]) -> Tree:
    """The tree with this preorder; the inverse of `derivation`.

    >>> z, s = Rule("n", "z"), Rule("n", "s", ("n",), (0,))
    >>> tree_of([s, s, z])
    ('s', ('s', ('z',)))
    """
    # From the right, the children of a node are the topmost trees of the stack, the first child on
    # top.
    stack: list[Tree] = []
    for rule in reversed(list(rules)):
        if count := len(rule.args):
            children = stack[: -count - 1 : -1]
            del stack[-count:]
            stack.append((rule.name, *children))
        else:
            stack.append((rule.name,))
    (tree,) = stack
    return tree
