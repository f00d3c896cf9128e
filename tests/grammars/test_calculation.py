"""Formulas as people write them: read in two independent ways, and refused with their place."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.grammars import parse, sample, text
from abduce.grammars.calculation.reader import FormulaError, read, read_all
from abduce.grammars.calculation.rules import formulas


@given(st.integers(0, 10**6))
def test_the_reader_reads_the_text_of_a_tree_as_the_grammar_does(seed: int) -> None:
    tree = sample(formulas(), random.Random(seed), max_nodes=40)
    written = text(formulas(), tree)
    assert read(written) == tree == parse(formulas(), written)


SAME = [
    (r"\frac{x+1}{2}", "(x+1)/2"),
    (r"\frac12 x", "1/2*x"),
    (r"2\sin x\cos x", "2*sin(x)*cos(x)"),
    (r"\sin^2 x", "(sin(x))^2"),
    (r"\tan^{-1}(x)", "arctan(x)"),
    (r"\sqrt{x+1}", "sqrt(x+1)"),
    (r"\left( x + 1 \right)^2", "(x+1)**2"),
    ("2xy", "2*x*y"),
    ("x²", "x^2"),
    ("e^2t", "e^(2t)"),
    (r"x \cdot y \div 2", "x*y/2"),
    (r"\dfrac{dy}{dx} = 2", "dy/dx = 2"),
    (r"\$24,\!000", "24000"),
    ("|x| + 1", "abs(x) + 1"),
    ("[[2, 1], [1, 2]]", "[2, 1; 1, 2]"),
    ("[[1], [2]]", "[1; 2]"),
    ("[[1 2] [3 4]]", "[1, 2; 3, 4]"),
    ("[2 -1; x 1/2]", "[2, -1; x, 1/2]"),
    ("[2 - 1; x + 2]", "[(2 - 1); (x + 2)]"),
    ("[sin x cos(x); 1 2]", "[sin(x), cos(x); 1, 2]"),
    ("[3 4 -1]", "[3, 4, -1]"),
    ("[3 - 1] x", "(3 - 1) x"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_latex_and_plain_text_are_the_same_formula(one: str, two: str) -> None:
    assert read(one) == read(two)


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ("2 + * 3", 5),
        ("(x + 1", 7),
        (r"\frac{1}", 9),
        ("x ? y", 3),
        ("x = =", 5),
        ("[[1, 2], [3]]", 2),
        ("[1 2; 3]", 8),
    ],
)
def test_a_formula_that_cannot_be_read_is_refused_at_its_place(wrong: str, column: int) -> None:
    with pytest.raises(FormulaError) as told:
        read(wrong)
    assert (told.value.line, told.value.column) == (1, column)


def test_a_deep_formula_is_refused_and_not_a_crash() -> None:
    for deep in ("(" * 500 + "x" + ")" * 500, "-" * 20_000 + "x", "^".join("x" * 20_000), "[" * 50):
        with pytest.raises(FormulaError):
            read(deep)


@given(st.text("0123456789xyezit+-*/^_()[]{}|=<>,.;!' \\fracsqrt", max_size=30))
def test_any_text_is_read_or_refused(text_: str) -> None:
    with suppress(FormulaError):
        assert read_all(text_)


def test_a_thousands_comma_stands_outside_of_brackets() -> None:
    assert read("58,500") == ("58500",)
    assert read("[1,200]") == ("bracket", ("1",), ("200",))
