"""Random lambda terms, and a naive reducer: substitution on nested tuples, as in the textbook.

The reducer shares nothing with the package: trees are ("v", name or index), ("l", body) and ("a",
function, argument), free variables are names, and it recurses.
"""

from typing import Any

from hypothesis import strategies as st

from abduce.symbolic.lambda_calculus import Strategy, Term

Tree = tuple[Any, ...]
FREE = ("y", "z")


@st.composite
def terms(draw: st.DrawFn, *, closed: bool = False, size: int = 25) -> Term:
    """A term of about so many nodes at most, rich in redexes and shared variables."""
    codes: list[int] = []
    binders: list[str] = []
    depths = [0]
    while depths:
        depth = depths.pop()
        leaves = [2 + index for index in range(min(depth, 4))]
        leaves += [] if closed else [-1, -2]
        full = len(codes) + len(depths) >= size
        kinds = "v" if full and leaves else "l" if full or not leaves else "vvlllaaaa"
        match draw(st.sampled_from(kinds)):
            case "a":
                codes.append(0)
                depths += (depth, depth)
            case "l":
                codes.append(1)
                binders.append(draw(st.sampled_from(("x", "y", "f", "x1", "true", "l"))))
                depths.append(depth + 1)
            case _:
                codes.append(draw(st.sampled_from(leaves)))
    return Term.of(codes, FREE, binders)


def tree_of(term: Term) -> Tree:
    codes = iter(term.codes)

    def tree() -> Tree:
        code = next(codes)
        if code == 0:
            function = tree()
            return ("a", function, tree())
        if code == 1:
            return ("l", tree())
        return ("v", term.free[~code] if code < 0 else code - 2)

    return tree()


def term_of(tree: Tree) -> Term:
    codes: list[int] = []
    names: list[str] = []

    def write(tree: Tree) -> None:
        if tree[0] == "a":
            codes.append(0)
            write(tree[1])
            write(tree[2])
        elif tree[0] == "l":
            codes.append(1)
            write(tree[1])
        elif isinstance(tree[1], int):
            codes.append(tree[1] + 2)
        else:
            if tree[1] not in names:
                names.append(tree[1])
            codes.append(~names.index(tree[1]))

    write(tree)
    return Term.of(codes, names)


def shift(tree: Tree, by: int, cut: int = 0) -> Tree:
    if tree[0] == "a":
        return ("a", shift(tree[1], by, cut), shift(tree[2], by, cut))
    if tree[0] == "l":
        return ("l", shift(tree[1], by, cut + 1))
    return ("v", tree[1] + by) if isinstance(tree[1], int) and tree[1] >= cut else tree


def substitute(tree: Tree, value: Tree, index: int = 0) -> Tree:
    if tree[0] == "a":
        return ("a", substitute(tree[1], value, index), substitute(tree[2], value, index))
    if tree[0] == "l":
        return ("l", substitute(tree[1], shift(value, 1), index + 1))
    if tree[1] == index:
        return value
    return ("v", tree[1] - 1) if isinstance(tree[1], int) and tree[1] > index else tree


def step(tree: Tree, strategy: Strategy) -> Tree | None:
    """One step, by the definition of the strategy; None where there is none."""
    if tree[0] == "v":
        return None
    if tree[0] == "l":
        body = None if strategy == "weak-head" else step(tree[1], strategy)
        return body and ("l", body)
    _, function, argument = tree
    contracted = substitute(function[1], argument) if function[0] == "l" else None
    if contracted and strategy != "applicative":
        return contracted
    if (inner := step(function, strategy)) is not None:
        return ("a", inner, argument)
    if strategy in ("normal", "applicative") and (inner := step(argument, strategy)) is not None:
        return ("a", function, inner)
    return contracted


def size(tree: Tree) -> int:
    return 1 + sum(size(part) for part in tree[1:] if isinstance(part, tuple))


def reduce_naively(
    term: Term, strategy: Strategy, fuel: int = 60, largest: int = 3000
) -> tuple[Term, int] | None:
    """The result and the number of steps; None where that takes too many or too much."""
    tree, count = tree_of(term), 0
    while (after := step(tree, strategy)) is not None:
        tree, count = after, count + 1
        if count > fuel or size(tree) > largest:
            return None
    return term_of(tree), count
