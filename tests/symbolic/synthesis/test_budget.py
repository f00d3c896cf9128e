"""Every field of a budget changes what comes out, on a task where it does."""

from dataclasses import fields

import pytest

from abduce.errors import InputError
from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis import Budget, Example, synthesise
from tests.symbolic.synthesis.number_programs import BINARY, library

UNARY = Signature((INTEGER,), INTEGER)
GRID = [(x, y) for x in (0, 2, 3, 7, 8) for y in (1, 4, 5, 9)]
PLUS = [Example((x, y), x + y) for x, y in GRID]
TIMES = [Example((x, y), x * y) for x, y in GRID]
HARD = [Example((x, y), (37 * x + 11 * y * y) % 7) for x, y in GRID]
NOISY = [Example((x,), x + 1) for x in range(12)] + [Example((20,), 3), Example((21,), 9)]
MAYBE = [Example((x,), 3 if x % 4 else x) for x in range(12)]
WITNESSES = {
    "programs": (HARD, BINARY, Budget(programs=2_000), 3_000),
    "bits": (PLUS, BINARY, Budget(programs=20_000), 6.0),
    "working": (HARD, BINARY, Budget(programs=3_000), 4),
    "stepping": (TIMES, BINARY, Budget(programs=100_000), 2),
    "states": (TIMES, BINARY, Budget(programs=3_000), 3),
    "cells": (HARD, BINARY, Budget(programs=50_000), 2_000),
    "constants": ([Example((x,), 9) for x in range(2)], UNARY, Budget(programs=20_000), 3),
    "patience": (TIMES, BINARY, Budget(patience=0), 90_000),
    "noise": (NOISY, UNARY, Budget(programs=5_000, noise=0.2, unsure=100), 0.1),
    "unsure": (NOISY, UNARY, Budget(patience=0, noise=0.2, unsure=100), 3_000),
    "penalty": (MAYBE, UNARY, Budget(programs=5_000, noise=0.4, penalty=0.1), 20.0),
}
"""A task, its type, a budget, and another value of the field."""


def test_every_field_has_a_witness() -> None:
    assert set(WITNESSES) == {field.name for field in fields(Budget)}


@pytest.mark.parametrize("name", WITNESSES)
def test_every_field_changes_what_comes_out(name: str) -> None:
    from dataclasses import replace

    given, type_, budget, other = WITNESSES[name]
    known = library("plus")
    first = synthesise(given, type_, known, budget)
    assert first != synthesise(given, type_, known, replace(budget, **{name: other}))


@pytest.mark.parametrize(
    "wrong", [{"programs": 0}, {"working": 61}, {"noise": 1.0}, {"states": 1}, {"cells": 0}]
)
def test_a_budget_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        Budget(**wrong)  # type: ignore[arg-type]
