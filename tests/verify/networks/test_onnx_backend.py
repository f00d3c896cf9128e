"""ONNX's own suite of operators: each case is read rightly, or refused by name.

Of each case with one float32 output, the first float32 input is left free and the others are
constants. What is read is compared with the output that the suite expects, and bounds over a small
box contain the outputs at points of it.
"""

import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from abduce.errors import InputError, UnsupportedError
from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.network import Network
from abduce.verify.networks.onnx.reading import read_network

LEAST, LEAST_CONVERTED = 820, 99
"""The numbers of cases that were read rightly when this was written; more may be."""
MOST_VALUES, RADIUS = 1_000, 0.01
"""The upper limit on the values of a network that is bounded, and the radius of its box."""


def cases() -> Iterator[tuple[str, bytes, np.ndarray, np.ndarray]]:
    """Name, network, input and expected output."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the suite's own arithmetic
        from onnx.backend.test.case import utils
        from onnx.backend.test.case.node import collect_testcases

        utils.import_recursive(sys.modules["onnx.backend.test.case.node"])
        collected = collect_testcases(None)
    for case in collected:
        assert case.model is not None
        assert case.data_sets is not None
        inputs, outputs = case.data_sets[0]
        if (found := made(case.model, (inputs, outputs))) is not None:
            yield case.name, *found


def converted() -> Iterator[tuple[str, bytes, np.ndarray, np.ndarray]]:
    """Models of torch that were converted to opset 6 and are part of the suite."""
    for folder in sorted((Path(onnx.__file__).parent / "backend/test/data").glob("*/*")):
        data = folder / "test_data_set_0"
        if not (folder / "model.onnx").exists() or not data.exists():
            continue
        inputs, outputs = ([tensor(path) for path in sorted(data.glob(f"{kind}_*.pb"))]
                           for kind in ("input", "output"))  # fmt: skip
        arrays = [numpy_helper.to_array(each) for each in outputs]
        if (found := made(onnx.load(folder / "model.onnx"), (inputs, arrays))) is not None:
            yield folder.name, *found


def tensor(path: Path) -> TensorProto:
    found = TensorProto()
    found.ParseFromString(path.read_bytes())
    return found


def made(
    model: onnx.ModelProto, data: tuple[Sequence, Sequence]
) -> tuple[bytes, np.ndarray, np.ndarray] | None:
    """The network of one free input; None for other cases."""
    graph = model.graph
    stored = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in stored]
    kinds = [value.type.WhichOneof("value") for value in (*inputs, *graph.output)]
    if len(graph.output) != 1 or set(kinds) != {"tensor_type"}:
        return None
    types = [value.type.tensor_type.elem_type for value in (*inputs, *graph.output)]
    if types[-1] != TensorProto.FLOAT or TensorProto.FLOAT not in types[:-1]:
        return None
    free = types.index(TensorProto.FLOAT)
    arrays = [
        each if isinstance(each, TensorProto) else numpy_helper.from_array(np.asarray(each))
        for each in data[0]
    ]
    x = numpy_helper.to_array(arrays[free])
    for value, array in zip(inputs, arrays, strict=True):
        if value is not inputs[free]:
            array.name = value.name
            graph.initializer.append(array)
    name = inputs[free].name
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape))
    return model.SerializeToString(), x, np.asarray(data[1][0])


def judged(
    some: Iterator[tuple[str, bytes, np.ndarray, np.ndarray]], path: Path
) -> tuple[Counter[str], list[str]]:
    """How many cases are right, wrong and refused; and which are wrong."""
    count: Counter[str] = Counter()
    wrong: list[str] = []
    for name, network, x, expected in some:
        path.write_bytes(network)
        try:
            network = read_network(path)
            found = evaluate(network, x[None].astype(np.float64))[0]
        except (UnsupportedError, InputError):
            count["refused"] += 1
            continue
        right = found.size == expected.size and np.allclose(
            found.reshape(expected.shape), expected, rtol=1e-3, atol=1e-5, equal_nan=True
        )
        count["right" if right else "wrong"] += 1
        wrong += [] if right and contained(network, x) else [name]
    return count, wrong


def contained(network: Network, x: np.ndarray) -> bool:
    """Whether interval bounds over a box around an input hold at points of it."""
    if sum(np.prod(node.shape) for node in network.nodes) > MOST_VALUES:
        return True
    low, high = x.reshape(1, -1) - RADIUS, x.reshape(1, -1) + RADIUS
    low, high = low.astype(np.float64), high.astype(np.float64)
    least, most = bound_layers(layers_of(network), (low, high), linear=False).after[-1]
    rng = np.random.default_rng(4)
    points = np.concatenate([low, high, rng.uniform(low, high, (2, low.size))])
    y = evaluate(network, points.reshape(-1, *network.input_shape)).reshape(len(points), -1)
    room = 1e-9 * (1 + np.abs(y))
    return not ((y < least - room) | (y > most + room)).any()  # where nan is no value, none is held


@pytest.mark.slow
def test_no_case_of_the_suite_is_read_wrongly(tmp_path: Path) -> None:
    count, wrong = judged(cases(), tmp_path / "net.onnx")
    assert not wrong
    assert count["right"] >= LEAST, count


def test_no_converted_model_of_the_suite_is_read_wrongly(tmp_path: Path) -> None:
    count, wrong = judged(converted(), tmp_path / "net.onnx")
    assert not wrong
    assert count["right"] >= LEAST_CONVERTED, count
