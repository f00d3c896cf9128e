"""The one JSON form: the same fields for every verdict, and evidence that can be checked again."""

import json
from typing import Any

import numpy as np
import pytest

from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.arithmetic import ADD, COMPARE, INCREMENT, SUBTRACT
from abduce.symbolic.programs.streams import StreamSpecification
from abduce.verify.discrete.product import is_inductive, prove_stream
from abduce.verify.ledger import (
    Assumption,
    Neuron,
    Parameters,
    SearchLedger,
    Subdomain,
    Tightened,
)
from abduce.verify.verdict import (
    Certificate,
    Checked,
    Evidence,
    ProductPairs,
    Proved,
    Refuted,
    Unknown,
    Verdict,
    Work,
)
from abduce.verify.verdict_json import result, verdict_json

POINT = Refuted(np.array([[0.5, -1.0]]), np.array([2.0]), 3)
WORD = Refuted(np.array([1, 0]), np.array([1, 1]), 0, expected=np.array([1, 0]))
INFINITE = Refuted(np.array([0.5]), np.array([np.inf, np.nan]), 0)
HALF = np.array([[0.5, -1.0]], np.float32)
CHOSEN = Parameters({1: None, 2: np.array([3])}, {1: HALF}, {}, {2: HALF}, np.array([1.0]))
LEDGER = SearchLedger(
    [
        Subdomain(0, None, (0, 2), (Assumption(0, 1, -1.0, np.inf),), -np.inf, "split"),
        Subdomain(1, 0, (Neuron(1, 4, -1),), (), 0.5, "bound", (2,), {Neuron(1, 4, -1): CHOSEN}),
        Tightened(0, Assumption(1, 4, -np.inf, 2.0)),
    ]
)
VERDICTS: list[tuple[Verdict, str]] = [
    (Proved(Work(3, 2, 0, 0.25), float32=True, checked=Checked(8, 1, 1)), "unsat"),
    (Proved(rounding=POINT), "sat"),
    (Proved(rounding=INFINITE), "unknown"),
    (Proved(certificate=Certificate("claim", "method", 4, ProductPairs(((0, (1, 2)),)))), "unsat"),
    (Proved(certificate=Certificate("claim", "method", 4, LEDGER)), "unsat"),
    (POINT, "sat"),
    (WORD, "sat"),
    (Unknown("out of time after 3 s", Work(open=2)), "timeout"),
    (Unknown("out of memory"), "unknown"),
]


def plain(verdict: Verdict) -> dict[str, Any]:
    return json.loads(json.dumps(verdict_json(verdict), allow_nan=False))


@pytest.mark.parametrize(("verdict", "word"), VERDICTS)
def test_every_verdict_has_the_same_fields_and_is_plain_json(verdict: Verdict, word: str) -> None:
    found = plain(verdict)
    assert found == verdict_json(verdict)
    assert list(found) == list(verdict_json(Unknown("")))
    assert found["verdict"] == type(verdict).__name__.lower()
    assert found["result"] == result(verdict) == word
    assert (found["reason"] is not None) == isinstance(verdict, Unknown)
    assert (found["counterexample"] is not None) == isinstance(verdict, Refuted)
    assert Work(*(found[name] for name in Work.__slots__)) == verdict.work


@pytest.mark.parametrize("point", [POINT, WORD])
def test_a_counterexample_can_be_read_back(point: Refuted) -> None:
    found = plain(point)["counterexample"]
    x = np.array(found["input"], point.x.dtype).reshape(found["shape"])
    assert np.array_equal(x, point.x)
    assert found["output"] == point.y.ravel().tolist()
    assert found["case"] == point.case
    assert (found["expected"] is None) == (point.expected is None)
    assert (found["vnnlib"] is not None) == (point is POINT)


def test_what_is_not_finite_is_null() -> None:
    found = plain(Proved(rounding=INFINITE))["rounding"]
    assert (found["output"], found["vnnlib"]) == ([None, None], None)


@pytest.mark.parametrize("asked", [ADD, SUBTRACT, COMPARE, INCREMENT], ids=lambda s: s.claim)
def test_product_pairs_are_an_invariant_after_they_were_json(asked: StreamSpecification) -> None:
    machine = compiled(asked)
    found = plain(prove_stream(machine, asked))["certificate"]  # type: ignore[arg-type]
    assert found["evidence"]["kind"] == "product pairs"
    pairs = [tuple(pair) for pair in found["evidence"]["pairs"]]
    assert is_inductive(machine, asked, pairs)  # type: ignore[arg-type]


def test_a_ledger_has_its_entries_in_json() -> None:
    found = plain(Proved(certificate=Certificate("claim", "method", 4, LEDGER)))["certificate"]
    split, closed, tightened = found["evidence"]["entries"]
    assert [split["kind"], closed["kind"], tightened["kind"]] == [
        "subdomain",
        "subdomain",
        "tightened",
    ]
    neuron = {"layer": 1, "entry": 4, "sign": -1}
    assert (split["parent"], split["goals"], split["bound"]) == (None, [0, 2], None)
    assert split["assumed"] == [{"layer": 0, "entry": 1, "low": -1.0, "high": None}]
    assert (closed["goals"], closed["closed"], closed["end"]) == ([neuron], [2], "bound")
    ((goal, chosen),) = closed["parameters"]
    assert goal == neuron
    assert chosen["entries"] == [[1, None], [2, [3]]]
    assert chosen["alpha_lower"] == [[1, HALF.tolist()]]
    assert tightened["bounds"] == {"layer": 1, "entry": 4, "low": None, "high": 2.0}


@pytest.mark.parametrize("evidence", [ProductPairs(((0, 0),)), LEDGER])
def test_evidence_makes_neither_the_repr_nor_a_comparison_longer(evidence: Evidence) -> None:
    bare, full = Certificate("claim", "method", 4), Certificate("claim", "method", 4, evidence)
    assert repr(bare) == repr(full)
    assert bare == full
    assert hash(bare) == hash(full)
