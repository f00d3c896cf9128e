"""Robustness around inputs: as sampling says, as a property says, and in the units of the file."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.errors import DataError, InputError
from abduce.verify import largest_robust, robust, variables, verify
from abduce.verify.instances.near import LARGEST, Nearness, _sum, checked_label, read_inputs
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Network
from abduce.verify.verdict import Proved, Refuted
from tests.networks import layered, relu_network

DIFFERENCE = relu_network((np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)))
"""Its outputs are its inputs: class 0 where the first entry is the larger."""


def network_of(seed: int) -> Network:
    return layered(np.random.default_rng(seed), RELU, 3, 8, 6, 3)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.1, 0.5]))
def test_verdicts_are_those_of_sampling_and_of_the_property(seed: int, radius: float) -> None:
    network, rng = network_of(seed), np.random.default_rng(seed)
    centre = rng.uniform(-1, 1, 3)
    verdict = robust(network, centre, radius)
    label = int(evaluate(network, centre[None])[0].argmax())
    x, y = variables(3, 3)
    ball = (x >= centre - radius) & (x <= centre + radius)
    assert type(verify(network, ball.implies(y[label] > y.others))) is type(verdict)
    if isinstance(verdict, Refuted):
        assert (np.abs(verdict.x.ravel() - centre) <= radius + 1e-12).all()
        assert evaluate(network, verdict.x[None]).ravel().argmax() != label
    else:
        assert isinstance(verdict, Proved)
        some = centre + rng.uniform(-radius, radius, (5_000, 3))
        assert (evaluate(network, some).argmax(1) == label).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_largest_radius_is_proved_and_the_next_one_is_not(seed: int) -> None:
    network = network_of(seed)
    centre = np.random.default_rng(seed).uniform(-1, 1, 3)
    found, verdict = largest_robust(network, centre, nearness=Nearness(within=(-1.0, 1.0)))
    if found.proved:
        inside = Nearness(within=(-1.0, 1.0))
        assert isinstance(robust(network, centre, found.proved, nearness=inside), Proved)
    assert isinstance(verdict, Proved) == (found.open is None)
    assert found.open is None or found.open <= 1.05 * found.proved or not found.proved


def test_a_tie_is_a_counterexample_and_the_radius_is_exact() -> None:
    centre = np.array([0.75, 0.25])
    assert isinstance(robust(DIFFERENCE, centre, 0.2499), Proved)
    assert isinstance(robust(DIFFERENCE, centre, 0.25), Refuted)
    assert isinstance(robust(DIFFERENCE, centre, 0.3, label=1), Refuted)
    found, _ = largest_robust(DIFFERENCE, centre)
    assert found.proved < 0.25 <= found.open <= 0.25 * 1.05 * 1.05  # type: ignore[operator]


def test_the_range_of_entries_cuts_the_ball() -> None:
    centre = np.array([0.9, 0.5])
    assert isinstance(robust(DIFFERENCE, centre, 0.5), Refuted)
    inside = Nearness(within=(0.5, 1.0))
    found, verdict = largest_robust(DIFFERENCE, centre, nearness=Nearness(within=(0.4, 1.0)))
    assert isinstance(verdict, Refuted)
    assert found.proved < 0.4
    assert isinstance(robust(DIFFERENCE, centre, 0.19, nearness=inside), Proved)
    with pytest.raises(InputError, match="values from"):
        robust(DIFFERENCE, np.array([2.0, 0.0]), 0.1, nearness=inside)


def test_a_class_that_is_never_left_is_proved_on_the_whole_range() -> None:
    always = relu_network((np.zeros((2, 2)), np.array([1.0, 0.0])))
    found, verdict = largest_robust(always, np.zeros(2))
    assert (found.proved, found.open) == (LARGEST, None)
    assert isinstance(verdict, Proved)


@given(
    st.floats(-1e6, 1e6),
    st.floats(0, 1e3),
    st.sampled_from([-np.inf, np.inf]),
)
def test_ends_are_rounded_outwards_and_by_no_more_than_they_must(
    value: float, radius: float, towards: float
) -> None:
    change = radius if towards > 0 else -radius
    end = float(_sum(np.array([value]), change, towards)[0])
    exact = Fraction(value) + Fraction(change)
    assert Fraction(end) >= exact if towards > 0 else Fraction(end) <= exact
    inner = float(np.nextafter(end, -towards))
    assert Fraction(inner) < exact if towards > 0 else Fraction(inner) > exact


@pytest.mark.parametrize(
    ("array", "count"),
    [
        (np.zeros(6), 1),
        (np.zeros((2, 3)), 1),
        (np.zeros((1, 2, 3)), 1),
        (np.zeros((5, 2, 3)), 5),
        (np.zeros((5, 6)), 5),
        (np.zeros(6, np.float32), 1),
        (np.zeros(6, np.uint8), 1),
    ],
)
def test_arrays_of_one_input_or_of_several_are_read(
    array: np.ndarray, count: int, tmp_path: Path
) -> None:
    network = layered(np.random.default_rng(0), RELU, 6, 4, 2)
    np.save(tmp_path / "x.npy", array)
    assert read_inputs(tmp_path / "x.npy", network).shape == (count, 6)


def test_text_has_an_input_in_each_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("1,2\n\n3;4\n5 6.5\n")
    assert read_inputs(path, DIFFERENCE).tolist() == [[1, 2], [3, 4], [5, 6.5]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.npy", b"1 2", "something else than numbers"),
        ("x.csv", b"1 2\n3\n", "lines of 1 and of 2 numbers"),
        ("x.csv", b"a b\n", "something else than numbers"),
        ("x.csv", b"", "an array of the shape"),
        ("x.csv", b"1 2 3\n", r"an array of the shape \(1, 3\)"),
        ("x.csv", b"1 nan\n", "nan in input 0, entry 1"),
        ("x.csv", b"1 2\n1 inf\n", "inf in input 1, entry 1"),
        ("x.csv", b"\xff\xfe", "something else than numbers"),
    ],
)
def test_files_that_are_no_inputs_are_refused(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_inputs(tmp_path / name, DIFFERENCE)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"x\.npy"):
        read_inputs(tmp_path / "x.npy", DIFFERENCE)


def test_classes_are_those_of_the_network() -> None:
    assert checked_label(DIFFERENCE, np.array([0.0, 1.0]), None) == 1
    for label in (-1, 2):
        with pytest.raises(InputError, match="expected a class from 0 to 1"):
            checked_label(DIFFERENCE, np.zeros(2), label)
    single = relu_network((np.ones((2, 1)), np.zeros(1)))
    with pytest.raises(InputError, match="single output"):
        robust(single, np.zeros(2), 0.1)


@pytest.mark.parametrize("radius", [-0.1, np.inf, np.nan])
def test_a_radius_is_a_number_from_0(radius: float) -> None:
    with pytest.raises(InputError, match="the radius"):
        robust(DIFFERENCE, np.zeros(2), radius)
