"""No verdict about a file is about another function than onnxruntime computes of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.verify.instances.checking import Runtime
from abduce.verify.instances.instance import verify_files
from abduce.verify.networks.agreement import ImportMismatchError
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Dense, Network, Node
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.verdict import Proved, Refuted, Verdict
from tests.onnx_models import Step, proto


def written(
    folder: Path,
    steps: Sequence[Step],
    shape: Sequence[int | str],
    property_: str,
    constants: dict[str, np.ndarray] | None = None,
) -> tuple[Path, Path]:
    """A network and a property as files; the outputs that `property_` names are declared."""
    net, text = folder / "net.onnx", folder / "p.vnnlib"
    net.write_bytes(proto(steps, shape, constants).SerializeToString())
    size = int(np.prod([n for n in shape if isinstance(n, int)]))
    outputs = 1 + max(i for i in range(9) if f"Y_{i}" in property_)
    names = [f"X_{i}" for i in range(size)] + [f"Y_{j}" for j in range(outputs)]
    text.write_text("".join(f"(declare-const {name} Real)" for name in names) + property_)
    return net, text


def box(low: float, high: float, *sizes: int) -> str:
    names = [f"X_{i}" for i in range(*(sizes or (1,)))]
    return " ".join(f"(>= {name} {low}) (<= {name} {high})" for name in names)


def misread(monkeypatch: pytest.MonkeyPatch, add: "Sequence[Node]") -> None:
    """From here on, networks are read with these operations behind their output."""

    def wrongly(path: Path, **given: object) -> Network:
        network = read_network(path)
        nodes = (*network.nodes, *(replace(n, inputs=(len(network.nodes) - 1,)) for n in add))
        return Network(nodes, len(nodes) - 1, network.names)

    monkeypatch.setattr("abduce.verify.networks.onnx.reading.read_network", wrongly)


FLIPPED = Node(RELU, (0,), (1, 1), "wrong")
"""Behind y = x an operation that is nothing where x is not negative."""


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [(1e39, 1e40, Proved), (-1e40, 1e40, Refuted), (-1e300, 1e300, Refuted), (1e-300, 1, Refuted)],
)
def test_boxes_beyond_float32_are_answered_without_a_warning(
    low: float, high: float, kind: type[Verdict], tmp_path: Path
) -> None:
    """A warning is an error in tests. Sigmoid has no value of 2 or more, and one of 0.3."""
    least = 2 if kind is Proved else 0.3
    asked = f"(assert (and {box(low, high)} (>= Y_0 {least})))"
    paths = written(tmp_path, [("Sigmoid", ["x"], ["y"], {})], (1, 1), asked)
    assert isinstance(verify_files(*paths), kind)


@pytest.mark.parametrize("boxes", [2, 50, 400])
def test_what_is_read_wrongly_in_any_box_is_found(
    boxes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [f"(and {box(i, i + 0.5)} (<= Y_0 -2))" for i in range(boxes - 1)]
    parts.append(f"(and {box(-0.5, -0.1)} (<= Y_0 -2))")
    files = written(
        tmp_path, [("Identity", ["x"], ["y"], {})], (1, 1), f"(assert (or {' '.join(parts)}))"
    )
    assert isinstance(verify_files(*files), Proved)
    misread(monkeypatch, [FLIPPED])
    with pytest.raises(ImportMismatchError):
        verify_files(*files)


@pytest.mark.parametrize("at", [0.0, 0.37, 0.9])
def test_what_is_read_wrongly_in_a_hundredth_of_the_box_is_found(
    at: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """y = relu(x - a) - relu(x - a - 0.01), read as 0; as a cast was."""
    steps: list[Step] = [
        ("Sub", ["x", "a"], ["b"], {}),
        ("Sub", ["b", "c"], ["d"], {}),
        ("Relu", ["b"], ["e"], {}),
        ("Relu", ["d"], ["f"], {}),
        ("Sub", ["e", "f"], ["g"], {}),
        ("Sub", ["c", "g"], ["h"], {}),
        ("Mul", ["g", "h"], ["y"], {}),
    ]
    constants = {"a": np.full((1, 1), at), "c": np.full((1, 1), 0.01)}
    property_ = f"(assert (and {box(0, 1)} (>= Y_0 1)))"
    files = written(tmp_path, steps, (1, 1), property_, constants)
    assert isinstance(verify_files(*files), Proved)
    misread(monkeypatch, [Node(Dense(np.zeros((1, 1)), np.zeros(1)), (0,), (1, 1), "wrong")])
    with pytest.raises(ImportMismatchError):
        verify_files(*files)


ROUNDED: list[Step] = [("Add", ["x", "k"], ["a"], {}), ("Sub", ["a", "k"], ["y"], {})]
"""y = x, and a multiple of 4 in float32."""
K = {"k": np.full((1, 1), 2.0**25)}


def judged(verdict: Verdict, net: Path) -> Proved:
    """A proof whose rounding is what onnxruntime computes."""
    assert isinstance(verdict, Proved)
    assert verdict.rounding is not None
    assert np.array_equal(Runtime(net)(verdict.rounding.x), verdict.rounding.y)
    return verdict


@pytest.mark.parametrize("batch", [1, "N"])
def test_rounding_that_violates_is_said_with_a_batch_axis_or_without(
    batch: int | str, tmp_path: Path
) -> None:
    property_ = f"(assert (and {box(0.5, 1.5)} (<= Y_0 0.25)))"
    files = written(tmp_path, ROUNDED, (batch, 1), property_, K)
    found = judged(verify_files(*files), files[0])
    assert found.rounding is not None
    assert found.rounding.y.item() <= 0.25
    assert isinstance(verify_files(*files, semantics="float32"), Refuted)


def test_every_box_has_a_point_that_is_judged(tmp_path: Path) -> None:
    """In the last of many boxes alone rounding violates the property."""
    parts = [f"(and {box(4 * i, 4 * i)} (>= Y_0 {4 * i + 1}))" for i in range(300)]
    parts.append(f"(and {box(5002.5, 5003.5)} (>= Y_0 5003.75))")
    files = written(tmp_path, ROUNDED, (1, 1), f"(assert (or {' '.join(parts)}))", K)
    found = judged(verify_files(*files), files[0])
    assert found.rounding is not None
    assert found.rounding.case == 300
    assert found.checked is not None
    assert (found.checked.boxes, found.checked.of) == (301, 301)


def test_a_batch_that_mixes_its_inputs_is_not_taken_for_the_network(tmp_path: Path) -> None:
    """The sum over the first axis: of a batch, of all its inputs."""
    steps: list[Step] = [
        ("ReduceSum", ["x", "axes"], ["s"], {"keepdims": 1}),
        ("Mul", ["x", "zero"], ["z"], {}),
        ("Add", ["s", "z"], ["y"], {}),
    ]
    constants = {"axes": np.array([0]), "zero": np.zeros((1, 1))}
    property_ = f"(assert (and {box(0.5, 1.5)} (>= Y_0 1.75)))"
    files = written(tmp_path, steps, ("N", 1), property_, constants)
    found = verify_files(*files)
    assert isinstance(found, Proved)
    assert found.rounding is None


def test_an_output_that_is_not_finite_is_not_passed_over(tmp_path: Path) -> None:
    """x k k / k / k is x where x is positive, and infinite in float32."""
    steps: list[Step] = [
        ("Mul", ["x", "k"], ["a"], {}),
        ("Relu", ["a"], ["b"], {}),
        ("Mul", ["b", "k"], ["c"], {}),
        ("Relu", ["c"], ["d"], {}),
        ("Div", ["d", "k"], ["e"], {}),
        ("Relu", ["e"], ["f"], {}),
        ("Div", ["f", "k"], ["y"], {}),
    ]
    property_ = f"(assert (and {box(1.0, 2.0)} (>= Y_0 3)))"
    files = written(tmp_path, steps, (1, 1), property_, {"k": np.full((1, 1), 2.0**100)})
    found = judged(verify_files(*files), files[0])
    assert found.rounding is not None
    assert found.rounding.y.item() == np.inf


def test_steps_that_rounding_takes_are_no_mistake_of_reading(tmp_path: Path) -> None:
    """Floor of 49 x / 49, at whole numbers and next to them."""
    steps: list[Step] = [
        ("Mul", ["x", "k"], ["a"], {}),
        ("Div", ["a", "k"], ["b"], {}),
        ("Floor", ["b"], ["y"], {}),
    ]
    property_ = f"(assert (and {box(0.0, 40.0)} (>= Y_0 41)))"
    files = written(tmp_path, steps, (1, 1), property_, {"k": np.full((1, 1), 49.0)})
    assert isinstance(verify_files(*files), Proved)


def test_a_network_of_another_shape_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = written(
        tmp_path, [("Identity", ["x"], ["y"], {})], (1, 1), f"(assert (and {box(0, 1)} (>= Y_0 2)))"
    )
    misread(monkeypatch, [Node(Dense(np.ones((1, 2)), np.zeros(2)), (0,), (1, 2), "wrong")])
    property_ = (
        files[1]
        .read_text()
        .replace("(declare-const Y_0", "(declare-const Y_1 Real)(declare-const Y_0")
    )
    files[1].write_text(property_)
    with pytest.raises(ImportMismatchError):
        verify_files(*files)


def test_the_check_is_the_same_whatever_is_drawn_elsewhere(tmp_path: Path) -> None:
    property_ = f"(assert (and {box(0.5, 1.5)} (<= Y_0 0.25)))"
    files = written(tmp_path, ROUNDED, (1, 1), property_, K)
    one, same = (judged(verify_files(*files), files[0]) for _ in range(2))
    assert one.checked == same.checked
    assert one.rounding is not None
    assert same.rounding is not None
    assert np.array_equal(one.rounding.x, same.rounding.x)
