"""Answers: right on every example, equal by two ways, and withheld where a check disagrees."""

from typing import Any

import pytest
import sympy as sp

from abduce.symbolic.calculation.equivalence import equivalent
from abduce.symbolic.calculation.evaluating import Computed, computed
from abduce.symbolic.calculation.intents.rows import INTENTS
from abduce.symbolic.calculation.operations import checks
from abduce.symbolic.calculation.operations.operation import Doubtful, Unanswered
from abduce.symbolic.calculation.operations.table import OPERATIONS
from abduce.symbolic.calculation.printing import shown
from abduce.symbolic.calculation.question import read_question
from abduce.symbolic.calculation.understanding import Plan, plans

QUICK = ("derivative", "determinant", "equations", "divisors", "inequality", "coin flips", "graph")
EXAMPLES = [(row.name, text, answer) for row in INTENTS for text, answer in row.examples]
x = sp.Symbol("x")


def done_with(text: str) -> Computed:
    found, _ = plans(read_question(text), INTENTS)
    plan: Plan = found[0]
    return computed(plan.term, plan.arguments, common_log=plan.common_log, kinds=plan.kinds)


def answer_to(text: str) -> str:
    return shown(done_with(text).answer)


@pytest.mark.parametrize(
    ("name", "text", "answer"), [row for row in EXAMPLES if row[0] in QUICK], ids=str
)
def test_an_example_has_its_answer(name: str, text: str, answer: str) -> None:
    assert equivalent(answer_to(text), answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "answer"), [row for row in EXAMPLES if row[0] not in QUICK], ids=str
)
def test_every_example_has_its_answer(name: str, text: str, answer: str) -> None:
    assert equivalent(answer_to(text), answer)


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        ("Find all solutions of x^3 = 1.", 3, 0),
        ("Solve z^3 = 1.", 3, 0),
        ("Find all complex roots of x^3 - 1.", 3, 0),
        ("Solve x^3 = 1.", 1, 1),
        ("If x^3 = 8, what is x?", 1, 1),
        ("Solve the system x^2 = y, y^2 = x.", 2, 1),
        ("Find all real solutions of z^3 = 1.", 1, 0),
        ("Solve x^2 = 4.", 2, 0),
        ("Solve e^x = 2.", 1, 1),
    ],
)
def test_complex_solutions_are_given_or_said_to_be_left_out(
    text: str, count: int, told: int
) -> None:
    done = done_with(text)
    assert len(done.answer if isinstance(done.answer, list) else [done.answer]) == count
    assert len(done.remarks) == told
    assert all("real" in remark for remark in done.remarks)


def test_all_complex_roots_are_never_the_real_ones_alone() -> None:
    with pytest.raises(Unanswered, match="complex"):
        answer_to("Find all roots of x^5 - x - 1.")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("What is 20% of 350?", "20% of 350 is 70."),
        ("What is 2^10?", "2^10 = 1024."),
        ("Simplify x + 1.", "No simpler form of x + 1 was found."),
        ("Compute [1 2; 3 4] + [0 1; 1 0].", "[1, 2; 3, 4] + [0, 1; 1, 0] = [1, 3; 4, 4]."),
        ("What percent of 80 is 20?", "20 is 25% of 80."),
    ],
)
def test_a_step_says_what_was_computed(text: str, step: str) -> None:
    assert done_with(text).steps == (step,)


@pytest.mark.parametrize(
    ("end", "answer"),
    [("is 9", "1/9"), ("is at least 9", "5/18"), ("is 9 or more", "5/18"),
     ("is less than 5", "1/6"), ("is 4 or less", "1/6"), ("is even", "1/2")],
)  # fmt: skip
def test_dice_are_asked_for_exactly_or_at_least(end: str, answer: str) -> None:
    assert answer_to(f"What is the probability that the sum of two dice {end}?") == answer


SAME = [
    ("x*(x + 2)", "x^2 + 2x"), ("-sqrt(2), sqrt(2)", "sqrt(2), -sqrt(2)"), ("1/12", "12-Jan"),
    ("x = 3, y = 7", "x=3, y=7"), ("[0; -14; 7]", "<0,-14,7>"), ("9.9213", "9.92 mg"),
    ("C + x^2", "x^2 + C"), ("C1*cos(x) + C2*sin(x)", "A*0 + c_1 sin x + c_2 cos x"),
    ("(0, 9) ∪ (9, 36)", r"(0,9) \cup (9,36)"), ("converges", "Converges."), ("106", r"106^\circ"),
    ("y = 6*x - 9", "6x - y = 9"), ("52_8", "52_8"), ("58500", "58,500"),
]  # fmt: skip
DIFFERENT = [
    ("2", "3"), ("x^2", "x^3"), ("(1, 2)", "[1, 2]"), ("1, 2", "1"), ("C1*cos(x)", "C*sin(x)"),
    ("converges", "diverges"), ("[1; 2]", "[2; 1]"), ("x^2", "x^2 + C"), ("1/3", "0.34"),
    ("[0, 1)", "[0, 1]"), ("x = 3, y = 7", "x = 7, y = 3"), ("does not exist", "0"),
    ("converges absolutely", "converges conditionally"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "two"), SAME)
def test_equal_answers_are_equal(one: str, two: str) -> None:
    assert equivalent(one, two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_different_answers_are_different(one: str, two: str) -> None:
    assert not equivalent(one, two)
    assert not equivalent(two, one)


FUNCTIONS = (x**2 * sp.sin(x), sp.exp(-x) + x, 1 / (1 + x**2), x**3 - 2 * x)


@pytest.mark.parametrize(
    "function", [FUNCTIONS[-1], *[pytest.param(f, marks=pytest.mark.slow) for f in FUNCTIONS[:-1]]]
)
@pytest.mark.parametrize("fault", [1, 5])
def test_a_wrong_derivative_or_integral_is_withheld(function: Any, fault: int) -> None:
    assert checks.slope(function, x, sp.diff(function, x))
    assert checks.antiderivative(function, x, sp.integrate(function, x))
    area = sp.integrate(function, (x, 0, 1))
    assert checks.quadrature(function, x, sp.Integer(0), sp.Integer(1), area)
    for check, arguments in (
        (checks.slope, (function, x, sp.diff(function, x) + fault)),
        (checks.antiderivative, (function, x, sp.integrate(function, x) + fault * x)),
        (checks.quadrature, (function, x, sp.Integer(0), sp.Integer(1), area + fault)),
    ):
        with pytest.raises(Doubtful):
            check(*arguments)


def test_every_operation_explains_itself() -> None:
    for name, row in OPERATIONS.items():
        filled = row.about.format(*["A"] * len(row.arguments), answer="B")
        assert filled.endswith("."), name
        assert row.run.__doc__, name
