"""The grammar of formulas: the trees that the reader makes, with one bracketed text for each.

The text is plain mathematics, so that the reader reads it as the same tree: two independent ways
from text to tree, and a source of formulas to sample. Nodes that stand outside of expressions, such
as matrices, intervals and limits, are the reader's alone.
"""

from functools import cache

from abduce.grammars.grammar import Grammar, Rule

EXPRESSION = "expression"
RELATION = "relation"
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "^"}
FUNCTIONS = ("sin", "cos", "tan", "arctan", "ln", "exp", "sqrt", "abs", "floor")
RELATIONS = {"equal": "=", "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">="}
LEAVES = ("x", "y", "t", "pi", "e", "0", "1", "2", "3", "10", "0.5")


@cache
def formulas() -> Grammar:
    """Expressions and relations over a few names and numbers.

    >>> from abduce.grammars.parsing import parse
    >>> parse(formulas(), "( ( x + 1 ) = sin ( 2 ) )")
    ('equal', ('add', ('x',), ('1',)), ('sin', ('2',)))
    """
    e, two = EXPRESSION, (EXPRESSION, EXPRESSION)
    rules = [Rule(RELATION, name, two, ("(", 0, sign, 1, ")")) for name, sign in RELATIONS.items()]
    rules += [Rule(e, leaf, (), (leaf,), 2.0) for leaf in LEAVES]
    rules += [Rule(e, name, two, ("(", 0, sign, 1, ")")) for name, sign in SIGNS.items()]
    rules += [Rule(e, name, (e,), (name, "(", 0, ")"), 0.3) for name in FUNCTIONS]
    rules += [
        Rule(e, "negate", (e,), ("(", "-", 0, ")")),
        Rule(e, "factorial", (e,), ("(", 0, ")", "!"), 0.2),
    ]
    return Grammar.of(rules, RELATION)
