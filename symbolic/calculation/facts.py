"""What a question gives: functions, named values, equations, conditions, and all other formulas."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.trees import (
    Definitions,
    is_name,
    is_number,
    names,
    replaced,
    unfolded,
)

INEQUALITIES = frozenset({"less", "less_equal", "greater", "greater_equal", "unequal", "and"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The formulas of a question, sorted.

    Attributes:
        functions: those that the question defines, `f(x) = ...`.
        named: names that stand for something, `A = ...`, in order.
        equations: every other equation, and `y'' + y = 0`.
        conditions: inequalities and memberships.
        loose: all formulas that state nothing.
    """

    functions: Definitions = field(default_factory=dict)
    named: dict[str, Tree] = field(default_factory=dict)
    equations: tuple[Tree, ...] = ()
    conditions: tuple[Tree, ...] = ()
    loose: tuple[Tree, ...] = ()

    def unfold(self, tree: Tree) -> Tree:
        """The tree without calls of functions that are defined here."""
        return unfolded(tree, self.functions)

    def closed(self, tree: Tree) -> Tree:
        """The tree with names exchanged for the numbers and matrices that they stand for."""
        known = {n: v for n, v in self.named.items() if not names(v) or v[0] in _WHOLES}
        return replaced(self.unfold(tree), known)


_WHOLES = frozenset({"matrix", "vector", "bracket", "tuple"})


def gather(trees: Iterable[Tree]) -> Facts:
    """The facts among formulas.

    >>> x, body = ("x",), ("power", ("x",), ("2",))
    >>> gather([("equal", ("call", ("f",), x), body)]).functions
    {'f': (('x',), ('power', ('x',), ('2',)))}
    """
    functions: dict[str, tuple[tuple[str, ...], Tree]] = {}
    named: dict[str, Tree] = {}
    equations: list[Tree] = []
    conditions: list[Tree] = []
    loose: list[Tree] = []
    pending = list(trees)
    while pending:
        tree = pending.pop(0)
        if tree[0] == "equal":
            left, right = tree[1], tree[2]
            known = left[0] == "call" and left[1][0] in functions
            if (
                left[0] == "call"
                and not known
                and all(is_name(a) for a in left[2:])
                and not _calls(right, left)
            ):
                functions[left[1][0]] = (tuple(a[0] for a in left[2:]), right)
            elif is_name(left) and left[0] not in names(right) and left[0] not in named:
                named[left[0]] = right
            else:
                equations.append(tree)
        elif tree[0] == "and" and all(part[0] == "equal" for part in tree[1:]):
            first, *others = tree[1:]
            if first[1][0] == "call" and all(is_name(a) for a in first[1][2:]):
                pending.insert(0, ("equal", first[1], others[-1][2]))  # f(x) = ... = ...
                continue
            pending = [*tree[1:], *pending]
        elif tree[0] in INEQUALITIES or tree[0] == "member":
            conditions.append(tree)
        else:
            loose.append(tree)
    return Facts(
        functions=functions,
        named=named,
        equations=tuple(equations),
        conditions=tuple(conditions),
        loose=tuple(loose),
    )


def _calls(tree: Tree, call: Tree) -> bool:
    if tree[0] in ("call", "prime") and tree[1] == call[1]:
        return True
    return any(_calls(part, call) for part in tree[1:])


def all_equations(facts: Facts) -> tuple[Tree, ...]:
    """The equations with those that name something, functions unfolded."""
    own = [("equal", (name,), tree) for name, tree in facts.named.items()]
    return tuple(facts.unfold(tree) for tree in (*own, *facts.equations))


def main_name(trees: Iterable[Tree], among: tuple[str, ...] = ()) -> str | None:
    """The variable of formulas: the only name, or the first that is usual for one."""
    found = dict.fromkeys(name for tree in trees for name in names(tree))
    if len(found) == 1:
        return next(iter(found))
    for usual in (*among, "x", "t", "n", "y", "z", "theta", "u", "r", "s"):
        if usual in found:
            return usual
    return next(iter(found), None)


def number_of(tree: Tree) -> bool:
    """Whether a tree has no names."""
    return is_number(tree) or not names(tree)
