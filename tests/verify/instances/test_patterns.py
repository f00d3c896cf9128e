"""Claims about patterns: as sampling says, and an empty pattern is called empty."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.errors import InputError
from abduce.verify.instances.patterns import (
    Settings,
    Subject,
    checksum_of,
    claims,
    class_claim,
    class_radii,
    minimised,
    pair_claim,
    read_subject,
)
from abduce.verify.instances.radius import largest_radius
from abduce.verify.networks.evaluation import evaluate, values
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Network
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.activation_pattern.files import write_patterns
from abduce.verify.specifications.activation_pattern.mining import mine
from abduce.verify.specifications.activation_pattern.observing import (
    layer_sizes,
    observed,
    relu_layers,
)
from abduce.verify.specifications.activation_pattern.pattern import (
    Ball,
    Pattern,
    Patterns,
    Signs,
)
from abduce.verify.specifications.activation_pattern.questions import assuming
from abduce.verify.specifications.hidden import node_of
from abduce.verify.specifications.vnnlib.reading import read_property
from abduce.verify.verdict import Proved, Refuted, Unknown, Verdict
from abduce.verify.verification import verify
from tests.networks import layered, relu_network
from tests.onnx_models import proto

SOON = Settings(timeout_s=20.0)


def subject_of(network: Network, delta: float, seed: int = 0) -> Subject:
    inputs = np.random.default_rng(seed).uniform(-1, 1, (300, 2))
    layers = relu_layers(network)
    seen = observed(network, inputs, layers)
    patterns = mine(seen, seen.answers, delta, layers)
    low, high = np.full(2, -1.0), np.ones(2)
    return Subject(
        network, Patterns(delta, layers, layer_sizes(network, layers), low, high, patterns)
    )


def sampled(subject: Subject, count: int = 10_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of the box, which patterns they follow, and what they are classified as."""
    points = np.random.default_rng(1).uniform(-1, 1, (count, 2))
    seen = observed(subject.network, points, subject.patterns.layers)
    return (
        points,
        np.stack([p.followed(seen.active) for p in subject.patterns.patterns]),
        seen.answers,
    )


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.7, 0.9]))
def test_verdicts_on_claims_are_those_of_sampling(seed: int, delta: float) -> None:
    network = layered(np.random.default_rng(seed), RELU, 2, 6, 5, 3)
    subject = subject_of(network, delta)
    _, follows, answers = sampled(subject)
    place = {pattern.label: i for i, pattern in enumerate(subject.patterns.patterns)}
    for claim in claims(subject, SOON):
        mine_ = np.logical_and.reduce([follows[place[label]] for label in claim.labels])
        against = mine_ & (answers != claim.labels[0]) if claim.kind == "class" else mine_
        if isinstance(claim.verdict, Proved):
            assert not against.any()
        if claim.empty:
            assert not mine_.any()
        if isinstance(claim.verdict, Refuted):
            x = claim.verdict.x
            outputs = evaluate(network, x[None])[0]
            if claim.kind == "class":
                assert np.delete(outputs, claim.labels[0]).max() >= outputs[claim.labels[0]] - 1e-6
            for label in claim.labels:
                hidden = subject.patterns.patterns[place[label]].hidden
                inner = values(network, x[None])
                assert all(h.hold(inner[node_of(network, h.node)]) for h in hidden)


def one_neuron() -> Network:
    """y = (relu(x_0), 0.5): the first class wins where x_0 is above 0.5."""
    first = np.array([[1.0], [0.0]]), np.zeros(1)
    return relu_network(first, (np.array([[1.0, 0.0]]), np.array([0.0, 0.5])))


def patterns_of(*patterns: Pattern, low: float = -1.0, high: float = 1.0) -> Patterns:
    return Patterns(1.0, ("n0",), (1,), np.full(2, low), np.full(2, high), patterns)


NONE, FIRST = np.zeros(0, np.int64), np.zeros(1, np.int64)
ON, OFF = Pattern(0, (Signs("n0", FIRST, NONE),)), Pattern(1, (Signs("n0", NONE, FIRST),))


def test_a_pattern_that_no_input_follows_is_empty_and_said_to_be() -> None:
    subject = Subject(one_neuron(), patterns_of(ON, OFF, low=-1.0, high=-0.25))
    claim = class_claim(subject, ON, SOON)
    assert claim.empty
    assert isinstance(claim.verdict, Proved)
    other = class_claim(subject, OFF, SOON)
    assert not other.empty
    assert other.inhabited
    assert isinstance(other.verdict, Proved)


def test_signs_that_contradict_prove_a_pair_and_equal_ones_refute_it() -> None:
    subject = Subject(one_neuron(), patterns_of(ON, OFF))
    claim = pair_claim(subject, ON, OFF, SOON)
    assert isinstance(claim.verdict, Proved)
    assert claim.verdict.certificate is not None
    assert "neuron 0 of 'n0'" in claim.verdict.certificate.claim
    same = pair_claim(subject, ON, replace(ON, label=1), SOON)
    assert isinstance(same.verdict, Refuted)


