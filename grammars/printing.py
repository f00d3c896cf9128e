"""The view `text`: a tree as a sentence."""

from abduce.grammars.derivation import derivation
from abduce.grammars.grammar import Grammar, Tree


def tokens(grammar: Grammar, tree: Tree) -> list[str]:
    """The tokens of a tree, from left to right.

    >>> from abduce.grammars.grammar import Rule
    >>> plus = Rule("e", "plus", ("e", "e"), (0, "+", 1))
    >>> sums = Grammar.of([Rule("e", "one", (), ("1",)), plus], "e")
    >>> tokens(sums, ("plus", ("one",), ("one",)))
    ['1', '+', '1']
    """
    rules = derivation(grammar, tree)
    # Right to left each node finds the pieces of its children on the stack. Pieces nest instead of
    # being joined, so that a deep tree costs no more than its size.
    stack: list[tuple] = []
    for rule in reversed(rules):
        count = len(rule.args)
        children = stack[: -count - 1 : -1] if count else []
        if count:
            del stack[-count:]
        stack.append(tuple(p if isinstance(p, str) else children[p] for p in rule.text))
    out: list[str] = []
    todo: list[str | tuple] = list(stack)
    while todo:
        piece = todo.pop()
        if isinstance(piece, str):
            out.append(piece)
        else:
            todo.extend(reversed(piece))
    return out


def text(grammar: Grammar, tree: Tree) -> str:
    """The sentence of a tree: its tokens with the grammar's separator between them.

    >>> from abduce.grammars.grammar import Rule
    >>> plus = Rule("e", "plus", ("e", "e"), (0, "+", 1))
    >>> sums = Grammar.of([Rule("e", "one", (), ("1",)), plus], "e", separator="")
    >>> text(sums, ("plus", ("one",), ("one",)))
    '1+1'
    """
    return grammar.separator.join(tokens(grammar, tree))
