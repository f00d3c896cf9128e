"""How intents read their arguments and write their programs."""

from dataclasses import dataclass
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.facts import Facts, all_equations, main_name
from abduce.symbolic.calculation.trees import is_name, is_number, names, nodes
from abduce.symbolic.calculation.understanding import Asked
from abduce.symbolic.programs.typed.terms import Term

ZERO: Final[Tree] = ("0",)
INFINITY: Final[Tree] = ("infinity",)
MINUS_INFINITY: Final[Tree] = ("negate", ("infinity",))
MATRICES: Final = frozenset({"matrix", "vector", "bracket", "tuple"})


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its arguments: formulas, numbers, words and further calls."""

    name: str
    parts: tuple["Tree | Call | int | str", ...]


def call(name: str, *parts: "Tree | Call | int | str") -> Call:
    """An operation at arguments."""
    return Call(name, parts)


def built(what: Call) -> tuple[Term, tuple[Tree, ...]]:
    """The program of a call, and its arguments.

    >>> built(call("simplify", ("x",)))
    (('simplify', ('variable', 0)), (('x',),))
    """
    arguments: list[Tree] = []

    def term(part: "Tree | Call | int | str") -> Term:
        match part:
            case Call(name, parts):
                return (name, *(term(inner) for inner in parts))
            case int():
                return ("number", part)
            case str():
                return ("token", part)
            case _:
                arguments.append(part)
                return ("variable", len(arguments) - 1)

    return term(what), tuple(arguments)


def several(trees: "tuple[Tree, ...] | list[Tree]") -> Tree:
    """Trees as one argument."""
    return ("list", *trees)


def body_of(tree: Tree, facts: Facts) -> tuple[Tree, str | None] | None:
    """The expression of a formula that stands for a function, and its variable.

    `f(x) = x^2`, `y = x^2`, `x^2` and `f`, where f is defined, all give x^2.
    """
    if tree[0] == "equal":
        left, right = tree[1], tree[2]
        if left[0] == "call" and all(is_name(a) for a in left[2:]):
            return facts.unfold(right), left[2][0]
        if is_name(left) and left[0] not in names(right):
            body = facts.unfold(right)
            return body, main_name([body])
        return None
    if is_name(tree) and tree[0] in facts.functions:
        places, body = facts.functions[tree[0]]
        return facts.unfold(body), places[0]
    if tree[0] == "call" and tree[1][0] in facts.functions:
        body = facts.unfold(tree)
        return body, main_name([body])
    if is_name(tree) and tree[0] in facts.named:
        body = facts.unfold(facts.named[tree[0]])
        return body, main_name([body])
    if tree[0] in ("less", "greater", "and", "tends", "member", "list", "congruent"):
        return None
    body = facts.unfold(tree)
    return body, main_name([body])


def function(asked: Asked, key: str = "f") -> tuple[Tree, str] | None:
    """The expression that a question is about, with its variable: the one that the pattern took,
    else a function that is defined, else `y = ...`, else a loose expression."""
    every = asked.every
    given = asked.match.get(key)
    if given is not None and not (
        given[0] == "call" and given[1][0] not in every.functions and _defined(asked)
    ):
        found = body_of(asked.match[key], every)
        if found is None or found[1] is None:
            if found is not None and is_name(asked.match[key]):
                return None
            return (found[0], "x") if found else None
        if is_name(found[0]) and is_name(asked.match[key]) and _defined(asked):
            return _defined(asked)
        return found[0], found[1]
    return _defined(asked)


def _defined(asked: Asked) -> tuple[Tree, str] | None:
    facts, every = asked.facts, asked.every
    if len(facts.functions) == 1:
        places, body = next(iter(facts.functions.values()))
        return every.unfold(body), places[0]
    bodies = {n: t for n, t in facts.named.items() if names(t) and not is_name(t)}
    if len(bodies) == 1 and not facts.functions:
        body = every.unfold(next(iter(bodies.values())))
        return body, main_name([body]) or "x"
    loose = [t for t in facts.loose if len(t) > 1 and t[0] not in MATRICES and t[0] != "tends"
             and t[0] != "call"]  # fmt: skip
    if len(loose) == 1 and not facts.functions and not bodies:
        body = every.unfold(loose[0])
        return body, main_name([body]) or "x"
    return None


def value_of(asked: Asked, key: str) -> Tree | None:
    """A formula that the pattern took, with names exchanged for what they stand for."""
    return asked.every.closed(asked.match[key]) if key in asked.match else None


def only_number(trees: "tuple[Tree, ...]") -> bool:
    """Whether all trees are without names."""
    return all(not names(tree) for tree in trees)


def matrix_of(asked: Asked, key: str = "m") -> Tree | None:
    """The matrix or vector that the pattern took, or the only one of the question."""
    if key in asked.match:
        tree = asked.every.closed(asked.match[key])
        if tree[0] == "equal":
            tree = asked.every.closed(tree[2])
        return tree if has_matrix(tree) else (_only_matrix(asked) if is_name(tree) else None)
    return _only_matrix(asked)


def _only_matrix(asked: Asked) -> Tree | None:
    wholes = {n for n, t in asked.facts.named.items() if has_matrix(t)}
    if any(len(t) > 1 and wholes & set(names(t)) for t in asked.every.loose):
        return None  # an expression of the matrix is meant
    found = [t for t in asked.facts.loose if has_matrix(t)]
    found += [t for t in asked.facts.named.values() if has_matrix(t)]
    return asked.every.closed(found[0]) if len(found) == 1 else None


def has_matrix(tree: Tree) -> bool:
    """Whether a matrix or vector stands in a tree."""
    return any(node[0] in MATRICES for node in nodes(tree))


def matrices(asked: Asked) -> list[Tree]:
    """All matrices and vectors of a question, named ones too, in order."""
    found: list[Tree] = []
    for tree in asked.trees:
        if tree[0] == "equal" and tree[2][0] in MATRICES:
            found.append(tree[2])
        elif tree[0] in MATRICES:
            found.append(tree)
        elif tree[0] == "multiply" and tree[2][0] in MATRICES and is_name(tree[1]):
            found.append(tree[2])  # P(1, 2)
        elif tree[0] == "call" and len(tree) > 3:
            found.append(("tuple", *tree[2:]))
    return found


def equations(asked: Asked) -> tuple[Tree, ...]:
    """All equations of a question, those that name something too."""
    return all_equations(asked.every)


def bounds(asked: Asked) -> tuple[str, Tree, Tree] | None:
    """The variable and the ends of the only condition `a <= x <= b`, `x = a, x = b`, `[a, b]`."""
    for condition in asked.every.conditions:
        if condition[0] == "and" and len(condition) == 3:
            first, second = condition[1], condition[2]
            if first[2] == second[1] and is_name(first[2]):
                if first[0] in ("less", "less_equal"):
                    return first[2][0], first[1], second[2]
                return first[2][0], second[2], first[1]
    return None


def integer(tree: Tree | None) -> bool:
    """Whether a tree is a whole number."""
    return tree is not None and is_number(tree) and tree[0].isdigit()
