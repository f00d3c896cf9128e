"""Sums are the polynomials that sympy multiplies out, and their determinants the field's."""

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.discrete.geometry import IN_CIRCLE, ORIENTATION
from abduce.verify.discrete.polynomials import PolynomialSpecification
from abduce.verify.discrete.sums import Sum, collected, determinant, variable
from abduce.verify.discrete.tours import MOVES

leaves = st.sampled_from(["x", "y", "z"]) | st.integers(-(2**70), 2**70)
formulas = st.recursive(
    leaves, lambda part: st.tuples(st.sampled_from("+-*"), part, part), max_leaves=8
)


def value(formula: Any, of: Any) -> Any:
    if not isinstance(formula, tuple):
        return of(formula) if isinstance(formula, str) else formula
    sign, one, other = formula
    a, b = value(one, of), value(other, of)
    return a + b if sign == "+" else a - b if sign == "-" else a * b


@settings(deadline=None)
@given(formulas)
def test_sums_are_what_sympy_multiplies_out(formula: Any) -> None:
    found = value(formula, variable)
    found = found if isinstance(found, Sum) else collected([((), found)])
    symbols = sympy.symbols("x y z")
    wanted = sympy.Poly(value(formula, sympy.Symbol), *symbols)
    terms = {
        tuple("xyz"[k] for k, power in enumerate(powers) for _ in range(power)): int(coefficient)
        for powers, coefficient in wanted.terms()
        if coefficient
    }
    assert found == Sum(terms)


@pytest.mark.parametrize("told", [ORIENTATION, IN_CIRCLE])
def test_determinants_are_those_of_sympy(told: PolynomialSpecification) -> None:
    symbols = sympy.symbols(told.variables)
    points = list(zip(symbols[::2], symbols[1::2], strict=True))
    lifted = [[x, y, *([x * x + y * y] if len(points) == 4 else []), 1] for x, y in points]
    right = sympy.Poly(sympy.Matrix(lifted).det(method="berkowitz"), *symbols)
    assert told.terms() == {powers: int(value) for powers, value in right.terms()}
    assert told.value(*symbols).expand() == right.as_expr()


@given(st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_determinants_of_numbers_are_those_of_sympy(rows: list[list[int]]) -> None:
    assert determinant(rows) == sympy.Matrix(rows).det()


def test_what_does_not_cancel_is_no_polynomial_of_the_variables() -> None:
    told = PolynomialSpecification("x", ("x",), lambda x: x + variable("inside"))
    with pytest.raises(ValueError, match="inside does not cancel"):
        told.terms()


def test_the_insides_of_paths_cancel_in_every_move() -> None:
    assert {name: len(told.terms()) for name, told in MOVES.items()} == {
        "exchange": 4,
        "insertion": 6,
    }
