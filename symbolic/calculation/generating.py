"""New questions of an intent: templates with numbers drawn by a seed, answered by the programs."""
# ruff: noqa: E501

import random
import re
from collections.abc import Mapping
from typing import Final

from abduce.errors import AbduceError, InputError
from abduce.symbolic.calculation.answering import calculate

TRIES: Final = 8
"""The upper limit on the draws for one question."""
TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {
    "derivative": ("Find the derivative of {a}*x^{n}*sin({b}*x).", "Find the derivative of x^{n}*e^({a}x)."),
    "limit": ("Find the limit of sin({a}x)/({b}x) as x -> 0.", "Find the limit of ({a}x^2 + 1)/({b}x^2 - x) as x -> infinity."),
    "integral": ("Evaluate the integral of {a}x^{n} + {b} from 0 to {c}.", "Evaluate the integral of x*e^({a}x) dx."),
    "tangent line": ("Find an equation of the tangent line to the curve y = x^{n} + {a}x at x = {b}.",),
    "sum of a series": (r"Find the sum of the series $\sum_{k=1}^{{c}} ({a}k + {b})$.",),
    "equations": ("Solve x^2 + {a}x - {b} = 0.", "Solve the system {a}x + y = {b}, x - y = {c}."),
    "maximum or minimum": ("Find the maximum value of f(x) = {a}x - {b}x^2.",),
    "area": ("Find the area of the region enclosed by y = x^2 and y = {a}x.",),
    "inequality": ("Solve x^2 - {a}x < {b}.",),
    "Taylor polynomial": ("Find the Taylor polynomial of e^({a}x) about x = 0 of degree {n}.",),
    "value of an expression": ("If f(x) = {a}x^2 - {b}x + {c}, what is f({n})?",),
    "division of polynomials": ("Find the remainder when x^{n} + {a}x + {b} is divided by x - {c}.",),
}  # fmt: skip
"""Questions by intent, with places for numbers."""


def generated(intent: str, number: int, seed: int) -> list[tuple[str, str]]:
    """New questions with their answers; the same for the same seed.

    Raises:
        InputError: there are no templates for the intent.
    """
    if intent not in TEMPLATES:
        raise InputError(f"the intent {intent!r}", tuple(map(repr, TEMPLATES)))
    rng = random.Random(f"{intent} {seed}")
    found: list[tuple[str, str]] = []
    for _ in range(number * TRIES):
        if len(found) == number:
            break
        text = drawn(rng.choice(TEMPLATES[intent]), rng)
        if any(text == known for known, _ in found):
            continue
        try:
            here = calculate(text)
        except AbduceError:
            continue
        if here.outcome.outcome == "answered" and here.plan.intent == intent:
            found.append((text, here.outcome.answer))
    return found


def drawn(template: str, rng: random.Random) -> str:
    """A template with its places filled.

    >>> drawn("{a}x + {b}", random.Random(1))
    '6x + 3'
    """
    numbers = {
        "n": rng.randint(2, 5),
        "c": rng.randint(2, 9),
        "a": rng.randint(2, 9),
        "b": rng.randint(2, 9),
    }
    return re.sub(r"\{([abcn])\}", lambda match: str(numbers[match[1]]), template)