def test_the_radius_with_a_pattern_is_that_of_arithmetic() -> None:
    """Class 1 wins for x_0 up to 0.5; where the neuron is off it wins everywhere."""
    subject = Subject(one_neuron(), patterns_of(ON, OFF))
    alone, both = class_radii(subject, OFF, np.array([-0.25, 0.0]), SOON)
    assert 0.75 / 1.06 <= alone.proved <= 0.75
    assert alone.refuted
    assert both.whole
    refuted = class_claim(subject, ON, SOON)
    assert isinstance(refuted.verdict, Refuted)
    ball = replace(ON, ball=Ball(np.array([0.75, 0.0]), 0.125))
    assert isinstance(class_claim(subject, ball, SOON).verdict, Proved)


@given(st.floats(1e-3, 3.0), st.booleans())
def test_bisection_comes_within_its_ratio_of_the_limit(limit: float, known: bool) -> None:
    def ask(radius: float) -> Verdict:
        if radius <= limit:
            return Proved()
        return Refuted(np.zeros(1), np.zeros(1), 0) if known else Unknown("out of time")

    found = largest_radius(ask, 2.0)
    if limit >= 2.0:
        assert found.whole
        return
    assert found.proved <= limit
    assert found.open is not None
    assert limit < found.open <= 1.05 * found.proved
    assert found.refuted == known


def test_a_radius_that_is_never_proved_is_zero() -> None:
    found = largest_radius(lambda _: Unknown("out of time"), 1.0)
    assert found.proved == 0.0
    assert not found.whole


@pytest.mark.parametrize("way", ["prune", "coarsen", "stochastic"])
def test_a_minimal_pattern_is_proved_again(way: str) -> None:
    network = layered(np.random.default_rng(5), RELU, 2, 8, 3)
    subject = subject_of(network, 0.7)
    inputs = np.random.default_rng(2).uniform(-1, 1, (200, 2))
    seen = observed(network, inputs, subject.patterns.layers)
    for pattern in subject.patterns.patterns:
        ball = Ball(pattern.examples[0], 0.1)
        small = minimised(subject, replace(pattern, ball=ball), way, seen, seen.answers, SOON, 10)
        assert small.calls <= 10
        assert len(small.pattern) <= len(pattern)
        if small.proved:
            assert isinstance(class_claim(subject, small.pattern, SOON).verdict, Proved)


def test_disjunctive_properties_hold_under_a_pattern(tmp_path: Path) -> None:
    """A clause for each competitor, with several constraints each, together with signs."""
    network = one_neuron()
    text = "".join(f"(declare-const {n} Real)" for n in ("X_0", "X_1", "Y_0", "Y_1"))
    text += "".join(f"(assert (>= {x} -1.0))(assert (<= {x} 1.0))" for x in ("X_0", "X_1"))
    text += "(assert (or (and (>= Y_0 Y_1) (>= X_1 0.5)) (and (>= Y_0 0.75) (<= X_1 0.5))))"
    path = tmp_path / "p.vnnlib"
    path.write_text(text)
    specification = read_property(path, (2,), (2,))
    assert isinstance(verify(network, specification), Refuted)
    assert isinstance(verify(network, assuming(specification, OFF)), Proved)
    found = verify(network, assuming(specification, ON))
    assert isinstance(found, Refuted)
    assert found.x[0] > 0


def written(folder: Path) -> Path:
    """The network of one neuron as a file."""
    steps = [
        ("Gemm", ["x", "a", "b"], ["z"], {}),
        ("Relu", ["z"], ["h"], {}),
        ("Gemm", ["h", "c", "d"], ["y"], {}),
    ]
    constants = {
        "a": np.array([[1.0], [0.0]]),
        "b": np.zeros(1),
        "c": np.array([[1.0, 0.0]]),
        "d": np.array([0.0, 0.5]),
    }
    path = folder / "net.onnx"
    path.write_bytes(proto(steps, (1, 2), constants).SerializeToString())
    return path


def test_files_are_read_run_and_refused_where_the_network_is_another(tmp_path: Path) -> None:
    path, file = written(tmp_path), tmp_path / "nap.json"
    layers = relu_layers(read_network(path))
    assert layers == ("z",)
    signs = (Signs("z", NONE, FIRST),)
    patterns = Patterns(
        1.0, layers, (1,), np.full(2, -1.0), np.ones(2), (Pattern(1, signs),), checksum_of(path)
    )
    write_patterns(file, patterns)
    subject = read_subject(path, file)
    (claim,) = claims(subject, SOON)
    assert isinstance(claim.verdict, Proved)
    assert claim.verdict.checked is not None
    write_patterns(file, replace(patterns, network_sha256="0" * 64))
    with pytest.raises(InputError, match="another network"):
        read_subject(path, file)
