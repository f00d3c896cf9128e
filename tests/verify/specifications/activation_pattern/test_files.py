"""Files of patterns: read back as they were written, and refused with the place of a mistake."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.specifications.activation_pattern.files import (
    patterns_of,
    patterns_text,
    read_patterns,
    write_patterns,
)
from abduce.verify.specifications.activation_pattern.mining import mine
from abduce.verify.specifications.activation_pattern.observing import (
    layer_sizes,
    observed,
    relu_layers,
)
from abduce.verify.specifications.activation_pattern.pattern import Ball, Patterns
from tests.networks import layered

NETWORK = layered(np.random.default_rng(2), RELU, 3, 4, 5, 2)


def mined(seed: int) -> Patterns:
    rng = np.random.default_rng(seed)
    inputs, layers = rng.uniform(-1, 1, (60, 3)), relu_layers(NETWORK)
    seen = observed(NETWORK, inputs, layers)
    first, *rest = mine(seen, seen.answers, 0.8, layers)
    patterns = (replace(first, ball=Ball(rng.random(3), float(rng.random()))), *rest)
    low = inputs.min(0)
    return Patterns(0.8, layers, layer_sizes(NETWORK, layers), low, np.ones(3), patterns, "ab" * 32)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_patterns_are_read_back_exactly(seed: int) -> None:
    patterns = mined(seed)
    text = patterns_text(patterns)
    read = patterns_of(text, NETWORK)
    assert patterns_text(read) == text
    assert (read.lower == patterns.lower).all()
    assert (read.upper == patterns.upper).all()
    for mine_, theirs in zip(patterns.patterns, read.patterns, strict=True):
        assert mine_.neurons == theirs.neurons
        assert (mine_.examples == theirs.examples).all()


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "nap.json"
    write_patterns(path, mined(1))
    assert patterns_text(read_patterns(path, NETWORK)) == path.read_text()
    assert '"zero_is_active":false' in path.read_text()


def put(*keys: Any, value: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = value

    return change


def dropped(*keys: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        del data[keys[-1]]

    return change


MISTAKES = [
    (put("format", value="nap 2"), '"nap 2" at format'),
    (put("zero_is_active", value=True), "true at zero_is_active"),
    (put("delta", value=0.3), "0.3 at delta"),
    (put("delta", value="0.99"), '"0.99" at delta'),
    (put("network_sha256", value=3), "3 at network_sha256"),
    (put("stranger", value=1), 'the key "stranger" at the top level'),
    (dropped("box"), "no key 'box' at the top"),
    (put("box", "lower", value=[0.0]), "at box.lower, expected 3 numbers"),
    (put("box", "lower", value=2.0), "at box.lower of input 0"),
    (put("box", "upper", value=True), "true at box.upper"),
    (put("box", "upper", value=10**400), "at box.upper, expected a finite number"),
    (put("layers", value=[]), "at layers"),
    (put("layers", 0, "node", value="n7"), '"n7" at layers[0].node'),
    (put("layers", 0, "size", value=5), "5 at layers[0].size"),
    (put("classes", value={}), "at classes"),
    (put("classes", 0, "label", value=2), "2 at classes[0].label"),
    (put("classes", 0, "label", value=1), "1 at classes, expected each label once"),
    (put("classes", 0, "mined", value=-1), "-1 at classes[0].mined"),
    (put("classes", 0, "active", "n0", value=[4]), '4 at classes[0].active["n0"][0]'),
    (put("classes", 0, "active", "n0", value=[2, 1]), 'classes[0].active["n0"][1]'),
    (put("classes", 0, "active", "n0", value=[1.0]), '1.0 at classes[0].active["n0"][0]'),
    (dropped("classes", 0, "inactive", "n2"), "no key 'n2' at classes[0].inactive"),
    (put("classes", 1, "examples", value=[[1.0]]), "at classes[1].examples[0]"),
    (put("classes", 0, "ball", "radius", value=-0.5), "-0.5 at classes[0].ball.radius"),
    (put("classes", 0, "ball", "centre", value=[1, 2, None]), "null at classes[0].ball.centre[2]"),
    (put("classes", 0, value=None), "null at classes[0]"),
]


@pytest.mark.parametrize(("change", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_a_mistake_is_refused_with_its_place(change: Callable[[Any], None], told: str) -> None:
    data = json.loads(patterns_text(mined(1)))
    change(data)
    with pytest.raises(InputError) as caught:
        patterns_of(json.dumps(data), NETWORK, "nap.json")
    assert told in str(caught.value)
    assert str(caught.value).startswith("nap.json: ")


def test_a_neuron_in_both_lists_is_refused() -> None:
    data = json.loads(patterns_text(mined(1)))
    data["classes"][0]["active"]["n0"] = data["classes"][0]["inactive"]["n0"] = [2]
    with pytest.raises(InputError, match="each neuron in one of them"):
        patterns_of(json.dumps(data), NETWORK)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "nap.json:1:"),
        ("[]", "at the top"),
        ('{"delta": NaN}', "NaN"),
        ('{"delta": 1, "delta": 1}', "the key 'delta' twice"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_text_that_is_no_such_json_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        patterns_of(text, NETWORK, "nap.json")
    assert told in str(caught.value)
