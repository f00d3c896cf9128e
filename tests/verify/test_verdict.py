"""Verdicts are values with three kinds, and no truth values."""

from typing import Any

import numpy as np
import pytest

from abduce.verify.networks.network import Dense, Input, Network, Node
from abduce.verify.specifications.expressions import variables
from abduce.verify.verdict import Proved, Refuted, Unknown
from abduce.verify.verification import Budget, verify

VERDICTS = [Proved(), Refuted(np.zeros(1), np.zeros(1), 0), Unknown("out of time")]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: type(verdict).__name__)
def test_a_verdict_is_not_true_or_false(verdict: Any) -> None:
    name = type(verdict).__name__.lower()
    for use in (
        bool,
        lambda v: not v,
        lambda v: v and 1,
        lambda v: v or 1,
        lambda v: 1 if v else 0,
    ):
        with pytest.raises(TypeError, match=f"not true or false: {name}\nWrite isinstance"):
            use(verdict)
    with pytest.raises(TypeError):
        list(filter(None, [verdict]))


@pytest.mark.parametrize("bound", [0.5, 2.0])
def test_asserting_what_verify_returns_is_an_error(bound: float) -> None:
    node = Node(Dense(np.ones((1, 1)), np.zeros(1)), (0,), (1,), "y")
    network = Network((Node(Input(), (), (1,), "x"), node), 1, {})
    x, y = variables(network)
    property_ = ((x >= -1) & (x <= 1)).implies(y <= bound)
    kind = Proved if bound > 1 else Refuted
    assert isinstance(verify(network, property_, Budget(timeout_s=20)), kind)
    with pytest.raises(TypeError):
        assert verify(network, property_, Budget(timeout_s=20))  # pyright: ignore
    with pytest.raises(TypeError):
        _ = 1 if verify(network, property_, Budget(timeout_s=20)) else 0  # pyright: ignore


def test_notebooks_show_what_a_verdict_says_and_nothing_as_markup() -> None:
    assert Proved()._repr_html_() == "<b>proved</b>"
    assert "&lt;script&gt;" in Unknown("<script>")._repr_html_()
    shown = Refuted(np.arange(20.0), np.zeros(1), 0)._repr_html_()
    assert "(20,): 0, 1, 2, 3, 4, 5, 6, 7, ..." in shown
    for verdict in VERDICTS:
        assert verdict._repr_html_().startswith(f"<b>{type(verdict).__name__.lower()}</b>")
