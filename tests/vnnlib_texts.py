"""Random VNN-LIB texts, and what they mean: computed on the tree of the grammar alone."""

import operator
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, reduce
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
from lark import Lark
from lark import Tree as LarkTree

import abduce.grammars
from abduce.verify.specifications.specification import Specification, violated_exactly

Point = dict[str, Fraction]

VARIABLES = ("X_0", "X_1", "Y_0", "Y_1")
ENTRIES = ("X[0,0]", "X[0,1]", "Y[0]", "Y[1]")
"""The same in VNN-LIB 2.0, where X has the shape [1,2]."""
GRID = [Fraction(k, 2) for k in (-5, -2, -1, 0, 1, 3)]
COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
}
COUNTEREXAMPLE = re.compile(r"(?:sat\s+)?\((?:\s*\([XY]_\d+\s+\S+\))*\s*\)\s*", re.ASCII)


@cache
def lark(name: str = "vnnlib") -> Lark:
    path = Path(abduce.grammars.__file__).parent / "languages" / f"{name}.lark"
    return Lark(path.read_text(encoding="utf-8"), parser="lalr")


def number(tree: Any, at: Point) -> Fraction:
    """The value of a term of the grammar's tree at a point."""
    if tree.data == "variable":
        return at["".join(tree.children[0].split())]
    if tree.data == "number":
        return Fraction(str(tree.children[0]))
    values = [number(child, at) for child in tree.children]
    if tree.data == "difference" and len(values) == 1:
        return -values[0]
    return reduce(
        {"sum": operator.add, "difference": operator.sub, "product": operator.mul}[tree.data],
        values,
    )


def holds(tree: Any, at: Point) -> bool:
    """Whether a formula of the grammar's tree holds at a point."""
    match tree:
        case LarkTree(data="comparison", children=[sign, left, right]):
            return COMPARE[str(sign)](number(left, at), number(right, at))
        case LarkTree(data="not", children=[formula]):
            return not holds(formula, at)
        case LarkTree(data="and", children=formulas):
            return all(holds(formula, at) for formula in formulas)
        case LarkTree(data="or", children=formulas):
            return any(holds(formula, at) for formula in formulas)
    raise AssertionError(tree)


def meaning(text: str, grammar: str = "vnnlib") -> Callable[[Point], bool]:
    """Whether a point satisfies a text."""
    asserted = [tree.children[0] for tree in lark(grammar).parse(text).find_data("assertion")]
    return lambda at: all(holds(formula, at) for formula in asserted)


def found(specification: Specification, x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
    """Whether a point violates a case, exactly and in floats alike."""
    exactly = any(violated_exactly(case, x, y) for case in specification.cases)
    rounded = specification.violated_by(np.array(x, float), np.array(y, float))
    assert (rounded is not None) == exactly
    return exactly


def same(a: Specification, b: Specification) -> None:
    """The same cases, in the same order and entry by entry."""
    assert (a.inputs, a.outputs, len(a.cases)) == (b.inputs, b.outputs, len(b.cases))
    for one, other in zip(a.cases, b.cases, strict=True):
        for name in ("lower", "upper", "inputs", "outputs", "bounds", "strict"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


numbers = st.sampled_from(["0", "1", "-1", "0.5", "-2.50", "3", "1e0", "-.5", "25E-1", "+2", "1."])
constants = st.recursive(
    numbers,
    lambda inner: st.builds("({} {} {})".format, st.sampled_from("+-*"), inner, inner),
    max_leaves=3,
)


def terms(variables: Sequence[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(variables) | numbers,
        lambda inner: st.one_of(
            st.builds("({} {} {})".format, st.sampled_from("+-"), inner, inner),
            st.builds("(+ {} {} {})".format, inner, inner, inner),
            st.builds("(* {} {})".format, constants, inner),
            st.builds("(* {} {})".format, inner, constants),
            st.builds("(- {})".format, inner),
        ),
        max_leaves=4,
    )


def formulas(
    variables: Sequence[str], signs: Sequence[str], with_not: bool
) -> st.SearchStrategy[str]:
    sides = st.sampled_from(variables) | numbers | terms(variables)

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.builds(
            lambda sign, parts: f"({sign} {' '.join(parts)})",
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=1, max_size=3),
        )
        return joined | st.builds("(not {})".format, inner) if with_not else joined

    atoms = st.builds("({} {} {})".format, st.sampled_from(signs), sides, sides)
    return st.recursive(atoms, larger, max_leaves=6)


def read_counterexample(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The input and the output of a counterexample in the form of VNN-COMP; a `sat` in front is
    passed over."""
    assert COUNTEREXAMPLE.fullmatch(text), text
    found: dict[str, list[float]] = {"X": [], "Y": []}
    for letter, number, value in re.findall(r"([XY])_(\d+)\s+([^\s()]+)", text):
        assert int(number) == len(found[letter]), text
        found[letter].append(float(value))
    return np.array(found["X"]), np.array(found["Y"])
