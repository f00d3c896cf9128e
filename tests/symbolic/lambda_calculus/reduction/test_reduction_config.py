"""Every field of the configuration of a reduction is read: another value changes an outcome."""

from collections.abc import Mapping
from typing import Final

import pytest

from abduce import clock
from abduce.configuration import configured, leaves
from abduce.symbolic.lambda_calculus import Outcome, normal_form, parse
from abduce.symbolic.lambda_calculus.reduction.config import REDUCTION, ReductionConfig

OMEGA = "(\\x. x x) (\\x. x x)"
GROWING = "(\\x. x x x) (\\x. x x x)"
WITNESSES: Final[Mapping[str, tuple[str, tuple[str, ...], str]]] = {
    "strategy": (f"(\\x y. y) ({OMEGA})", ("fuel=1000",), '"applicative"'),
    "engine": ("11 2", (), '"compiled"'),
    "eta": ("\\x. y x", (), "true"),
    "fuel": ("10 2", (), "5"),
    "nodes": ("3 2", (), "2"),
    "cells": (GROWING, ("fuel=300000", 'engine="plain"'), "20000"),
    "plain_steps": ("11 2", (), "1000"),
    "start_up_s": ("11 2", ("plain_steps=1000",), "1000000000"),
}
"""For each field a term, settings, and a value with which the outcome is another one."""


def reduced(term: str, config: ReductionConfig) -> Outcome:
    limits = config.limits(clock.wall_s() + 1e6)
    return normal_form(
        parse(term), config.strategy, eta=config.eta, engine=config.engine, limits=limits
    )


def test_every_field_has_a_witness() -> None:
    assert set(WITNESSES) == set(leaves(REDUCTION))


@pytest.mark.parametrize("field", WITNESSES)
def test_another_value_changes_an_outcome(field: str) -> None:
    term, settings, value = WITNESSES[field]
    before = configured(REDUCTION, None, settings)
    after = configured(before, None, [f"{field}={value}"])
    assert reduced(term, before) != reduced(term, after)
