"""Programs over natural numbers, drawn at random, and the library that tests share."""

from typing import Any

from hypothesis import strategies as st

from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis import Library

X, Y, S = ("variable", 0), ("variable", 1), ("state", 0)
BINARY = Signature((INTEGER, INTEGER), INTEGER)
PLUS: Term = ("iterate", Y, ("increment", S), X)
MINUS: Term = ("iterate", Y, ("decrement", S), X)
TIMES: Term = ("iterate", Y, ("plus", S, X), ("zero",))
DIVIDE: Term = (
    "iterate", X, ("if_zero", ("minus", X, ("times", S, Y)), S, ("increment", S)), ("zero",)
)  # fmt: skip
NAMED = {"plus": PLUS, "minus": MINUS, "times": TIMES, "divide": DIVIDE}


def library(*names: str) -> Library:
    """Learned programs of these names, and of all before them."""
    found = Library()
    for name, term in NAMED.items():
        if name in names or any(n in names for n in list(NAMED)[list(NAMED).index(name) :]):
            found = found.added(name, Program(term, 2, found.table))
    return found


@st.composite
def terms(draw: st.DrawFn, calls: tuple[str, ...] = (), depth: int = 3, states: int = 0) -> Term:
    """Terms over two numbers, with iterations and calls."""
    leaves: list[Any] = [X, Y, ("zero",), ("number", draw(st.integers(3, 9)))]
    leaves += [("state", k) for k in range(states)]
    if depth == 0:
        return draw(st.sampled_from(leaves))

    def part(inner: int = states) -> Term:
        return draw(terms(calls, depth - 1, inner))

    match draw(st.sampled_from(("leaf", "increment", "decrement", "if_zero", "iterate", *calls))):
        case "leaf":
            return draw(st.sampled_from(leaves))
        case "increment" | "decrement" as name:
            return (name, part())
        case "if_zero":
            return ("if_zero", part(), part(), part())
        case "iterate":
            return ("iterate", part(), part(states + 1), part())
        case call:
            return (call, part(), part())
